"""Stage check, helper: the running text of the sources, without what is no prose, and the exact places of what is found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from mmguide.diagnostics import Span
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Paragraph, Scan

# Code, mathematics, attributes, comments, addresses and values from the data are no words of the author's. Lengths are bounded, so
# that a text of brackets and quotes that never close takes no longer than another.
_NOT_PROSE = re.compile(
    r"(`+)(?:(?!\1).){1,2000}?\1(?:\{[^}]{0,500}\})?"
    r"|(?<!\\)\$[^$\n]{1,2000}\$"
    r"|<!--.{0,20000}?-->"
    r"|<https?://[^>]{0,2000}>|https?://[^\s)\]>]+"
    r"|\[[^\]\n]{0,500}\]\{\.value[^}]{0,500}\}"
    r"|\]\([^)]{0,2000}\)"
    r"|\{[#.][^}\n]{0,500}\}"
    r"|<[a-zA-Z/][^>]{0,1000}>",
    re.S,
)
# One of these stands in whatever it finds: most paragraphs are passed without a look at each of their characters.
_SIGNS = ("`", "$", "<", "://", "]{", "](", "{#", "{.")
_CITATION = re.compile(r"\[[^\[\]@]*@[^\[\]]*\]|(?<![\w])-?@[A-Za-z0-9_][\w:.#$%&+?<>~/-]*")
KINDS = ("paragraph", "item", "note", "table", "caption", "heading")


class Prose(NamedTuple):
    """A paragraph of a source; in `text` everything that is no prose is blanked, character by character, so that offsets hold."""

    scan: Scan
    paragraph: Paragraph
    text: str

    def place(self, start: int, end: int) -> Span:
        """Where the characters from `start` to `end` stand in the source."""
        line, column = self._at(start)
        end_line, end_column = self._at(end)
        return Span(self.paragraph.span.path, line, column, end_line, end_column)

    def _at(self, offset: int) -> tuple[int, int]:
        before = self.paragraph.text[:offset]
        down = before.count("\n")
        line = self.paragraph.span.line + down
        in_line = offset - (before.rfind("\n") + 1)
        if not down:
            return line, self.paragraph.span.column + in_line
        own = self.paragraph.text.split("\n")[down]
        return line, max(0, self.scan.source.line(line).find(own)) + in_line + 1

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Span]]:
        for match in pattern.finditer(self.text):
            yield match, self.place(*match.span())


def prose(manuscript: Manuscript, kinds: tuple[str, ...] = KINDS, *, citations: bool = False) -> Iterator[Prose]:
    """All running text in the order of the sources; citations are blanked too unless asked for."""
    for scan in manuscript.scans:
        for paragraph in scan.paragraphs:
            if paragraph.kind in kinds:
                yield Prose(scan, paragraph, _prose(paragraph.text, citations))


@lru_cache(maxsize=50_000)
def _prose(text: str, citations: bool) -> str:
    """Half a dozen checks read the same paragraphs."""
    if citations:
        return _NOT_PROSE.sub(_blank, text) if any(sign in text for sign in _SIGNS) else text
    shown = _prose(text, True)
    return _CITATION.sub(_blank, shown) if "@" in shown else shown


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def prepare(scans: Iterable[Scan]) -> None:
    """Blank what is no prose, before the checks ask for it."""
    for scan in scans:
        for paragraph in scan.paragraphs:
            _prose(paragraph.text, False)


def inside(scan: Scan, line: int, classes: frozenset[str]) -> bool:
    """Whether a line stands in a div with one of these classes."""
    return any(classes & set(c.classes) and c.span.line <= line <= c.end_line for c in scan.containers)
