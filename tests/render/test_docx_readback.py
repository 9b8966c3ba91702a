"""Foreign programs read the Word files back: pandoc, mammoth and LibreOffice find in them what stood in the source."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from render.docx_samples import cited, written
from support.words import differences, docx_words, tokens

from mmguide import pandoc
from mmguide.ast import attr_of, iterate, plain_text, rewrite
from mmguide.places import names_in_tree, places, similar, spans
from mmguide.render.pdf.numbering import roman

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BOTH = ("guideline", "torture")
EVERY = (*BOTH, "arabic", "german", "beginning")


def read_back(name: str, reader: str = "docx") -> dict[str, Any]:
    """The document as pandoc reads it."""
    command = [pandoc.executable(), "-f", reader, "-t", "json"]
    read: dict[str, Any] = json.loads(subprocess.run(command, input=written(name), capture_output=True, check=True).stdout)
    return read


def headings(blocks: Any) -> list[tuple[int, str]]:
    found = ((e["c"][0], plain_text(e["c"][2])) for e in iterate(blocks) if e["t"] == "Header")
    return [(level, re.sub(r"^\d+(\.\d+)+ ", "", text)) for level, text in found]


def tables(blocks: Any) -> list[list[list[str]]]:
    """The cells of each table, boxes (one cell) left out."""
    found = []
    for table in (e["c"] for e in iterate(blocks) if e["t"] == "Table"):
        rows = [*table[3][1], *(r for body in table[4] for r in [*body[2], *body[3]]), *table[5][1]]
        # References from the reporting checklist show pages in Word only.
        cells = [[re.sub(r", page \d+", "", plain_text(cell[4])) for cell in row[1]] for row in rows]
        found += [cells] if len(cells) > 1 or len(cells[0]) > 1 else []
    return found


def items(blocks: Any) -> list[str]:
    """What each item of each list begins with; lists in notes are paragraphs for pandoc."""
    outside = rewrite(blocks, lambda e: [] if e["t"] == "Note" else None)
    lists = (e for e in iterate(outside) if e["t"] in ("BulletList", "OrderedList"))
    return [plain_text(item[:1]) for e in lists for item in (e["c"] if e["t"] == "BulletList" else e["c"][1])]


@pytest.mark.parametrize("name", EVERY)
def test_pandoc_reads_headings_tables_lists_notes_citations_and_pictures(name: str) -> None:
    given, _ = cited(name)
    back = read_back(name)["blocks"]
    assert headings(back) == headings(given.blocks)
    # The first table is that of the contributors.
    assert tables(back)[1:] == tables(given.blocks)
    assert sorted(items(back)) == sorted(items(given.blocks))
    assert notes(back) == notes(given.blocks)
    assert pictures(back)[in_front(name) :] == pictures(given.blocks)
    # pandoc calls the first reference by the bookmark of the whole list, which begins there too.
    first = next((t for t in (attr_of(e).id for e in iterate(given.blocks)) if t.startswith("ref-")), "")
    found = [(bookmark(first) if target == "refs" else target, text) for target, text in citations(back)]
    assert found == citations(given.blocks)


def citations(blocks: Any) -> list[tuple[str, str]]:
    """The links to references, as the bookmark that each leads to and its words."""
    links = ((e["c"][2][0], plain_text(e["c"][1])) for e in iterate(blocks) if e["t"] == "Link")
    return [(bookmark(target[1:]), text) for target, text in links if re.match("#ref[-_]|#refs$", target)]


def bookmark(identifier: str) -> str:
    return re.sub(r"\W", "_", identifier)


def notes(blocks: Any) -> list[str]:
    return [plain_text(e["c"]) for e in iterate(blocks) if e["t"] == "Note"]


def pictures(blocks: Any) -> list[str]:
    return [dict(e["c"][0][2]).get("alt") or plain_text(e["c"][1]) for e in iterate(blocks) if e["t"] == "Image"]


def in_front(name: str) -> int:
    """How many pictures stand before the text: the logo, and the QR code that leads to the question to the reader."""
    given, theme = cited(name)
    return bool(theme.logo) + bool(given.project.settings.feedback)


@pytest.mark.parametrize("name", EVERY)
def test_mammoth_reads_headings_tables_lists_notes_citations_and_pictures(name: str) -> None:
    import mammoth

    given, _ = cited(name)
    unlisted = "\n".join(f"p[style-name='Heading {n} Unlisted'] => h{n}:fresh" for n in range(1, 7))
    html = mammoth.convert_to_html(BytesIO(written(name)), style_map=unlisted).value
    page = etree.HTML(html)
    found = [(int(e.tag[1]), " ".join("".join(e.itertext()).split())) for e in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert [(n, re.sub(r"^\d+(\.\d+)+ ", "", text)) for n, text in found] == headings(given.blocks)
    assert [e.get("alt") or "" for e in page.iter("img")][in_front(name) :] == pictures(given.blocks)
    several = [t for t in page.iter("table") if len(list(t.iter("td", "th"))) > 1]
    assert len(several) - 1 == len(tables(given.blocks)) + sum(
        1 for t in several if any(True for _ in t.iterdescendants("table"))
    )
    assert len(page.xpath("//li[starts-with(@id, 'footnote-')]")) == len(notes(given.blocks))
    # It puts notes, with their citations, at the end.
    links = [(e.get("href")[1:], "".join(e.itertext())) for e in page.iter("a") if e.get("href", "").startswith("#ref_")]
    assert sorted(links) == sorted(citations(given.blocks))
    lists = [own_words(e) for e in page.iter("li") if not e.get("id", "").startswith("footnote-")]
    assert sorted(filter(None, lists)) == sorted(items(given.blocks))


def own_words(item: etree._Element) -> str:
    """What a list's item says before its further paragraphs and inner lists."""
    inline = (c if c.tag not in ("ul", "ol", "p") else None for c in item)
    parts = [item.text or "", *("".join(c.itertext()) + (c.tail or "") for c in inline if c is not None)]
    return " ".join("".join(parts).split())


