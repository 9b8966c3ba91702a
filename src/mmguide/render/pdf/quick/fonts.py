"""Stage render, PDF: fonts cut to the glyphs in use by HarfBuzz, in one step for what takes WeasyPrint two slow ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DROPPED = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "MATH", "PCLT", "STAT", "SVG ")


def apply() -> None:
    """Cut outline fonts so; fonts of pictures are left to WeasyPrint."""
    from weasyprint.pdf.fonts import Font

    original = Font.clean

    def clean(self: Any, to_unicode: Mapping[int, str], hinting: bool) -> None:
        if self.png or self.svg or self.colr or self.bitmap or not to_unicode:
            original(self, to_unicode, hinting)
        else:
            self.file_content = _cut(self, to_unicode, hinting)

    Font.clean = clean


def _cut(font: Any, used: Mapping[int, str], hinting: bool) -> bytes:
    """The font with the used glyphs only, at its place on each axis."""
    import uharfbuzz

    face = uharfbuzz.Face(uharfbuzz.Blob(bytes(font.file_content)), font.index)
    cut = uharfbuzz.SubsetInput()
    cut.glyph_set.update(used)
    flags = uharfbuzz.SubsetFlags
    cut.flags = flags.RETAIN_GIDS | flags.DESUBROUTINIZE
    if not hinting:
        cut.flags |= flags.NO_HINTING
    if font.missing:
        cut.flags |= flags.NOTDEF_OUTLINE
    cut.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
    for tag, value in _place(font, face).items():
        cut.pin_axis_location(face, tag, value)
    return bytes(uharfbuzz.subset(face, cut).blob.data)


def _place(font: Any, face: Any) -> dict[str, float]:
    """Where on each axis the font is used: as asked for, else by its weight, size and style."""
    place: dict[str, float] = {}
    for axis in face.axis_infos:
        low, high = axis.min_value, axis.max_value
        slant = (low if high == 0 else high) if font.style == 1 else 0.0
        natural = {"wght": font.weight, "opsz": font.font_size, "slnt": slant, "ital": float(font.style == 2)}
        value = font.variations.get(axis.tag, natural.get(axis.tag, axis.default_value))
        place[axis.tag] = min(max(float(value), low), high)
    return place
