"""Sheets end where their text does: no page for a box alone, and an answer on one page whoever hands it out."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace

from mmguide.build import Checked, check_project
from mmguide.handouts import HandoutOptions, rendered
from mmguide.render.pdf.fit import fitted
from mmguide.render.pdf.press import PdfResult
from mmguide.sheets import Variant

# Handouts in one language each, and how many pages they have at most; a page of half the size holds half as much.
PAGES = {"answer": 1, "diary": 1, "decision-aid": 2, "lenalidomide.es": 2, "lenalidomide.ar": 2}


@pytest.fixture(scope="module")
def checked(repository: Path) -> Checked:
    return check_project(repository / "source")


def pages(checked: Checked, options: HandoutOptions) -> dict[str, int]:
    """How many pages each handout has, the longest of all clinics."""
    assert checked.manuscript is not None
    assert checked.look is not None
    found: dict[str, int] = {}
    for clinic in options.clinics or ("",):
        one = replace(options, clinics=(clinic,) if clinic else (), formats=("pdf",))
        files, diagnostics = rendered(checked.manuscript, checked.look, one)
        assert not [each for each in diagnostics if each.code == "MMG913"], diagnostics
        for name, content in files.items():
            if not name.endswith("-two-up.pdf"):
                with pikepdf.open(io.BytesIO(content)) as pdf:
                    handout = name.removeprefix("mm-maintenance-1.0.0-").removesuffix(".pdf")
                    found[handout] = max(found.get(handout, 0), len(pdf.pages))
    return found


@pytest.mark.parametrize(("paper", "clinic"), [("letter", "example-a"), ("letter", "example-b"), ("a4", "example-b")])
def test_no_page_for_a_box_alone(checked: Checked, paper: str, clinic: str) -> None:
    asked = HandoutOptions(tuple(PAGES), paper=paper, clinics=(clinic,))
    spoken = {name.replace(".", "-"): most for name, most in PAGES.items() if "." not in name or clinic == "example-b"}
    found = pages(checked, asked)
    assert found.keys() == spoken.keys()
    assert {name: count for name, count in found.items() if count > spoken[name]} == {}


@pytest.mark.parametrize("paper", ["a4", pytest.param("letter", marks=pytest.mark.nightly)])
def test_a_leaflet_fills_two_sheets_of_two_pages(checked: Checked, paper: str) -> None:
    asked = HandoutOptions(("lenalidomide",), paper=paper, clinics=("example-b",), variant=Variant(fold="two-up"))
    assert max(pages(checked, asked).values()) == 4


@pytest.mark.parametrize(
    ("count", "filled", "closer", "expected"),
    [(1, 0.1, 1, "wide"), (2, 0.9, 1, "wide"), (2, 0.2, 1, "close"), (2, 0.2, 2, "wide")],
)
def test_a_sheet_is_set_closer_where_that_saves_a_page(count: int, filled: float, closer: int, expected: str) -> None:
    made = {
        '<body class="paper-a4">': PdfResult(b"wide", count, {}, filled=filled),
        '<body class="close paper-a4">': PdfResult(b"close", closer, {}, filled=1.0),
    }
    assert fitted('<body class="paper-a4">', made.__getitem__).content.decode() == expected
