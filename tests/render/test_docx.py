"""The Word file of the guideline: what it is built of, and that it is finished when it opens."""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace
from render import docx_samples as samples

from mmguide.ast import Attr, attr_of, div, iterate, link, para, plain_text, string
from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.model.manuscript import CitedManuscript
from mmguide.render.docx import DocxOptions, begun, completed, docx
from mmguide.theme import Theme

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def guideline(repository: Path) -> tuple[CitedManuscript, Theme]:
    checked = check_project(repository / "source")
    assert checked.manuscript is not None
    assert checked.look is not None
    return cite(checked.manuscript, checked.look.style.xml), checked.look.theme


def pages_for(cited: CitedManuscript) -> dict[str, str]:
    """A page for each identifier, as a layout would give them."""
    return {attr_of(e).id: str(3 + i // 40) for i, e in enumerate(iterate(cited.blocks)) if attr_of(e).id}


@pytest.fixture(scope="module")
def written(guideline: tuple[CitedManuscript, Theme]) -> bytes:
    cited, theme = guideline
    return docx(cited, theme, pages_for(cited))


@pytest.fixture(scope="module")
def document(written: bytes) -> etree._Element:
    with zipfile.ZipFile(BytesIO(written)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def test_made_before_pages_are_known_it_is_the_same_file(guideline: tuple[CitedManuscript, Theme], written: bytes) -> None:
    cited, theme = guideline
    assert completed(begun(cited, theme), pages_for(cited)) == written


def style_of(paragraph: etree._Element) -> str:
    return paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val")


def words_of(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def test_headings_are_numbered_by_word_as_in_the_tree(guideline: tuple[CitedManuscript, Theme], document: etree._Element) -> None:
    cited, _ = guideline
    wanted = [(attr_of(e).get("number"), plain_text(e["c"][2])) for e in iterate(cited.blocks) if e["t"] == "Header"]
    counters = [0] * 9
    found = []
    for paragraph in document.iter(f"{W}p"):
        if not style_of(paragraph).startswith("Heading"):
            continue
        level = int(style_of(paragraph)[7])
        own = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        number = ""
        if own is None:
            counters[level - 1] += 1
            counters[level:] = [0] * (9 - level)
            number = ".".join(str(n) for n in counters[:level])
        found.append((number, " ".join(words_of(paragraph).split())))
    assert found == wanted


def test_contents_are_filled_with_every_heading_and_its_page(
    guideline: tuple[CitedManuscript, Theme], document: etree._Element
) -> None:
    cited, _ = guideline
    depth, pages = cited.project.settings.contents_depth, pages_for(cited)
    listed = [
        (attr_of(e), plain_text(e["c"][2]))
        for e in iterate(cited.blocks)
        if e["t"] == "Header" and e["c"][0] <= depth and "unlisted" not in attr_of(e).classes
    ]
    lines = [words_of(p) for p in document.iter(f"{W}p") if style_of(p) in ("TOC1", "TOC2", "TOC3")]
    assert lines == [f"{attr.get('number')}{title}{pages[attr.id]}" for attr, title in listed]


def test_nothing_asks_to_be_updated(written: bytes) -> None:
    with zipfile.ZipFile(BytesIO(written)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert b"updateFields" not in content
            assert b"w:dirty" not in content


def test_the_same_bytes_every_time(guideline: tuple[CitedManuscript, Theme], written: bytes) -> None:
    cited, theme = guideline
    assert docx(cited, theme, pages_for(cited), DocxOptions()) == written


def sections(content: bytes) -> list[etree._Element]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return list(etree.fromstring(archive.read("word/document.xml")).iter(f"{W}sectPr"))


def marks(content: bytes) -> int:
    """The headers that hold a word across the page."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return sum(b"Watermark" in archive.read(n) for n in archive.namelist() if n.startswith("word/header"))


def test_cover_front_and_turned_pages_are_sections_of_their_own() -> None:
    found = sections(samples.written("torture"))
    turned = [s.find(f"{W}pgSz").get(f"{W}orient") == "landscape" for s in found]
    assert turned == [False, False, False, True, False, True, False]
    assert [len(s.findall(f"{W}footerReference")) for s in found] == [0, 1, 1, 1, 1, 1, 1]
    assert [s.find(f"{W}titlePg") is not None for s in found] == [True] + [False] * 6
    assert [s.find(f"{W}lnNumType") is not None for s in found] == [False, False] + [True] * 5


def test_status_and_options_decide_on_line_numbers_and_mark() -> None:
    cited, theme = samples.cited("torture")
    published, _ = samples.cited("torture-published")
    pages = samples.pages_for(cited)
    assert marks(samples.written("torture")) == 7
    assert marks(docx(published, theme, pages)) == 0
    assert marks(docx(published, theme, pages, DocxOptions(draft_mark=True))) > 0
    plain = docx(cited, theme, pages, DocxOptions(line_numbers=False, draft_mark=False))
    assert marks(plain) == 0
    assert all(s.find(f"{W}lnNumType") is None for s in sections(plain))
    assert all(s.find(f"{W}lnNumType") is None for s in sections(docx(published, theme, pages)))


def test_the_file_says_what_it_is_and_nothing_of_the_machine() -> None:
    with zipfile.ZipFile(BytesIO(samples.written("torture"))) as archive:
        core = etree.fromstring(archive.read("docProps/core.xml"))
        custom = etree.fromstring(archive.read("docProps/custom.xml"))
        times = {item.date_time for item in archive.infolist()}
    said = {etree.QName(e).localname: e.text for e in core}
    assert said["title"] == 'Every construct <at once> & more — "quoted"'
    assert (said["version"], said["contentStatus"], said["language"]) == ("2.0.0-rc.1", "draft", "en-GB")
    assert said["created"] == said["modified"] == "2026-03-15T00:00:00Z"
    properties = {p.get("name"): "".join(p.itertext()) for p in custom}
    assert properties["Version"] == "2.0.0-rc.1"
    assert properties["Status"] == "draft"
    assert properties["Date review by"] == "2028-03-15"
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_drawings_stand_beside_their_pixels_at_the_size_asked_for() -> None:
    wp = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
    with zipfile.ZipFile(BytesIO(samples.written("torture"))) as archive:
        text = archive.read("word/document.xml")
        names = archive.namelist()
        widths = [struct.unpack(">I", archive.read(n)[16:20])[0] for n in names if n.endswith(".png")]
        drawing = next(archive.read(n) for n in names if n.endswith(".svg"))
    extents = [int(e.get("cx")) / 914400 for e in etree.fromstring(text).iter(f"{wp}extent")]
    measure = (210 - 44) / 25.4
    assert min(abs(wide - 0.6 * measure) for wide in extents) < 0.01
    assert any(abs(pixels - 0.6 * measure * 300) < 2 for pixels in widths)
    assert drawing == (samples.folder("torture") / "figures/drawing.svg").read_bytes()


def test_the_fonts_of_the_theme_stand_in_the_file() -> None:
    from fontTools.ttLib import TTFont

    r = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    with zipfile.ZipFile(BytesIO(samples.written("torture"))) as archive:
        table = etree.fromstring(archive.read("word/fontTable.xml"))
        links = {e.get("Id"): e.get("Target") for e in etree.fromstring(archive.read("word/_rels/fontTable.xml.rels"))}
        faces: dict[str, list[str]] = {}
        for entry in table.iter(f"{W}font"):
            for place in entry.iter(*(f"{W}embed{kind}" for kind in ("Regular", "Bold", "Italic", "BoldItalic"))):
                # ECMA-376 part 4, 15.2.13: the key is the GUID read backwards.
                key = bytes.fromhex(re.sub(r"[{}-]", "", place.get(f"{W}fontKey")))[::-1]
                content = archive.read("word/" + links[place.get(f"{r}id")])
                font = TTFont(BytesIO(bytes(b ^ key[i % 16] for i, b in enumerate(content[:32])) + content[32:]))
                assert font["name"].getDebugName(1) == entry.get(f"{W}name")
                assert font["OS/2"].fsType == 0
                assert {ord(c) for c in "Aäßłœ–“≥α"} <= set(font.getBestCmap())
                faces.setdefault(entry.get(f"{W}name"), []).append(font["name"].getDebugName(2))
    whole = ["Regular", "Bold", "Italic", "Bold Italic"]
    assert faces == {"Source Serif 4": whole, "Source Sans 3": whole, "Source Code Pro": ["Regular"]}


def test_fonts_are_left_out_when_asked() -> None:
    cited, theme = samples.cited("torture")
    with zipfile.ZipFile(BytesIO(docx(cited, theme, {}, DocxOptions(fonts=False)))) as archive:
        assert not [name for name in archive.namelist() if "fonts/" in name]
        assert b"embed" not in archive.read("word/settings.xml") + archive.read("word/fontTable.xml")
        assert b'w:lineRule="auto"' not in archive.read("word/styles.xml")


def test_the_logo_stands_on_the_cover_as_ornament() -> None:
    cited, theme = samples.cited("torture")
    logo = next(path for path in cited.manuscript.pictures if path.endswith(".svg"))
    made = docx(cited, replace(theme, logo=logo), {})
    with zipfile.ZipFile(BytesIO(made)) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
    first = next(document.iter(f"{W}p"))
    assert style_of(first) == "CoverLogo"
    extent = next(first.iter("{*}extent"))
    assert int(extent.get("cy")) <= 18 * 36000 + 100
    assert len(list(first.iter("{*}decorative"))) == 1


def test_nothing_of_a_hostile_tree_reaches_the_file() -> None:
    cited, theme = samples.cited("torture")
    raw = {"t": "RawBlock", "c": ["openxml", "<w:p><w:r><w:t>planted</w:t></w:r></w:p>"]}
    inline = {"t": "RawInline", "c": ["openxml", '<w:r><w:instrText> INCLUDETEXT "planted" </w:instrText></w:r>']}
    links = [
        link([string("text")], target)
        for target in ("javascript:planted", "file:///planted", "data:text/html,planted", "#planted")
    ]
    styled = div([para([string("words")])], Attr("", (), (("custom-style", "Planted"),)))
    hostile = [raw, para([inline, *links, string("kept \x01\ufffe words")]), styled]
    made = replace(cited, blocks=[*cited.blocks, *hostile])
    with zipfile.ZipFile(BytesIO(docx(made, theme, {}))) as archive:
        for name in archive.namelist():
            assert b"planted" not in archive.read(name).lower(), name
        text = words_of(etree.fromstring(archive.read("word/document.xml")))
    assert "texttexttexttext" in text
    assert "kept" in text
