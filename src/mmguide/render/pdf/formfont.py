"""Stage render, PDF: the font in which viewers set what is typed into a form.

A viewer has to find a letter's code by the letter alone, so that codes are Unicode's: the ToUnicode table says nothing but that, and a
table of the font leads from there to its glyphs (CIDToGIDMap). Viewers do no shaping, so that letters which change their form by their
neighbours, as Arabic ones, are left to fonts of theirs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from mmguide.render import fonts

# Latin with all its accents, Greek and Cyrillic; punctuation and the signs of currencies. The first and the last of each range.
_WANTED = ((0x20, 0x7E), (0xA0, 0x52F), (0x1E00, 0x1FFF), (0x2010, 0x203A), (0x20A0, 0x20BF), (0x2116, 0x2122))
_IN_A_BLOCK, _SYMBOLIC = 100, 4
_TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class _Letters(Struct, frozen=True):
    """A font cut to the letters that can be typed: the glyph of each, and its width, by code; measures in thousandths of the size."""

    name: str
    content: bytes
    glyphs: Mapping[int, int]
    widths: Mapping[int, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int


def typing_font(pdf: Any, family: str) -> Any:
    """The family as a composite font of the file, whose codes are those of Unicode (PDF/A-3 6.2.11)."""
    import pikepdf

    letters = _letters(family)
    file = pdf.make_stream(letters.content)
    file.Length1 = len(letters.content)
    about = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name(letters.name),
        Flags=_SYMBOLIC,
        FontBBox=list(letters.box),
        ItalicAngle=0,
        Ascent=letters.ascent,
        Descent=letters.descent,
        CapHeight=letters.ascent,
        StemV=80,
        FontFile2=file,
    )
    glyphs = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name(letters.name),
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(about),
        CIDToGIDMap=pdf.make_stream(
            b"".join(letters.glyphs.get(code, 0).to_bytes(2, "big") for code in range(max(letters.glyphs) + 1))
        ),
        DW=letters.widths[0x20],
        W=[part for first, widths in _runs(letters.widths) for part in (first, pikepdf.Array(widths))],
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name(letters.name),
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(glyphs)],
            ToUnicode=pdf.make_stream(_to_unicode(letters.glyphs)),
        )
    )


def _to_unicode(codes: Mapping[int, int]) -> bytes:
    lines = [f"<{code:04X}> <{code:04X}>" for code in codes]
    blocks = (lines[start : start + _IN_A_BLOCK] for start in range(0, len(lines), _IN_A_BLOCK))
    listed = "\n".join("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")) for block in blocks)
    return _TO_UNICODE.format(blocks=listed).encode()


def _runs(widths: Mapping[int, int]) -> Iterator[tuple[int, list[int]]]:
    """Codes in a row: the first of each, and their widths."""
    run: list[int] = []
    for code, width in widths.items():
        if code - 1 not in widths:
            run = []
        run.append(width)
        if code + 1 not in widths:
            yield code + 1 - len(run), run


@cache
def _letters(family: str) -> _Letters:
    from fontTools.ttLib import TTFont

    file = next(face.file for face in fonts.family(family) if face.style == "normal")
    known = fonts.characters(family)
    wanted = sorted(code for first, last in _WANTED for code in range(first, last + 1) if code in known)
    content = fonts.cut(file, frozenset(wanted))
    font = TTFont(io.BytesIO(content))
    head, names, advances = font["head"], font.getBestCmap(), font["hmtx"]
    scale = 1000 / head.unitsPerEm
    return _Letters(
        "/" + family.replace(" ", ""),
        content,
        {code: font.getGlyphID(names[code]) for code in wanted},
        {code: round(advances[names[code]][0] * scale) for code in wanted},
        (round(head.xMin * scale), round(head.yMin * scale), round(head.xMax * scale), round(head.yMax * scale)),
        round(font["hhea"].ascent * scale),
        round(font["hhea"].descent * scale),
    )
