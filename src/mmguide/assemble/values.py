"""Stage assemble: puts the data's values in the place of `[row.column]{.value}` in the text.

A number that nobody has checked says so wherever it is printed: "(unconfirmed)" in running text, a dagger and a note in tables.
"""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from typing import NamedTuple

from msgspec import Struct

from mmguide.assemble.numbers import interval, quantity
from mmguide.ast import (
    SPACE,
    Attr,
    Blocks,
    Element,
    Inlines,
    attr_of,
    classes_of,
    div,
    para,
    plain_text,
    rewrite,
    span,
    string,
    words,
)
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import data as rules
from mmguide.labels import label
from mmguide.model.data import Data, Fact
from mmguide.model.source import MarkedSpan, Scan
from mmguide.walks import rewrite_where

DAGGER = "†"
_VISITED = frozenset({"Span", "Table"})
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}


class Options(NamedTuple):
    """How one value is printed: with its interval (`named` says "95% CI" in front of it), with its unit, rounded."""

    ci: bool = False
    named: bool = True
    unit: bool = True
    decimals: int | None = None


def resolve_values(blocks: Blocks, scan: Scan, data: Data, language: str) -> tuple[Blocks, tuple[Diagnostic, ...]]:
    """The blocks with every value printed, and what could not be printed at the place in the source where it is asked for."""
    resolver = _Resolver(data, language, _places(scan), scan.source.path)
    return rewrite_where(blocks, {".value"}, resolver.visit, _VISITED), tuple(resolver.diagnostics)


def _places(scan: Scan) -> dict[str, list[MarkedSpan]]:
    places: dict[str, list[MarkedSpan]] = defaultdict(list)
    for marked in scan.marked:
        if "value" in marked.classes:
            places[" ".join(marked.text.split())].append(marked)
    return places


class _Resolver(Struct):
    data: Data
    language: str
    places: dict[str, list[MarkedSpan]]
    path: str
    diagnostics: list[Diagnostic] = []
    in_table: bool = False
    noted: bool = False

    def visit(self, element: Element) -> Element | list[Element] | None:
        if element["t"] == "Span" and "value" in classes_of(element):
            return self._value(element)
        if element["t"] == "Table" and not self.in_table:
            self.in_table, self.noted = True, False
            made = {**element, "c": rewrite(element["c"], self.visit, _VISITED)}
            self.in_table = False
            return [made, unconfirmed_note(self.language)] if self.noted else made
        return None

    def _value(self, element: Element) -> Element:
        attr, name = attr_of(element), plain_text(element)
        place = self._place(name)
        options, wrong = read_options(attr)
        fact = self.data.fact(name)
        if wrong:
            self.diagnostics.append(rules.VALUE_OPTION.at(place, option=wrong))
        elif fact is None:
            near = self._near(name)
            self.diagnostics.append(rules.UNKNOWN_VALUE.at(place, name=name, hint=f"did you mean {near}?" if near else None))
        elif not fact.cell.text:
            self.diagnostics.append(rules.EMPTY_VALUE.at(place, name=name, related=(fact.cell.span,)))
        elif options.ci and fact.low is None:
            self.diagnostics.append(rules.NO_INTERVAL.at(place, name=name, related=(fact.cell.span,)))
        else:
            self.noted = self.noted or fact.cell.unconfirmed or (options.ci and fact.interval_unconfirmed)
            return value_span(fact, options, self.language, in_table=self.in_table, attr=attr)
        return element

    def _place(self, name: str) -> Span:
        queue = self.places.get(name, [])
        if not queue:
            return Span(self.path)
        return (queue.pop(0) if len(queue) > 1 else queue[0]).span

    def _near(self, name: str) -> str:
        row, _, column = name.rpartition(".")
        known = [f"{r}.{column}" for t in self.data.tables.values() if column in t.index for r in t.by_id]
        known += [f"{row}.{c}" for t in self.data.tables.values() if row in t.by_id for c in t.index]
        known += [r for t in self.data.tables.values() if t.value for r in t.by_id]
        return next(iter(get_close_matches(name, known, 1, 0.7)), "")


def read_options(attr: Attr) -> tuple[Options, str]:
    """The options among a value's attributes, and the first one that is none ('' if all are understood)."""
    chosen: dict[str, bool] = {}
    decimals: int | None = None
    for name, text in attr.attributes:
        if name in ("ci", "unit") and text.lower() in _YES_NO:
            chosen[name] = _YES_NO[text.lower()]
        elif name == "decimals" and text.isdecimal() and int(text) <= 6:
            decimals = int(text)
        elif name != "audience":
            return Options(), f"{name}={text}"
    return Options(ci=chosen.get("ci", False), unit=chosen.get("unit", True), decimals=decimals), ""


def value_span(fact: Fact, options: Options, language: str, *, in_table: bool, attr: Attr = Attr(classes=("value",))) -> Element:
    """The printed value as an element that says which cell it comes from, with its mark where it is unconfirmed."""
    doubtful, limits_doubtful = fact.cell.unconfirmed, options.ci and fact.interval_unconfirmed
    shown: Inlines = _text(quantity(fact.cell.text, fact.column, language, unit=options.unit, decimals=options.decimals))
    if options.ci:
        limits = interval(fact, language, options.decimals)
        shown += [*_text(" ("), *_text(limits if options.named else limits.removeprefix(label("ci", language)).strip())]
        if limits_doubtful and not doubtful and not in_table:
            shown.append(_mark(f", {label('unconfirmed', language)}"))
        shown.append(string(")"))
    if doubtful and not in_table:
        shown.append(_mark(f" ({label('unconfirmed', language)})"))
    elif (doubtful or limits_doubtful) and in_table:
        shown.append(_mark(DAGGER))
    made = Attr(attr.id, attr.classes, tuple((k, v) for k, v in attr.attributes if k not in ("ci", "unit", "decimals")))
    classes = ("value", "unconfirmed") if doubtful or limits_doubtful else ("value",)
    return span(shown, made.having(classes=classes, data_cell=fact.name))


def unconfirmed_note(language: str) -> Element:
    """The note below a table in which unconfirmed values stand."""
    note = [_mark(DAGGER), *_text(" "), *words(label("unconfirmed-note", language))]
    return div([para(note)], Attr(classes=("table-note",)))


def unconfirmed_mark(language: str) -> Inlines:
    """The mark behind a value in running text that nobody has checked."""
    return [_mark(f" ({label('unconfirmed', language)})")]


def _mark(text: str) -> Element:
    return span(_text(text), Attr(classes=("unconfirmed-mark",)))


def _text(text: str) -> Inlines:
    """Text as Str and Space elements; unlike in `words`, spaces at the ends and no-break spaces are kept."""
    out: Inlines = []
    for i, part in enumerate(text.split(" ")):
        if i:
            out.append(SPACE)
        if part:
            out.append(string(part))
    return out
