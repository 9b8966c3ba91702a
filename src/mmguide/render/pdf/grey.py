"""Stage render, PDF: every colour of a finished file becomes DeviceGray of the same luminance, in text, lines, pictures and gradients.

What is left to say is said by `colours_left`: a file that still names a colour is not handed out as grey.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from mmguide.errors import OutputFailed
from mmguide.grey import lightness
from mmguide.render.pdf.saving import saved

# Operators that set a colour for what is filled and for lines, by the space they are of.
_RGB, _CMYK = {"rg": "g", "RG": "G"}, {"k": "g", "K": "G"}
_SPACE, _COLOUR = {"cs": "g", "CS": "G"}, {"sc": "g", "scn": "g", "SC": "G", "SCN": "G"}
_GREYS = frozenset({"/DeviceGray", "/CalGray", "/Pattern"})
_CHANNELS = 3


def in_grey(content: bytes) -> bytes:
    """The file in grey. Raises OutputFailed when a colour is left that cannot be turned into grey."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.obj.Contents = pdf.make_stream(_rewritten(page.obj, page.obj.get("/Resources", {})))
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image":
                _picture(each)
            elif isinstance(each, pikepdf.Stream) and (each.get("/Subtype") == "/Form" or "/PatternType" in each):
                each.write(_rewritten(each, each.get("/Resources", {})))
            if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
                _dictionary(each)
        if left := next(colours_left(pdf), None):
            raise OutputFailed(f"a colour could not be printed in grey: {left}", "print it in colour, or use another picture")
        return saved(pdf)


def colours_left(pdf: Any) -> Iterator[str]:
    """Every operator, picture and gradient of the file that names a colour, as a clause of a sentence."""
    import pikepdf

    for number, page in enumerate(pdf.pages, 1):
        yield from (f"{name} on page {number}" for name in _named_colours(page.obj, page.obj.get("/Resources", {})))
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and (each.get("/Subtype") == "/Form" or "/PatternType" in each):
            yield from (f"{name} in a drawing" for name in _named_colours(each, each.get("/Resources", {})))
        if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
            space = each.get("/ColorSpace")
            if (each.get("/Subtype") == "/Image" or "/ShadingType" in each) and space is not None and str(space) not in _GREYS:
                yield "a picture or gradient in colour"


def _named_colours(stream: Any, resources: Any) -> Iterator[str]:
    import pikepdf

    for one in pikepdf.parse_content_stream(stream):
        operands, name = one.operands, str(one.operator)
        if name in _RGB or name in _CMYK or (name in _SPACE and str(operands[0]) not in _GREYS):
            yield name


def _rewritten(stream: Any, resources: Any) -> bytes:
    """The drawing operators with grey in place of each colour."""
    import pikepdf

    spaces = {"g": "", "G": ""}
    made: list[Any] = []
    for one in pikepdf.parse_content_stream(stream):
        operands, name = one.operands, str(one.operator)
        if name in _RGB:
            made.append(_set(_RGB[name], _of_rgb(*map(float, operands))))
        elif name in _CMYK:
            made.append(_set(_CMYK[name], _of_cmyk(*map(float, operands))))
        elif name in _SPACE and str(operands[0]) not in _GREYS:
            spaces[_SPACE[name]] = _family(operands[0], resources)
        elif name in _COLOUR and spaces[_COLOUR[name]] and len(operands) == _CHANNELS:
            made.append(_set(_COLOUR[name], _of_space(spaces[_COLOUR[name]], *map(float, operands))))
        else:
            if name in _SPACE:
                spaces[_SPACE[name]] = ""
            made.append(one)
    written: bytes = pikepdf.unparse_content_stream(made)
    return written


def _set(operator: str, grey: float) -> tuple[Sequence[Any], Any]:
    import pikepdf

    return [round(grey, 4)], pikepdf.Operator(operator)


def _of_rgb(red: float, green: float, blue: float) -> float:
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue))
    return lightness(sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True)))


def _of_cmyk(cyan: float, magenta: float, yellow: float, black: float) -> float:
    return _of_rgb(*((1 - c) * (1 - black) for c in (cyan, magenta, yellow)))


def _of_space(family: str, first: float, second: float, third: float) -> float:
    if family == "/Lab":
        light = first / 100
        return lightness(((light + 0.16) / 1.16) ** 3 if light > 0.08 else light / 9.033)
    return _of_rgb(first, second, third)


def _family(name: Any, resources: Any) -> str:
    """The kind of a colour space, which a page's resources describe."""
    import pikepdf

    given = resources.get("/ColorSpace", {}).get(str(name))
    return str(given[0]) if isinstance(given, pikepdf.Array) else str(given or name)


def _picture(image: Any) -> None:
    """A picture's pixels in grey; masks are so already."""
    import pikepdf

    if image.get("/ImageMask", False) or str(image.get("/ColorSpace")) in _GREYS:
        return
    pixels = pikepdf.PdfImage(image).as_pil_image().convert("L")
    image.write(zlib.compress(pixels.tobytes(), 9), filter=pikepdf.Name.FlateDecode)
    image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8


def _dictionary(each: Any) -> None:
    """Gradients with the functions behind them, and the space in which transparent things are mixed."""
    import pikepdf

    if "/ShadingType" in each and str(each.get("/ColorSpace")) not in _GREYS:
        each.ColorSpace = pikepdf.Name.DeviceGray
        _function(each.get("/Function"))
    group = each.get("/Group")
    if isinstance(group, pikepdf.Dictionary) and "/CS" in group:
        group.CS = pikepdf.Name.DeviceGray


def _function(function: Any) -> None:
    """The ends of a gradient (type 2), or of each of its parts (type 3)."""
    if function is None:
        return
    for name in ("/C0", "/C1"):
        if name in function and len(function[name]) == _CHANNELS:
            function[name] = [round(_of_rgb(*map(float, function[name])), 4)]
    for part in function.get("/Functions", ()):
        _function(part)
