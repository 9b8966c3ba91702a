"""Stage assemble, evidence: forest plots, drawn from the rows of a table. Nothing is pooled."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from mmguide.assemble.evidence.drawing import BOLD, REGULAR, Line, Shape, Sheet, Text, text_width, wrapped
from mmguide.assemble.evidence.request import Request
from mmguide.assemble.numbers import decimal_text, interval, quantity
from mmguide.diagnostics import Span
from mmguide.labels import label
from mmguide.model.data import Cell, Column, Fact, Table, fact_of
from mmguide.theme import Theme

WIDTH = 150.0
ROW, LINE, SIZE, SMALL = 6.0, 3.2, 8.0, 7.0
MOST_ROWS = 120
_LEAST_PLOT, _GAP, _WIDEST_COLUMN = 46.0, 4.0, 20.0
# Round ratios, from few to many: the first set with enough of them inside the axis is taken.
_RATIO_TICKS: tuple[tuple[float, ...], ...] = (
    (0.01, 0.1, 0.5, 1, 2, 10, 100),
    (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50, 100),
    (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2, 1.4, 1.6, 2, 2.5, 3, 4, 5),
    (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5),
)
_LEAST_TICKS = 4


class Row(NamedTuple):
    """One row of the plot; `fact` is None for the heading of a group."""

    name: str
    fact: Fact | None = None
    weight: Decimal | None = None
    extra: tuple[str, ...] = ()

    @property
    def drawn(self) -> bool:
        f = self.fact
        return (
            f is not None and None not in (f.cell.number, f.low and f.low.number, f.high and f.high.number) and f.low is not None
        )

    @property
    def unconfirmed(self) -> bool:
        """The estimate or its interval is; a hollow mark."""
        return self.fact is not None and (self.fact.cell.unconfirmed or self.fact.interval_unconfirmed)


class Axis(NamedTuple):
    """Where values stand on the sheet; logarithmic for ratios."""

    low: float
    high: float
    left: float
    width: float
    logarithmic: bool

    def at(self, value: float) -> float:
        low, high, v = (math.log(x) if self.logarithmic else x for x in (self.low, self.high, value))
        return self.left + self.width * (v - low) / (high - low)


class Forest(NamedTuple):
    """A forest plot ready to be drawn: rows in order, headings of its columns, words left and right of no difference."""

    rows: tuple[Row, ...]
    value_title: str
    logarithmic: bool
    columns: tuple[str, ...]
    favours: tuple[str, str]
    null: float
    language: str

    @property
    def drawn(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.drawn)

    @property
    def listed(self) -> tuple[Row, ...]:
        """Rows whose value has no interval: named, not drawn."""
        return tuple(row for row in self.rows if row.fact and not row.drawn)


def forest_of(request: Request, column: str, language: str) -> Forest:
    """The plot that a request asks for, of the values in `column`."""
    attr, table = request.attr, request.table
    extra = tuple(c for name in attr.get("columns").split() if (c := table.column(name)))
    rows: list[Row] = []
    for heading, ids in request.groups():
        members = [row for row in ids if request.text(row, column)]
        rows += [Row(heading)] if heading and members else []
        for row in members:
            name = request.text(row, attr.get("label") or ("name" if "name" in table.index else table.columns[0].name))
            weight = request.table.cell(row, attr.get("weight")) if attr.get("weight") else None
            texts = tuple(_cell(request, row, c.name, language) for c in extra)
            rows.append(Row(name, fact_of(table, row, column), weight.number if weight else None, texts))
    drawn = table.columns[table.index[column]]
    logarithmic = drawn.kind == "ratio"
    left, _, right = (part.strip() for part in attr.get("favours").partition("|"))
    null = attr.get("null") or ("1" if logarithmic else "0")
    return Forest(
        tuple(rows), drawn.title, logarithmic, tuple(_heading(c, language) for c in extra), (left, right), float(null), language
    )


def without_source(forest: Forest) -> Forest:
    """The plot without the tables and places that its values come from: what a drawing depends on, and nothing else."""
    nowhere, nothing = Span(""), Table("", (), ())

    def bare(cell: Cell | None) -> Cell | None:
        return cell and cell._replace(span=nowhere)

    def fact(f: Fact) -> Fact:
        return f._replace(table=nothing, cell=f.cell._replace(span=nowhere), low=bare(f.low), high=bare(f.high))

    return forest._replace(rows=tuple(row._replace(fact=row.fact and fact(row.fact)) for row in forest.rows))


def _cell(request: Request, row: str, column: str, language: str) -> str:
    fact = fact_of(request.table, row, column)
    if fact is None or not fact.cell.text:
        return "–"
    shown = quantity(fact.cell.text, fact.column, language, unit=fact.column.kind in ("text", "percent"))
    return shown + ("†" if fact.cell.unconfirmed else "")


def _heading(column: Column, language: str) -> str:
    """A column's title with the unit of its numbers."""
    unit = label("months", language) if column.kind == "months" and not column.unit else column.unit
    return f"{column.title} ({unit})" if unit and column.kind in ("number", "months") else column.title


