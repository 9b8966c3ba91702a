"""Stage render: the word across a page that is not in force, drawn as outlines so that it is never read as text."""

from __future__ import annotations

from mmguide.model.manuscript import Picture
from mmguide.render.pdf.fonts import family
from mmguide.theme import Theme

_WEIGHT = 700


def watermark(word: str, theme: Theme, width: float, height: float) -> Picture:
    """`word` from the lower left to the upper right of a page of `width` by `height` millimetres, as SVG."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    face = next(f for f in family(theme.fonts.heading) if f.style == "normal")
    with TTFont(face.file) as font:
        glyphs = font.getGlyphSet(location={"wght": _WEIGHT} if "fvar" in font else None)
        names, em = font.getBestCmap(), font["head"].unitsPerEm
        pen, at = SVGPathPen(glyphs, ntos=lambda v: f"{v:.0f}"), 0.0
        for character in word:
            glyph = glyphs[names.get(ord(character), ".notdef")]
            glyph.draw(TransformPen(pen, (1, 0, 0, -1, at, 0)))
            at += glyph.width + em * 0.06
    length = (width**2 + height**2) ** 0.5 * 0.62
    scale = min(length / at, width * 0.36 / (em * 0.66))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" viewBox="0 0 {width:g} {height:g}">'
        f'<g transform="translate({width / 2:g} {height / 2:g}) rotate(-52) scale({scale:.5f}) translate({-at / 2:.0f} {em * 0.33:.0f})">'
        f'<path fill="{theme.colours.notice}" fill-opacity="0.055" d="{pen.getCommands()}"/></g></svg>'
    )
    return Picture("watermark.svg", svg.encode(), "image/svg+xml", width, height)
