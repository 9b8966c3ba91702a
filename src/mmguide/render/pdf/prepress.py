"""Stage render, PDF: a finished file made ready for a printer: pages moved for binding, bleed and crop marks around what is trimmed."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mmguide.render.pdf.saving import page_content, saved

if TYPE_CHECKING:
    from mmguide.model.settings import Binding

POINTS = 72 / 25.4
# Crop marks: their length, and their distance from the trimmed edge where the bleed is less.
_MARK, _LEAST_APART, _MARK_WIDTH = 5.0, 2.0, 0.25
# What fills the page, and what lies sideways in a bound copy, stays where it is.
_NOT_MOVED = frozenset({"cover", "blank", "front-blank", "landscape"})


class BoundPage(Struct, frozen=True):
    """A page as binding sees it: its kind of page, and how far (in points) it moves to have its left and right margin exchanged."""

    name: str
    exchange: float = 0.0


def shifts(sides: Sequence[BoundPage], wanted: Binding) -> list[float]:
    """How far to the right, in points, each page is moved: away from the binding, and on left-hand pages with margins exchanged."""
    gutter = wanted.gutter * POINTS
    moved = []
    for number, side in enumerate(sides, 1):
        left_hand = wanted.duplex and number % 2 == 0
        moved.append(0.0 if side.name in _NOT_MOVED else side.exchange - gutter if left_hand else gutter)
    return moved


def ready_for_printing(content: bytes, sides: Sequence[BoundPage], wanted: Binding) -> bytes:
    """The file with its pages moved and their boxes set as `wanted`; the same bytes where nothing is."""
    moved = shifts(sides, wanted)
    if not wanted.bleed and not any(moved):
        return content
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as whole:
        pages = {page.obj.objgen: shift for page, shift in zip(whole.pages, moved, strict=True) if shift}
        for page, shift in zip(whole.pages, moved, strict=True):
            if shift:
                _move(whole, page, shift)
        if pages:
            _move_places(whole, pages)
            _move_bounds(whole.Root.get("/StructTreeRoot"), pages)
        if wanted.bleed:
            for page in whole.pages:
                _trim(whole, page, wanted)
        return saved(whole)


def _move(whole: Any, page: Any, shift: float) -> None:
    """Move what is drawn on a page, and the areas of its links."""
    page.Contents = whole.make_stream(b"q 1 0 0 1 %.3f 0 cm\n" % shift + page_content(page) + b"\nQ")
    for area in page.obj.get("/Annots", ()):
        area.Rect = _moved(area.Rect, shift)
        if "/QuadPoints" in area:
            area.QuadPoints = _moved(area.QuadPoints, shift)


def _moved(numbers: Any, shift: float) -> Any:
    """x and y in turn, moved to the right."""
    import pikepdf

    return pikepdf.Array([_number(float(value) + (0 if at % 2 else shift)) for at, value in enumerate(numbers)])


def _number(value: float) -> Any:
    from decimal import Decimal

    return Decimal(f"{value:.4f}")


def _move_places(whole: Any, pages: dict[tuple[int, int], float]) -> None:
    """Move the places that links and bookmarks lead to."""
    for place in _places(whole):
        if str(place[1]) == "/XYZ" and (shift := pages.get(place[0].objgen)) is not None:
            place[2] = _number(float(place[2]) + shift)


def _places(whole: Any) -> Iterator[Any]:
    import pikepdf

    names = whole.Root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
    candidates = [*list(names)[1::2]]
    for each in whole.objects:
        if isinstance(each, pikepdf.Dictionary):
            candidates += [each.get("/Dest"), each.get("/D")]
    for candidate in candidates:
        place = candidate.get("/D") if isinstance(candidate, pikepdf.Dictionary) else candidate
        if (
            isinstance(place, pikepdf.Array)
            and len(place) > 2
            and isinstance(place[0], pikepdf.Dictionary)
            and "/MediaBox" in place[0]
        ):
            yield place


def _move_bounds(element: Any, pages: dict[tuple[int, int], float], page: Any = None) -> None:
    """Move the bounds that the structure gives for figures."""
    import pikepdf

    if element is None:
        return
    page = element.get("/Pg", page)
    attributes = element.get("/A")
    for each in attributes if isinstance(attributes, pikepdf.Array) else (attributes,):
        if isinstance(each, pikepdf.Dictionary) and "/BBox" in each and page is not None and page.objgen in pages:
            each.BBox = _moved(each.BBox, pages[page.objgen])
    kids = element.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else (kids,):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            _move_bounds(kid, pages, page)


def _trim(whole: Any, page: Any, wanted: Binding) -> None:
    """Set the boxes around what is trimmed, and draw the marks at which it is."""
    left, bottom, right, top = (float(each) for each in page.mediabox)
    bleed = wanted.bleed * POINTS
    apart = max(wanted.bleed, _LEAST_APART) * POINTS
    room = apart + _MARK * POINTS if wanted.marks else bleed
    page.obj.TrimBox = _box(left, bottom, right, top, 0)
    page.obj.BleedBox = _box(left, bottom, right, top, bleed)
    page.obj.MediaBox = _box(left, bottom, right, top, room)
    if "/CropBox" in page.obj:
        del page.obj["/CropBox"]
    if wanted.marks:
        lines = []
        for x in (left, right):
            lines += [(x, top + apart, x, top + room), (x, bottom - apart, x, bottom - room)]
        for y in (bottom, top):
            lines += [(left - apart, y, left - room, y), (right + apart, y, right + room, y)]
        drawn = "".join(f"{a:.3f} {b:.3f} m {c:.3f} {d:.3f} l S\n" for a, b, c, d in lines)
        marks = f"\n/Artifact <</Type /Page>> BDC q 0 0 0 RG {_MARK_WIDTH} w\n{drawn}Q EMC\n"
        page.Contents = whole.make_stream(b"q\n" + page_content(page) + b"\nQ" + marks.encode())


def _box(left: float, bottom: float, right: float, top: float, around: float) -> Any:
    import pikepdf

    return pikepdf.Array([_number(left - around), _number(bottom - around), _number(right + around), _number(top + around)])


def for_both_sides(content: bytes) -> bytes:
    """The file, for which a printer's dialog chooses both sides of the paper, turned over its long edge."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.Root.ViewerPreferences.Duplex = pikepdf.Name.DuplexFlipLongEdge
        return saved(pdf)
