"""Stage assemble, evidence: a sheet in millimetres that matplotlib turns into SVG, the same bytes for the same content on every machine.

Letters are drawn as outlines of the theme's packaged fonts, so that no reader's machine can replace them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct

from mmguide import signs
from mmguide.errors import EnvironmentLacks
from mmguide.theme import Theme

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72
PIXELS_PER_MM = 96 / MM_PER_INCH
REGULAR, BOLD = 400, 600


class Text(NamedTuple):
    """Words on the sheet; `x` and `y` of the base line, `anchor` start, middle or end."""

    x: float
    y: float
    words: str
    size: float
    colour: str
    weight: int = REGULAR
    anchor: str = "start"


class Line(NamedTuple):
    """A line through points; `name` is found again as the id of its group in the SVG."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 0.25
    dashes: tuple[float, ...] = ()
    name: str = ""


class Shape(NamedTuple):
    """A closed shape; an empty `fill` leaves it hollow."""

    points: tuple[tuple[float, float], ...]
    colour: str
    fill: str = ""
    width: float = 0.25
    name: str = ""


class Sheet(Struct):
    """What is drawn on a sheet of `width` by `height` millimetres, origin at the top left."""

    width: float
    height: float
    theme: Theme
    marks: list[Text | Line | Shape] = []

    def add(self, *marks: Text | Line | Shape) -> None:
        self.marks += marks

    def missing(self) -> str:
        """The characters of its words that no font at hand can draw."""
        return missing("".join(m.words for m in self.marks if isinstance(m, Text)), self.theme.fonts.table)

    def svg(self) -> bytes:
        """The sheet as SVG."""
        import matplotlib

        with matplotlib.rc_context():
            matplotlib.rcdefaults()  # a matplotlibrc of the machine must not reach an output
            matplotlib.rcParams.update({"svg.hashsalt": "mmguide", "path.simplify": False})
            return _plain(self._figure(), self.width * PIXELS_PER_MM, self.height * PIXELS_PER_MM)

    def _figure(self) -> bytes:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        figure = Figure(figsize=(self.width / MM_PER_INCH, self.height / MM_PER_INCH))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.height, 0)
        axes.set_axis_off()
        for order, mark in enumerate(self.marks):
            artist = _artist(mark, self.theme.fonts.table)
            artist.set_zorder(order)
            axes.add_artist(artist)
        out = io.BytesIO()
        figure.savefig(
            out, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
        return out.getvalue()


def _artist(mark: Text | Line | Shape, family: str) -> Any:
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch, Polygon

    if isinstance(mark, Text):
        return PathPatch(_outline(mark, family), facecolor=mark.colour, edgecolor="none", clip_on=False)
    width = mark.width / MM_PER_INCH * POINTS_PER_INCH
    if isinstance(mark, Line):
        xs, ys = zip(*mark.points, strict=True)
        artist: Any = Line2D(xs, ys, color=mark.colour, linewidth=width, solid_capstyle="butt", clip_on=False)
        if mark.dashes:
            artist.set_dashes([d / mark.width for d in mark.dashes])
    else:
        fill = mark.fill or "none"
        artist = Polygon(
            mark.points, closed=True, facecolor=fill, edgecolor=mark.colour, linewidth=width, joinstyle="round", clip_on=False
        )
    if mark.name:
        artist.set_gid(mark.name)
    return artist


def _outline(text: Text, family: str) -> Any:
    """The words as one path on the sheet."""
    from matplotlib.path import Path as Outline

    scale = text.size / POINTS_PER_INCH * MM_PER_INCH
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * text_width(text.words, text.size, family, text.weight)
    x = text.x - shift
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    for character in text.words:
        glyph = glyph_of(family, text.weight, character)
        points += [(x + px * scale, text.y - py * scale) for px, py in glyph.points]
        codes += glyph.codes
        x += glyph.width * scale
    return Outline(points, codes) if points else Outline([(text.x, text.y)], [_MOVE])


def _plain(svg: bytes, width: float, height: float) -> bytes:
    """Without document type and metadata, which no reader needs and some refuse; coordinates to a hundredth of a point, size in pixels."""
    text = re.sub(r"<!DOCTYPE[^>]*>\s*", "", svg.decode())
    text = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', f'width="{width:.2f}" height="{height:.2f}"', text, count=1)
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.S)
    return re.sub(r' d="[^"]*"', lambda m: re.sub(r"\s+", " ", re.sub(r"(\.\d\d)\d+", r"\1", m[0])), text).encode()


