"""The Word file of the guideline: what it is built of, and that it is finished when it opens."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from mmguide.ast import attr_of, iterate, plain_text
from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.model.manuscript import CitedManuscript
from mmguide.render.docx import DocxOptions, docx
from mmguide.theme import Theme

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def guideline(repository: Path) -> tuple[CitedManuscript, Theme]:
    checked = check_project(repository / "source")
    assert checked.manuscript is not None
    assert checked.look is not None
    return cite(checked.manuscript, checked.look.style.xml), checked.look.theme


def pages_for(cited: CitedManuscript) -> dict[str, int]:
    """A page for each identifier, as a layout would give them."""
    return {attr_of(e).id: 3 + i // 40 for i, e in enumerate(iterate(cited.blocks)) if attr_of(e).id}


@pytest.fixture(scope="module")
def written(guideline: tuple[CitedManuscript, Theme]) -> bytes:
    cited, theme = guideline
    return docx(cited, theme, pages_for(cited))


@pytest.fixture(scope="module")
def document(written: bytes) -> etree._Element:
    with zipfile.ZipFile(BytesIO(written)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


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
    # The text begins on page 4, behind cover, people and contents.
    moved = 4 - pages[listed[0][0].id]
    lines = [words_of(p) for p in document.iter(f"{W}p") if style_of(p) in ("TOC1", "TOC2", "TOC3")]
    assert lines == [f"{attr.get('number')}{title}{pages[attr.id] + moved}" for attr, title in listed]


def test_nothing_asks_to_be_updated(written: bytes) -> None:
    with zipfile.ZipFile(BytesIO(written)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert b"updateFields" not in content
            assert b"w:dirty" not in content


def test_the_same_bytes_every_time(guideline: tuple[CitedManuscript, Theme], written: bytes) -> None:
    cited, theme = guideline
    assert docx(cited, theme, pages_for(cited), DocxOptions()) == written
