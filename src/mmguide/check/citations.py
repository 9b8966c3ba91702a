"""Stage check: citations against the bibliography."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from unicodedata import normalize

from mmguide.assemble.aliases import second_keys
from mmguide.check.keys import KnownKeys, difference, looks
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import citations as rules
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Citation, Scan

# Beyond this many unknown keys a suggestion for each helps nobody and takes time.
MOST_SUGGESTIONS = 60
_NEXT_GROUP = re.compile(r"[^\[\]\n]*\][ \n]?\[-?(?=@)")


def check_undefined(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Citations of keys that no reference has: spelled otherwise there, cut short by the grammar of keys, or unknown."""
    bibliography = manuscript.bibliography
    second = second_keys(manuscript.scans, bibliography)
    known = KnownKeys([*bibliography.by_key, *second])
    hints: dict[str, str | None] = {}
    for scan in manuscript.scans:
        for citation in scan.citations:
            whole = normalize("NFC", citation.key)
            defined = whole in bibliography.by_key or whole in second
            if citation.cut and (not defined or bibliography.get(citation.key + citation.cut) is not None):
                yield rules.CITATION_CUT_SHORT.at(citation.span, key=citation.key, cut=citation.cut)
            elif not defined and (other := known.alike(citation.key)) is not None:
                told = difference(citation.key, other)
                yield rules.KEY_SPELLED_OTHERWISE.at(citation.span, key=citation.key, other=other, difference=told)
            elif not defined:
                if whole not in hints:
                    hints[whole] = _nearest(known, citation.key) if len(hints) < MOST_SUGGESTIONS else None
                yield rules.UNDEFINED_CITATION.at(citation.span, hint=hints[whole], key=citation.key)


def _nearest(known: KnownKeys, key: str) -> str | None:
    near = known.nearest(key)
    return "did you mean " + " or ".join(f"`@{k}`" for k in near) + "?" if near else None


def check_examples(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Paragraphs that begin with a citation in a form that makes them numbered examples."""
    for scan in manuscript.scans:
        for label, span in scan.examples:
            if manuscript.bibliography.get(label) is not None:
                yield rules.REFERENCE_AS_EXAMPLE.at(span, key=label)


def check_look_alikes(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """References whose keys look the same, one of them cited: reported at the one that is not cited, or stands later."""
    cited = {normalize("NFC", c.key) for scan in manuscript.scans for c in scan.citations}
    alike: dict[str, list[str]] = {}
    for key in manuscript.bibliography.by_key:
        alike.setdefault(looks(key), []).append(key)
    for keys in alike.values():
        meant = next((key for key in keys if key in cited), None)
        for key in keys if meant is not None else ():
            if key != meant and meant is not None:
                at, other = manuscript.bibliography.by_key[key].span, manuscript.bibliography.by_key[meant].span
                told = difference(key, meant)
                yield rules.LOOK_ALIKE_KEYS.at(at, key=key, other=meant, difference=told, related=(other,))


def groups(scan: Scan) -> Iterator[list[Citation]]:
    """The citations between each pair of brackets, or behind each bare key."""
    for _, group in groupby(scan.citations, lambda c: c.group):
        yield list(group)


def check_groups(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """A reference twice in one citation; citations side by side."""
    for scan in manuscript.scans:
        found = list(groups(scan))
        for group in found:
            first: dict[str, Citation] = {}
            for citation in group:
                key = normalize("NFC", citation.key)
                if key in first and citation.suffix == first[key].suffix:
                    yield rules.CITED_TWICE_IN_GROUP.at(citation.span, key=citation.key, related=(first[key].span,))
                first.setdefault(key, citation)
        for one, other in pairwise(found):
            if _side_by_side(scan, one[-1].span, other[0].span):
                yield rules.NEIGHBOURING_CITATIONS.at(other[0].span, first=one[-1].key, second=other[0].key)


def _side_by_side(scan: Scan, before: Span, behind: Span) -> bool:
    source = scan.source
    end, start = source.offset(before.end_line, before.end_column), source.offset(behind.line, behind.column)
    m = _NEXT_GROUP.match(source.text, end)
    return m is not None and m.end() == start


def check_order(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Groups whose references do not stand in the order in which the guideline first cites them."""
    order: dict[str, int] = {}
    for section in manuscript.sections:
        for group in groups(section.scan):
            numbers: dict[int, Citation] = {}
            for citation in group:
                key = normalize("NFC", citation.key)
                numbers.setdefault(order.setdefault(key, len(order)), citation)
            for (n, before), (m, citation) in pairwise(numbers.items()):
                if m < n:
                    yield rules.UNSORTED_GROUP.at(citation.span, key=citation.key, before=before.key)
