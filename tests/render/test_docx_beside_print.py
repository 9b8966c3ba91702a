"""LibreOffice sets the Word file as print does: the same words in the same order, in the same fonts, on the pages that the contents name;
and what it saves as a Word file again still has every bookmark."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unicodedata import bidirectional, normalize

import pikepdf
import pytest
from lxml import etree
from render.docx_samples import folder, long_text
from support.turned import in_order_of, letters, line_words, tree_text, without_lines
from support.words import differences, docx_words, joined_lines, parted, tokens

from mmguide.ast import Blocks, attr_of, iterate, plain_text
from mmguide.build import check_project, render
from mmguide.cite import cite
from mmguide.labels import label, right_to_left
from mmguide.model.settings import Settings
from mmguide.options import Options
from mmguide.theme import Theme

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Numbers and letters of lists hang beside their items in print, which a reader of pages finds at another place.
MARKER = re.compile(r"\d+|[ivx]+|[a-z]|\W")


@dataclass(frozen=True)
class Pair:
    """A guideline as our PDF, as Word file, and as the PDF that LibreOffice makes of that."""

    blocks: Blocks
    drawings: tuple[bytes, ...]
    settings: Settings
    theme: Theme
    printed: Path
    word: Path
    office: Path

    @property
    def known(self) -> frozenset[str]:
        return frozenset(docx_words(self.word))

    @property
    def document(self) -> etree._Element:
        with zipfile.ZipFile(self.word) as archive:
            return etree.fromstring(archive.read("word/document.xml"))


PROJECTS = ("guideline", "torture", "beginning", "arabic", "german")


@pytest.fixture(params=[*PROJECTS, pytest.param("deep-review", marks=pytest.mark.nightly)], scope="module")
def pair(
    request: pytest.FixtureRequest, repository: Path, soffice: Callable[..., list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Pair:
    made = tmp_path_factory.mktemp("beside")
    if request.param == "deep-review":
        project = long_text(request.getfixturevalue("shared"), tmp_path_factory.mktemp("deep-review"))
    else:
        project = folder(request.param)
    checked = check_project(project)
    assert checked.manuscript is not None
    assert checked.look is not None
    options = Options(formats=("pdf", "docx"), cache=False, docx_line_numbers=False, docx_mark=False)
    outputs, _ = render(checked.manuscript, checked.look, options)
    for name, content in outputs.items():
        (made / f"{'printed' if name.endswith('pdf') else 'word'}{Path(name).suffix}").write_bytes(content)
    command = soffice("--convert-to", "pdf", "--outdir", made, made / "word.docx")
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    settings, theme = checked.manuscript.project.settings, checked.look.theme
    blocks = cite(checked.manuscript, checked.look.style.xml).blocks
    drawings = tuple(p.content for p in checked.manuscript.pictures.values() if p.media_type == "image/svg+xml")
    return Pair(blocks, drawings, settings, theme, made / "printed.pdf", made / "word.docx", made / "word.pdf")


def pages(pdftotext: str, path: Path, pair: Pair) -> list[list[str]]:
    """The lines of each page from page 1 on, without running head and foot."""
    raw = subprocess.run([pdftotext, "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True).stdout.decode()
    whole = normalize("NFKC", raw).removesuffix("\f").split("\f")
    page_word, of, version = (re.escape(label(name, pair.settings.language)) for name in ("page", "of", "version"))
    first = next(at for at, page in enumerate(whole) if re.search(rf"{page_word}\s1\s{of}\s", page))
    chapters = "|".join(spaced(plain_text(e["c"][2])) for e in iterate(pair.blocks) if e["t"] == "Header" and e["c"][0] == 1)
    head = re.compile(rf"^{spaced(pair.settings.short_title or pair.settings.title)}(?:\s+(?:{chapters}))?$", re.MULTILINE)
    foot = re.compile(rf"^{version} [^\n]*(?:\n[^\n]*){{0,2}}?{page_word}\s\d+\s{of}\s\d+$", re.MULTILINE)
    return [foot.sub("", head.sub("", page, 1), 1).split("\n") for page in whole[first:]]


def spaced(text: str) -> str:
    return r"\s+".join(re.escape(word) for word in normalize("NFKC", text).split())


def words(pdftotext: str, path: Path, pair: Pair) -> list[str]:
    """The words of a PDF as they follow each other, but for what stands at a place of its own on each page: notes, and the heads of
    tables that a page repeats. Words from right to left are left out, which pdftotext turns in one file and not in the other."""
    known = pair.known
    lines = [line for page in pages(pdftotext, path, pair) for line in page]
    found = [part.lower() for word in joined_lines(lines, known) for part in parted(word, known)]
    found = [word for word in found if not MARKER.fullmatch(word) and not any(bidirectional(c) in ("R", "AL") for c in word)]
    for head in heads(pair):
        found = without(found, head, 1)
    for note in notes(pair):
        found = without(found, plain(note), 0)
    return found


def plain(text: str) -> list[str]:
    return [word.lower() for word in tokens(text) if not MARKER.fullmatch(word.lower())]


def notes(pair: Pair) -> Iterator[str]:
    for note in (e for e in iterate(pair.blocks) if e["t"] == "Note"):
        yield from (plain_text([block]) for block in note["c"])


def heads(pair: Pair) -> list[list[str]]:
    """The words of each table's head, once."""
    found = []
    for row in pair.document.iter(f"{W}tr"):
        if row.find(f"{W}trPr/{W}tblHeader") is not None:
            cells = (" ".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc"))
            found.append(plain(" ".join(cells)))
    return [list(head) for head in dict.fromkeys(map(tuple, found)) if len(head) > 1]


def without(given: Sequence[str], part: Sequence[str], keep: int) -> list[str]:
    """The words without all runs equal to `part` but the first `keep`."""
    out: list[str] = []
    at = seen = 0
    while at < len(given):
        same = bool(part) and list(given[at : at + len(part)]) == list(part)
        seen += same
        if same and seen > keep:
            at += len(part)
        else:
            out.append(given[at])
            at += 1
    return out


def test_the_same_words_in_the_same_order(pair: Pair, pdftotext: str) -> None:
    if right_to_left(pair.settings.language):
        ours, theirs = words_from_the_right(pdftotext, pair)
    else:
        ours, theirs = (words(pdftotext, path, pair) for path in (pair.printed, pair.office))
    drawn = {word for text in pair.drawings for word in plain(" ".join(etree.fromstring(text).itertext()))}
    assert len(ours) > 100
    short = terms(pair)
    ours, theirs = ([word for word in found if word not in short] for found in (ours, theirs))
    found = [(ours[a:b], theirs[c:d]) for a, b, c, d in differences(ours, theirs)]
    # Drawings are pictures in the Word file. Where a line's end leaves one letter of an address alone, that counts for a marker.
    divided = {(word, word[:-1]) for word in addresses(pair)} | {(word, word[1:]) for word in addresses(pair)}
    drawings = [(lost, more) for lost, more in found if not more and set(lost) <= drawn]
    at_ends = [(lost, more) for lost, more in found if ("".join(lost), "".join(more)) in divided]
    assert [each for each in found if each not in drawings and each not in at_ends] == []


def addresses(pair: Pair) -> set[str]:
    """The words of addresses on the web that are printed in full."""
    links = ("".join(t.text or "" for t in link.iter(f"{W}t")) for link in pair.document.iter(f"{W}hyperlink"))
    return {word for text in links if "://" in text for word in plain(text)}


def words_from_the_right(pdftotext: str, pair: Pair) -> tuple[list[str], list[str]]:
    """The same of text from right to left, ours from the tree, the other's line by line."""

    def kept(words: Iterable[str]) -> list[str]:
        # A number with a point is one word here and two there.
        return [word for word in words if not MARKER.fullmatch(word) and not re.fullmatch(r"[\d.]+", word)]

    first = next(plain_text(e["c"][2]) for e in iterate(pair.blocks) if e["t"] == "Header")
    ours = kept(letters(tree_text(pair.printed, first)))
    with pikepdf.open(pair.office) as pdf:
        numbers = {page.objgen: at for at, page in enumerate(pdf.pages, 1)}
        start = next(numbers[page] for title, page in outline(pdf) if title.endswith(first))
    margins = pair.theme.spacing
    edges = [millimetres * 72 / 25.4 - 4 for millimetres in (margins.margin_top, margins.margin_bottom)]
    lines = [kept(line) for line in line_words(pdftotext, pair.office, start, *edges)]
    apart = [kept(letters(note)) for note in notes(pair)]
    for note in apart:
        ours = without(ours, note, 0)
    return ours, in_order_of(ours, without_lines(lines, apart))


def terms(pair: Pair) -> set[str]:
    """The abbreviations, which stand in a column of their own that pdftotext reads at another place in each file."""
    lists = (e for e in iterate(pair.blocks) if e["t"] == "Div" and "abbreviations" in attr_of(e).classes)
    found = (term for e in lists for inner in e["c"][1] if inner["t"] == "DefinitionList" for term, _ in inner["c"])
    return {word for term in found for word in plain(plain_text(term))}


def test_the_contents_name_the_pages_of_libreoffice(pair: Pair) -> None:
    shown = []
    for paragraph in pair.document.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and re.fullmatch(r"TOC\d", style.get(f"{W}val")):
            texts = [t.text or "" for t in paragraph.iter(f"{W}t")]
            shown.append(("".join(plain("".join(texts[:-1]))), int(texts[-1])))
    with pikepdf.open(pair.office) as pdf:
        numbers = {page.objgen: at for at, page in enumerate(pdf.pages, 1)}
        places = [("".join(plain(title)), numbers[page]) for title, page in outline(pdf)]
    real = dict(reversed(places))
    first = min(real[title] for title, _ in shown) - 1
    apart = [abs(real[title] - first - number) for title, number in shown]
    assert len(shown) > 3
    # Each of the pages turned on their side costs Word a page that print spares.
    turned = len(pair.document.findall(f".//{W}pgSz[@{W}orient='landscape']"))
    assert max(apart) <= 1 + turned
    # A hundred pages without one that has to begin anew drift by a few lines.
    exact = 0.5 if turned > 1 else 0.4 if len(shown) > 40 else 0.85
    assert sum(distance == 0 for distance in apart) >= exact * len(shown)


def outline(pdf: pikepdf.Pdf) -> list[tuple[str, tuple[int, int]]]:
    """Titles and pages of all entries."""
    out: list[tuple[str, tuple[int, int]]] = []

    def walk(items: Sequence[pikepdf.OutlineItem]) -> None:
        for item in items:
            to = item.destination if item.destination is not None else item.action.D  # type: ignore[union-attr]
            out.append((str(item.title), to[0].objgen))
            walk(item.children)

    with pdf.open_outline() as opened:
        walk(opened.root)
    return out


def test_libreoffice_sets_it_in_the_fonts_of_the_theme(pair: Pair) -> None:
    with pikepdf.open(pair.office) as pdf:
        fonts = {str(o.BaseFont).partition("+")[2].partition("-")[0] for o in pdf.objects if is_font(o)}
    assert {family.replace(" ", "") for family in (pair.theme.fonts.text, pair.theme.fonts.heading)} <= fonts


def test_libreoffice_shows_links_in_their_colour_in_cells_too(pair: Pair, pdftohtml: str) -> None:
    styles = {"Citation", "CrossReference"}
    named = (run for run in pair.document.iter(f"{W}r") if run.find(f"{W}rPr/{W}rStyle") is not None)
    links = [run for run in named if run.find(f"{W}rPr/{W}rStyle").get(f"{W}val") in styles]
    expected = Counter(word for run in links for word in tokens("".join(t.text or "" for t in run.iter(f"{W}t"))))
    assert len(expected) >= 1
    command = [pdftohtml, "-xml", "-i", "-stdout", str(pair.office)]
    page = etree.HTML(subprocess.run(command, capture_output=True, check=True).stdout, etree.HTMLParser(encoding="utf-8"))
    coloured = {e.get("id") for e in page.iter("fontspec") if e.get("color") == pair.theme.colours.link.lower()}
    shown = Counter(w for e in page.iter("text") if e.get("font") in coloured for w in tokens("".join(e.itertext())))
    turned = {word for word in expected if any(bidirectional(c) in ("R", "AL") for c in word)}
    assert {word: n for word, n in (expected - shown).items() if word not in turned} == {}


def is_font(given: pikepdf.Object) -> bool:
    return isinstance(given, pikepdf.Dictionary) and given.get("/Type") == "/Font" and "/BaseFont" in given


def test_bookmarks_outlive_libreoffice(pair: Pair, soffice: Callable[..., list[str]], tmp_path: Path) -> None:
    command = soffice("--convert-to", "docx:MS Word 2007 XML", "--outdir", tmp_path, pair.word)
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    with zipfile.ZipFile(tmp_path / "word.docx") as archive:
        saved = bookmarks(etree.fromstring(archive.read("word/document.xml")))
    before = {name: text for name, text in bookmarks(pair.document).items() if name.startswith("_mmg")}
    assert len(before) > 5
    assert all(len(name) <= 40 for name in before)
    assert {name for name in before if name not in saved} == set()
    moved = [name for name, text in before.items() if text and text not in saved[name]]
    assert moved == []


def bookmarks(document: etree._Element) -> dict[str, str]:
    """The first words of the paragraph that each bookmark begins in or before."""
    order = list(document.iter(f"{W}bookmarkStart", f"{W}p"))
    out: dict[str, str] = {}
    for element, following in pairwise([*order, None]):
        if element is not None and element.tag == f"{W}bookmarkStart":
            holder = next(element.iterancestors(f"{W}p"), following)
            texts = holder.iter(f"{W}t") if holder is not None and holder.tag == f"{W}p" else ()
            out[element.get(f"{W}name")] = "".join(plain("".join(t.text or "" for t in texts)))[:20]
    return out
