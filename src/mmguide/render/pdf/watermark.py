"""Stage render: the word across a page that is not in force, drawn as outlines so that it is never read as text."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from mmguide.errors import EnvironmentLacks
from mmguide.model.picture import Picture
from mmguide.render.fonts import SCRIPTS, family
from mmguide.theme import Theme

_WEIGHT = 700
_SPACING = 0.06


def watermark(word: str, theme: Theme, width: float, height: float) -> Picture:
    """`word` from the lower left to the upper right of a page of `width` by `height` millimetres, as SVG."""
    path, length, em = _outline(word, theme)
    room = (width**2 + height**2) ** 0.5 * 0.62
    scale = min(room / length, width * 0.36 / (em * 0.66))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" viewBox="0 0 {width:g} {height:g}">'
        f'<g transform="translate({width / 2:g} {height / 2:g}) rotate(-52) scale({scale:.5f}) '
        f'translate({-length / 2:.0f} {em * 0.33:.0f})">'
        f'<path fill="{theme.colours.notice}" fill-opacity="0.055" d="{path}"/></g></svg>'
    )
    return Picture("watermark.svg", svg.encode(), "image/svg+xml", width, height)


def _outline(word: str, theme: Theme) -> tuple[str, float, int]:
    """The word as the path of an SVG, its length, and the size it is drawn in; joined and ordered as its script asks."""
    import uharfbuzz
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    file = _font_with(word, theme)
    with TTFont(file) as font:
        location = {"wght": _WEIGHT} if "fvar" in font else {}
        glyphs, em = font.getGlyphSet(location=location or None), int(font["head"].unitsPerEm)
        shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file))))
        shaper.set_variations(location)
        line = uharfbuzz.Buffer()
        line.add_str(word)
        line.guess_segment_properties()
        uharfbuzz.shape(shaper, line, {"kern": False})
        # Letters of scripts that join are not set apart.
        between = em * _SPACING if line.direction == "ltr" else 0.0
        pen, at = SVGPathPen(glyphs, ntos=lambda v: f"{v:.0f}"), 0.0
        for glyph, place in zip(line.glyph_infos, line.glyph_positions, strict=True):
            shift = (1, 0, 0, -1, at + place.x_offset, -place.y_offset)
            glyphs[font.getGlyphName(glyph.codepoint)].draw(TransformPen(pen, shift))
            at += place.x_advance + between
        return pen.getCommands(), at, em


def _font_with(word: str, theme: Theme) -> Path:
    """The font of headings, or the first other one that has the word's letters where that has not."""
    from fontTools.ttLib import TTFont

    own = _upright(theme.fonts.heading)
    for name in (theme.fonts.heading, *SCRIPTS):
        with suppress(EnvironmentLacks), TTFont(_upright(name)) as font:
            if all(ord(character) in font.getBestCmap() for character in word):
                return _upright(name)
    return own


def _upright(name: str) -> Path:
    return next(face.file for face in family(name) if face.style == "normal")