class Glyph(NamedTuple):
    """The outline of a character in parts of the em, as matplotlib's points and codes, and its width."""

    points: tuple[tuple[float, float], ...]
    codes: tuple[int, ...]
    width: float


# The codes that matplotlib gives to the parts of a path.
_MOVE, _LINE, _CURVE3, _CURVE4, _CLOSE = 1, 2, 3, 4, 79
# Characters that the theme's font lacks are taken from our font of signs, then from one with the letters of most languages.
_FALLBACKS = (signs.FAMILY, "Noto Sans")
# Characters that the fallbacks have for sure, so that no font is opened to look for them.
SURE = frozenset([*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x250)), *"‘’“”„‚–—…−±×†‡•←↑→↓↔"])


@lru_cache(maxsize=4096)
def glyph_of(family: str, weight: int, character: str) -> Glyph:
    """The glyph of a character in a weight of a family, else that of the fallback; an empty box where neither has one."""
    code = ord(" " if character == "\u00a0" else character)
    source = next((f for f in (family, *_FALLBACKS) if code in _characters(f)), family)
    glyphs, characters, units = _font(source, weight)
    pen = _pen(glyphs)
    glyph = glyphs[characters.get(code, ".notdef")]
    glyph.draw(pen)
    points = tuple((x / units, y / units) for x, y in pen.points)
    return Glyph(points, tuple(pen.codes), glyph.width / units)


def missing(words: str, family: str) -> str:
    """The characters that no font at hand can draw."""

    def drawn(character: str) -> bool:
        return any(ord(character) in _characters(f) for f in (family, *_FALLBACKS))

    return "".join(c for c in dict.fromkeys(words) if c not in SURE and not drawn(c))


def _pen(glyphs: Any) -> Any:
    from fontTools.pens.basePen import BasePen

    class Outline(BasePen):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(glyphs)
            self.points: list[tuple[float, float]] = []
            self.codes: list[int] = []

        def add(self, code: int, *points: tuple[float, float]) -> None:
            self.points += points
            self.codes += [code] * len(points)

        def _moveTo(self, pt: tuple[float, float]) -> None:
            self.add(_MOVE, pt)

        def _lineTo(self, pt: tuple[float, float]) -> None:
            self.add(_LINE, pt)

        def _qCurveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float]) -> None:
            self.add(_CURVE3, pt1, pt2)

        def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:
            self.add(_CURVE4, pt1, pt2, pt3)

        def _closePath(self) -> None:
            self.add(_CLOSE, self.points[-1])

    return Outline()


@lru_cache(maxsize=8)
def _font(family: str, weight: int) -> tuple[Any, dict[int, str], int]:
    """The glyphs of a family in one weight, its characters, and the units of its em."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(Path(font_file(family, weight)).read_bytes()), lazy=True)
    location = {"wght": weight} if "fvar" in font else {}
    return font.getGlyphSet(location=location), dict(font.getBestCmap()), font["head"].unitsPerEm


@lru_cache(maxsize=8)
def _characters(family: str) -> frozenset[int]:
    """The characters that a family has, in every weight the same."""
    import uharfbuzz

    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(font_file(family))).unicodes)


@lru_cache(maxsize=8)
def font_file(family: str, weight: int = REGULAR) -> str:
    """The upright file of a packaged family."""
    if family == signs.FAMILY:
        return str(signs.file(weight))
    import fontpkg

    try:
        found = [str(file.path) for file in fontpkg.family(family).files if file.style == "normal"]
    except fontpkg.FamilyNotInstalled as error:
        package = "fontpkg-" + family.lower().replace(" ", "-")
        raise EnvironmentLacks(f"the font '{family}' is not installed", f"install the Python package {package}") from error
    return sorted(found)[0]


def text_width(words: str, size: float, family: str, weight: int = REGULAR) -> float:
    """The width of words in millimetres."""
    return sum(glyph_of(family, weight, c).width for c in words) * size / POINTS_PER_INCH * MM_PER_INCH


def wrapped(words: str, width: float, size: float, family: str, weight: int = REGULAR) -> Sequence[str]:
    """Words in lines not wider than `width` millimetres."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, family, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