def printed_value(row: Row, language: str) -> str:
    """What stands at the right of a row: the estimate with its interval."""
    if row.fact is None:
        return ""
    value = quantity(row.fact.cell.text, row.fact.column, language)
    limits = interval(row.fact, language)
    limits = limits.removeprefix(label("ci", language)).strip()
    shown = f"{value} ({limits})" if limits else f"{value}, {label('no-interval', language)}"
    return shown + ("†" if row.unconfirmed else "")


def alternative_text(forest: Forest) -> str:
    """The plot in words, from the data alone."""
    language = forest.language
    scale = label("forest-log" if forest.logarithmic else "forest-linear", language)
    parts = [f"{label('forest', language)}: {forest.value_title}, {scale}."]
    for row in forest.rows:
        if row.fact is None:
            parts.append(f"{row.name}:")
            continue
        value = quantity(row.fact.cell.text, row.fact.column, language)
        limits = interval(row.fact, language) or label("no-interval", language) + ", " + label("not-drawn", language)
        doubt = f", {label('unconfirmed', language)}" if row.unconfirmed else ""
        parts.append(f"{row.name} {value} ({limits}{doubt}).")
    for side, favoured in zip(("forest-left", "forest-right"), forest.favours, strict=True):
        if favoured:
            parts.append(f"{label(side, language)} {favoured}.")
    return " ".join(parts).replace("\u00a0", " ")


class Columns(NamedTuple):
    """The widths of names, further columns and values, and the height of their headings."""

    names: float
    extras: tuple[float, ...]
    values: float
    head: float

    @property
    def left(self) -> float:
        """Where the plot begins."""
        return self.names + sum(self.extras) + _GAP * (len(self.extras) + 1)


def words(forest: Forest) -> Iterator[str]:
    """All words that are drawn on the plot."""
    yield _value_head(forest)
    yield from forest.columns
    for row in forest.rows:
        yield from (row.name, printed_value(row, forest.language), *row.extra)
    yield from (decimal_text(tick, forest.language) for tick in ticks(axis_of(forest, 0, 1)))
    yield from _favoured(forest)


def draw(forest: Forest, theme: Theme) -> Sheet:
    """The plot on a sheet."""
    columns = _columns(forest, theme.fonts.table)
    axis = axis_of(forest, columns.left, WIDTH - columns.values - _GAP - columns.left)
    lines = [_lines(row, columns, axis, theme.fonts.table) for row in forest.rows]
    heights = [ROW + LINE * (len(each) - 1) for each in lines]
    bottom = columns.head + sum(heights) + 1.5
    sheet = Sheet(WIDTH, bottom + 5 + (4.5 if any(forest.favours) else 0), theme)
    _heads(sheet, forest, columns)
    _axis(sheet, forest, axis, columns.head - 1, bottom)
    top = columns.head
    for row, words, height in zip(forest.rows, lines, heights, strict=True):
        _row(sheet, row, words, printed_value(row, forest.language), top, columns)
        if row.drawn:
            sheet.add(*_mark(row, axis, top + ROW / 2, theme, _side(row, forest)))
        top += height
    return sheet


def _columns(forest: Forest, family: str) -> Columns:
    values = [printed_value(row, forest.language) for row in forest.rows]
    right = max(text_width(t, SIZE, family) for t in (*values, _value_head(forest))) + 1
    extras = tuple(
        _column_width([title, *(r.extra[i] for r in forest.rows if r.extra)], family) for i, title in enumerate(forest.columns)
    )
    room = WIDTH - right - sum(extras) - _GAP * (len(extras) + 2) - _LEAST_PLOT
    names = [row.name for row in forest.rows if row.fact]
    longest_word = max(text_width(w, SIZE, family) for name in names for w in name.split(" "))
    width = max(longest_word, min(max(text_width(name, SIZE, family) for name in names), room))
    head = max([1, *(len(wrapped(t, w, SMALL, family)) for t, w in zip(forest.columns, extras, strict=True))])
    return Columns(width, extras, right, 3.8 + LINE * head)


def _lines(row: Row, columns: Columns, axis: Axis, family: str) -> Sequence[str]:
    """A row's name in lines; the heading of a group may reach into the plot."""
    width = columns.names if row.fact else axis.left + axis.width
    return wrapped(row.name, width, SIZE, family, REGULAR if row.fact else BOLD)


def _value_head(forest: Forest) -> str:
    return f"{label('estimate', forest.language)} ({label('ci', forest.language)})"


def _column_width(texts: Sequence[str], family: str) -> float:
    head = max(text_width(word, SMALL, family) for word in texts[0].split(" "))
    body = max(text_width(t, SIZE, family) for t in texts[1:])
    return max(head, body, min(text_width(texts[0], SMALL, family), _WIDEST_COLUMN)) + 0.5


