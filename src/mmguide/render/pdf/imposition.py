"""Stage render, PDF: imposition: small pages put on large sheets for the printer: a booklet to fold, or two pages side by side.

Sheets are for print only: they carry no tags and no links, and their title says so. The pages themselves are the copy to read.
What is written from the right is bound on the right: its sheets are those of other booklets with both halves exchanged.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from mmguide.render.pdf.saving import saved

Fold = Literal["booklet", "two-up"]
_POINTS = 72 / 25.4
# The sheet that lies across under two pages of a paper: width and height in millimetres.
_SHEETS = {"a5": (297.0, 210.0), "half-letter": (279.4, 215.9)}
# What a sheet inside a folded one is pushed outwards, in points: the thickness of office paper (80 g/m²), 0.1 mm.
CREEP = 0.1 * _POINTS
_MARK = 4 * _POINTS


class Side(Struct, frozen=True):
    """One side of a sheet: the pages (from 0) on its left and right half, None for an empty half; `inside` counts the sheets around it."""

    left: int | None
    right: int | None
    inside: int = 0

    def mirrored(self) -> Side:
        """The same side of what runs from the right."""
        return Side(self.right, self.left, self.inside)


def sides_of(fold: Fold, pages: int, *, from_right: bool = False) -> list[Side]:
    """The sides of the sheets for so many pages, front and back in turn, of a text that runs from the left or from the right."""
    sides = booklet(pages) if fold == "booklet" else two_up(pages)
    return [side.mirrored() for side in sides] if from_right else sides


def booklet(pages: int) -> list[Side]:
    """The sides, front and back of each sheet in turn, from which `pages` fold to a booklet that is bound on the left.

    Blanks fill it up to a multiple of four.
    """
    total = -(-pages // 4) * 4
    there = [page if page < pages else None for page in range(total)]
    sides: list[Side] = []
    for sheet in range(total // 4):
        first, last = 2 * sheet, total - 1 - 2 * sheet
        sides += [Side(there[last], there[first], sheet), Side(there[first + 1], there[last - 1], sheet)]
    return sides


def two_up(pages: int) -> list[Side]:
    """The pages side by side in their order; a single one stands on both halves, to be cut apart."""
    if pages == 1:
        return [Side(0, 0)]
    return [Side(page, page + 1 if page + 1 < pages else None) for page in range(0, pages, 2)]


def imposed(content: bytes, fold: Fold, words: str, paper: str = "a5", *, from_right: bool = False) -> bytes:
    """The sheets (A4 or Letter across) of a file of pages of this `paper`; `words` say what they are, behind its title."""
    import pikepdf

    width, height = (length * _POINTS for length in _SHEETS[paper])
    with pikepdf.open(io.BytesIO(content)) as pages, pikepdf.new() as sheets:
        forms = [sheets.copy_foreign(_untagged(page)) for page in pages.pages]
        for side in sides_of(fold, len(forms), from_right=from_right):
            sheet = sheets.add_blank_page(page_size=(width, height))
            halves = {f"/Page{page}": forms[page] for page in (side.left, side.right) if page is not None}
            sheet.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(halves))
            sheet.obj.Contents = sheets.make_stream(b"\n".join(_drawing(side, forms, fold, width, height)))
        _describe(sheets, pages, fold, words)
        return saved(sheets)


def _untagged(page: Any) -> Any:
    """A page as one drawing without its ties to the structure."""
    import pikepdf

    form = page.as_form_xobject()
    resources = form.Resources
    inner = list(dict(resources.get("/XObject", {})).values())
    for each in (form, *inner):
        if isinstance(each, pikepdf.Stream) and "/StructParents" in each:
            del each["/StructParents"]
    return form


def _drawing(side: Side, forms: Sequence[Any], fold: Fold, width: float, height: float) -> Iterator[bytes]:
    """The operators of one side: its pages, moved to the fold by what folding pushes them out, and marks where it is folded or cut."""
    middle = width / 2
    push = side.inside * CREEP if fold == "booklet" else 0.0
    for page, half, shift in ((side.left, 0.0, push), (side.right, middle, -push)):
        if page is None:
            continue
        x1, y1, x2, y2 = (float(edge) for edge in forms[page].BBox)
        x, y = half + (middle - (x2 - x1)) / 2 - x1 + shift, (height - (y2 - y1)) / 2 - y1
        yield f"q 1 0 0 1 {x:.3f} {y:.3f} cm /Page{page} Do Q".encode()
    for end, start in ((0.0, _MARK), (height, height - _MARK)):
        yield f"q 0 G 0.25 w {middle:.3f} {start:.3f} m {middle:.3f} {end:.3f} l S Q".encode()


def _describe(sheets: Any, pages: Any, fold: Fold, words: str) -> None:
    """Title and language, and what a printer's dialog should choose."""
    import pikepdf

    title = str(pages.docinfo.get("/Title", ""))
    for name in ("/Author", "/Creator", "/Producer", "/CreationDate", "/ModDate"):
        if name in pages.docinfo:
            sheets.docinfo[name] = str(pages.docinfo[name])
    sheets.docinfo["/Title"] = f"{title} ({words})"
    root = sheets.Root
    if "/Lang" in pages.Root:
        root.Lang = str(pages.Root.Lang)
    duplex = pikepdf.Name.DuplexFlipShortEdge if fold == "booklet" else pikepdf.Name.Simplex
    root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True, PrintScaling=pikepdf.Name("/None"), Duplex=duplex)
