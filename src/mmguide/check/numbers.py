"""Stage check: numbers typed in the text beside a citation, held against the data of the trial that it cites.

Only what the data can contradict is looked at: ratios with their intervals and p values, medians of survival and follow-up, and pairs
of percentages of which the data have one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from mmguide.check.known import Known, Ratio, known, same, same_p, same_time
from mmguide.check.running import Prose, prose
from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import data as rules
from mmguide.model.manuscript import Manuscript

_SENTENCE = re.compile(r"(?:[^.;!?\n]++|\.(?=\d)|\n(?!\n))++(?:[.;!?]|$)")
_KEY = re.compile(r"@([A-Za-z0-9_][\w:.#$%&+?<>~/-]*\w)")
_RATIO = re.compile(r"\b(?:hazard ratios?|HRs?)\b[^\d.;]{0,60}?(\d\.\d+)")
_INTERVAL = re.compile(r"(\d+\.\d+)\s*(?:to|–|-)\s*(\d+\.\d+)(?=\s*\)|\s*[;,])")
# A p value behind a ratio, before the next one.
_P = re.compile(r"(?:(?!\b(?:hazard ratio|HR)\b)[^;]){0,60}?\bp\s*([<=≤])\s*(0?\.\d+)", re.IGNORECASE)
_OUTCOME = r"(?:survival|PFS|EFS|OS|TTP|follow-up|time\s+to\s+progression)"
_WORD = r"(?:\s+(?:the|of|for|was|were|is|in|both|arms?|overall|event-free|progression-free|survival))"
_NUMBER = r"(\d+(?:\.\d+)?)"
_AGAINST = r"\s*(?:v|vs\.?|versus|against|compared with)\s*"
_MEDIAN = re.compile(
    rf"\bmedian{_WORD}{{0,3}}\s+{_OUTCOME}{_WORD}{{0,4}}\s+"
    rf"{_NUMBER}(?:{_AGAINST}{_NUMBER})?[\s\u00a0-]*(months?|years?)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(rf"{_NUMBER}\s*%{_AGAINST}{_NUMBER}\s*%")


def check_numbers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Numbers in a sentence that cites references of the data, and that none of these references has."""
    data = known(manuscript.data)
    if not data:
        return
    for text in prose(manuscript, ("paragraph", "item", "note"), citations=True):
        for sentence in _SENTENCE.finditer(text.text) if "@" in text.text else ():
            cited = [k for k in dict.fromkeys(_KEY.findall(sentence[0])) if k in data]
            if cited:
                yield from _Sentence(text, sentence, [data[k] for k in cited], ", ".join(f"@{k}" for k in cited)).findings()


class _Sentence:
    """A sentence with what the data say of the references that it cites, under their `names`."""

    def __init__(self, text: Prose, sentence: re.Match[str], known: Sequence[Known], names: str) -> None:
        self._text, self._words, self._start, self._names = text, sentence[0], sentence.start(), names
        self._known = known

    def findings(self) -> Iterator[Diagnostic]:
        yield from self._ratios([x for k in self._known for x in k.ratios])
        yield from self._medians([x for k in self._known for x in k.months])
        yield from self._pairs([x for k in self._known for x in k.percents], [x for k in self._known for x in k.arms])

    def _ratios(self, ratios: Sequence[Ratio]) -> Iterator[Diagnostic]:
        for match in _RATIO.finditer(self._words) if ratios else ():
            meant = [r for r in ratios if same(match[1], r.value)]
            if not meant:
                yield self._finding(match, (1, 1), match[1], (r.value for r in ratios))
            yield from self._p(match, [p for r in meant for p in r.ps])
        intervals = [r.interval for r in ratios if r.interval]
        for match in _INTERVAL.finditer(self._words) if intervals else ():
            if not any(same(match[1], low) and same(match[2], high) for low, high in intervals):
                yield self._finding(match, (1, 2), f"{match[1]} to {match[2]}", (f"{low} to {high}" for low, high in intervals))

    def _p(self, ratio: re.Match[str], given: Sequence[tuple[str, Decimal]]) -> Iterator[Diagnostic]:
        """The p value behind a ratio, which has to be one of that ratio's."""
        match = _P.match(self._words, ratio.end())
        if match and given and not any(same_p(match[1], match[2], p) for p in given):
            shown = (f"p{sign}{number}" for sign, number in given)
            yield self._finding(match, (2, 2), f"p{match[1]}{match[2]}", shown)

    def _medians(self, months: Sequence[Decimal]) -> Iterator[Diagnostic]:
        for match in _MEDIAN.finditer(self._words) if months else ():
            for group in (1, 2):
                if match[group] and not any(same_time(match[group], match[3].lower(), m) for m in months):
                    shown = (f"{m.normalize():f} months" for m in months)
                    yield self._finding(match, (group, group), f"{match[group]} {match[3]}", shown)

    def _pairs(self, percents: Sequence[Decimal], arms: Sequence[tuple[Decimal, ...]]) -> Iterator[Diagnostic]:
        """Of two percentages set against each other, one stands in the data beside another value."""
        for match in _PAIR.finditer(self._words):
            for right, wrong in ((1, 2), (2, 1)):
                found = [group for group in arms if any(same(match[right], x) for x in group)]
                if found and not any(same(match[wrong], x) for x in percents):
                    shown = (" v ".join(f"{x}%" for x in group) for group in found)
                    yield self._finding(match, (wrong, wrong), f"{match[wrong]}%", shown)

    def _finding(self, match: re.Match[str], groups: tuple[int, int], written: str, known: Iterable[object]) -> Diagnostic:
        place = self._text.place(self._start + match.start(groups[0]), self._start + match.end(groups[1]))
        shown = ", ".join(dict.fromkeys(map(str, known)))
        return rules.CONTRADICTS_DATA.at(place, written=written, names=self._names, known=shown)
