"""Stage render, PDF: the places of a form become fields to fill in: AcroForm, each named for those who hear it.

In the laid out file each place is a link to `field:KIND/NAME/LABEL`. So it has its tag, its rectangle and its turn in the order of
reading already; what is left is to make a field of it (PDF/UA-1 7.18.4, PDF/A-3 6.4.1).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from mmguide.labels import right_to_left
from mmguide.render.html.form import FIELD_ADDRESS
from mmguide.render.pdf.formfont import typing_font
from mmguide.render.pdf.saving import saved

_PRINTED, _MULTILINE, _FROM_RIGHT = 4, 1 << 12, 2
_LOOK = "/F 12 Tf 0 g"


def with_fields(content: bytes, font: str) -> bytes:
    """The file with its fields; what is typed into them is set in the family `font`, whose European letters are carried inside."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        places = list(_places(pdf))
        if not places:
            return content
        owners = _owners(pdf)
        resources = pdf.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F=typing_font(pdf, font))))
        for area, page, (kind, name, label) in places:
            owners[int(area.StructParent)].S = pikepdf.Name.Form
            _name(area, page, name, label)
            if kind == "tick":
                _tick(pdf, area)
            else:
                _text(pdf, area, resources, several=kind == "area")
                if right_to_left(str(pdf.Root.get("/Lang", ""))):
                    area.Q = _FROM_RIGHT
        pdf.Root.AcroForm = pdf.make_indirect(
            pikepdf.Dictionary(Fields=pikepdf.Array([area for area, _, _ in places]), DR=resources, DA=pikepdf.String(_LOOK))
        )
        return saved(pdf)


def _places(pdf: Any) -> Iterator[tuple[Any, Any, list[str]]]:
    """Area, page, and kind, name and label of each place of the form, in the order of the pages."""
    for page in pdf.pages:
        for area in page.obj.get("/Annots", ()):
            address = str(area.get("/A", {}).get("/URI", ""))
            if address.startswith(FIELD_ADDRESS):
                yield area, page.obj, [unquote(part) for part in address.removeprefix(FIELD_ADDRESS).split("/")]


def _owners(pdf: Any) -> Mapping[int, Any]:
    """The structure elements by the number under which annotations know them."""
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return {int(number): owner for number, owner in zip(numbers[::2], numbers[1::2], strict=True)}


def _name(area: Any, page: Any, name: str, label: str) -> None:
    """The area as a field that is its own widget, no longer a link."""
    import pikepdf

    for key in ("/A", "/Border", "/C", "/H", "/Contents"):
        if key in area:
            del area[key]
    x1, y1, x2, y2 = map(float, area.Rect)
    area.Rect = [min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)]
    area.Subtype, area.P, area.F = pikepdf.Name.Widget, page, _PRINTED
    area.T, area.TU = pikepdf.String(name), pikepdf.String(label)


def _text(pdf: Any, area: Any, resources: Any, *, several: bool) -> None:
    """A line, or an area of several lines, that is empty to begin with."""
    import pikepdf

    area.FT, area.V, area.DA = pikepdf.Name.Tx, pikepdf.String(""), pikepdf.String(_LOOK)
    if several:
        area.Ff = _MULTILINE
    area.AP = pikepdf.Dictionary(N=_appearance(pdf, area, b"/Tx BMC EMC", resources))


def _tick(pdf: Any, area: Any) -> None:
    """A box to tick; the tick is drawn with lines, so that no font is needed for it."""
    import pikepdf

    width, height = _size(area)
    side = min(width, height)
    x, y = (width - side) / 2, (height - side) / 2
    points = [(x + side * across, y + side * up) for across, up in ((0.22, 0.5), (0.42, 0.28), (0.8, 0.76))]
    (x1, y1), (x2, y2), (x3, y3) = points
    lines = f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l {x3:.2f} {y3:.2f} l S"
    drawn = f"q 0 G 1.4 w 1 J 1 j {lines} Q".encode()
    area.FT, area.V, area.AS = pikepdf.Name.Btn, pikepdf.Name.Off, pikepdf.Name.Off
    states = pikepdf.Dictionary(Yes=_appearance(pdf, area, drawn), Off=_appearance(pdf, area, b""))
    area.AP = pikepdf.Dictionary(N=states)


def _appearance(pdf: Any, area: Any, drawing: bytes, resources: Any = None) -> Any:
    import pikepdf

    form = pdf.make_stream(drawing)
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = [0, 0, *(round(length, 2) for length in _size(area))]
    form.Resources = resources if resources is not None else pikepdf.Dictionary()
    return form


def _size(area: Any) -> tuple[float, float]:
    x1, y1, x2, y2 = map(float, area.Rect)
    return abs(x2 - x1), abs(y2 - y1)
