"""Picture: a picture file that passed the checks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Picture:
    """A picture file that passed the checks: its bytes, media type and size in CSS pixels (None where the file does not say)."""

    path: str
    content: bytes = field(repr=False)
    media_type: str
    width: float | None = None
    height: float | None = None
