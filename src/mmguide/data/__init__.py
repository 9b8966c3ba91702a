"""Stage data: the text of CSV files becomes Tables of typed cells with places and status, and diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from mmguide.cache import NOTHING, Cache
from mmguide.data.csvfile import Field, records
from mmguide.data.register import read_register
from mmguide.data.schema import NUMERIC, PlacedSchema, describe, read_schema
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import data as rules
from mmguide.model.data import FROM_MEMORY, VERIFIED, Cell, Column, Data, Table
from mmguide.model.source import Source

__all__ = ["SCHEMA_SUFFIX", "read", "read_register"]

SCHEMA_SUFFIX = ".schema.yaml"

_WRITTEN_STATUS = re.compile(r"\s*\(from memory\)(?=[.;]?$)")
_STATUSES = {"": "", VERIFIED: VERIFIED, FROM_MEMORY: FROM_MEMORY}
_P_VALUE = re.compile(r"[<>=≤≥]?\s?(?:0?\.\d+|[01](?:\.\d+)?)(?![\d.])")


def read(files: Sequence[Source], cache: Cache = NOTHING) -> tuple[Data, tuple[Diagnostic, ...]]:
    """All tables among `files`; `trials.schema.yaml` describes the columns of the `trials.csv` beside it."""
    diagnostics: list[Diagnostic] = []
    schemas: dict[str, PlacedSchema] = {}
    written: dict[str, str] = {}
    for source in files:
        if source.path.endswith(SCHEMA_SUFFIX):
            schema, found = read_schema(source, cache)
            diagnostics += found
            if schema is not None:
                described = source.path.removesuffix(SCHEMA_SUFFIX) + ".csv"
                schemas[described], written[described] = schema, source.text
    tables: dict[str, Table] = {}
    for source in files:
        if source.path.endswith(".csv"):
            key = cache.key_of("table", source.path, source.text, *filter(None, [written.get(source.path)]))
            table, found = _known(key, cache) or _table(source, schemas.get(source.path, PlacedSchema()))
            diagnostics += found
            if table is not None:
                tables[source.path] = table
                if not found:
                    cache.keep(key, table)
    return Data(tables), tuple(diagnostics)


def _known(key: str, cache: Cache) -> tuple[Table, tuple[Diagnostic, ...]] | None:
    """A table that was kept, for nothing was wrong with it."""
    table = cache.value(key, Table)
    return None if table is None else (table, ())


def _table(source: Source, schema: PlacedSchema) -> tuple[Table | None, tuple[Diagnostic, ...]]:
    lines = records(source.text)
    if not lines:
        return None, (rules.EMPTY_TABLE.at(Span(source.path), path=source.path),)
    head, body = lines[0], lines[1:]
    names = [field.value.strip() for field in head]
    diagnostics = [
        rules.COLUMN_TWICE.at(source.span(field.start, field.end), name=name or "(empty)")
        for i, (field, name) in enumerate(zip(head, names, strict=True))
        if not name or name in names[:i]
    ]
    diagnostics += [rules.OPEN_QUOTE.at(source.span(f.start - 1, f.start)) for record in lines for f in record if not f.closed]
    columns, found = describe(names, schema)
    diagnostics += found
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for record in body:
        if len(record) != len(names):
            place = source.span(record[0].start, record[-1].end)
            diagnostics.append(rules.RAGGED_ROW.at(place, found=len(record), wanted=len(names)))
            continue
        cells, faults = _cells(source, record, columns)
        rows.append((_row_id(cells, names, schema), cells))
        diagnostics += faults
    about = schema.schema
    value, unit = (name if name in names else "" for name in (about.value, about.unit))
    table = Table(source.path, columns, tuple(rows), about.title, value, unit)
    return table, (*diagnostics, *_duplicates(table), *_intervals(table))


def _row_id(cells: Sequence[Cell], names: Sequence[str], schema: PlacedSchema) -> str:
    key = [name for name in schema.schema.key if name in names] or names[:1]
    parts = (cells[names.index(name)].text for name in key)
    return ".".join("-".join(part.split()) for part in parts if part)


def _cells(source: Source, record: Sequence[Field], columns: Sequence[Column]) -> tuple[tuple[Cell, ...], list[Diagnostic]]:
    """The cells of one record with their status; numbers and statuses held against what their columns promise."""
    texts = [" ".join(field.value.split()) for field in record]
    given = {column.name: text for column, text in zip(columns, texts, strict=True)}
    places = source.spans([(field.start, field.end) for field in record])
    statuses: dict[str, str | None] = {}
    cells: list[Cell] = []
    diagnostics: list[Diagnostic] = []
    for span, column, text in zip(places, columns, texts, strict=True):
        if column.kind == "status":
            if text and _status(text) is None:
                diagnostics.append(rules.UNKNOWN_STATUS.at(span, status=text))
            cells.append(Cell(text, span))
            continue
        if (status_column := column.status_column) not in statuses:
            statuses[status_column] = _status(given.get(status_column, ""))
        status, shown = statuses[status_column], text
        if FROM_MEMORY in text:
            status, shown = FROM_MEMORY, _WRITTEN_STATUS.sub("", text)
        elif status is None:
            status = FROM_MEMORY
        cell = Cell(shown, span, status if shown else "")
        if (problem := _problem(cell, column)) is not None:
            diagnostics.append(rules.BAD_VALUE.at(span, text=cell.text, column=column.name, problem=problem))
        cells.append(cell)
    return tuple(cells), diagnostics


def _status(text: str) -> str | None:
    """The status that a status cell names; None when it is none we know (the value then counts as unconfirmed)."""
    return _STATUSES.get(text.lower())


def _problem(cell: Cell, column: Column) -> str | None:
    """Why the text of a cell is not what its column holds."""
    if not cell.text:
        return None
    if column.kind == "p":
        return None if _P_VALUE.match(cell.text) else "a p value is written 0.03 or <0.001"
    if column.kind == "flag":
        return None if cell.text in ("0", "1", "yes", "no") else "write 1 or 0"
    if column.kind not in NUMERIC:
        return None
    value = cell.number
    if value is None:
        return "write one number with a decimal point, without unit"
    if column.kind == "percent" and not 0 <= value <= 100:
        return "a percentage lies between 0 and 100"
    if column.kind == "ratio" and value <= 0:
        return "a ratio is greater than 0"
    return "a time is not negative" if column.kind == "months" and value < 0 else None


def _duplicates(table: Table) -> Iterator[Diagnostic]:
    first: dict[str, Span] = {}
    for row, cells in table.rows:
        if row in first:
            yield rules.ROW_TWICE.at(cells[0].span, row=row, related=(first[row],))
        first.setdefault(row, cells[0].span)


def _intervals(table: Table) -> Iterator[Diagnostic]:
    """Confidence limits given as a pair, in order, around their value."""
    triples = [
        (c, table.index[c.low], table.index[c.high]) for c in table.columns if c.low in table.index and c.high in table.index
    ]
    for _, cells in table.rows:
        for column, low_at, high_at in triples:
            value, low, high = cells[table.index[column.name]], cells[low_at], cells[high_at]
            if bool(low.text) != bool(high.text):
                yield rules.HALF_INTERVAL.at((low if low.text else high).span, column=column.name)
            elif not _around(value.number, low.number, high.number):
                yield rules.INTERVAL.at(value.span, value=value.text, low=low.text, high=high.text, related=(low.span, high.span))


def _around(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> bool:
    return low is None or high is None or (low <= high and (value is None or low <= value <= high))
