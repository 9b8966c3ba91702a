"""Stage theme: the theme and the pictures in grey, each colour as light as it was, so that what could be told apart still can."""

from __future__ import annotations

import io
import re
from typing import Any

from msgspec import convert, to_builtins
from msgspec.structs import replace

from mmguide.model.picture import Picture
from mmguide.theme import Theme, luminance

_HEX = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\b")
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "PNG", "image/webp": "PNG"}


def lightness(light: float) -> float:
    """The grey, 0 (black) to 1 (white) as a device takes it, of a relative luminance (sRGB, IEC 61966-2-1)."""
    light = min(1.0, max(0.0, light))
    return 12.92 * light if light <= 0.0031308 else 1.055 * float(light ** (1 / 2.4)) - 0.055


def grey_of(colour: str) -> str:
    """A colour #rgb or #rrggbb as the grey of the same luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    return "#" + 3 * f"{round(255 * lightness(luminance('#' + digits))):02x}"


def grey_theme(theme: Theme) -> Theme:
    """The theme with all its colours in grey."""
    return convert(_greyed(to_builtins(theme)), Theme)


def _greyed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _greyed(inner) for key, inner in value.items()}
    return grey_of(value) if isinstance(value, str) and _HEX.fullmatch(value) else value


def grey_picture(picture: Picture) -> Picture:
    """The picture in grey. In drawings the colours written as #rrggbb; others become grey in the PDF only."""
    if picture.media_type == "image/svg+xml":
        text = picture.content.decode("utf-8", "surrogateescape")
        return replace(picture, content=_HEX.sub(lambda m: grey_of(m[0]), text).encode("utf-8", "surrogateescape"))
    from PIL import Image

    kind, out = _FORMATS[picture.media_type], io.BytesIO()
    with Image.open(io.BytesIO(picture.content)) as image:
        image.convert("L" if kind == "JPEG" or not image.has_transparency_data else "LA").save(out, kind)
    return replace(picture, content=out.getvalue(), media_type=f"image/{kind.lower()}")
