"""Handouts as Word files: the boxes of clinics and addresses, pages as in print, and nothing that a judge finds."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from judges.docx import findings
from lxml import etree
from render.test_docx_package import audit, sdk

from mmguide.handouts import HandoutOptions, build_handouts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


# A clinic with a logo and all its numbers; one without a logo, and with a line in place of its number at night.
CLINICS = {"en-GB": "example-a", "ar": "example-b"}


@pytest.fixture(scope="module", params=CLINICS)
def sheet(request: pytest.FixtureRequest, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Word file of the leaflet for one clinic; its PDF stands beside it."""
    asked = HandoutOptions(
        names=("lenalidomide",),
        formats=("pdf", "docx"),
        languages=(request.param,),
        clinics=(CLINICS[request.param],),
        output=tmp_path_factory.mktemp(request.param),
    )
    built = build_handouts(repository / "source", asked)
    return next(path for path in built.written if path.suffix == ".docx")


@pytest.fixture(scope="module")
def document(sheet: Path) -> etree._Element:
    with zipfile.ZipFile(sheet) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def boxes(document: etree._Element, style: str) -> list[etree._Element]:
    return [t for t in document.iter(f"{W}tbl") if t.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val") == style]


def styles(cell: etree._Element) -> set[str]:
    return {style.get(f"{W}val") for style in cell.iter(f"{W}pStyle")}


def words(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def test_whom_to_call_stands_in_one_box_with_the_logo_beside(document: etree._Element) -> None:
    (box,) = boxes(document, "ContactBox")
    text, *logo = box.iter(f"{W}tc")
    assert styles(text) == {"ContactText"}
    if "Example clinic B" in words(text):
        assert "0113\u00a0496\u00a00003" in words(text)
        assert "_" * 20 in words(text)
        assert logo == []
    else:
        assert "01632\u00a0960001" in words(text)
        assert "01632\u00a0960002" in words(text)
        assert styles(logo[0]) == {"ContactLogo"}
        assert len(list(logo[0].iter(f"{W}drawing"))) == 1


def test_each_address_stands_beside_its_code(document: etree._Element) -> None:
    (box,) = boxes(document, "AddressBox")
    code, current, other, answer = box.iter(f"{W}tc")
    assert len(list(code.iter(f"{W}drawing"))) == len(list(other.iter(f"{W}drawing"))) == 1
    assert "https://example.org/mm-maintenance/" in words(current)
    assert "https://example.org/mm-maintenance/feedback" in words(answer)
    assert "guideline@example.org" in words(answer)


def test_boxes_are_framed_by_styles_and_stay_whole(sheet: Path, document: etree._Element) -> None:
    with zipfile.ZipFile(sheet) as archive:
        known = etree.fromstring(archive.read("word/styles.xml"))
    for style in ("ContactBox", "AddressBox"):
        (found,) = [s for s in known.iter(f"{W}style") if s.get(f"{W}styleId") == style]
        sides = found.find(f"{W}tblPr/{W}tblBorders")
        assert [etree.QName(side).localname for side in sides] == ["top", "left", "bottom", "right"]
        (box,) = boxes(document, style)
        assert box.find(f"{W}tblPr/{W}tblBorders") is None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in box.iter(f"{W}tr"))
    turned = sheet.stem.endswith("-ar")
    assert all((t.find(f"{W}tblPr/{W}bidiVisual") is not None) == turned for t in document.iter(f"{W}tbl"))


def test_no_judge_finds_anything(sheet: Path, ooxml_validator: str, tmp_path: Path) -> None:
    content = sheet.read_bytes()
    assert findings(content) == []
    assert sdk(ooxml_validator, content, tmp_path) == []
    assert audit(content, tmp_path) == []


def test_it_takes_as_many_pages_as_print(sheet: Path, soffice: Callable[..., list[str]], tmp_path: Path) -> None:
    subprocess.run(soffice("--convert-to", "pdf", "--outdir", tmp_path, sheet), check=True, capture_output=True, timeout=300)
    assert pages(tmp_path / f"{sheet.stem}.pdf") == pages(sheet.with_suffix(".pdf")) == 2


def test_translations_and_sheets_to_fill_in_take_as_many_pages_as_print(
    repository: Path, soffice: Callable[..., list[str]], tmp_path: Path
) -> None:
    asked = HandoutOptions(names=("lenalidomide", "decision-aid", "diary"), formats=("pdf", "docx"), output=tmp_path)
    written = build_handouts(repository / "source", asked).written
    files = [path for path in written if path.suffix == ".docx"]
    office = tmp_path / "office"
    subprocess.run(soffice("--convert-to", "pdf", "--outdir", office, *files), check=True, capture_output=True, timeout=600)
    assert len(files) == 7
    assert {f.stem: pages(office / f"{f.stem}.pdf") for f in files} == {f.stem: pages(f.with_suffix(".pdf")) for f in files}


def pages(pdf: Path) -> int:
    with pikepdf.open(pdf) as file:
        return len(file.pages)


def test_each_cell_to_fill_in_is_framed(sheet: Path) -> None:
    with zipfile.ZipFile(sheet) as archive:
        known = etree.fromstring(archive.read("word/styles.xml"))
    (table,) = (style for style in known.iter(f"{W}style") if style.get(f"{W}styleId") == "Table")
    lines = {etree.QName(line).localname: line.get(f"{W}val") for line in table.find(f"{W}tblPr/{W}tblBorders")}
    assert lines == dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), "single")


def test_nothing_is_smaller_than_the_text(sheet: Path) -> None:
    """Clear print: the notice at the foot, the head and the boxes have letters of 12 points at least."""
    with zipfile.ZipFile(BytesIO(sheet.read_bytes())) as archive:
        known = etree.fromstring(archive.read("word/styles.xml"))
    sizes = {s.get(f"{W}styleId"): s.find(f"{W}rPr/{W}sz") for s in known.iter(f"{W}style")}
    base = int(known.find(f".//{W}docDefaults//{W}sz").get(f"{W}val"))
    assert base >= 24
    for style in ("FooterSheet", "HandoutHead", "ContactText", "AddressText", "TableText", "Caption", "Heading2", "Heading3"):
        own = sizes[style]
        assert own is None or int(own.get(f"{W}val")) >= 24, style
