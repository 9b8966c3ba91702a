"""Stage assemble, evidence: the desk at which drawings are made, or taken from the cache where the same was drawn before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mmguide.assemble.evidence.drawing import Sheet
from mmguide.cache import Cache, key_of
from mmguide.theme import Theme


@dataclass(frozen=True)
class Drawing:
    """A finished sheet: its size in millimetres, the characters that no font at hand can draw, and the SVG (empty where none was asked)."""

    width: float
    height: float
    missing: str
    svg: bytes


@dataclass(frozen=True)
class Desk:
    """Where drawings are made with a theme; `drawn` false measures them only."""

    theme: Theme
    drawn: bool
    cache: Cache

    def drawing(self, kind: str, subject: str, draw: Callable[[], Sheet]) -> Drawing:
        """The drawing of `subject`, a text that tells all that `draw` knows of it but the theme."""
        key = key_of("drawing" if self.drawn else "measure", kind, subject, self.theme.model_dump_json())
        if entry := self.cache.get(key):
            width, height, missing = entry.facts
            return Drawing(width, height, missing, entry.content)
        sheet = draw()
        made = Drawing(sheet.width, sheet.height, sheet.missing(), sheet.svg() if self.drawn else b"")
        self.cache.put(key, [made.width, made.height, made.missing], made.svg)
        return made
