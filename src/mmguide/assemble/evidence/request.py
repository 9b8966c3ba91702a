"""Stage assemble, evidence: what a div asks to be made from a table: which rows, which columns, under which headings."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from mmguide.ast import Attr
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import evidence as rules
from mmguide.model.data import Column, Data, Table

# The attributes of each kind of evidence; `outcome="pfs"` is short for `value="pfs_hr"`.
OPTIONS = {
    "forest": ("data", "value", "outcome", "rows", "where", "label", "group", "weight", "favours", "columns", "null"),
    "evidence-table": ("data", "columns", "rows", "where", "group"),
    "summary-of-findings": ("data", "columns", "rows", "where", "group"),
    "pathway": ("width",),
}
COMMON = ("audience",)
_TRUE = ("1", "yes")


class Request(NamedTuple):
    """A table with the ids of the rows to use, in order, and the attributes of the div."""

    table: Table
    rows: tuple[str, ...]
    attr: Attr

    def column(self, option: str) -> Column | None:
        return self.table.column(self.attr.get(option))

    def text(self, row: str, column: str) -> str:
        cell = self.table.cell(row, column)
        return cell.text if cell else ""

    def groups(self) -> list[tuple[str, tuple[str, ...]]]:
        """Rows under the headings that the column `group` gives, headings in the order of their first row."""
        name = self.attr.get("group")
        found: dict[str, list[str]] = {}
        for row in self.rows:
            found.setdefault(self.text(row, name) if name else "", []).append(row)
        return [(heading, tuple(rows)) for heading, rows in found.items()]


def unknown_options(kind: str, attr: Attr, place: Span) -> list[Diagnostic]:
    known = (*OPTIONS[kind], *COMMON)
    faults = []
    for name, _ in attr.attributes:
        if name not in known:
            near = get_close_matches(name, known, 1, 0.6)
            hint = f"did you mean '{near[0]}'?" if near else None
            faults.append(rules.UNKNOWN_OPTION.at(place, name=name, kind=kind, hint=hint))
    return faults


def read_request(kind: str, attr: Attr, data: Data, place: Span) -> tuple[Request | None, list[Diagnostic]]:
    """The request in a div's attributes, or what is wrong with it."""
    faults = unknown_options(kind, attr, place)
    path = attr.get("data")
    table = data.table(path) if path else (next(iter(data.tables.values())) if len(data.tables) == 1 else None)
    if table is None:
        rule = rules.UNKNOWN_TABLE if path else rules.NO_TABLE
        near = get_close_matches(path, data.tables, 1, 0.5)
        hint = f"did you mean '{near[0]}'?" if path and near else None
        return None, [*faults, rule.at(place, path=path, kind=kind, hint=hint)]
    asked = [attr.get(name) for name in ("where", "group", "label", "weight") if name in OPTIONS[kind]]
    faults += unknown_columns([name.removeprefix("not ") for name in asked if name], table, place)
    rows = attr.get("rows").replace(",", " ").split() or [row for row, _ in table.rows]
    for row in rows:
        if row not in table.by_id:
            near = get_close_matches(row, table.by_id, 1, 0.6)
            faults.append(
                rules.UNKNOWN_ROW.at(place, row=row, path=table.path, hint=f"did you mean '{near[0]}'?" if near else None)
            )
    kept = tuple(row for row in rows if row in table.by_id and _wanted(table, row, attr.get("where")))
    return (None if faults else Request(table, kept, attr)), faults


def unknown_columns(names: Sequence[str], table: Table, place: Span) -> list[Diagnostic]:
    faults = []
    for name in names:
        if name not in table.index:
            near = get_close_matches(name, table.index, 1, 0.6)
            hint = f"did you mean '{near[0]}'?" if near else None
            faults.append(rules.UNKNOWN_COLUMN.at(place, column=name, path=table.path, hint=hint))
    return faults


def _wanted(table: Table, row: str, where: str) -> bool:
    """`where="column"` keeps rows whose cell is 1 or yes; `where="not column"` the others."""
    if not where:
        return True
    cell = table.cell(row, where.removeprefix("not "))
    flagged = cell is not None and cell.text.lower() in _TRUE
    return not flagged if where.startswith("not ") else flagged
