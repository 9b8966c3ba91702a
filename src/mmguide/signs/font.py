"""Writes the signs as font files: `python -m mmguide.signs.font` after a change of `draw.py`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mmguide.signs import FAMILY, WEIGHTS
from mmguide.signs.draw import CAPITAL, LINES, SIGNS
from mmguide.signs.outlines import Sign


def font(weight: int) -> Any:
    """The font of one weight, as fontTools holds it."""
    from fontTools.fontBuilder import FontBuilder

    names = {character: f"uni{ord(character):04X}" for character in SIGNS}
    drawn = {names[c]: draw(LINES[weight]) for c, draw in SIGNS.items()}
    blank = {".notdef": Sign(600).frame(60, 0, 540, CAPITAL, LINES[weight]), "space": Sign(250)}
    glyphs = {**blank, **drawn}
    style = "Bold" if weight == 700 else "Regular"
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({0x20: "space", **{ord(c): name for c, name in names.items()}})
    builder.setupGlyf({name: _glyph(sign) for name, sign in glyphs.items()})
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (sign.width, getattr(table[name], "xMin", 0)) for name, sign in glyphs.items()})
    builder.setupHorizontalHeader(ascent=1024, descent=-400)
    builder.setupNameTable(
        {
            "copyright": "Drawn for mmguide",
            "familyName": FAMILY,
            "styleName": style,
            "uniqueFontIdentifier": f"{FAMILY} {style} 1.0",
            "fullName": f"{FAMILY} {style}",
            "psName": f"mmguideSigns-{style}",
            "version": "Version 1.0",
            "licenseDescription": "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        },
        mac=False,
    )
    builder.setupOS2(
        sTypoAscender=1024,
        sTypoDescender=-400,
        sTypoLineGap=0,
        usWinAscent=1024,
        usWinDescent=400,
        usWeightClass=weight,
        fsSelection=0x20 if weight == 700 else 0x40,
        sCapHeight=CAPITAL,
        sxHeight=486,
    )
    builder.setupPost()
    made = builder.font
    since = int((datetime(2026, 1, 1, tzinfo=UTC) - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds())
    made["head"].created = made["head"].modified = since
    made["head"].macStyle = 1 if weight == 700 else 0
    made.recalcTimestamp = False
    return made


def _glyph(sign: Sign) -> Any:
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for polygon in sign.polygons:
        pen.moveTo(_whole(polygon[0]))
        for point in polygon[1:]:
            pen.lineTo(_whole(point))
        pen.closePath()
    for circle in sign.circles:
        pen.qCurveTo(*(_whole(point) for point in circle), None)
        pen.closePath()
    return pen.glyph()


def _whole(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def main() -> None:
    """Write the files beside this one."""
    for weight, name in WEIGHTS.items():
        font(weight).save(Path(__file__).parent / name)


if __name__ == "__main__":
    main()
