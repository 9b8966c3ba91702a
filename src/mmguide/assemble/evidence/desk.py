"""Stage assemble, evidence: the desk at which drawings are made, or taken from the cache where the same was drawn before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from mmguide.assemble.evidence.drawing import Sheet, missing
from mmguide.cache import Cache
from mmguide.theme import Theme


class Drawing(NamedTuple):
    """A finished sheet: its size in millimetres, the characters that no font at hand can draw, and the SVG.

    Where nothing was asked to be drawn, it has no size and no SVG.
    """

    width: float | None
    height: float | None
    missing: str
    svg: bytes


class Desk(NamedTuple):
    """Where drawings are made with a theme; `drawn` false looks only whether there are letters for their words."""

    theme: Theme
    drawn: bool
    cache: Cache

    def drawing(self, kind: str, subject: str, words: Iterable[str], draw: Callable[[], Sheet]) -> Drawing:
        """The drawing of `subject`, a text that tells all that `draw` knows of it but the theme; `words` are those that it prints."""
        if not self.drawn:
            return Drawing(None, None, self._missing("".join(words)), b"")
        key = self.cache.key_of("drawing", kind, subject, self.theme.as_json())
        if entry := self.cache.get(key):
            width, height, lacking = entry.facts
            return Drawing(width, height, lacking, entry.content)
        sheet = draw()
        made = Drawing(sheet.width, sheet.height, sheet.missing(), sheet.svg())
        self.cache.put(key, [made.width, made.height, made.missing], made.svg)
        return made

    def _missing(self, words: str) -> str:
        """The characters of the words that no font at hand can draw."""
        family = self.theme.fonts.table
        key = self.cache.key_of("letters", words, family)
        if entry := self.cache.get(key):
            return str(entry.facts)
        lacking = missing(words, family)
        self.cache.put(key, lacking)
        return lacking
