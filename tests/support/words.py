"""The words of a guideline's source and of its outputs, each taken by a tool that is not ours, and their comparison.

Source: pandoc's plain writer on the Markdown, with two small Lua filters that count headings, figures and tables once more and
lay tables and lists out in the order of reading. PDF: pdftotext. Word: the XML in the file. Web page: Python's HTML parser.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unicodedata import normalize
from xml.etree import ElementTree

import pikepdf

from support.languages import ENGLISH, Language

SUPPORT = Path(__file__).parent
READER = "markdown-raw_tex-latex_macros"
TOKEN = re.compile(r"\d+(?:\.\d+)*|[^\W_]+|[%≥≤<>=±×†‡]")
# Where words may be divided, and the marks of a direction of writing.
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2066-\u2069]")
HYPHEN = re.compile(r"(?<=\w)[-\u2010](?=\w)")
MARK = re.compile(r"⟦(\w+)(?::([^⟧]*))?⟧")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def tokens(text: str) -> list[str]:
    """Words, numbers and the signs that change a meaning; other punctuation and invisible marks are dropped.

    Hyphens inside words are dropped too: at the end of a printed line nobody can tell `co-operate` from a divided `cooperate`.
    """
    return TOKEN.findall(HYPHEN.sub("", normalize("NFKC", INVISIBLE.sub("", text))))


@dataclass(frozen=True)
class Word:
    """A word of the source; an optional one (a list's number, a heading's number in Word) may or may not be printed as text."""

    text: str
    optional: bool = False


@dataclass(frozen=True)
class Words:
    """The words of a source: the text, and its notes, which each output prints where it will.

    `heads` are those of tables, which print repeats; `items` the numbers of lists and references, which print hangs beside them.
    """

    main: tuple[Word, ...]
    notes: tuple[Word, ...]
    heads: tuple[tuple[str, ...], ...] = ()
    items: tuple[int, ...] = ()

    @property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(w.text for w in self.main + self.notes)


@dataclass(frozen=True)
class Comparison:
    """What an output lost, what it has too much, each with some words around it."""

    missing: tuple[str, ...]
    added: tuple[str, ...]


# --- the source -------------------------------------------------------------------------------------------------------


def pandoc(pandoc_path: str, arguments: Sequence[str], given: str, language: Language = ENGLISH) -> str:
    environment = {**os.environ, "MMGUIDE_TEST_LANGUAGE": language.for_lua()}
    command = [pandoc_path, *arguments]
    return subprocess.run(command, input=given.encode(), capture_output=True, check=True, env=environment).stdout.decode()


def source_words(
    pandoc_path: str,
    texts: Iterable[str],
    references: Path,
    style: Path,
    language: Language = ENGLISH,
) -> Words:
    """The words of Markdown texts joined, with citations and the reference list (CSL-JSON) set by pandoc itself."""
    blocks: list[Any] = []
    whole: dict[str, Any] = {}
    for text in texts:
        whole = json.loads(pandoc(pandoc_path, ["-f", READER, "-t", "json"], text))
        blocks += whole["blocks"]
    joined = json.dumps(
        {**whole, "meta": {}, "blocks": as_works(blocks, works(json.loads(references.read_text(encoding="utf-8"))))}
    )
    plain = pandoc(
        pandoc_path,
        [
            *("-f", "json", "-t", "plain", "--wrap=none", "--columns=100000"),
            f"--lua-filter={SUPPORT / 'number.lua'}",
            *("--citeproc", f"--bibliography={references}", f"--csl={style}"),
            f"--lua-filter={SUPPORT / 'flatten.lua'}",
            f"--metadata=lang:{language.tag}",
        ],
        joined,
        language,
    )
    # The style sets the word editors before their names with nothing between; it is printed behind them.
    plain = re.sub(r"\bIn, editors(?=[A-Z])([^.]*)\.", r"In \1, editors.", plain)
    main, _, rest = plain.partition("⟦notes⟧")
    notes, _, heads = rest.partition("⟦heads⟧")
    each = tuple(tuple(tokens(head)) for head in heads.split("⟦head⟧"))
    items = tuple(int(number) for number in re.findall(r"⟦item:\D*(\d+)", main + notes))
    return Words(tuple(marked(main)), tuple(marked(notes)), tuple(head for head in each if head), items)


def works(references: list[dict[str, Any]]) -> dict[str, str]:
    """For each key the first key of the same work: the same DOI, or, unless their DOIs differ, the same title, author and year."""
    of_key: dict[str, str] = {}
    by_doi: dict[str, str] = {}
    by_title: dict[str, list[tuple[str, str]]] = {}
    for item in references:
        doi = item.get("DOI", "").lower()
        year = ((item.get("issued") or {}).get("date-parts") or [[""]])[0][0]
        author = (item.get("author") or [{}])[0].get("family", "")
        title = re.sub(r"\W", "", f"{item.get('title', '')}{author}{year}".lower()) or item["id"]
        alike = [key for key, other in by_title.get(title, []) if not doi or not other or doi == other]
        known = by_doi.get(doi) or next(iter(alike), item["id"])
        of_key[item["id"]] = known
        by_title.setdefault(title, []).append((known, doi))
        if doi:
            by_doi.setdefault(doi, known)
    return of_key


def as_works(node: Any, of_key: dict[str, str]) -> Any:
    """The tree with every citation of a work by the same key."""
    if isinstance(node, list):
        return [as_works(item, of_key) for item in node]
    if isinstance(node, dict):
        changed = {name: as_works(value, of_key) for name, value in node.items()}
        return {**changed, "citationId": of_key.get(node["citationId"], node["citationId"])} if "citationId" in node else changed
    return node


def marked(text: str) -> Iterable[Word]:
    """Words and marks of the plain text."""
    at = 0
    for mark in MARK.finditer(text):
        yield from map(Word, tokens(text[at : mark.start()]))
        optional = mark[1] != "must"
        yield from (Word(t, optional) for t in tokens((mark[2] or "").replace("␣", " ")))
        at = mark.end()
    yield from map(Word, tokens(text[at:]))


VALUE = re.compile(r"\[([\w.-]+)\]\{\.value([^}]*)\}")


def data_cells(folder: Path) -> dict[str, str]:
    """`row.column` of every CSV file, the first that has it; in a file of facts the row's name alone means its value."""
    cells: dict[str, str] = {}
    for path in sorted(folder.glob("data/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                name = next(iter(row.values()))
                if row.get("value"):
                    cells.setdefault(name, row["value"])
                for column, text in row.items():
                    cells.setdefault(f"{name}.{column}", text or "")
    return cells


# What can stand behind a value: its unit, and the mark that nobody has confirmed it.
BEHIND_VALUE = "⟦may:%␣months␣month␣years␣year␣per␣100␣patientyears␣percentage␣points␣unconfirmed␣†⟧"


def with_values(text: str, cells: dict[str, str]) -> str:
    """The Markdown with each value of the data written out, as its cell has it."""

    def written(found: re.Match[str]) -> str:
        value = cells[found[1]]
        if "ci=" in found[2]:
            stem, column = found[1].rpartition(".")[::2]
            limits = [(f"{found[1]}_{end}", f"{found[1]}.ci_{end}", f"{stem}.{column}_{end}") for end in ("low", "high")]
            low, high = (next(cells[name] for name in names if name in cells) for names in limits)
            return f"{value}{BEHIND_VALUE} (95% CI {low} to {high}){BEHIND_VALUE}"
        return f"{value}{BEHIND_VALUE}"

    return VALUE.sub(written, text)


# --- the outputs ------------------------------------------------------------------------------------------------------


def pdf_words(pdftotext: str, path: Path, furniture: str, source: Words, of: str = "of", covers: int = 1) -> list[str]:
    """The words of a PDF in the order of its content, without running heads and feet.

    `furniture` is a regular expression for these; it has to match on every page but the first `covers`, with the page's right
    number (`PAGE`): its label in the file, and, where the text's own pages are counted, how many these are. Also taken out: a table's
    head that a page repeats, and the numbers of lists and references, which have to be those of the source. Words that a line's end
    divided are joined, and a word with the call of a note behind it is parted, where the source has them so.
    """
    raw = subprocess.run([pdftotext, "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True).stdout.decode()
    pages = normalize("NFKC", raw).removesuffix("\f").split("\f")
    lines: list[str] = []
    markers = list(source.items)
    with pikepdf.open(path) as opened:
        labels = [page.label for page in opened.pages]
    counted = sum(label.isdigit() for label in labels)
    for number, (page, label) in enumerate(zip(pages, labels, strict=True), 1):
        shown = f"{label} {of} {counted}" if label.isdigit() else label
        pattern = furniture.replace("PAGE", shown).replace(" ", r"\s+")
        found = re.search(rf"^{pattern}$", page, flags=re.M)
        if found is None and number > covers:
            raise AssertionError(f"page {number} of {path.name} has no line like {pattern}")
        own = without_markers((page[: found.start()] if found else page).split("\n"), markers)
        lines += without_head(own, source.heads)
    assert not markers, f"{path.name} lacks the numbers {markers} of a list"
    known = source.vocabulary
    return [part for word in joined_lines(lines, known) for part in parted(word, known)]


def without_markers(lines: Sequence[str], expected: list[int]) -> list[str]:
    """A page's lines without the numbers of lists, which hang beside their items and are drawn apart; they are taken off `expected`.

    They stand alone on their line, with a full stop, or (those of references in some styles without) at the page's beginning; or before
    the words of their item, those of the last list, which are the references, without a full stop too.
    """
    first = next((at for at, line in enumerate(lines) if not re.fullmatch(r" *\d+\.? *", line)), len(lines))
    out: list[str] = []
    for at, line in enumerate(lines):
        marker = re.fullmatch(r" *(\d+)(\.?)(?: +(.*))?", line)
        last = expected == list(range(expected[0], expected[0] + len(expected))) if expected else False
        here = marker and (marker[2] or at < first or (marker[3] and last))
        if marker and here and expected and int(marker[1]) == expected[0]:
            expected.pop(0)
            out += [marker[3]] if marker[3] else []
        else:
            out.append(line)
    return out


def without_head(lines: Sequence[str], heads: Sequence[Sequence[str]]) -> Sequence[str]:
    """A page's lines without a table's head at their beginning; the table itself begins with its caption."""
    for end in range(1, min(len(lines), 25)):
        if tuple(joined_lines(lines[:end], frozenset())) in heads:
            return lines[end:]
    return lines


def joined_lines(lines: Sequence[str], vocabulary: frozenset[str]) -> list[str]:
    """The words of lines; one that a line's end divided, with a hyphen or (an address) without, is whole again.

    What ends with a hyphen of its own (`problem- and data-dependent`) stays apart.
    """

    def rejoined(found: re.Match[str]) -> str:
        left, right = (HYPHEN.sub("", part) for part in found.groups())
        apart = left in vocabulary and right in vocabulary and left + right not in vocabulary
        return found[1] + " " * apart

    out: list[str] = []
    # A soft hyphen at a line's end says that the word goes on.
    text = re.sub("\u00ad\n+", "", "\n".join(line.strip() for line in lines))
    for line in re.sub(r"(\w(?:[\w\u2010-]*\w)?)[-\u2010]\n+(?=([\w\u2010-]*\w))", rejoined, text).split("\n"):
        words = tokens(line)
        if out and words:
            for between in ("", "."):
                whole = out[-1] + between + words[0]
                if whole in vocabulary and not (out[-1] in vocabulary and words[0] in vocabulary):
                    out[-1] = whole
                    words = words[1:]
                    break
        out += words
    return out


def parted(word: str, vocabulary: frozenset[str]) -> list[str]:
    """A word and the call of a note behind it, which print shows as one: `note1`, `24.2`."""
    called = re.fullmatch(r"(.*?[^\W\d_]|\d+)\.?(\d{1,2})", word)
    return [called[1], called[2]] if called and word not in vocabulary and called[1] in vocabulary else [word]


def docx_words(path: Path) -> list[str]:
    """The words of a Word file: the text, then footnotes and endnotes; not headers, footers, field codes and contents."""
    out: list[str] = []
    with zipfile.ZipFile(path) as package:
        for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
            if name not in package.namelist():
                continue
            for paragraph in ElementTree.fromstring(package.read(name)).iter(f"{W}p"):
                style = paragraph.find(f"{W}pPr/{W}pStyle")
                if style is None or not (style.get(f"{W}val") or "").upper().startswith(("TOC", "TABLEOFFIGURES")):
                    out += tokens(_docx_text(paragraph))
    return out


def _docx_text(paragraph: ElementTree.Element) -> str:
    """Text of one paragraph, not of paragraphs inside it (text boxes), which come by themselves."""
    parts: list[str] = []

    def walk(element: ElementTree.Element) -> None:
        for child in element:
            if child.tag == f"{W}t":
                parts.append(child.text or "")
            elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
                parts.append(" ")
            elif child.tag == f"{W}noBreakHyphen":
                parts.append("-")
            elif child.tag not in (f"{W}p", f"{W}del", f"{W}pPr"):
                walk(child)

    walk(paragraph)
    return "".join(parts)


class _Page(HTMLParser):
    """Collects the text of the page's body that a reader sees; a space where a block begins or ends."""

    INLINE = frozenset(
        ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small", "span", "strong")
        + ("sub", "sup", "u", "var", "wbr")
    )
    VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
    HIDDEN = frozenset(("head", "script", "style", "template", "nav", "svg"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden: list[str] = []
        # Numbered links from a reference back to where it is cited: a web page has them, paper does not.
        self.left_out = {"backlinks"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.INLINE or ("role", "doc-noteref") in attrs:
            self.parts.append(" ")
        if (
            self.hidden
            or tag in self.HIDDEN
            or ("aria-hidden", "true") in attrs
            or self.left_out & set((dict(attrs).get("class") or "").split())
        ) and tag not in self.VOID:
            self.hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.INLINE:
            self.parts.append(" ")
        if tag in self.hidden:
            while self.hidden and self.hidden.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def html_words(path: Path) -> list[str]:
    """The words of a web page's body; not its contents list (`nav`)."""
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return tokens("".join(page.parts))


# --- the comparison ---------------------------------------------------------------------------------------------------


def body(words: Sequence[str], source: Words, more: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """An output's words before the source's first words, and from there on; `more` can stand among these.

    The headings stand in the contents as well, so the beginning is looked for by what follows the first heading too.
    """
    first = [w.text for w in source.main if not w.optional][:25]
    optional = {w.text for w in source.main[:60] if w.optional} | set(more)
    for start in range(len(words)):
        at = 0
        for word in words[start : start + 60]:
            if at < len(first) and word == first[at]:
                at += 1
            elif word not in optional:
                break
        if at == len(first):
            while start and words[start - 1] in optional and words[start - 1] == source.main[0].text:
                start -= 1
            return list(words[:start]), list(words[start:])
    raise AssertionError("the output does not have the beginning of the text: " + " ".join(first))


def differences(expected: Sequence[str], found: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Where two lists of words differ, as (from, to, from, to): Myers' way, by GNU or BSD diff, which is quick on long lists."""
    out: list[tuple[int, int, int, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "a", Path(folder) / "b"]
        for path, words in zip(paths, (expected, found), strict=True):
            path.write_text("".join(w + "\n" for w in words), encoding="utf-8")
        done = subprocess.run(["diff", "-d", *map(str, paths)], capture_output=True, check=False, text=True)
    for line in re.findall(r"^(\d+)(?:,(\d+))?([acd])(\d+)(?:,(\d+))?$", done.stdout, flags=re.M):
        a, b, c, d = int(line[0]), int(line[1] or line[0]), int(line[3]), int(line[4] or line[3])
        out.append((a if line[2] == "a" else a - 1, b, c if line[2] == "d" else c - 1, d))
    return out


def compare(source: Words, found: Sequence[str], additions: Sequence[str] = ()) -> Comparison:
    """What the source has and the output lacks, and the other way round.

    Notes are looked for among what the output has besides the text. `additions` are regular expressions for what the compiler is
    known to add: a run of added words, joined by spaces, has to consist of them.
    """
    missing, left = _aligned(source.main, found)
    if source.notes:
        lost, left = _aligned(source.notes, [word for run in left for word in run])
        missing += lost
    allowed = re.compile("(?:(?:" + "|".join(additions or ["(?!)"]) + ") )*")
    added = [" ".join(run) for run in left if not allowed.fullmatch(" ".join(run) + " ")]
    return Comparison(tuple(missing), tuple(added))


def _aligned(expected: Sequence[Word], found: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Required words that are not found, with the words before them, and runs of words that nobody expected."""
    texts = [w.text for w in expected]
    missing: list[str] = []
    runs: list[list[str]] = []
    for a, b, c, d in differences(texts, found):
        lost = [w.text for w in expected[a:b] if not w.optional]
        if lost:
            missing.append(" ".join([*texts[max(0, a - 5) : a], "→", *lost]))
        if c < d:
            runs.append(list(found[c:d]))
    return missing, runs
