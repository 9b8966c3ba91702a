"""Stage data: what is known of a table's columns, from `<name>.schema.yaml` beside it and else from their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import data as rules
from mmguide.model.data import Column
from mmguide.model.part import Part
from mmguide.model.reading import Fault, read
from mmguide.model.source import Source
from mmguide.yaml import YamlProblem, load

Kind = Literal["text", "number", "percent", "ratio", "months", "p", "flag", "reference", "status"]
NUMERIC = ("number", "percent", "ratio", "months")

# A table without a schema is read by the names that trial tables use.
_BY_NAME: tuple[tuple[str, Kind], ...] = (
    (r"(?:.+_)?status", "status"),
    (r"(?:.+_)?(?:hr|rr|or|ratio)(?:_low|_high)?", "ratio"),
    (r".+_(?:pct|percent)(?:_low|_high)?", "percent"),
    (r".+_months(?:_low|_high)?", "months"),
    (r"(?:.+_)?p", "p"),
    (r".+_(?:ok|flag)", "flag"),
    (r"(?:.+_)?(?:ref|reference)", "reference"),
)


class ColumnSchema(Part, frozen=True, kw_only=True):
    """One column in the schema file."""

    label: str = ""
    unit: str = ""
    kind: Kind | None = None
    status: str = ""
    low: str = ""
    high: str = ""
    decimals: Annotated[int, Meta(ge=0, le=6)] | None = None


class Schema(Part, frozen=True, kw_only=True):
    """A schema file: the table's title, the columns that make a row's id, the column of values in a table of facts, its columns."""

    title: str = ""
    key: tuple[str, ...] = ()
    value: str = ""
    unit: str = ""
    columns: Mapping[str, ColumnSchema] = {}


class PlacedSchema(Struct, frozen=True):
    """A schema with the places of its entries."""

    path: str = ""
    schema: Schema = Schema()
    places: Mapping[tuple[str | int, ...], Span] = {}

    def place(self, *path: str | int) -> Span:
        for end in range(len(path), 0, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return Span(self.path)


def read_schema(source: Source, cache: Cache = NOTHING) -> tuple[PlacedSchema | None, tuple[Diagnostic, ...]]:
    """The schema in this file, or what is wrong with it."""
    try:
        document = load(source.path, source.text, cache)
    except YamlProblem as problem:
        return None, (rules.SCHEMA.at(problem.span, problem=problem.problem),)
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        return None, (rules.SCHEMA.at(Span(source.path), problem="it must be a list of `setting: value` lines"),)
    schema, faults = read(Schema, value)
    if schema is None:
        placed = PlacedSchema(source.path, Schema(), document.places)
        return None, tuple(rules.SCHEMA.at(placed.place(*f.place), problem=_problem(f), hint=f.hint) for f in faults)
    return PlacedSchema(source.path, schema, document.places), ()


def _problem(fault: Fault) -> str:
    return f"there is no setting '{fault.name}'" if fault.kind == "unknown" else f"'{fault.name}': {fault.problem}"


def describe(names: Sequence[str], placed: PlacedSchema) -> tuple[tuple[Column, ...], tuple[Diagnostic, ...]]:
    """The columns of a table with these names, and what the schema says of columns that are not there."""
    schema, known = placed.schema, set(names)
    diagnostics: list[Diagnostic] = []
    for name, given in schema.columns.items():
        parts = (("", name), ("status", given.status), ("low", given.low), ("high", given.high))
        diagnostics += [
            rules.SCHEMA_COLUMN.at(placed.place("columns", name, *([part] if part else [])), name=other)
            for part, other in parts
            if other and other not in known
        ]
    for setting, others in (("key", schema.key), ("value", (schema.value,)), ("unit", (schema.unit,))):
        diagnostics += [rules.SCHEMA_COLUMN.at(placed.place(setting), name=o) for o in others if o and o not in known]
    return tuple(_column(name, names, schema.columns.get(name)) for name in names), tuple(diagnostics)


def _column(name: str, names: Sequence[str], given: ColumnSchema | None) -> Column:
    low, high = _limits(name, names)
    kind: str = next((kind for pattern, kind in _BY_NAME if re.fullmatch(pattern, name)), "text")
    column = Column(name, kind=kind, status_column=_status_column(name, names), low=low, high=high)
    if given is None:
        return column
    return column._replace(
        label=given.label,
        unit=given.unit,
        kind=given.kind or column.kind,
        status_column=given.status or column.status_column,
        low=given.low or low,
        high=given.high or high,
        decimals=given.decimals,
    )


def _limits(name: str, names: Sequence[str]) -> tuple[str, str]:
    stems = (f"{name}_", f"{name}_ci_", *(("ci95_", "ci_") if name == "value" else ()))
    return next(((s + "low", s + "high") for s in stems if s + "low" in names and s + "high" in names), ("", ""))


def _status_column(name: str, names: Sequence[str]) -> str:
    """The column that holds the status of the values of `name`: its own, that of its interval or stem, or the row's."""
    if name == "status" or name.endswith("_status"):
        return ""
    parts = name.split("_")
    stems = ["_".join(parts[:n]) for n in range(len(parts), 0, -1)]
    candidates = [f"{name}_status"]
    if parts[-1] in ("low", "high"):
        candidates += [f"{stem}_ci_status" for stem in stems[1:]] + ["ci_status"]
    candidates += [f"{stem}_status" for stem in stems[1:]] + ["status"]
    return next((c for c in candidates if c in names), "")
