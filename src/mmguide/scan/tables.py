"""Stage scan: pandoc's four kinds of tables, as the leaves or blocks that stand in their cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import combining, east_asian_width

from msgspec import Struct

from mmguide.scan import lines as pattern
from mmguide.scan.found import Leaf
from mmguide.scan.lines import Line

_RUN = re.compile(r"-+ *")
_GRID_PIECE = re.compile(r"\+[-=:]+(?=\+)")


class Rows(Struct):
    """The lines that a table may take, from its first one on."""

    text: str
    lines: Sequence[Line]
    last_footer: int | None = None

    def at(self, i: int) -> str:
        s, e = self.lines[i]
        return self.text[s:e]

    def blank(self, i: int) -> bool:
        return i >= len(self.lines) or not self.at(i).strip()

    def dashes(self, i: int) -> bool:
        return i < len(self.lines) and pattern.DASHES.match(self.at(i)) is not None and pattern.indent(self.at(i)) < 4

    def footer(self, i: int) -> bool:
        return self.dashes(i) and self.blank(i + 1)

    def footer_follows(self, i: int) -> bool:
        """True if a table that begins at line `i` can end somewhere: most lines that look like a table's first need no search."""
        if self.last_footer is None:
            self.last_footer = next((k for k in range(len(self.lines) - 1, -1, -1) if self.footer(k)), -1)
        return self.last_footer > i


class Table(Struct):
    """A table found: the line behind it, the texts of its cells, and the cells that hold blocks."""

    end: int
    leaves: list[Leaf]
    cells: list[list[Line]]


def table_at(rows: Rows, i: int) -> Table | None:
    """The table that begins at line `i`."""
    for kind in (_pipe, _multiline, _headless, _simple, _headless_multiline, _grid):
        found = kind(rows, i)
        if found is not None:
            return found
    return None


def _pipe(rows: Rows, i: int) -> Table | None:
    head = i if pattern.PIPE_RULE.match(rows.at(i)) else i + 1
    if head > i and ("|" not in rows.at(i) or head >= len(rows.lines) or not pattern.PIPE_RULE.match(rows.at(head))):
        return None
    end = head + 1
    while not rows.blank(end) and "|" in rows.at(end):
        end += 1
    return Table(end, [Leaf("table", [rows.lines[k]]) for k in range(i, end) if k != head], [])


def _simple(rows: Rows, i: int) -> Table | None:
    if not rows.dashes(i + 1) or rows.blank(i + 2):
        return None
    return _one_line_rows(rows, i + 1, i + 2, [i], footed=False)


def _headless(rows: Rows, i: int) -> Table | None:
    if not rows.dashes(i) or rows.blank(i + 1):
        return None
    return _one_line_rows(rows, i, i + 1, [], footed=True)


def _one_line_rows(rows: Rows, ruler: int, begin: int, head: list[int], *, footed: bool) -> Table | None:
    end = begin
    while not rows.blank(end) and not rows.footer(end):
        end += 1
    foot = rows.footer(end)
    if end == begin or (footed and not foot):
        return None
    columns = _columns(rows.at(ruler))
    leaves = [leaf for k in [*head, *range(begin, end)] for leaf in _row(rows, [k], columns)]
    return Table(end + 1 if foot else end, leaves, [])


def _multiline(rows: Rows, i: int) -> Table | None:
    if not rows.dashes(i) or rows.blank(i + 1):
        return None
    ruler = i + 1
    while not rows.blank(ruler) and not rows.dashes(ruler):
        ruler += 1
    if ruler == i + 1 or rows.blank(ruler) or rows.blank(ruler + 1):
        return None
    return _many_line_rows(rows, ruler, list(range(i + 1, ruler)))


def _headless_multiline(rows: Rows, i: int) -> Table | None:
    return None if not rows.dashes(i) or rows.blank(i + 1) else _many_line_rows(rows, i, [])


def _many_line_rows(rows: Rows, ruler: int, head: list[int]) -> Table | None:
    if not rows.footer_follows(ruler):
        return None
    columns = _columns(rows.at(ruler))
    leaves = _row(rows, head, columns) if head else []
    row: list[int] = []
    k = ruler + 1
    while k < len(rows.lines):
        if rows.footer(k):
            leaves += _row(rows, row, columns) if row else []
            return Table(k + 1, leaves, [])
        if rows.blank(k):
            leaves += _row(rows, row, columns) if row else []
            row = []
            if rows.blank(k + 1):
                return None
        else:
            row.append(k)
        k += 1
    return None


def _columns(ruler: str) -> list[int]:
    return [m.start() for m in _RUN.finditer(ruler)]


def _row(rows: Rows, numbers: Sequence[int], columns: Sequence[int]) -> list[Leaf]:
    """The cells of a row, each with its piece of every line of the row."""
    out = []
    bounds = [(rows.lines[k], _offsets(rows.at(k), columns)) for k in numbers]
    for c in range(len(columns)):
        pieces = []
        for (s, e), offsets in bounds:
            piece = (s + offsets[c], s + offsets[c + 1] if c + 1 < len(columns) else e)
            if rows.text[piece[0] : piece[1]].strip():
                pieces.append(_trimmed(rows.text, piece))
        if pieces:
            out.append(Leaf("table", pieces))
    return out


def _trimmed(text: str, piece: Line) -> Line:
    s, e = piece
    while s < e and text[s] == " ":
        s += 1
    while e > s and text[e - 1] == " ":
        e -= 1
    return s, e


def _offsets(line: str, columns: Sequence[int]) -> list[int]:
    """Where in a line the printed columns begin: wide characters take two, combining ones none."""
    if line.isascii():
        return [min(c, len(line)) for c in columns]
    out, width, k = [], 0, 0
    for i, character in enumerate(line):
        while k < len(columns) and width >= columns[k]:
            out.append(i)
            k += 1
        width += 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
    return out + [len(line)] * (len(columns) - len(out))


def _grid(rows: Rows, i: int) -> Table | None:
    if not pattern.GRID_RULE.match(rows.at(i)):
        return None
    end = i
    while not rows.blank(end) and rows.at(end).lstrip()[:1] in ("+", "|"):
        end += 1
    if end < i + 3 or not pattern.GRID_RULE.match(rows.at(end - 1)):
        return None
    edges: set[int] = set()
    for k in range(i, end):
        line = rows.at(k)
        if line.lstrip().startswith("+") or "+-" in line:
            edges |= {m.start() for m in _GRID_PIECE.finditer(line)} | {m.end() for m in _GRID_PIECE.finditer(line)}
    cells = _grid_cells(rows, range(i, end), sorted(edges))
    return Table(end, [], cells)


def _grid_cells(rows: Rows, numbers: Sequence[int], edges: Sequence[int]) -> list[list[Line]]:
    """Cells as runs of lines between the rules above and below them."""
    done: list[list[Line]] = []
    running: dict[int, list[Line]] = {}
    for k in numbers:
        line, start = rows.at(k), rows.lines[k][0]
        offsets = _offsets(line, edges)
        bars = [o for o in offsets if o < len(line) and line[o] in "|+"]
        for a, b in pairwise(bars):
            piece = line[a + 1 : b]
            if piece and not piece.strip("-=:+"):
                done += [running.pop(a)] if a in running else []
            else:
                running.setdefault(a, []).append((start + min(a + 2, b), start + b))
    return done + list(running.values())