@pytest.mark.parametrize("name", [f"{name}-zotero" for name in EVERY])
def test_every_citation_comes_back_from_the_zotero_fields(name: str) -> None:
    given, _ = cited(name)
    back = read_back(name, "docx+citations")
    keys = [c["citationId"] for e in iterate(back["blocks"]) if e["t"] == "Cite" for c in e["c"][0]]
    assert keys == [c["citationId"] for e in iterate(given.blocks) if e["t"] == "Cite" for c in e["c"][0]]
    items = {item["c"]["id"]["c"]: item["c"] for item in back["meta"]["references"]["c"]}
    assert set(items) == set(keys)
    for key in items:
        reference = given.manuscript.bibliography.get(key)
        assert reference is not None
        assert plain_text(items[key]["title"]["c"]) == reference.text("title") or items[key]["title"]["c"] == reference.text(
            "title"
        )


def test_the_zotero_fields_hold_page_and_list() -> None:
    with zipfile.ZipFile(BytesIO(written("torture-zotero"))) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
        custom = archive.read("docProps/custom.xml").decode()
    instructions = [(i.text or "").strip() for i in document.iter(f"{W}instrText")]
    sets = [json.loads(i.split(" ", 3)[3]) for i in instructions if i.startswith("ADDIN ZOTERO_ITEM")]
    assert [item["locator"] for s in sets for item in s["citationItems"] if "locator" in item] == ["12"]
    assert sum(i.startswith("ADDIN ZOTERO_BIBL") for i in instructions) == 1
    assert "http://www.zotero.org/styles/" in custom


@pytest.mark.parametrize("name", EVERY)
def test_libreoffice_reads_the_same_words_in_the_same_order(name: str, soffice: Callable[..., list[str]], tmp_path: Path) -> None:
    file = tmp_path / "file.docx"
    file.write_bytes(written(name))
    to = ("--convert-to", "txt:Text (encoded):UTF8", "--outdir", tmp_path, file)
    subprocess.run(soffice(*to), check=True, capture_output=True, timeout=300)
    found = tokens((tmp_path / "file.txt").read_text(encoding="utf-8-sig"))
    # LibreOffice works page numbers out anew.
    look = rb"<w:r>(?:<w:rPr><w:rStyle [^>]*/></w:rPr>)?"
    separate = rb'<w:fldChar w:fldCharType="separate"/></w:r>'
    page = rb"(PAGEREF \w+ \\h </w:instrText></w:r>" + look + separate + rb").*?(" + look + rb"<w:fldChar)"
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(tmp_path / "text.docx", "w") as text:
        text.writestr("word/document.xml", re.sub(page, rb"\1\2", archive.read("word/document.xml")))
    expected = docx_words(tmp_path / "text.docx")
    assert len(expected) > (800 if name in BOTH else 120)
    # A note's number stands right behind its word in plain text.
    lost = [
        expected[a:b]
        for a, b, c, d in differences(expected, found)
        if a < b and not re.fullmatch(re.escape("".join(expected[a:b])) + r"\d+", "".join(found[c:d]))
    ]
    assert lost == []


@pytest.mark.parametrize("name", BOTH)
def test_libreoffice_lays_every_page_out(name: str, soffice: Callable[..., list[str]], pdftotext: str, tmp_path: Path) -> None:
    file = tmp_path / "file.docx"
    file.write_bytes(written(name))
    subprocess.run(soffice("--convert-to", "pdf", "--outdir", tmp_path, file), check=True, capture_output=True, timeout=300)
    text = subprocess.run([pdftotext, "-layout", tmp_path / "file.pdf", "-"], check=True, capture_output=True).stdout.decode()
    pages = [" ".join(page.split()) for page in text.split("\f")[:-1]]
    settings = cited(name)[0].project.settings
    assert "Page" not in pages[0]
    assert settings.notice in pages[0]
    front = next(at for at, page in enumerate(pages) if "Page 1 of" in page)
    for number, page in enumerate(pages[1:], 2):
        assert (f"Page {number - front} of {len(pages) - front}" if number > front else f"Page {roman(number)}") in page
        assert settings.notice in page
        assert (settings.short_title or settings.title).split(" <")[0] in page


