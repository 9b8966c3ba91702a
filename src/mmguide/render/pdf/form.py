"""Stage render, PDF: the places of a form become fields to fill in: AcroForm, each named for those who hear it.

In the laid out file each place is a link to `field:KIND/NAME/LABEL`. So it has its tag, its rectangle and its turn in the order of
reading already; what is left is to make a field of it (PDF/UA-1 7.18.4, PDF/A-3 6.4.1).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from mmguide.render import fonts
from mmguide.render.html.form import FIELD_ADDRESS
from mmguide.render.pdf.saving import saved

# The letters that a simple font of a form can show, by their codes.
_WINANSI = [bytes([code]).decode("cp1252", "ignore") for code in range(256)]
_FIRST = 32
_PRINTED, _MULTILINE, _NONSYMBOLIC = 4, 1 << 12, 1 << 5
_LOOK = "/F 12 Tf 0 g"


def with_fields(content: bytes, font: str) -> bytes:
    """The file with its fields; what is typed into them is set in the family `font`, whose letters of WinAnsi are carried inside."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        places = list(_places(pdf))
        if not places:
            return content
        owners = _owners(pdf)
        resources = pdf.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F=_font(pdf, font))))
        for area, page, (kind, name, label) in places:
            owners[int(area.StructParent)].S = pikepdf.Name.Form
            _name(area, page, name, label)
            if kind == "tick":
                _tick(pdf, area)
            else:
                _text(pdf, area, resources, several=kind == "area")
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


def _font(pdf: Any, family: str) -> Any:
    """A simple font with the letters of WinAnsi, whose widths are those of the font file inside (PDF/A-3 6.2.11)."""
    import pikepdf

    letters = _letters(family)
    file = pdf.make_stream(letters.content)
    file.Length1 = len(letters.content)
    about = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name(letters.name),
        Flags=_NONSYMBOLIC,
        FontBBox=list(letters.box),
        ItalicAngle=0,
        Ascent=letters.ascent,
        Descent=letters.descent,
        CapHeight=letters.ascent,
        StemV=80,
        FontFile2=file,
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.TrueType,
            BaseFont=pikepdf.Name(letters.name),
            Encoding=pikepdf.Name.WinAnsiEncoding,
            FirstChar=_FIRST,
            LastChar=255,
            Widths=list(letters.widths),
            FontDescriptor=pdf.make_indirect(about),
        )
    )


@dataclass(frozen=True)
class _Letters:
    """A font cut to WinAnsi, with its measures in thousandths of the size."""

    name: str
    content: bytes
    widths: tuple[int, ...]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int


@cache
def _letters(family: str) -> _Letters:
    from fontTools.ttLib import TTFont

    file = next(face.file for face in fonts.family(family) if face.style == "normal")
    content = fonts.cut(file, frozenset(map(ord, filter(None, _WINANSI))))
    font = TTFont(io.BytesIO(content))
    scale, glyphs, advances = 1000 / font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"]
    shown = [glyphs.get(ord(letter)) if letter else None for letter in _WINANSI[_FIRST:]]
    head = font["head"]
    return _Letters(
        "/" + family.replace(" ", ""),
        content,
        tuple(round(advances[glyph or ".notdef"][0] * scale) for glyph in shown),
        (round(head.xMin * scale), round(head.yMin * scale), round(head.xMax * scale), round(head.yMax * scale)),
        round(font["hhea"].ascent * scale),
        round(font["hhea"].descent * scale),
    )
