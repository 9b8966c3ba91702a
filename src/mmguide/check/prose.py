"""Stage check: where in its sentence a citation stands, and where one is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmguide.check.citations import groups
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import citations as rules
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Citation, Heading, Scan

# A place is called the usual one from this many citations on, when at most one in ten stands elsewhere.
ENOUGH = 10
_LONGEST_AFFIX = 200
_ABBREVIATED = re.compile(r"(?:\b(?:al|e\.g|i\.e|vs|cf|Figs?|Tabs?|Nos?|Dr|St|Prof|ca|approx|resp|etc|vol|pp?)|\b[A-Za-z])$")
_NEW_SENTENCE = re.compile(r"\s*$|\s+[A-Z\"“‘*_\[]|\n\s*\n")
_NUMBER = re.compile(
    r"\d[\d.,]*\s*%|\b(?:HR|OR|RR|CI|[Pp])\b\s*[=<≤:]?\s*\d"
    r"|\b\d[\d.,]*\s+(?:months?|years?|weeks?|days?|patients?|participants?|adults|trials?|studies|deaths?|events?|mg|g|ml)\b"
    r"|\]\{\.value"
)
_EVIDENCE = re.compile(r"\{[^{}]*\.evidence\b[^{}]*\}\s*#*\s*$")


def check_place(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Citations on the other side of the full stop than nearly all others."""
    before: list[Span] = []
    behind: list[Span] = []
    for scan in manuscript.scans:
        for group in groups(scan):
            side = _side(scan, group) if group[0].bracketed else ""
            if side:
                (before if side == "before" else behind).append(group[0].span)
    fewer, more = (behind, before) if len(behind) < len(before) else (before, behind)
    if len(more) < ENOUGH or len(fewer) * 10 > len(more):
        return
    here, there = ("behind", "before") if fewer is behind else ("before", "behind")
    for span in fewer:
        yield rules.CITATION_BEHIND_STOP.at(span, here=here, there=there, most=len(more))


def _side(scan: Scan, group: list[Citation]) -> str:
    """`before` or `behind` the full stop, '' where there is none or it may belong to an abbreviation."""
    text = scan.source.text
    first = scan.source.offset(group[0].span.line, group[0].span.column)
    last = scan.source.offset(group[-1].span.end_line, group[-1].span.end_column)
    opening = text.rfind("[", max(first - _LONGEST_AFFIX, 0), first)
    closing = text.find("]", last, last + _LONGEST_AFFIX)
    if opening < 0 or closing < 0 or "]" in text[opening:first] or "[" in text[last:closing]:
        return ""
    earlier = text[max(opening - 30, 0) : opening].rstrip(" ")
    if text.startswith(".", closing + 1):
        return "" if earlier.endswith(".") else "before"
    if earlier.endswith(".") and not _ABBREVIATED.search(earlier[:-1]) and _NEW_SENTENCE.match(text, closing + 1):
        return "behind"
    return ""


def check_numbers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Paragraphs of evidence that give numbers without a source."""
    for scan in manuscript.scans:
        cited = [c.span.line for c in scan.citations]
        for first, last in _evidence(scan):
            for paragraph in scan.paragraphs:
                span = paragraph.span
                inside = first <= span.line <= last and paragraph.kind in ("paragraph", "item")
                if inside and _NUMBER.search(paragraph.text) and not any(span.line <= n <= span.end_line for n in cited):
                    yield rules.NUMBERS_WITHOUT_CITATION.at(span)


def _evidence(scan: Scan) -> Iterator[tuple[int, int]]:
    """The lines of `::: evidence` and of what stands below headings with the class `.evidence`."""
    for container in scan.containers:
        if "evidence" in container.classes:
            yield container.span.line, container.end_line
    for heading in scan.headings:
        if _EVIDENCE.search(scan.source.line(heading.span.line)):
            yield heading.span.line, _end_of_section(scan, heading)


def _end_of_section(scan: Scan, heading: Heading) -> int:
    later = (h.span.line for h in scan.headings if h.span.line > heading.span.line and h.level <= heading.level)
    return min(later, default=scan.source.text.count("\n") + 2) - 1
