"""Stage check: numbers typed in the text beside a citation, held against the data of the trial that it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mmguide.check.running import Prose, prose
from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import data as rules
from mmguide.model.data import Fact, Table, fact_of
from mmguide.model.manuscript import Manuscript

_SENTENCE = re.compile(r"(?:[^.;!?\n]|\.(?=\d)|\n(?!\n))+(?:[.;!?]|$)")
_KEY = re.compile(r"@([A-Za-z0-9_][\w:.#$%&+?<>~/-]*\w)")
_RATIO = re.compile(r"\b(?:hazard ratios?|HRs?)\b[^\d.;]{0,60}?(\d\.\d+)")
_INTERVAL = re.compile(r"(\d+\.\d+)\s*(?:to|–|-)\s*(\d+\.\d+)(?=\s*\)|\s*[;,])")
_KEY_START = re.compile(r"[A-Za-z0-9_][\w:.+-]*")


@dataclass(frozen=True)
class Known:
    """What the data say of one reference: its ratios and their intervals."""

    ratios: tuple[Decimal, ...]
    intervals: tuple[tuple[Decimal, Decimal], ...]


def check_numbers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Ratios and intervals in a sentence that cites references of the data, and that none of these references has."""
    known = _known(manuscript)
    if not known:
        return
    for text in prose(manuscript, ("paragraph", "item", "note"), citations=True):
        for sentence in _SENTENCE.finditer(text.text):
            cited = [k for k in _KEY.findall(sentence[0]) if k in known]
            if cited:
                yield from _sentence(text, sentence, [known[k] for k in cited], ", ".join(f"@{k}" for k in dict.fromkeys(cited)))


def _sentence(text: Prose, sentence: re.Match[str], known: list[Known], names: str) -> Iterator[Diagnostic]:
    ratios = [x for k in known for x in k.ratios]
    for match in _RATIO.finditer(sentence[0]):
        if ratios and not any(_same(match[1], x) for x in ratios):
            place = text.place(sentence.start() + match.start(1), sentence.start() + match.end(1))
            yield rules.CONTRADICTS_DATA.at(place, written=match[1], names=names, known=_shown(ratios))
    intervals = [x for k in known for x in k.intervals]
    for match in _INTERVAL.finditer(sentence[0]):
        if intervals and not any(_same(match[1], low) and _same(match[2], high) for low, high in intervals):
            place = text.place(sentence.start() + match.start(1), sentence.start() + match.end(2))
            shown = ", ".join(dict.fromkeys(f"{low} to {high}" for low, high in intervals))
            yield rules.CONTRADICTS_DATA.at(place, written=f"{match[1]} to {match[2]}", names=names, known=shown)


def _same(written: str, value: Decimal) -> bool:
    """Whether the written number is the value, rounded to as many decimals as were written."""
    typed = Decimal(written)
    exponent = typed.as_tuple().exponent
    return value.quantize(Decimal(1).scaleb(int(exponent)), ROUND_HALF_UP) == typed


def _shown(values: list[Decimal]) -> str:
    return ", ".join(dict.fromkeys(str(v) for v in values))


def _known(manuscript: Manuscript) -> dict[str, Known]:
    found: dict[str, list[Fact]] = {}
    for table in manuscript.data.tables.values():
        references = [c.name for c in table.columns if c.kind == "reference"]
        limits = {name for c in table.columns for name in (c.low, c.high)}
        values = [table.value] if table.value else [c.name for c in table.columns if c.kind == "ratio" and c.name not in limits]
        for row in table.by_id:
            facts = [
                f for v in values if (f := fact_of(table, row, v)) and f.column.kind == "ratio" and f.cell.number is not None
            ]
            for key in {k for name in references for k in _keys(table, row, name)}:
                found.setdefault(key, []).extend(facts)
    return {key: Known(_ratios(facts), _limits(facts)) for key, facts in found.items() if facts}


def _keys(table: Table, row: str, column: str) -> list[str]:
    cell = table.cell(row, column)
    parts = cell.text.split(";") if cell else []
    return [match[0] for part in parts if (match := _KEY_START.match(part.strip()))]


def _ratios(facts: list[Fact]) -> tuple[Decimal, ...]:
    return tuple(f.cell.number for f in facts if f.cell.number is not None)


def _limits(facts: list[Fact]) -> tuple[tuple[Decimal, Decimal], ...]:
    pairs = ((f.low.number, f.high.number) for f in facts if f.low and f.high)
    return tuple((low, high) for low, high in pairs if low is not None and high is not None)
