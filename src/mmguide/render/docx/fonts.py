"""Render, Word: the theme's fonts inside the file, so that every machine sets the text in them (ECMA-376 part 4, obfuscated fonts).

Each face is cut to the letters that editors of European languages type, and to the characters in the text; it has no hinting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from struct import pack_into, unpack_from
from typing import Any

from mmguide.cache import NOTHING, Cache, key_of
from mmguide.render.docx.awaited import without_marks
from mmguide.render.docx.look import SCRIPTS, Look
from mmguide.render.docx.ooxml import R, w
from mmguide.render.docx.package import Package
from mmguide.render.fonts import Face, family

_TYPE = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
# Latin, Greek and Cyrillic letters, punctuation, currencies, arrows and operators: what a panel may type into the text.
_KEPT = ((0x20, 0x17F), (0x218, 0x21B), (0x2C6, 0x2DD), (0x370, 0x3FF), (0x400, 0x45F), (0x2010, 0x2265))
# Hebrew and Arabic letters with their points, digits and signs, for the fonts that have them; they need all features to be joined.
_FROM_RIGHT = ((0x590, 0x6FF), (0x200C, 0x200F))
_FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "tnum")
# Word's names of the four faces: style, weight as in print, and the bits that tell them apart in the font itself.
_FACES: Mapping[str, tuple[str, int, str]] = {
    "embedRegular": ("normal", 400, "Regular"),
    "embedBold": ("normal", 600, "Bold"),
    "embedItalic": ("italic", 400, "Italic"),
    "embedBoldItalic": ("italic", 600, "Bold Italic"),
}
_OPTICAL_SIZE = 10.0
# Where fields stand in their tables: usWeightClass and fsSelection in OS/2, macStyle in head.
_WEIGHT, _SELECTION, _MAC_STYLE = 4, 62, 44
_UNITS, _TYPO, _HHEA = 18, 68, 4
# Above and below the line, as parts of the size.
_LATIN_LINE = (1.05, 0.35)


def embed(package: Package, look: Look, cache: Cache = NOTHING) -> None:
    """Put the theme's fonts into the package, and name them in its table of fonts."""
    table = package.xml["word/fontTable.xml"]
    more = frozenset(_characters(package)).difference(*(range(first, last + 1) for first, last in _KEPT))
    for entry in table.iter(w("font")):
        uses = [use for use, font in look.fonts.items() if use != "symbol" and font.name == entry.get(w("name"))]
        for place, content in _cut(entry.get(w("name")), uses == ["mono"], more, cache) if uses else ():
            key = sha256(content).digest()[:16]
            name = f"fonts/{key.hex()[:16]}.odttf"
            package.add(f"word/{name}", hidden(content, key), _TYPE)
            made = entry.makeelement(w(place))
            made.set(f"{{{R}}}id", package.relate("word/fontTable.xml", "font", name))
            made.set(w("fontKey"), _guid(key))
            entry.append(made)


def hidden(content: bytes, key: bytes) -> bytes:
    """The font with its first 32 bytes crossed with the key, whose bytes count backwards. Doing it twice gives the font again."""
    head = bytes(byte ^ key[15 - i % 16] for i, byte in enumerate(content[:32]))
    return head + content[32:]


def _guid(key: bytes) -> str:
    digits = key.hex().upper()
    return "{" + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])) + "}"


def _characters(package: Package) -> set[int]:
    texts = (
        element.text or "" for name, root in package.xml.items() if name.startswith("word/") for element in root.iter(w("t"))
    )
    return set(map(ord, set(without_marks("".join(texts)))))


def _cut(name: str, plain: bool, more: frozenset[int], cache: Cache) -> Iterator[tuple[str, bytes]]:
    """The faces of a family, with these characters more than the usual ones, by their place in the table; `plain`: one face alone."""
    for place, (style, weight, called) in _FACES.items():
        face = _nearest([f for f in family(name) if f.style == style], weight)
        if face is not None and (place == "embedRegular" or not plain):
            yield place, _kept(face.file, name, weight, called, more, cache)


def _kept(file: Path, name: str, weight: int, called: str, more: frozenset[int], cache: Cache) -> bytes:
    """The font from the cache where it was cut before: the fonts' packages are a part of every key."""
    key = key_of("word font", str(file), name, str(weight), called, str(sorted(more)))
    if entry := cache.get(key):
        return entry.content
    made = _face(file, name, weight, called, more)
    cache.put(key, None, made)
    return made


