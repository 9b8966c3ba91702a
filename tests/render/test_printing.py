"""The PDF made for a printer: trimmed pages with bleed and marks, both sides of the sheet, room for the binding, right-hand chapters."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import page
import pikepdf
import pytest
from judges import pdf as judge
from msgspec.structs import replace
from PIL import Image
from support.pages import pdf

from mmguide.build import Options, build_project
from mmguide.model.source import Source
from mmguide.render.pdf.document import PdfResult
from mmguide.render.pdf.prepress import POINTS
from mmguide.theme import Theme

from .conftest import cited

BOUND = {"duplex": True, "gutter": 6, "chapters": "right"}
Words = Callable[[PdfResult], list[list[tuple[str, float, float]]]]


@pytest.fixture(scope="module")
def plain(theme: Theme) -> PdfResult:
    return pdf(cited(), theme)


@pytest.fixture(scope="module")
def bound(theme: Theme) -> PdfResult:
    return pdf(cited(print=BOUND), theme)


@pytest.fixture(scope="module")
def bled(theme: Theme) -> PdfResult:
    return pdf(cited(print={"bleed": 3, "duplex": True, "gutter": 5}), theme)


@pytest.fixture
def words(pdftotext: str, tmp_path: Path) -> Words:
    """The words of each page with their left edge and base line."""

    def read(made: PdfResult) -> list[list[tuple[str, float, float]]]:
        file = tmp_path / "x.pdf"
        file.write_bytes(made.content)
        shown = subprocess.run([pdftotext, "-bbox", str(file), "-"], check=True, capture_output=True, text=True).stdout
        found = r'<word xMin="([\d.-]+)" yMin="[\d.-]+" xMax="[\d.-]+" yMax="([\d.-]+)">(.*?)</word>'
        return [[(w, float(x), float(y)) for x, y, w in re.findall(found, one)] for one in shown.split("<page ")[1:]]

    return read


def assert_conforms(made: PdfResult) -> None:
    for profile in ("ua1", "3a"):
        assert [each.rule_id for each in page.validate_pdf_bytes(made.content, profile=profile).failures] == []
    with pikepdf.open(io.BytesIO(made.content)) as opened:
        assert judge.all_faults(opened) == []


def test_chapters_begin_on_right_hand_pages(plain: PdfResult, bound: PdfResult, words: Words) -> None:
    pages = words(bound)
    assert bound.pages > plain.pages
    assert bound.front % 2 == 0
    for anchor in ("sec:scope", "sec:evidence", "references"):
        assert bound.anchors[anchor] % 2 == 1, anchor
    blank = [number for number, side in enumerate(bound.sides, 1) if "blank" in side.name]
    assert blank
    assert all(pages[number - 1] == [] for number in blank)
    assert all(number % 2 == 0 for number in blank)


def test_blank_pages_are_counted_where_they_lie(bound: PdfResult, words: Words) -> None:
    with pikepdf.open(io.BytesIO(bound.content)) as opened:
        labels = [str(each.label) for each in opened.pages]
    last = labels[-1]
    for label, found in list(zip(labels, words(bound), strict=True))[1:]:
        text = " ".join(word for word, _, _ in found)
        assert not text or f"Page {label}" + (f" of {last}" if label.isdecimal() else "") in text
    contents = next(" ".join(word for word, _, _ in found) for found in words(bound) if ("Contents",) in [w[:1] for w in found])
    for title, anchor in (("Scope", "sec:scope"), ("Evidence", "sec:evidence"), ("References", "references")):
        assert re.search(rf"{title} [. ]*{labels[bound.anchors[anchor] - 1]}\b", contents), title


def test_pages_move_away_from_the_binding_as_they_are(plain: PdfResult, bound: PdfResult, words: Words) -> None:
    """Lines keep their breaks: the text is the same, six millimetres further from the binding, numbers of left-hand pages outside."""
    feet = re.compile(r"Page|Version|1\.2\.0|·|Draft|22|November|2026|of|\d+|[ivx]+")
    before = words(plain)
    after = [found for found, side in zip(words(bound), bound.sides, strict=True) if "blank" not in side.name]
    places = [number for number, side in enumerate(bound.sides, 1) if "blank" not in side.name]
    moved = set()
    for number, side, one, other in zip(places, plain.sides, before, after, strict=True):
        shift = 0 if side.name in ("cover", "landscape") else 6 * POINTS if number % 2 else -6 * POINTS
        text = [(w, x, y) for w, x, y in one if not feet.fullmatch(w)]
        there = [(w, x, y) for w, x, y in other if not feet.fullmatch(w)]
        assert [w for w, _, _ in text] == [w for w, _, _ in there]
        assert all(abs(b[1] - a[1] - shift) < 0.05 and abs(b[2] - a[2]) < 0.05 for a, b in zip(text, there, strict=True)), number
        moved.add(shift)
        number_at = next((x for w, x, y in other if w == "Page" and y > 700), None)
        if number_at is not None and side.name != "landscape":
            assert (number_at > 300) == (number % 2 == 1)
    assert len(moved) == 3


def test_links_and_figures_move_with_their_page(plain: PdfResult, bound: PdfResult) -> None:
    """Their bounds would else lie beside them, for those who point and those whose screen reader shows where it reads."""

    def boxes(made: PdfResult) -> list[tuple[float, float]]:
        with pikepdf.open(io.BytesIO(made.content)) as opened:
            found = [
                (float(note.Rect[0]), 6 * POINTS if number % 2 else -6 * POINTS)
                for number, (each, side) in enumerate(zip(opened.pages, made.sides, strict=True), 1)
                if side.name not in ("cover", "landscape")
                for note in each.obj.get("/Annots", [])
            ]
            figures = [float(each.object.A.BBox[0]) for each in judge.read(opened).elements("Figure")]
        return [*found, *((x, 0.0) for x in figures)]

    before, after = boxes(plain), boxes(bound)
    assert len(before) == len(after)
    shifts = [round(b[0] - a[0], 1) for a, b in zip(before, after, strict=True)]
    assert set(shifts) == {17.0, -17.0}


def test_bound_file_fulfils_the_standards(bound: PdfResult) -> None:
    assert_conforms(bound)


def test_one_piece_gives_the_same(bound: PdfResult, theme: Theme, words: Words) -> None:
    """An own style sheet that tells sides apart is laid out in one piece."""
    whole = pdf(cited(print=BOUND), theme, own_css=Source("styles/print.css", "@page :left { @top-center { content: none } }"))
    assert whole.anchors == bound.anchors
    assert [[w for w, _, _ in found] for found in words(whole)] == [[w for w, _, _ in found] for found in words(bound)]
    assert_conforms(whole)
    with pikepdf.open(io.BytesIO(whole.content)) as one, pikepdf.open(io.BytesIO(bound.content)) as other:
        assert [str(each.label) for each in one.pages] == [str(each.label) for each in other.pages]


def test_boxes_lie_in_one_another(bled: PdfResult) -> None:
    with pikepdf.open(io.BytesIO(bled.content)) as opened:
        for each in opened.pages:
            media, bleed, trim = ([float(v) for v in each.obj[name]] for name in ("/MediaBox", "/BleedBox", "/TrimBox"))
            assert trim in ([0, 0, pytest.approx(595.28, abs=0.01), pytest.approx(841.89, abs=0.01)],) or trim[2] > trim[3]
            assert [round(b - t, 2) for t, b in zip(trim, bleed, strict=True)] == [-8.5, -8.5, 8.5, 8.5]
            assert [round(m - t, 2) for t, m in zip(trim, media, strict=True)] == [-22.68, -22.68, 22.68, 22.68]


def test_marked_file_fulfils_the_standards(bled: PdfResult) -> None:
    assert_conforms(bled)


def test_band_reaches_into_the_bleed_and_marks_stay_outside(bled: PdfResult, theme: Theme, tmp_path: Path) -> None:
    file = tmp_path / "bled.pdf"
    file.write_bytes(bled.content)
    subprocess.run(["pdftoppm", "-r", "72", "-l", "2", "-png", str(file), str(tmp_path / "p")], check=True)
    cover, about = (Image.open(found).convert("RGB") for found in sorted(tmp_path.glob("p-*.png")))
    band = tuple(int(theme.colours.heading[at : at + 2], 16) for at in (1, 3, 5))
    width = cover.width
    for x in (16, width - 16):
        assert all(abs(a - b) < 12 for a, b in zip(cover.getpixel((x, 200)), band, strict=True)), cover.getpixel((x, 200))
    assert all(abs(a - b) < 12 for a, b in zip(cover.getpixel((300, 16)), band, strict=True))
    assert cover.getpixel((10, 200)) == (255, 255, 255)
    dark = [x for x in range(about.width) if min(about.getpixel((x, 5))) < 200]
    assert dark, "no crop marks"
    assert all(abs(x - edge) <= 1 for x in dark for edge in [min((22.68, width - 22.68), key=lambda e: abs(e - x))])
    inside = about.crop((23, 23, width - 23, 60))
    assert inside.getextrema() == ((255, 255),) * 3


def test_setting_and_command_line(tmp_path: Path) -> None:
    (tmp_path / "guideline.yaml").write_text("title: A case\nsections: [a.md]\nprint: {bleed: 2, marks: false}\n")
    (tmp_path / "a.md").write_text("# One {#one}\n\nText.\n\n# Two {#two}\n\nText.\n")
    widths = []
    for options in (Options(("pdf",)), Options(("pdf",), bleed=4), Options(("pdf",), bleed=0)):
        built = build_project(tmp_path, replace(options, output=tmp_path / "out", cache=False))
        with pikepdf.open(built.written[0]) as opened:
            widths.append(round(float(opened.pages[0].mediabox[2]) - float(opened.pages[0].mediabox[0]), 1))
    assert widths == [606.6, 618.0, 595.3]


def test_a_page_is_moved_by_its_own_margins() -> None:
    from mmguide.model.settings import Binding
    from mmguide.render.pdf.prepress import BoundPage, shifts

    sides = [
        BoundPage("cover"),
        BoundPage("front", -10),
        BoundPage("", -10),
        BoundPage("", -10),
        BoundPage("landscape", 5),
        BoundPage("blank"),
    ]
    assert shifts(sides, Binding(duplex=True)) == [0, -10, 0, -10, 0, 0]
    assert [round(shift, 1) for shift in shifts(sides, Binding(gutter=2))] == [0, 5.7, 5.7, 5.7, 0, 0]
    assert all(a != b for a, b in pairwise(shifts(sides, Binding(duplex=True, gutter=1))[1:4]))
