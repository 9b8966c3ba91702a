"""Stage assemble, evidence: evidence tables and summaries of findings, made of the rows of a table, as ordinary table elements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mmguide.assemble.evidence.request import Request
from mmguide.assemble.values import Options, unconfirmed_note, value_span
from mmguide.ast import SPACE, Attr, Blocks, Inlines, citation, plain, string, words
from mmguide.grading import Scheme
from mmguide.labels import LABELS, label
from mmguide.model.data import Column, fact_of

# The columns of a summary of findings by the names they usually have; `effect` is printed with its interval.
FINDINGS = (
    "outcome",
    "studies",
    "participants",
    "effect:ci",
    "control",
    "intervention",
    "difference",
    "certainty",
    "comment",
    "reference",
)
_KEY = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_:.#$%&+?<>~/-]*$")
FINDINGS_CLASS = "summary-of-findings"
_NUMERIC = ("number", "percent", "months", "p")
EMPTY = "–"


class Asked(NamedTuple):
    """A column of the table to be printed, with its interval where that is asked for."""

    column: Column
    ci: bool = False


def asked_columns(request: Request, kind: str) -> tuple[list[Asked], list[str]]:
    """The columns in order, and the names that the data do not have. `pfs_hr:ci` prints the interval too."""
    names = request.attr.get("columns").replace(",", " ").split()
    if not names and kind == FINDINGS_CLASS:
        names = [n for n in FINDINGS if n.partition(":")[0] in request.table.index]
    elif not names:
        names = [c.name for c in request.table.columns[:8] if c.kind != "status"]
    found: list[Asked] = []
    unknown: list[str] = []
    for name in names:
        plain_name, _, option = name.partition(":")
        column = request.table.column(plain_name)
        if column is None or option not in ("", "ci"):
            unknown.append(name)
        else:
            found.append(Asked(column, option == "ci"))
    return found, unknown


def evidence_table(
    request: Request, columns: Sequence[Asked], caption: Blocks, scheme: Scheme, language: str, known: frozenset[str]
) -> Blocks:
    """The table, and the note on unconfirmed values where it has some. `known` are the keys of the bibliography."""
    bare = Attr().raw()
    bodies: list[list[object]] = []
    doubtful = False
    for heading, ids in request.groups():
        rows: list[list[object]] = []
        for row in ids:
            cells = []
            for asked in columns:
                fact = fact_of(request.table, row, asked.column.name)
                doubtful = doubtful or bool(
                    fact and fact.cell.text and (fact.cell.unconfirmed or (asked.ci and fact.interval_unconfirmed))
                )
                cells.append(_cell([plain(_inlines(request, row, asked, scheme, language, known))]))
            rows.append(_row(cells))
        # A heading over rows is an intermediate head: assistive technology says it with every cell below it.
        over = [_row([_cell([plain(words(heading))], span=len(columns))])] if heading else []
        bodies.append([bare, 1, over, rows])
    head = _row([_cell([plain(words(_title(a, language, FINDINGS_CLASS in request.attr.classes)))]) for a in columns])
    specs = [
        [{"t": _alignment(a.column)}, {"t": "ColWidth", "c": w}] for a, w in zip(columns, _widths(request, columns), strict=True)
    ]
    attr = Attr(request.attr.id, ("evidence-table",)).raw()
    table = {"t": "Table", "c": [attr, [None, caption], specs, [bare, [head]], bodies, [bare, []]]}
    return [table, unconfirmed_note(language)] if doubtful else [table]


def _inlines(request: Request, row: str, asked: Asked, scheme: Scheme, language: str, known: frozenset[str]) -> Inlines:
    column = asked.column
    text = request.text(row, column.name)
    fact = fact_of(request.table, row, column.name)
    if fact is None or not text:
        return [string(EMPTY)]
    if column.kind == "reference":
        return _citation(text, known)
    if column.name == "certainty" and (level := scheme.certainty(text)) is not None:
        symbol: Inlines = [string(f"\u00a0{level.symbol}")] if level.symbol else []
        return [*words(level.label(language)), *symbol]
    options = Options(ci=asked.ci and fact.low is not None, named=False, unit=column.kind == "percent" or column.kind == "text")
    return [value_span(fact, options, language, in_table=True)]


def _citation(text: str, known: frozenset[str]) -> Inlines:
    """The references of a cell as a citation; what is no key of the bibliography stays text."""
    out: Inlines = []
    for part in (p.strip() for p in text.split(";")):
        key, _, rest = part.partition(" ")
        shown = words(part)
        if _KEY.match(key) and key in known:
            shown = [citation(key), *([SPACE, *words(rest)] if rest else [])]
        out += [string(","), SPACE, *shown] if out else shown
    return out


def _title(asked: Asked, language: str, findings: bool) -> str:
    """The heading of a column: its label, the interval and the unit of its numbers."""
    column = asked.column
    default = findings and f"finding-{column.name}" in LABELS
    title = column.label or (label(f"finding-{column.name}", language) if default else column.title)
    unit = label("months", language) if column.kind == "months" and not column.unit else column.unit
    notes = [label("ci", language)] if asked.ci else []
    notes += [unit] if unit and column.kind not in ("percent", "ratio", "text") and unit not in title else []
    return f"{title} ({', '.join(notes)})" if notes else title


def _alignment(column: Column) -> str:
    return "AlignRight" if column.kind in _NUMERIC else "AlignLeft"


def _widths(request: Request, columns: Sequence[Asked]) -> list[float]:
    """Shares of the width by how much stands in each column, so that long remarks get room and numbers stay in one line."""
    weights = []
    for asked in columns:
        texts = [request.text(row, asked.column.name) for row in request.rows]
        longest_word = max((len(w) for t in (*texts, asked.column.title) for w in t.split()), default=1)
        average = sum(len(t) for t in texts) / max(1, len(texts))
        weights.append(max(longest_word + 1, min(60.0, average * 0.6), 18 if asked.ci else 5))
    total = sum(weights)
    return [round(w / total, 4) for w in weights]


def _row(cells: list[list[object]]) -> list[object]:
    return [Attr().raw(), cells]


def _cell(blocks: Blocks, span: int = 1) -> list[object]:
    return [Attr().raw(), {"t": "AlignDefault"}, 1, span, blocks]
