"""Stage check, helper: the sentences and words of running text, each with its exact place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mmguide.check.running import Prose
from mmguide.diagnostics import Span

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_END = re.compile(r"[.!?…؟]+[\"'”’»)\]*_]*(?=\s|$)")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|vs|cf|Fig|Figs|No|Dr|Mr|Mrs|Ms|St|Prof|approx|etc|al)|\b[A-Z]|^\s*\d+)$")
_ANY_LETTER = re.compile(r"[^\W\d_]")


class Sentence(NamedTuple):
    """A sentence, or a piece of text that ends with its block, from `start` to `end` in the text of `prose`."""

    prose: Prose
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.prose.text[self.start : self.end]

    @property
    def place(self) -> Span:
        return self.prose.place(self.start, self.end)

    def words(self) -> list[str]:
        """The words and numbers in it."""
        return WORD.findall(self.text)

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Span]]:
        """What a pattern finds in the sentence, and where."""
        for match in pattern.finditer(self.text):
            yield match, self.prose.place(self.start + match.start(), self.start + match.end())


def sentences(prose: Prose) -> Iterator[Sentence]:
    """The sentences of one block of text that have a letter in them."""
    text, start = prose.text, 0
    for match in _END.finditer(text):
        rest = text[match.end() :].lstrip(" \n*_\"'“‘(")
        within = match[0][0] == "." and (_ABBREVIATED.search(text[start : match.start()]) or rest[:1].islower())
        if not within:
            yield from _sentence(prose, start, match.end())
            start = match.end()
    yield from _sentence(prose, start, len(text))


def _sentence(prose: Prose, start: int, end: int) -> Iterator[Sentence]:
    text = prose.text[start:end]
    if _ANY_LETTER.search(text):
        shift = len(text) - len(text.lstrip())
        yield Sentence(prose, start + shift, end - (len(text) - len(text.rstrip())))