@lru_cache(maxsize=64)
def _face(file: Path, name: str, weight: int, called: str, more: frozenset[int]) -> bytes:
    joined = name in SCRIPTS
    return _named(_subset(file, weight, more, joined=joined), name, called, low=joined)


def _nearest(faces: list[Face], weight: int) -> Face | None:
    """A variable font has every weight; of others the one nearest."""
    return min(faces, key=lambda f: abs(int(f.weight or weight) - weight), default=None)


def _subset(file: Path, weight: int, more: frozenset[int], *, joined: bool) -> bytes:
    import uharfbuzz

    face = uharfbuzz.Face(uharfbuzz.Blob(file.read_bytes()))
    cut = uharfbuzz.SubsetInput()
    cut.unicode_set.update(more)
    for first, last in (*_KEPT, *_FROM_RIGHT) if joined else _KEPT:
        cut.unicode_set.update(range(first, last + 1))
    if not joined:
        cut.layout_feature_tag_set.clear()
        cut.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _FEATURES)
    cut.flags = uharfbuzz.SubsetFlags.NO_HINTING
    for axis in face.axis_infos:
        wanted = {"wght": float(weight), "opsz": _OPTICAL_SIZE}.get(axis.tag, axis.default_value)
        cut.pin_axis_location(face, axis.tag, min(max(wanted, axis.min_value), axis.max_value))
    return bytes(uharfbuzz.subset(face, cut).blob.data)


def _named(content: bytes, name: str, called: str, *, low: bool) -> bytes:
    """The font under the family's name, as one of the four faces that Word knows. `low`: its lines are as high as those of Latin
    letters, among which they stand; the font itself asks for half as much again, for signs that hardly any text has."""
    from fontTools.ttLib import TTFont

    font: Any = TTFont(BytesIO(content), recalcTimestamp=False, recalcBBoxes=False)
    bold, italic = "Bold" in called, "Italic" in called
    _rename(font["name"], name, called)
    table = bytearray(font.reader["OS/2"])
    (selection,) = unpack_from(">H", table, _SELECTION)
    pack_into(">H", table, _WEIGHT, 700 if bold else 400)
    pack_into(">H", table, _SELECTION, selection & ~0b1100001 | (bold << 5) | italic | ((not bold and not italic) << 6))
    font["OS/2"] = _raw("OS/2", bytes(table))
    table = bytearray(font.reader["head"])
    pack_into(">H", table, _MAC_STYLE, bold | (italic << 1))
    font["head"] = _raw("head", bytes(table))
    if low:
        _lower(font, unpack_from(">H", table, _UNITS)[0])
    out = BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def _lower(font: Any, units: int) -> None:
    ascent, descent = (round(part * units) for part in _LATIN_LINE)
    for tag, at, values in (("OS/2", _TYPO, (ascent, -descent, 0, ascent, descent)), ("hhea", _HHEA, (ascent, -descent, 0))):
        table = bytearray(font[tag].data if tag == "OS/2" else font.reader[tag])
        pack_into(f">{len(values)}h", table, at, *values)
        font[tag] = _raw(tag, bytes(table))


def _raw(tag: str, content: bytes) -> Any:
    """A table as it is: fontTools would work its fields out anew from all letters of the font."""
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    table = DefaultTable(tag)
    table.data = content
    return table


def _rename(table: Any, name: str, called: str) -> None:
    """Names of the family and the face; copyright and licence stay."""
    kept = [record for record in table.names if record.nameID in (0, 5, 13, 14)]
    table.names = kept
    whole = name if called == "Regular" else f"{name} {called}"
    postscript = f"{name.replace(' ', '')}-{called.replace(' ', '')}"
    for number, value in ((1, name), (2, called), (3, f"mmguide {postscript}"), (4, whole), (6, postscript)):
        table.setName(value, number, 3, 1, 0x409)


@cache
def line_height(name: str) -> float:
    """The distance from line to line that a family asks for by itself, as a part of its size."""
    from fontTools.ttLib import TTFont

    with TTFont(family(name)[0].file, lazy=True) as font:
        metrics = font["OS/2"]
        typographic = metrics.sTypoAscender - metrics.sTypoDescender + metrics.sTypoLineGap
        height = typographic if metrics.fsSelection & 128 else metrics.usWinAscent + metrics.usWinDescent
        return float(height / font["head"].unitsPerEm)
