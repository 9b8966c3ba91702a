"""Stage scan: from blocks and their inline text to the Scan's frozen values."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import structure as rules
from mmguide.model.source import (
    Allowance,
    Anchor,
    Citation,
    Container,
    CrossReference,
    Heading,
    Link,
    MarkedSpan,
    Paragraph,
    Raw,
    Scan,
)
from mmguide.scan.attributes import Attributes, attributes, unreadable
from mmguide.scan.found import Blocks, Leaf
from mmguide.scan.inlines import InlineReader, Inlines
from mmguide.scan.lines import Line
from mmguide.scan.notes import Note, note_faults, printed_fences
from mmguide.scan.text import Text

# pandoc's time grows by a factor of two for each bracket left open in a paragraph and by more for each bracket inside another:
# beyond these numbers one paragraph takes it longer than a whole guideline may take.
MOST_NESTED_BRACKETS = 8
MOST_OPEN_BRACKETS = 12
MOST_CHAINED_LINKS = 60

_ALLOWANCE = re.compile(
    r"<!--\s*mmguide:\s*allow\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)[ :,;–—-]*(?P<reason>.*?)\s*-->", re.DOTALL
)
_ADDRESSED = re.compile(r"<!--\s*mmguide:")
_CLOSING_MARKS = re.compile(r"(?:^| )#+ *$")

Place = Callable[[int], int]


def place_in(lines: Sequence[Line]) -> tuple[list[int], Place]:
    """Where each line begins in the joined text, and the way from an offset there to one in the expanded text."""
    starts: list[int] = []
    length = 0
    for s, e in lines:
        starts.append(length)
        length += e - s + 1

    def place(offset: int) -> int:
        line = bisect_right(starts, offset) - 1
        return lines[line][0] + offset - starts[line]

    return starts, place


class Collector:
    """Collects what the leaves of a text hold."""

    def __init__(self, text: Text, blocks: Blocks, max_depth: int) -> None:
        self.text, self.blocks, self.max_depth = text, blocks, max_depth
        self.references = {_label(label): target for label, target, _ in blocks.references}
        self.examples = frozenset(blocks.examples)
        self.citations: list[Citation] = []
        self.crossings: list[CrossReference] = []
        self.headings: list[Heading] = []
        self.anchors: list[Anchor] = []
        self.links: list[Link] = []
        self.marked: list[MarkedSpan] = []
        self.raw: list[Raw] = []
        self.paragraphs: list[Paragraph] = []
        self.comments: list[tuple[int, int, Leaf]] = []
        self.notes: list[tuple[str, int, int]] = []
        self.diagnostics: list[Diagnostic] = []
        self.groups = 0
        self.depth = blocks.depth

    def collect(self) -> None:
        for leaf in self.blocks.leaves:
            self.leaf(leaf)
        for line, found, body in self.blocks.code:
            if found is not None:
                self.anchor(found, "code", lambda i: i)
            info = self.text.text[line[0] : line[1]].lstrip(" `~")
            if info.startswith("{="):
                at = self.text.span(line[0], line[1])
                self.raw.append(Raw(info.strip()[2:-1], self.text.text[body[0] : body[1]], at))
        for fenced in self.blocks.divs:
            self.anchor(fenced.attributes, "div", lambda i: i)
        defined = [Note(*note) for note in self.blocks.notes]
        self.diagnostics += note_faults(self.text, defined, self.notes)
        self.diagnostics += [rules.UNREADABLE_ATTRIBUTES.at(self.text.span(*at)) for at in self.blocks.unreadable]
        for offset in self.blocks.too_deep[:1]:
            self.diagnostics.append(rules.NESTING_TOO_DEEP.at(self.text.span(offset, offset), limit=self.max_depth))

    def leaf(self, leaf: Leaf) -> None:
        lines = leaf.lines
        joined = "\n".join(self.text.text[s:e] for s, e in lines)
        _, place = place_in(lines)
        end = lines[-1][1]
        if leaf.kind == "heading":
            joined = self.heading(leaf, joined, place)
        elif leaf.kind == "caption" and (found := _trailing(joined)) is not None:
            self.anchor(found, "table", place)
        if leaf.kind != "html" and joined.strip():
            self.paragraphs.append(Paragraph(leaf.kind, joined, self.text.span(lines[0][0], end)))
        inlines = InlineReader(joined, leaf.kind == "table", self.examples, leaf.kind == "html").read()
        self.measure(inlines, lines)
        self.diagnostics += [
            rules.UNREADABLE_ATTRIBUTES.at(self.text.span(place(s), place(e - 1) + 1)) for s, e in inlines.unreadable
        ]
        self.diagnostics += printed_fences(self.text, leaf)
        self.notes += [(label, place(s), place(e - 1) + 1) for s, e, label in inlines.notes]
        self.take(inlines, place, leaf)

    def heading(self, leaf: Leaf, joined: str, place: Place) -> str:
        """Record a heading; its text without attributes and closing marks."""
        found = _trailing(joined)
        if found is not None:
            self.anchor(found, "heading", place)
        elif (end := unreadable(joined, max(joined.rfind("{"), 0))) == len(joined.rstrip()) and end:
            at = self.text.span(place(joined.rfind("{")), place(end - 1) + 1)
            self.diagnostics.append(rules.UNREADABLE_ATTRIBUTES.at(at))
        shown = joined if found is None else joined[: found.start]
        start, end = leaf.lines[0]
        span = self.text.span(start, end)
        kept = _CLOSING_MARKS.sub("", shown.rstrip())
        self.headings.append(Heading(leaf.level, kept.strip(), found.id if found else "", span))
        return kept

    def measure(self, inlines: Inlines, lines: Sequence[Line]) -> None:
        """Report brackets that pandoc would need too long for."""
        self.depth = max(self.depth, inlines.depth)
        span = self.text.span(lines[0][0], lines[-1][1])
        if inlines.depth > MOST_NESTED_BRACKETS or inlines.chained > MOST_CHAINED_LINKS:
            self.diagnostics.append(rules.NESTING_TOO_DEEP.at(span, limit=MOST_NESTED_BRACKETS))
        elif inlines.open_spans > MOST_OPEN_BRACKETS:
            self.diagnostics.append(rules.NESTING_TOO_DEEP.at(span, limit=MOST_OPEN_BRACKETS))
        elif inlines.open > MOST_OPEN_BRACKETS:
            self.diagnostics.append(rules.BRACKETS_LEFT_OPEN.at(span, count=inlines.open))

    def take(self, inlines: Inlines, place: Place, leaf: Leaf) -> None:
        def span(start: int, end: int) -> Span:
            return self.text.span(place(start), place(end - 1) + 1)

        self.cited(inlines, span)
        for start, end, target, text, picture in inlines.links:
            to = target or self.references.get(_label(text), "")
            if to or picture:
                self.links.append(Link(to, text, span(start, end), picture))
        for found, kind in inlines.attributes:
            self.anchor(found, kind, place)
        for start, end, text, found in inlines.spans:
            if found.classes:
                self.marked.append(MarkedSpan(text, found.classes, span(start, end), found.pairs))
        for start, end, form, text in inlines.raw:
            self.raw.append(Raw(form, text, span(start, end)))
        for start, end in inlines.comments:
            self.comments.append((place(start), place(end - 1) + 1, leaf))

    def cited(self, inlines: Inlines, span: Callable[[int, int], Span]) -> None:
        numbers: dict[int, int] = {}
        for cited in inlines.cited:
            at = span(cited.at, cited.key.end)
            if cited.target is not None:
                self.crossings.append(CrossReference(cited.target, at, cited.key.key, cited.bracketed))
                continue
            if cited.group < 0:
                self.groups += 1
                number = self.groups
            else:
                if cited.group not in numbers:
                    self.groups += 1
                    numbers[cited.group] = self.groups
                number = numbers[cited.group]
            key = cited.key
            self.citations.append(Citation(key.key, at, number, cited.bracketed, cited.suppress, key.cut, cited.suffix))

    def anchor(self, found: Attributes, kind: str, place: Place) -> None:
        if found.id:
            start = place(found.id_at)
            self.anchors.append(Anchor(found.id, self.text.span(start, start + len(found.id) + 1), kind))

    def allowances(self) -> tuple[Allowance, ...]:
        """Each `<!-- mmguide: allow … -->` with the lines it holds for."""
        begins = sorted(self.blocks.extents)
        divs = {fenced.line[0]: fenced.end for fenced in self.blocks.divs}
        out = []
        for start, end, leaf in self.comments:
            comment = self.text.text[start:end]
            if not _ADDRESSED.match(comment):
                continue
            m = _ALLOWANCE.fullmatch(comment)
            first, last = leaf.lines[0][0], leaf.lines[-1][1]
            if leaf.kind == "html":
                following = next(((s, e) for s, e in begins[bisect_right(begins, (end, end)) :] if s >= end), None)
                if following is not None:
                    first, last = following
                    last = max(last, divs.get(first, last))
            lines = (self.text.source.position(self.text.origin(first))[0], self.text.source.position(self.text.origin(last))[0])
            names = tuple(name.strip() for name in m["rules"].split(",")) if m else ()
            reason = " ".join(m["reason"].split()) if m else ""
            out.append(Allowance(names, reason, self.text.span(start, end), *lines))
        return tuple(out)

    def containers(self) -> tuple[Container, ...]:
        out = []
        for fenced in self.blocks.divs:
            found = fenced.attributes
            last = fenced.end if fenced.end >= 0 else len(self.text.text)
            end_line = self.text.source.position(self.text.origin(last))[0]
            out.append(Container(found.classes, found.id, found.pairs, self.text.span(*fenced.line), end_line, fenced.depth))
        return tuple(out)

    def scan(self, body: str, metadata: tuple[tuple[str, Span], ...], more: tuple[Diagnostic, ...]) -> Scan:
        for fenced in self.blocks.unclosed:
            self.diagnostics.append(rules.UNCLOSED_DIV.at(self.text.span(*fenced.line)))
        return Scan(
            source=self.text.source,
            body=body,
            citations=_by_place(self.citations),
            cross_references=_by_place(self.crossings),
            headings=_by_place(self.headings),
            anchors=_by_place(self.anchors),
            links=_by_place(self.links),
            containers=self.containers(),
            marked=_by_place(self.marked),
            raw=_by_place(self.raw),
            allowances=self.allowances(),
            paragraphs=_by_place(self.paragraphs),
            metadata=metadata,
            examples=tuple((label, self.text.span(*at)) for label, at in self.blocks.examples.items()),
            depth=self.depth,
            diagnostics=(*more, *self.diagnostics),
        )


def _trailing(text: str) -> Attributes | None:
    """The attribute list at the end of a line of text."""
    stripped = text.rstrip()
    if not stripped.endswith("}"):
        return None
    at = stripped.rfind("{")
    while at >= 0:
        found = attributes(stripped, at)
        if found is not None and found.end == len(stripped):
            return found
        at = stripped.rfind("{", 0, at)
    return None


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _by_place(items: list) -> tuple:  # type: ignore[type-arg]
    return tuple(sorted(items, key=lambda item: (item.span.line, item.span.column)))