def axis_of(forest: Forest, left: float, width: float) -> Axis:
    """An axis that holds every interval and the line of no difference, with a little air."""
    numbers = [forest.null]
    for row in forest.drawn:
        if row.fact and row.fact.low and row.fact.high:
            numbers += [float(x.number) for x in (row.fact.low, row.fact.high, row.fact.cell) if x.number is not None]
    low, high = min(numbers), max(numbers)
    if forest.logarithmic:
        air = (high / low) ** 0.06 if high > low else 1.5
        return Axis(low / air, high * air, left, width, True)
    air = (high - low) * 0.06 or 1.0
    return Axis(low - air, high + air, left, width, False)


def ticks(axis: Axis) -> list[Decimal]:
    """Round values inside the axis, at most eight."""
    if axis.logarithmic:
        sets = [[t for t in ticks if axis.low <= t <= axis.high] for ticks in _RATIO_TICKS]
        chosen = next((inside for inside in sets if len(inside) >= _LEAST_TICKS), max(sets, key=len))
        return [Decimal(str(t)) for t in chosen]
    span = axis.high - axis.low
    step = next(s for s in (m * 10.0**e for e in range(-4, 7) for m in (1, 2, 5)) if span / s <= 7)
    first = math.ceil(axis.low / step)
    return [Decimal(str(round(i * step, 6))) for i in range(first, math.floor(axis.high / step) + 1)]


def _heads(sheet: Sheet, forest: Forest, columns: Columns) -> None:
    ink, family, base = sheet.theme.colours.muted, sheet.theme.fonts.table, columns.head - 2.6
    at = columns.names + _GAP
    for title, width in zip(forest.columns, columns.extras, strict=True):
        for line, words in enumerate(reversed(wrapped(title, width, SMALL, family))):
            sheet.add(Text(at, base - LINE * line, words, SMALL, ink))
        at += width + _GAP
    sheet.add(Text(WIDTH, base, _value_head(forest), SMALL, ink, anchor="end"))
    sheet.add(Line(((0, columns.head - 1), (WIDTH, columns.head - 1)), sheet.theme.colours.rule, 0.2))


def _axis(sheet: Sheet, forest: Forest, axis: Axis, top: float, bottom: float) -> None:
    colours = sheet.theme.colours
    null = axis.at(forest.null)
    sheet.add(Line(((null, top), (null, bottom)), colours.muted, 0.2, name="no-difference"))
    sheet.add(Line(((axis.left, bottom), (axis.left + axis.width, bottom)), colours.ink, 0.2, name="axis"))
    for tick in ticks(axis):
        x = axis.at(float(tick))
        sheet.add(Line(((x, bottom), (x, bottom + 1)), colours.ink, 0.2, name=f"tick:{tick}"))
        sheet.add(Text(x, bottom + 4, decimal_text(tick, forest.language), SMALL, colours.ink, anchor="middle"))
    left, right = _favoured(forest)
    if left:
        sheet.add(Text(null - 2, bottom + 8.3, left, SMALL, colours.muted, anchor="end"))
    if right:
        sheet.add(Text(null + 2, bottom + 8.3, right, SMALL, colours.muted))


def _favoured(forest: Forest) -> tuple[str, str]:
    """What stands left and right below the axis, '' where nothing does."""
    lead, (left, right) = label("favours", forest.language), forest.favours
    return f"← {lead} {left}" if left else "", f"{lead} {right} →" if right else ""


def _row(sheet: Sheet, row: Row, lines: Sequence[str], value: str, top: float, columns: Columns) -> None:
    base, colours = top + ROW / 2 + 1.0, sheet.theme.colours
    weight = REGULAR if row.fact else BOLD
    for at, words in enumerate(lines):
        sheet.add(Text(0, base + LINE * at, words, SIZE, colours.ink if row.fact else colours.heading, weight))
    x = columns.names + _GAP
    for words, width in zip(row.extra, columns.extras, strict=False):
        sheet.add(Text(x, base, words, SIZE, colours.ink))
        x += width + _GAP
    sheet.add(Text(WIDTH, base, value, SIZE, colours.ink, anchor="end"))


def _side(row: Row, forest: Forest) -> float:
    """Half the side of a row's square: its area follows its weight where weights are given."""
    weights = [float(r.weight) for r in forest.drawn if r.weight is not None]
    if not weights or row.weight is None:
        return 1.1
    return 0.6 + 1.0 * math.sqrt(float(row.weight) / max(weights))


def _mark(row: Row, axis: Axis, y: float, theme: Theme, side: float) -> Iterator[Line | Shape]:
    """The interval as a line, the estimate as a square; hollow and dashed where a value is unconfirmed."""
    fact = row.fact
    if fact is None or fact.low is None or fact.high is None:
        return
    low, value, high = (axis.at(float(c.number or 0)) for c in (fact.low, fact.cell, fact.high))
    colour = theme.colours.accent
    dashes = (1.0, 0.8) if row.unconfirmed else ()
    yield Line(((low, y), (high, y)), colour, 0.4, dashes, f"interval:{fact.row}")
    for end in (low, high):
        yield Line(((end, y - 0.7), (end, y + 0.7)), colour, 0.4)
    corners = ((value - side, y - side), (value + side, y - side), (value + side, y + side), (value - side, y + side))
    yield Shape(corners, colour, theme.colours.paper if row.unconfirmed else colour, 0.4, f"estimate:{fact.row}")