@pytest.mark.parametrize("name", EVERY)
def test_paragraphs_lead_back_to_their_lines(name: str) -> None:
    given, _ = cited(name)
    known = spans(given.manuscript)
    sources = {s.source.path: s.source for s in given.manuscript.scans}
    with zipfile.ZipFile(BytesIO(written(name))) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
    checked = 0
    for bookmark in document.iter(f"{W}bookmarkStart"):
        if not bookmark.get(f"{W}name").startswith("_mmg"):
            continue
        span = known[bookmark.get(f"{W}name")]
        line = sources[span.path].line(span.line).lower()
        holder = next(bookmark.iterancestors(f"{W}tr"), None)
        holder = next(bookmark.iterancestors(f"{W}p")) if holder is None else holder
        words = " ".join(t.text or "" for t in holder.iter(f"{W}t")).lower()
        assert any(word in line for word in re.findall(r"\w+", words)) or not re.search(r"[a-z]{5}", line), (words, line)
        checked += 1
    assert checked > 0.9 * len({place.name for place in places(given.manuscript)})


def test_a_bookmark_of_an_older_text_finds_its_paragraph_on_another_line() -> None:
    given, _ = cited("torture")
    place = next(p for p in places(given.manuscript) if len(p.words) > 8)
    moved = re.sub(r"_\d+_", f"_{place.span.line + 3}_", place.name)
    assert moved not in spans(given.manuscript)
    assert similar(moved, spans(given.manuscript)) == place.span
    assert similar("_GoBack", spans(given.manuscript)) is None
    assert len(names_in_tree(given.manuscript, given.blocks)) > 50
    assert all(len(p.name) <= 40 for p in places(given.manuscript))


def test_fields_say_what_the_tree_says() -> None:
    """The text that a cross-reference shows is the one that Word would compute from the bookmark it refers to."""
    with zipfile.ZipFile(BytesIO(written("torture"))) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
    inside = bookmarked_text(document)
    shown = shown_by_fields(document)
    references = [(i, text) for i, text in shown if i.startswith("REF ") and "\\r" not in i]
    assert len(references) >= 6
    for instruction, text in references:
        assert inside[instruction.split()[1]] == text
    counters: dict[str, int] = {}
    for instruction, text in shown:
        if instruction.startswith("SEQ") and "\\s" not in instruction and "\\r" not in instruction:
            name = instruction.split()[1]
            counters[name] = counters.get(name, 0) + 1
            assert text == str(counters[name])
    given, _ = cited("torture")
    assert counters["Table"] == sum(1 for t in given.manuscript.targets if t.kind == "tbl")
    assert counters["Figure"] == sum(1 for t in given.manuscript.targets if t.kind == "fig")
    assert attr_of(given.blocks[0]).id


@pytest.mark.parametrize("name", EVERY)
def test_the_number_of_pages_hangs_on_the_last_sign(name: str) -> None:
    """LibreOffice loses a bookmark with nothing in it that ends where another does."""
    with zipfile.ZipFile(BytesIO(written(name))) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
    text = "".join(t.text or "" for t in document.iter(f"{W}t"))
    assert bookmarked_text(document)["_LastPage"] == text[-1]


def bookmarked_text(document: etree._Element) -> dict[str, str]:
    """The words between the beginning and the end of each bookmark."""
    opened: dict[str, str] = {}
    texts: dict[str, str] = {}
    for element in document.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}t"):
        if element.tag == f"{W}bookmarkStart":
            opened[element.get(f"{W}id")] = element.get(f"{W}name")
            texts[element.get(f"{W}name")] = ""
        elif element.tag == f"{W}bookmarkEnd":
            opened.pop(element.get(f"{W}id"), None)
        else:
            for name in opened.values():
                texts[name] += element.text or ""
    return texts


def shown_by_fields(document: etree._Element) -> list[tuple[str, str]]:
    """Each field's instruction with the text it shows."""
    stack: list[list[str]] = []
    state: list[str] = []
    out: list[tuple[str, str]] = []
    for element in document.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            stack.append(["", ""])
            state.append("code")
        elif kind == "separate":
            state[-1] = "result"
        elif kind == "end":
            instruction, text = stack.pop()
            state.pop()
            out.append((instruction.strip(), text))
            if stack:
                stack[-1][1] += text
        elif stack:
            stack[-1][0 if element.tag == f"{W}instrText" else 1] += element.text or ""
    return out
