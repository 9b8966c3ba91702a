"""Stage check, helper: what the data tables say of each reference: its ratios, their intervals and p values, times and percentages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from mmguide import memory
from mmguide.model.data import Data, Fact, Table, fact_of

_KEY_START = re.compile(r"[A-Za-z0-9_][\w:.+-]*")
_P = re.compile(r"([<=≤]?)\s*(0?\.\d+)")
_MONTHS = {"months": Decimal(1), "month": Decimal(1), "years": Decimal(12), "year": Decimal(12)}


class Ratio(NamedTuple):
    """A ratio with its interval, and the p values as (sign, number) that stand with it."""

    value: Decimal
    interval: tuple[Decimal, Decimal] | None
    ps: tuple[tuple[str, Decimal], ...]


class Known(NamedTuple):
    """What the data say of one reference. `arms` are values that belong together: one for each arm; times are in months."""

    ratios: tuple[Ratio, ...] = ()
    months: tuple[Decimal, ...] = ()
    percents: tuple[Decimal, ...] = ()
    arms: tuple[tuple[Decimal, ...], ...] = ()


_of_data: memory.Known[Mapping[str, Known]] = memory.Known(2)


def known(data: Data) -> Mapping[str, Known]:
    """What the data say, by the key of the reference."""
    return _of_data.of((data,), lambda: _found(data))


def _found(data: Data) -> Mapping[str, Known]:
    found: dict[str, list[Fact]] = {}
    for table in data.tables.values():
        references = [c.name for c in table.columns if c.kind == "reference"]
        limits = {name for c in table.columns for name in (c.low, c.high)}
        values = [table.value] if table.value else [c.name for c in table.columns if c.name not in limits]
        places = [(name, table.index[name]) for name in values]
        for row, cells in table.by_id.items():
            facts = [f for name, at in places if cells[at].number is not None and (f := fact_of(table, row, name))]
            for key in {k for name in references for k in _keys(table, row, name)}:
                found.setdefault(key, []).extend(facts)
    return {key: _known(facts) for key, facts in found.items() if facts}


def _known(facts: Sequence[Fact]) -> Known:
    ratios = tuple(Ratio(_number(f), _interval(f), _ps(f)) for f in facts if f.column.kind == "ratio")
    months = tuple(_number(f) * unit for f in facts if (unit := _unit(f)))
    percents = [f for f in facts if f.column.kind == "percent"]
    return Known(ratios, months, tuple(map(_number, percents)), tuple(_arms(percents)))


def _number(fact: Fact) -> Decimal:
    assert fact.cell.number is not None
    return fact.cell.number


def _unit(fact: Fact) -> Decimal | None:
    """How many months one of the fact's unit is."""
    return _MONTHS.get(fact.column.unit) or (_MONTHS["months"] if fact.column.kind == "months" else None)


def _interval(fact: Fact) -> tuple[Decimal, Decimal] | None:
    low, high = (limit.number if limit else None for limit in (fact.low, fact.high))
    return (low, high) if low is not None and high is not None else None


def _ps(fact: Fact) -> tuple[tuple[str, Decimal], ...]:
    """The p values beside a ratio: in the column `p` of a table of facts, else in the column of that kind named most like the ratio's."""
    columns = [c.name for c in fact.table.columns if c.kind == "p"]
    name = max(columns, key=lambda c: _alike(c, fact.column.name), default="")
    cell = fact.table.cell(fact.row, name)
    if cell is None or not (fact.table.value or _alike(name, fact.column.name)):
        return ()
    return tuple((sign or "=", Decimal(number)) for sign, number in _P.findall(cell.text))


def _alike(one: str, other: str) -> int:
    """How many parts two names have in common at their beginning: one for pfs_p and pfs_hr."""
    pairs = zip(one.split("_"), other.split("_"), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), 0)


def _arms(facts: Sequence[Fact]) -> Iterator[tuple[Decimal, ...]]:
    """Percentages whose names differ in their last part only, as pfs_rate_exp and pfs_rate_ctrl."""
    groups: dict[str, list[Decimal]] = {}
    for fact in facts:
        name = fact.row if fact.table.value else f"{fact.row}.{fact.column.name}"
        groups.setdefault(f"{fact.table.path}:{name.rpartition('_')[0]}", []).append(_number(fact))
    yield from (tuple(group) for group in groups.values() if len(group) > 1)


def _keys(table: Table, row: str, column: str) -> list[str]:
    cell = table.cell(row, column)
    parts = cell.text.split(";") if cell else []
    return [match[0] for part in parts if (match := _KEY_START.match(part.strip()))]


def same(written: str, value: Decimal) -> bool:
    """Whether the written number is the value, rounded to as many decimals as were written."""
    typed = Decimal(written)
    return value.quantize(Decimal(1).scaleb(int(typed.as_tuple().exponent)), ROUND_HALF_UP) == typed


def same_time(written: str, unit: str, months: Decimal) -> bool:
    """Whether the written time is that of the data, which count months."""
    return same(written, months / _MONTHS[unit])


def same_p(sign: str, written: str, given: tuple[str, Decimal]) -> bool:
    """Whether a written p value goes with that of the data: `p<0.05` is right where these have 0.01, and `p=0.03` where `<0.05`."""
    if sign == "=":
        return same(written, given[1]) if given[0] == "=" else Decimal(written) <= given[1]
    return given[1] <= Decimal(written)
