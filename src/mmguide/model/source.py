"""Source: the text of one file of the project, and what the scan found in it with exact places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from mmguide.diagnostics import Diagnostic, Span


class Source(Struct, frozen=True, dict=True):
    """A text file as every stage sees it: decoded, without byte-order mark, lines ended by a line feed.

    `path` is relative to the project folder, with `/`. Dropping the mark and carriage returns moves no line and no column.
    """

    path: str
    text: str

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        return (0, *(match.end() for match in re.finditer("\n", self.text)))

    def span(self, start: int, end: int | None = None) -> Span:
        """The place of the characters from offset `start` to `end` (exclusive)."""
        starts = self._line_starts
        line = bisect_right(starts, start)
        column = start - starts[line - 1] + 1
        last = start if end is None else end
        if last >= start and (line == len(starts) or last < starts[line]):
            return Span(self.path, line, column, line, column + last - start)
        return Span(self.path, line, column, *self.position(last))

    def spans(self, places: Sequence[tuple[int, int]]) -> list[Span]:
        """The span of each of these pairs of offsets, which follow one another."""
        line, column = self.position(places[0][0])
        starts, shift = self._line_starts, column - places[0][0]
        if line == len(starts) or places[-1][1] < starts[line]:
            return [Span(self.path, line, start + shift, line, end + shift) for start, end in places]
        return [self.span(start, end) for start, end in places]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The character offset of a line and column, both from 1."""
        return self._line_starts[line - 1] + column - 1

    def line(self, number: int) -> str:
        """The text of a line, numbered from 1, without its end; empty when there is none."""
        lines = self._line_starts
        if not 1 <= number <= len(lines):
            return ""
        end = lines[number] - 1 if number < len(lines) else len(self.text)
        return self.text[lines[number - 1] : end]


class Citation(NamedTuple):
    """One key of one citation, e.g. `@attal2012` in `[see @attal2012, p. 3; @chen2017]`.

    `span` covers the `@` and the key. `group` numbers the bracket it stands in (each bare citation is a group of its own).
    `cut` is the text directly behind a key that pandoc ended early (`(79)90058-9`), empty otherwise. `suffix` is what stands behind
    the key in its part of the bracket, as `, p. 3`.
    """

    key: str
    span: Span
    group: int
    bracketed: bool
    suppress_author: bool = False
    cut: str = ""
    suffix: str = ""


class Alias(NamedTuple):
    """A second key for a reference, defined on a line of its own: `[@name]: doi:10.1000/x`."""

    key: str
    target: str
    span: Span


class CrossReference(NamedTuple):
    """`@fig:x`, `@tbl-x`, `@sec:x`, `@rec:x`: `target` is written with a colon whatever the source used."""

    target: str
    span: Span
    written: str
    bracketed: bool = False


class Heading(NamedTuple):
    """A heading: level 1 to 6, its source text without attributes, its explicit id or ''."""

    level: int
    text: str
    id: str
    span: Span


class Anchor(NamedTuple):
    """An explicit `{#id}` on anything; `kind` is heading, div, span, picture, table, code or link where it is known."""

    id: str
    span: Span
    kind: str = ""


class Link(NamedTuple):
    """A link or picture with its target as written; `text` is the link's text or the picture's alternative text."""

    target: str
    text: str
    span: Span
    picture: bool = False


class Container(NamedTuple):
    """A fenced div: its classes, id and attributes; `span` is the opening line, `end_line` the line of the closing fence."""

    classes: tuple[str, ...]
    id: str
    attributes: tuple[tuple[str, str], ...]
    span: Span
    end_line: int
    depth: int


class MarkedSpan(NamedTuple):
    """A bracketed span with a class the compiler knows, e.g. `[calgb100104.pfs_hr]{.value}`; `text` is what stands inside."""

    text: str
    classes: tuple[str, ...]
    span: Span
    attributes: tuple[tuple[str, str], ...] = ()


class Raw(NamedTuple):
    """Raw HTML in the text, or a raw block or span in another format; `format` is html, openxml, latex …"""

    format: str
    text: str
    span: Span


class Allowance(NamedTuple):
    """`<!-- mmguide: allow MMG208 reason why -->`: silences these rules on the next block, or in the block it stands in."""

    rules: tuple[str, ...]
    reason: str
    span: Span
    first_line: int
    last_line: int


class Paragraph(NamedTuple):
    """The lines of one block of text (paragraph, list item, table, heading …)."""

    kind: str
    text: str
    span: Span


class Scan(Struct, frozen=True):
    """What was found in one source, each kind in the order of the text. `body` is the text that goes to pandoc.

    `body` is `source.text` with a leading YAML block blanked line by line, so that lines keep their numbers. `examples` are the
    labels of pandoc's numbered examples, `(@label) text`, which take `@label` from the citations.
    """

    source: Source
    body: str
    citations: tuple[Citation, ...] = ()
    aliases: tuple[Alias, ...] = ()
    cross_references: tuple[CrossReference, ...] = ()
    headings: tuple[Heading, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    links: tuple[Link, ...] = ()
    containers: tuple[Container, ...] = ()
    marked: tuple[MarkedSpan, ...] = ()
    raw: tuple[Raw, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    metadata: tuple[tuple[str, Span], ...] = ()
    examples: tuple[tuple[str, Span], ...] = ()
    depth: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
