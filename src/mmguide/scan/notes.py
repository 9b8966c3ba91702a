"""Stage scan: footnotes whose text or whose mark pandoc would leave out, and ::: lines that it would print."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import structure as rules
from mmguide.scan.found import Leaf
from mmguide.scan.lines import Line
from mmguide.scan.text import Text

_COLONS = re.compile(r" {0,3}:::")


class Note(NamedTuple):
    """A footnote's text: `mark` is its `[^label]:`, `end` where its text ends."""

    label: str
    mark: Line
    end: int


def note_faults(text: Text, defined: Sequence[Note], used: Sequence[tuple[str, int, int]]) -> Iterator[Diagnostic]:
    """Marks without a text, texts without a mark, texts with one label, and marks within a note's text."""
    first: dict[str, Note] = {}
    for note in defined:
        if note.label in first:
            other = text.span(*first[note.label].mark)
            yield rules.FOOTNOTE_TWICE.at(text.span(*note.mark), label=note.label, line=other.line, related=(other,))
        first.setdefault(note.label, note)
    outer = _outermost(defined)
    starts = [note.mark[0] for note in outer]
    marked = set()
    for label, start, end in used:
        k = bisect_right(starts, start) - 1
        if label not in first:
            yield rules.UNDEFINED_FOOTNOTE.at(text.span(start, end), label=label)
        elif k >= 0 and start < outer[k].end:
            yield rules.FOOTNOTE_IN_FOOTNOTE.at(text.span(start, end), label=label)
        marked.add(label)
    for label, note in first.items():
        if label not in marked:
            yield rules.UNUSED_FOOTNOTE.at(text.span(*note.mark), label=label)


def _outermost(defined: Sequence[Note]) -> list[Note]:
    out: list[Note] = []
    for note in sorted(defined, key=lambda n: n.mark[0]):
        if not out or note.mark[0] >= out[-1].end:
            out.append(note)
    return out


def printed_fences(text: Text, leaf: Leaf) -> Iterator[Diagnostic]:
    """Lines of colons that begin or end no block, since they stand within a paragraph or open with something unreadable."""
    if leaf.kind in ("html", "table", "heading"):
        return
    for start, end in leaf.lines:
        if _COLONS.match(text.text, start, end):
            yield rules.FENCE_IS_TEXT.at(text.span(start, end))
