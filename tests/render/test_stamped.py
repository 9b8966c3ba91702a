"""Sheets of many clinics are put together from parts: they say, show and are what a sheet laid out for one clinic alone is."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import page
import pikepdf
import pytest
from judges.pdf import Element, read
from msgspec.structs import replace

from mmguide.handouts import HandoutOptions, build_handouts

CLINICS = ("example-a", "example-b", "example-c")
ASKED = HandoutOptions(("diary", "quick-reference"), ("pdf", "html"), languages=("en-GB",))


@pytest.fixture(scope="module")
def made(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of sheets made together, and that of sheets of the first two clinics made alone."""
    together, alone = tmp_path_factory.mktemp("together"), tmp_path_factory.mktemp("alone")
    for output, clinics in ((together, ("all",)), (alone, CLINICS[:2])):
        built = build_handouts(repository / "source", replace(ASKED, clinics=clinics, output=output))
        assert built.written, built.checked.diagnostics
    return together / "clinics", alone / "clinics"


def pairs(made: tuple[Path, Path]) -> Iterator[tuple[Path, Path]]:
    """Each sheet made alone, and the same made together."""
    together, alone = made
    found = sorted(alone.rglob("*.pdf"))
    assert len(found) == 4
    yield from ((path, together / path.relative_to(alone)) for path in found)


def test_all_are_there(made: tuple[Path, Path]) -> None:
    assert len(list(made[0].rglob("*.pdf"))) == len(list(made[0].rglob("*.html"))) == 6


def test_they_look_the_same(made: tuple[Path, Path], pdftoppm: str, tmp_path: Path) -> None:
    from PIL import Image, ImageChops

    for number, (one, other) in enumerate(pairs(made)):
        for name, path in (("one", one), ("other", other)):
            subprocess.run([pdftoppm, "-r", "72", path, tmp_path / f"{name}{number}"], check=True)
        shown = sorted(tmp_path.glob(f"one{number}*.ppm"))
        assert shown
        for picture in shown:
            same = picture.with_name(picture.name.replace("one", "other"))
            difference = ImageChops.difference(Image.open(picture).convert("L"), Image.open(same).convert("L"))
            # Letters may fall on other fractions of a pixel, no more than that.
            coarse = difference.resize((difference.width // 4, difference.height // 4), Image.Resampling.BOX)
            assert coarse.getextrema()[1] < 40


def test_they_say_the_same_in_the_same_order(made: tuple[Path, Path]) -> None:
    for one, other in pairs(made):
        with pikepdf.open(one) as first, pikepdf.open(other) as second:
            a, b = read(first), read(second)
            assert b.stream_faults == []
            assert outline(a.document) == outline(b.document)
            assert a.document.text() == b.document.text()
            assert [links(sheet) for sheet in first.pages] == [links(sheet) for sheet in second.pages]


def outline(element: Element) -> list[object]:
    """The roles of the tree, and what they hold: words, or the fields and links of annotations."""
    return [element.role, [outline(kid) if isinstance(kid, Element) else type(kid).__name__ for kid in element.kids]]


def links(sheet: pikepdf.Page) -> list[tuple[str, list[int]]]:
    """Where the links of a page lead, and their rectangles in points."""
    areas = list(sheet.obj.get("/Annots", ()))
    assert all("/StructParent" in area for area in areas)
    found = [(str(a.get("/A", {}).get("/URI", "")), sorted(round(float(edge)) for edge in a.Rect)) for a in areas]
    return sorted(found)


def test_they_stay_accessible(made: tuple[Path, Path]) -> None:
    for _, path in pairs(made):
        for profile in ("ua1", "3a"):
            failures = page.validate_pdf_bytes(path.read_bytes(), profile=profile).failures
            assert [f"{path.name} {f.rule_id}: {f.message}" for f in failures] == []


def test_nothing_of_another_clinic_is_in_the_file(made: tuple[Path, Path], pdftotext: str) -> None:
    for name in CLINICS:
        for path in (made[0] / name).glob("*.pdf"):
            text = subprocess.run([pdftotext, path, "-"], capture_output=True, check=True, text=True).stdout
            wanted = f"Example clinic {name[-1].upper()}"
            assert wanted in " ".join(text.split())
            assert "slot" not in path.read_bytes().decode("latin-1")
            for other in CLINICS:
                if other != name:
                    assert f"Example clinic {other[-1].upper()}" not in text
