"""Data: the tables of `data/*.csv` as typed cells, each with its place and its verification status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mmguide.diagnostics import Span


@dataclass(frozen=True)
class Column:
    """A column: name in the file, label for tables, unit, kind (text, number, percent, ratio, months, p), status column."""

    name: str
    label: str = ""
    unit: str = ""
    kind: str = "text"
    status_column: str = ""


@dataclass(frozen=True)
class Cell:
    """One value as written in the file; `status` is verified, from memory, or '' where the table does not say."""

    text: str
    span: Span
    status: str = ""

    @property
    def unconfirmed(self) -> bool:
        return self.status.startswith("from memory")


@dataclass(frozen=True)
class Table:
    """One CSV file: rows by the id in their first column, in the order of the file."""

    path: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Cell, ...]]:
        return dict(self.rows)

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {column.name: i for i, column in enumerate(self.columns)}

    def cell(self, row: str, column: str) -> Cell | None:
        cells, at = self.by_id.get(row), self.index.get(column)
        return None if cells is None or at is None else cells[at]


@dataclass(frozen=True)
class Data:
    """All data tables of a project, by path."""

    tables: Mapping[str, Table] = field(default_factory=dict, hash=False)

    def find(self, row: str, column: str) -> Cell | None:
        """The cell `row.column` in the first table that has it."""
        return next((c for t in self.tables.values() if (c := t.cell(row, column)) is not None), None)
