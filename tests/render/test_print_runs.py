"""Handouts for what a clinic can print: grey that is grey, booklets whose pages come in order, print that is clear."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import page
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from mmguide.grey import grey_of, grey_picture, grey_theme
from mmguide.handouts import HandoutOptions, build_handouts
from mmguide.model.picture import Picture
from mmguide.render.pdf.grey import colours_left, in_grey
from mmguide.render.pdf.imposition import CREEP, Fold, Side, booklet, imposed, sides_of, two_up
from mmguide.sheets import Variant
from mmguide.theme import house_theme, luminance, unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

COLOURS = re.compile(rb"(?<![\w/])(?:rg|RG|k|K)\b")
POINTS = 72 / 25.4


@pytest.fixture(scope="module")
def run(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The decision aid of the first clinic, in grey, to be folded, on both sides."""
    asked = HandoutOptions(
        ("decision-aid",),
        ("pdf", "docx"),
        variant=Variant(grey=True, fold="booklet", duplex=True),
        clinics=("example-a",),
        output=tmp_path_factory.mktemp("run"),
        languages=("en-GB",),
    )
    built = build_handouts(repository / "source", asked)
    assert built.written, built.checked.diagnostics
    return {path.name.removeprefix("mm-maintenance-1.0.0-"): path for path in built.written}


def test_a_copy_to_read_and_sheets_to_fold_are_written(run: dict[str, Path]) -> None:
    assert sorted(run) == ["decision-aid-grey-booklet.pdf", "decision-aid-grey.docx", "decision-aid-grey.pdf"]


def test_the_copy_to_read_stays_accessible(run: dict[str, Path]) -> None:
    content = run["decision-aid-grey.pdf"].read_bytes()
    for profile in ("ua1", "3a"):
        assert [f"{f.rule_id}: {f.message}" for f in page.validate_pdf_bytes(content, profile=profile).failures] == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"


def test_no_colour_is_left_in_the_file_nor_on_the_page(run: dict[str, Path], pdftoppm: str, tmp_path: Path) -> None:
    from PIL import Image, ImageChops

    for name in ("decision-aid-grey.pdf", "decision-aid-grey-booklet.pdf"):
        with pikepdf.open(run[name]) as pdf:
            streams = [each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream) and "/Length1" not in each]
            drawn = [s for s in streams if b" Tf" in s or b" re" in s or b" l\n" in s]
            assert drawn
            assert [s for s in drawn if COLOURS.search(re.sub(rb"\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f\s]*>", b"", s))] == []
        subprocess.run([pdftoppm, "-r", "40", run[name], tmp_path / name], check=True)
    for picture in sorted(tmp_path.glob("*.ppm")):
        red, green, blue = Image.open(picture).split()
        assert ImageChops.difference(red, green).getbbox() is None
        assert ImageChops.difference(green, blue).getbbox() is None


def test_a_planted_colour_is_seen_and_turned() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 100))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"1 0 0 rg 0 0 9 9 re f 0 1 0 0 K 0 0 m 9 9 l S")
    assert list(colours_left(pdf)) == ["rg on page 1", "K on page 1"]
    out = io.BytesIO()
    pdf.save(out)
    with pikepdf.open(io.BytesIO(in_grey(out.getvalue()))) as made:
        assert list(colours_left(made)) == []
        grey = float(pikepdf.parse_content_stream(made.pages[0])[0].operands[0])
    assert grey == pytest.approx(0.4984, abs=1e-3)


def test_the_theme_in_grey_keeps_its_contrasts() -> None:
    theme = grey_theme(house_theme())
    assert list(unreadable(theme)) == []
    for name, colour in asdict(theme.colours).items():
        assert colour[1:3] == colour[3:5] == colour[5:7], name
        assert luminance(colour) == pytest.approx(luminance(getattr(house_theme().colours, name)), abs=0.006)


@given(st.integers(0, 0xFFFFFF))
def test_grey_is_as_light_as_the_colour(number: int) -> None:
    colour = f"#{number:06x}"
    assert luminance(grey_of(colour)) == pytest.approx(luminance(colour), abs=0.005)


def test_drawings_and_photographs_become_grey() -> None:
    from PIL import Image

    svg = grey_picture(Picture("a.svg", b'<svg fill="#f00"><path stroke="#00ff00"/></svg>', "image/svg+xml"))
    assert svg.content == b'<svg fill="#7f7f7f"><path stroke="#dcdcdc"/></svg>'
    for kind, mode in (("PNG", "RGBA"), ("PNG", "RGB"), ("JPEG", "RGB"), ("GIF", "P")):
        out = io.BytesIO()
        Image.new(mode, (4, 4)).save(out, kind)
        made = grey_picture(Picture("a", out.getvalue(), f"image/{kind.lower()}"))
        assert Image.open(io.BytesIO(made.content)).mode in ("L", "LA")


