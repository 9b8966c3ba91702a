"""Text from right to left in the Word file: every paragraph and run says its direction, tables and boxes are mirrored."""

from __future__ import annotations

import zipfile
from io import BytesIO
from unicodedata import bidirectional

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from render import docx_samples as samples

from mmguide.render.docx.direction import directions
from mmguide.render.docx.fonts import hidden

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(name: str, path: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(BytesIO(samples.written(name))) as archive:
        return etree.fromstring(archive.read(path))


@pytest.fixture(scope="module")
def arabic() -> etree._Element:
    return part("arabic")


def words(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def paragraph_with(document: etree._Element, text: str) -> etree._Element:
    return next(p for p in document.iter(f"{W}p") if text in words(p))


def style(paragraph: etree._Element) -> str:
    return str(paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val"))


def switch(paragraph_style: str) -> str | None:
    """What a style says about the direction of its paragraphs."""
    found = next(s for s in part("arabic", "word/styles.xml").iter(f"{W}style") if s.get(f"{W}styleId") == paragraph_style)
    return found.find(f"{W}pPr/{W}bidi").get(f"{W}val")


def test_references_in_latin_letters_run_from_the_left(arabic: etree._Element) -> None:
    entries = [p for p in arabic.iter(f"{W}p") if style(p).startswith("Bibliography")]
    assert [style(p) for p in entries] == ["BibliographyTurned"] * 2
    assert switch("BibliographyTurned") == "0"


def test_a_passage_from_the_left_has_the_style_that_says_so(arabic: etree._Element) -> None:
    assert style(paragraph_with(arabic, "A paragraph that is read from the left")) == "BodyTextTurned"
    assert switch("BodyTextTurned") == "0"


def test_runs_from_the_right_say_so_and_others_do_not(arabic: etree._Element) -> None:
    paragraph = paragraph_with(arabic, "Reporting Items for Practice Guidelines in Healthcare (RIGHT")
    found = [(words(run), run.find(f"{W}rPr/{W}rtl") is not None) for run in paragraph.iter(f"{W}r") if words(run)]
    for text, turned in found:
        ways = {bidirectional(sign) for sign in text}
        assert turned == ("L" not in ways), text
        assert not ("L" in ways and ways & {"R", "AL"}), text
    assert ("Reporting Items for Practice Guidelines in Healthcare (RIGHT", False) in found


def test_tables_and_boxes_are_mirrored_and_numbers_stand_at_the_right(arabic: etree._Element) -> None:
    # The band of the cover has one cell and no edges.
    every = ((table, table.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val")) for table in arabic.iter(f"{W}tbl"))
    tables = [table for table, named in every if named != "CoverBand"]
    assert len(tables) == 4
    assert all(table.find(f"{W}tblPr/{W}bidiVisual") is not None for table in tables)
    # Where lines begin at the right, Word's `left` is that side.
    assert {j.get(f"{W}val") for table in tables for j in table.iter(f"{W}jc")} == {"left"}


def test_head_and_foot_run_from_the_right() -> None:
    with zipfile.ZipFile(BytesIO(samples.written("arabic"))) as archive:
        edges = [etree.fromstring(archive.read(n)) for n in archive.namelist() if n.startswith(("word/header", "word/footer"))]
    for run in (run for edge in edges for run in edge.iter(f"{W}r") if words(run).strip()):
        arabic = any(bidirectional(sign) == "AL" for sign in words(run))
        assert (run.find(f"{W}rPr/{W}rtl") is not None) >= arabic


def test_the_font_of_arabic_letters_stands_in_the_file_with_lines_as_high_as_latin_ones() -> None:
    with zipfile.ZipFile(BytesIO(samples.written("arabic"))) as archive:
        theme = etree.fromstring(archive.read("word/theme/theme1.xml"))
        table = etree.fromstring(archive.read("word/fontTable.xml"))
        links = {e.get("Id"): e.get("Target") for e in etree.fromstring(archive.read("word/_rels/fontTable.xml.rels"))}
        assert {e.get("typeface") for e in theme.iter("{*}cs")} == {"Noto Sans Arabic"}
        (entry,) = [e for e in table.iter(f"{W}font") if e.get(f"{W}name") == "Noto Sans Arabic"]
        faces = [e for e in entry if "embed" in etree.QName(e).localname]
        assert [etree.QName(e).localname for e in faces] == ["embedRegular", "embedBold"]
        for face in faces:
            target = next(links[value] for name, value in face.attrib.items() if name.endswith("}id"))
            key = bytes.fromhex("".join(c for c in face.get(f"{W}fontKey") if c.isalnum()))
            font = TTFont(BytesIO(hidden(archive.read(f"word/{target}"), key)))
            assert set(map(ord, "كيف يُكتب، پچگ٣")) <= set(font.getBestCmap())
            assert {"init", "medi", "fina", "mark"} <= {f.FeatureTag for f in font["GSUB"].table.FeatureList.FeatureRecord} | {
                f.FeatureTag for f in font["GPOS"].table.FeatureList.FeatureRecord
            }
            assert (font["hhea"].ascender - font["hhea"].descender) / font["head"].unitsPerEm == pytest.approx(1.4, abs=0.01)
            assert font["OS/2"].usWinAscent + font["OS/2"].usWinDescent == font["hhea"].ascender - font["hhea"].descender


def test_numbers_of_two_fields_are_held_together(arabic: etree._Element) -> None:
    label = words(next(p for p in arabic.iter(f"{W}p") if style(p) == "RecommendationLabelStatement"))
    assert "\u200e1\u200e.\u200e2\u200e" in label
    assert "\u200e" not in words(part("torture"))


CASES = {
    ("abc", True): "lll",
    ("אב", False): "rr",
    ("אב ab", True): "rrrll",
    ("אב ab", False): "rrlll",
    # A sign between two of one direction goes with these, at an edge with the paragraph.
    ("(ab cd)", True): "rlllllr",
    ("(אב גד)", False): "lrrrrrl",
    # Numbers follow letters from the left; else they are signs.
    ("ab 12 אב", True): "lllllrrr",
    ("12 אב", False): "lllrr",
}


@pytest.mark.parametrize(("given_text", "expected"), CASES.items(), ids=lambda case: repr(case))
def test_signs_have_the_direction_that_unicode_gives_them(given_text: tuple[str, bool], expected: str) -> None:
    text, from_right = given_text
    assert "".join("r" if way else "l" for way in directions(text, from_right=from_right)) == expected


@given(st.text(alphabet="abאבج 12.,()[]-"), st.booleans())
def test_every_letter_keeps_its_own_direction(text: str, from_right: bool) -> None:
    found = directions(text, from_right=from_right)
    assert len(found) == len(text)
    for sign, way in zip(text, found, strict=True):
        kind = bidirectional(sign)
        assert kind != "L" or not way
        assert kind not in ("R", "AL") or way
