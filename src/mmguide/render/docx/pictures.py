"""Render, Word: pictures as checked bytes with sizes that fit; drawings (SVG) get a pixel picture at print resolution beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from io import BytesIO

from msgspec.structs import asdict

from mmguide.ast import Attr
from mmguide.cache import NOTHING, Cache, key_of
from mmguide.model.picture import Picture
from mmguide.render.fonts import faces
from mmguide.theme import Theme

DOTS_PER_INCH = 300
# A picture larger than this many pixels on a side gains nothing in print and costs memory.
_MOST_PIXELS = 6000
_UNITS: Mapping[str, float] = {"in": 1, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72, "pc": 1 / 6, "px": 1 / 96, "": 1 / 96}
_LENGTH = re.compile(r"^\s*([0-9]*\.?[0-9]+)\s*(in|cm|mm|pt|pc|px|%|)\s*$")


def size(attr: Attr, picture: Picture, measure: float, height: float) -> tuple[float, float]:
    """Width and height in inches: as asked for, else the picture's own, never beyond `measure` by `height`."""
    own_wide, own_high = (picture.width or 480) / 96, (picture.height or picture.width or 320) / 96
    ratio = own_high / own_wide
    wide, high = _inches(attr.get("width"), measure), _inches(attr.get("height"), height)
    if wide is None:
        wide = high / ratio if high is not None else own_wide
    if high is None:
        high = wide * ratio
    shrink = min(1.0, measure / wide, height / high)
    return wide * shrink, high * shrink


def _inches(length: str, whole: float) -> float | None:
    match = _LENGTH.match(length)
    if not match:
        return None
    number = float(match[1])
    made = whole * number / 100 if match[2] == "%" else number * _UNITS[match[2]]
    return made if made > 0.02 else None


def pixels(picture: Picture, width: float, theme: Theme, cache: Cache = NOTHING) -> tuple[bytes, str]:
    """The picture in a format that every Word reads, with its media type; `width` in inches is what it will be printed at."""
    if picture.media_type == "image/svg+xml":
        fonts = tuple(dict.fromkeys(str(face.file) for face in faces(asdict(theme.fonts))))
        pixels_wide = min(_MOST_PIXELS, round(width * DOTS_PER_INCH))
        return _raster(picture.content, pixels_wide, fonts, (theme.fonts.table, theme.fonts.text), cache), "image/png"
    if picture.media_type in ("image/png", "image/jpeg", "image/gif"):
        return picture.content, picture.media_type
    from PIL import Image

    out = BytesIO()
    with Image.open(BytesIO(picture.content)) as image:
        image.convert("RGBA").save(out, "PNG")
    return out.getvalue(), "image/png"


def _raster(svg: bytes, width: int, fonts: tuple[str, ...], families: tuple[str, str], cache: Cache) -> bytes:
    """The drawing as PNG, from the cache where it was made before: the fonts' packages are a part of every key."""
    key = key_of("raster", svg, str(width), *fonts, *families)
    if entry := cache.get(key):
        return entry.content
    made = raster(svg, width, fonts, *families)
    cache.put(key, None, made)
    return made


@lru_cache(maxsize=64)
def raster(svg: bytes, width: int, fonts: tuple[str, ...], sans: str, serif: str) -> bytes:
    """A drawing as PNG, `width` pixels wide, set in these font files only."""
    import resvg_py

    text = svg.decode("utf-8-sig")
    drawn = resvg_py.svg_to_bytes(
        svg_string=text,
        width=width,
        skip_system_fonts=True,
        font_files=list(fonts),
        font_family=sans,
        sans_serif_family=sans,
        serif_family=serif,
    )
    return bytes(drawn)


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()