# -- sheets ------------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 60))
def test_a_folded_booklet_has_its_pages_in_order(pages: int) -> None:
    sides = booklet(pages)
    fronts, backs = sides[::2], sides[1::2]
    # Opened at the left, each sheet shows its front's right half, then its back's left half; folded, the other two follow backwards.
    leaves = [half for front, back in zip(fronts, backs, strict=True) for half in (front.right, back.left)]
    leaves += [half for front, back in reversed(list(zip(fronts, backs, strict=True))) for half in (back.right, front.left)]
    assert [leaf for leaf in leaves if leaf is not None] == list(range(pages))
    assert len(leaves) % 4 == 0
    assert leaves[pages:] == [None] * (len(leaves) - pages)


def test_the_booklets_sheets_bear_their_pages(run: dict[str, Path], pdftotext: str) -> None:
    with pikepdf.open(run["decision-aid-grey.pdf"]) as pdf:
        count = len(pdf.pages)
    found = []
    for side in range(1, 2 * -(-count // 4) + 1):
        halves = []
        for left in (0, 421):
            crop = ["-f", side, "-l", side, "-r", 72, "-x", left, "-y", 0, "-W", 421, "-H", 596]
            command = [pdftotext, *map(str, crop), run["decision-aid-grey-booklet.pdf"], "-"]
            text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
            number = re.search(r"Page (\d+) of", text)
            halves.append(int(number[1]) - 1 if number else None)
        found.append(Side(halves[0], halves[1], (side - 1) // 2))
    assert found == booklet(count)


def pictures_of(pdf: bytes, pdftoppm: str, folder: Path) -> list[Image]:
    """Its pages in grey, at 36 dots per inch."""
    from PIL import Image

    (folder / "p.pdf").write_bytes(pdf)
    subprocess.run([pdftoppm, "-r", "36", "-gray", folder / "p.pdf", folder / "p"], check=True)
    found = sorted(folder.glob("p-*.pgm"))
    pages = [Image.open(io.BytesIO(one.read_bytes())) for one in found]
    for one in found:
        one.unlink()
    return pages


def seen(sheets: bytes, pages: bytes, pdftoppm: str, folder: Path) -> list[tuple[int, int]]:
    """The page (from 0) that each half of each side of the sheets, left and right, looks most like."""
    from PIL import ImageChops, ImageStat

    known = pictures_of(pages, pdftoppm, folder)

    def nearest(half: Image) -> int:
        apart = [ImageStat.Stat(ImageChops.difference(half, page.resize(half.size))).sum[0] for page in known]
        return apart.index(min(apart))

    found = []
    for side in pictures_of(sheets, pdftoppm, folder):
        middle = side.width // 2
        halves = [side.crop((left, 0, left + middle, side.height)) for left in (0, middle)]
        found.append((nearest(halves[0]), nearest(halves[1])))
    return found


@pytest.fixture(scope="module")
def arabic(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The Arabic leaflet for Letter paper, to be folded: what runs from the right is bound on the right."""
    asked = HandoutOptions(
        ("lenalidomide.ar",), ("pdf",), "letter", Variant(fold="booklet"), output=tmp_path_factory.mktemp("arabic")
    )
    built = build_handouts(repository / "source", asked)
    assert built.written, built.checked.diagnostics
    return {path.stem.rpartition("-")[2]: path for path in built.written}


def test_what_runs_from_the_right_is_bound_on_the_right(arabic: dict[str, Path], pdftoppm: str, tmp_path: Path) -> None:
    pages, folded = (arabic[name].read_bytes() for name in ("ar", "booklet"))
    with pikepdf.open(arabic["ar"]) as pdf:
        assert len(pdf.pages) == 3
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"
        assert {tuple(round(float(edge)) for edge in sheet.mediabox) for sheet in pdf.pages} == {(0, 0, 396, 612)}
    # The cover lies on the left of the outer sheet, so that the fold is at its right.
    outer, inner = seen(folded, pages, pdftoppm, tmp_path)
    assert (outer[0], inner) == (0, (2, 1))
    cut = imposed(pages, "two-up", "w", "half-letter", from_right=True)
    first, second = seen(cut, pages, pdftoppm, tmp_path)
    assert (first, second[1]) == ((1, 0), 2)
    first, second = seen(imposed(pages, "two-up", "w", "half-letter"), pages, pdftoppm, tmp_path)
    assert (first, second[0]) == ((0, 1), 2)
    with pikepdf.open(arabic["booklet"]) as pdf:
        assert {tuple(round(float(edge)) for edge in sheet.mediabox) for sheet in pdf.pages} == {(0, 0, 792, 612)}
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipShortEdge"


@given(st.integers(1, 60), st.sampled_from(["booklet", "two-up"]))
def test_sheets_from_the_right_are_those_from_the_left_in_a_mirror(pages: int, fold: Fold) -> None:
    left, right = sides_of(fold, pages), sides_of(fold, pages, from_right=True)
    assert [(side.right, side.left, side.inside) for side in right] == [(side.left, side.right, side.inside) for side in left]


def test_sheets_are_for_print_only_and_say_so(run: dict[str, Path]) -> None:
    with pikepdf.open(run["decision-aid-grey-booklet.pdf"]) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
        assert str(pdf.docinfo["/Title"]).endswith("(sheets for print only, to fold: both sides, flipped on the short edge)")
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipShortEdge"
        assert pdf.Root.Lang == "en-GB"
        for sheet in pdf.pages:
            assert [round(float(edge) / POINTS) for edge in sheet.mediabox] == [0, 0, 297, 210]
            assert "/Annots" not in sheet.obj


def test_pages_inside_others_stand_closer_to_the_fold() -> None:
    pages = pikepdf.new()
    for _ in range(8):
        pages.add_blank_page(page_size=(148 * POINTS, 210 * POINTS))
    out = io.BytesIO()
    pages.save(out)
    with pikepdf.open(io.BytesIO(imposed(out.getvalue(), "booklet", "w"))) as sheets:
        moved = [re.findall(r"1 0 0 1 (\S+) \S+ cm", sheet.obj.Contents.read_bytes().decode()) for sheet in sheets.pages]
    outer, inner = (list(map(float, moved[number])) for number in (0, 2))
    assert inner[0] - outer[0] == pytest.approx(CREEP, abs=0.002)
    assert inner[1] - outer[1] == pytest.approx(-CREEP, abs=0.002)


def test_two_up() -> None:
    assert two_up(1) == [Side(0, 0)]
    assert two_up(3) == [Side(0, 1), Side(2, None)]


# -- clear print -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [12, 16, 18])
def test_print_is_clear(repository: Path, points: int, tmp_path: Path, pdftotext: str) -> None:
    """No letter smaller than asked for, no line set to both edges, about 60 to 70 characters on a full line of text."""
    asked = HandoutOptions(("lenalidomide",), ("pdf",), variant=Variant(points), output=tmp_path, languages=("en-GB",))
    built = build_handouts(repository / "source", asked)
    assert built.written, built.checked.diagnostics
    with pikepdf.open(built.written[0]) as pdf:
        sizes = {size for sheet in pdf.pages for size in letter_sizes(sheet)}
        widths = [float(sheet.mediabox[2]) for sheet in pdf.pages]
    assert min(sizes) >= points - 0.01, sizes
    assert set(map(round, widths)) == {595}
    command = [pdftotext, "-bbox-layout", built.written[0], "-"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    wrapped = [(right, words) for block in blocks_of(text) if len(block) > 1 for right, words in block[:-1]]
    lengths = [len(words) for _, words in wrapped]
    # How many characters a full line has turns on its letters: lines of many narrow ones may have a few more.
    full = sorted(lengths)[len(lengths) // 2 :]
    assert (60 if points == 12 else 1) <= sum(full) / len(full) <= 70
    assert max(lengths) <= 74
    assert len({round(right) for right, _ in wrapped}) > len(wrapped) / 2


def letter_sizes(sheet: pikepdf.Page) -> set[float]:
    """The sizes of the type on a page, in points as they are printed."""
    found, scale, size, matrix = set(), [1.0], 0.0, 1.0
    for one in pikepdf.parse_content_stream(sheet):
        name = str(one.operator)
        if name == "q":
            scale.append(scale[-1])
        elif name == "Q":
            scale.pop()
        elif name == "cm":
            scale[-1] *= abs(float(one.operands[3]))
        elif name == "Tf":
            size = float(one.operands[1])
        elif name == "Tm":
            matrix = abs(float(one.operands[3]))
        elif name in ("Tj", "TJ"):
            found.add(round(size * matrix * scale[-1], 2))
    return found


def blocks_of(text: str) -> list[list[tuple[float, str]]]:
    """The lines of each block of running text: where each ends on the right, and its words."""
    found = []
    for block in re.findall(r"<block .*?</block>", text, flags=re.S):
        lines = []
        for right, words in re.findall(r'<line [^>]*xMax="([\d.]+)"[^>]*>(.*?)</line>', block, flags=re.S):
            lines.append((float(right), " ".join(re.findall(r"<word [^>]*>(.*?)</word>", words))))
        if not any("mm-maintenance" in words for _, words in lines):
            found.append(lines)
    return found
