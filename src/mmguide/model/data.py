"""Data: the tables of `data/*.csv` as typed cells, each with its place and its verification status."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from mmguide.diagnostics import Span

VERIFIED = "verified"
FROM_MEMORY = "from memory"

_NUMBER = re.compile(r"[+\-−]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def number(text: str) -> Decimal | None:
    """The number that a cell holds and nothing else, written with a decimal point; None for any other text."""
    found = text.strip()
    return Decimal(found.replace("−", "-")) if _NUMBER.fullmatch(found) else None


class Column(NamedTuple):
    """A column: its name in the file, label for tables, unit, kind, and the columns that belong to it.

    `kind` is text, number, percent, ratio, months, p, flag, reference or status. `low` and `high` name the columns of the limits
    of its confidence interval, `status_column` the one that says whether its values were verified ('' where there is none);
    `decimals` is how many decimals are printed (None: as written).
    """

    name: str
    label: str = ""
    unit: str = ""
    kind: str = "text"
    status_column: str = ""
    low: str = ""
    high: str = ""
    decimals: int | None = None

    @property
    def title(self) -> str:
        """What stands over the column in a table."""
        return self.label or self.name.replace("_", " ")


class Cell(NamedTuple):
    """One value as written in the file; `status` is verified, from memory, or '' where the table does not say."""

    text: str
    span: Span
    status: str = ""

    @property
    def unconfirmed(self) -> bool:
        return self.status.startswith(FROM_MEMORY)

    @property
    def number(self) -> Decimal | None:
        return number(self.text)


class Table(Struct, frozen=True, dict=True):
    """One CSV file: rows by id, in the order of the file.

    The id is the first column, or what `key` names joined by dots. A table with a `value` column holds one fact a row (its unit
    in the column `unit`); its rows are cited by their id alone.
    """

    path: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    title: str = ""
    value: str = ""
    unit: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Cell, ...]]:
        return dict(reversed(self.rows))

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {column.name: i for i, column in enumerate(self.columns)}

    def column(self, name: str) -> Column | None:
        at = self.index.get(name)
        return None if at is None else self.columns[at]

    def cell(self, row: str, column: str) -> Cell | None:
        cells, at = self.by_id.get(row), self.index.get(column)
        return None if cells is None or at is None else cells[at]


class Fact(NamedTuple):
    """A value that the text can print: its cell, its column (unit resolved), and the cells of its confidence limits."""

    name: str
    table: Table
    row: str
    column: Column
    cell: Cell
    low: Cell | None = None
    high: Cell | None = None

    @property
    def interval_unconfirmed(self) -> bool:
        return any(limit is not None and limit.unconfirmed for limit in (self.low, self.high))


class Data(Struct, frozen=True):
    """All data tables of a project, by path."""

    tables: Mapping[str, Table] = {}

    def find(self, row: str, column: str) -> Cell | None:
        """The cell `row.column` in the first table that has it."""
        return next((c for t in self.tables.values() if (c := t.cell(row, column)) is not None), None)

    def fact(self, name: str) -> Fact | None:
        """What `[name]{.value}` means: `row.column`, or the id of a row in a table of facts."""
        row, _, column = name.rpartition(".")
        for table in self.tables.values():
            if table.value and name in table.by_id:
                return _fact(name, table, name, table.value)
            if row in table.by_id and column in table.index:
                return _fact(name, table, row, column)
        return None

    def table(self, path: str) -> Table | None:
        """The table of a file, named with or without its folder."""
        return self.tables.get(path) or next((t for p, t in self.tables.items() if p.rsplit("/", 1)[-1] == path), None)


def fact_of(table: Table, row: str, column: str) -> Fact | None:
    """The value of one cell of a table, with its interval."""
    return _fact(f"{row}.{column}", table, row, column) if row in table.by_id and column in table.index else None


def _fact(name: str, table: Table, row: str, column: str) -> Fact:
    cells, found = table.by_id[row], table.columns[table.index[column]]
    if table.value == column and table.unit:
        unit = cells[table.index[table.unit]].text
        found = Column(
            found.name, found.label, unit, KIND_OF_UNIT.get(unit, "number" if unit else "text"), low=found.low, high=found.high
        )
    low, high = (table.cell(row, limit) if limit else None for limit in (found.low, found.high))
    return Fact(
        name,
        table,
        row,
        found,
        cells[table.index[column]],
        low if low and low.text else None,
        high if high and high.text else None,
    )


KIND_OF_UNIT: Mapping[str, str] = {"%": "percent", "ratio": "ratio", "odds ratio": "ratio", "months": "months"}
