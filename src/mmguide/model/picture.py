"""Picture: a picture file that passed the checks."""

from __future__ import annotations

from msgspec import Struct


class Picture(Struct, frozen=True):
    """A picture file that passed the checks: its bytes, media type and size in CSS pixels (None where the file does not say)."""

    path: str
    content: bytes
    media_type: str
    width: float | None = None
    height: float | None = None
