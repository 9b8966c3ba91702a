"""Stage render, PDF: tables as a screen reader needs them: a full grid, the scope of each header, headers of spanning tables by name."""

from __future__ import annotations

from msgspec import Struct

from mmguide.render.pdf.tags.tree import Node

_SPAN_LIMIT = 1000
_SCOPES = {"row": "Row", "rowgroup": "Row", "col": "Column", "colgroup": "Column"}


class _Cell(Struct):
    node: Node
    row: int
    column: int
    rows: int
    columns: int
    in_head: bool


class _Grid(Struct):
    cells: list[_Cell] = []
    taken: dict[tuple[int, int], _Cell] = {}
    rows: list[Node] = []

    @property
    def width(self) -> int:
        return max((column + 1 for _, column in self.taken), default=0)


def complete(table: Node, name: str) -> None:
    """Give every cell its spans, every header its scope, and every row the same number of columns."""
    grid = _grid(table)
    _fill(grid)
    for cell in grid.cells:
        _describe(cell)
    if _is_complex(grid):
        _name_headers(grid, name)


def _span(node: Node, name: str) -> int:
    given = (node.element.get(name) or "1").strip() if node.element is not None else "1"
    return min(_SPAN_LIMIT, max(1, int(given))) if given.isdecimal() else 1


def _groups(table: Node) -> list[tuple[list[Node], bool]]:
    """The rows of each group, and whether the group is the table's head."""
    groups: list[tuple[list[Node], bool]] = []
    for child in table.children():
        if child.role in ("THead", "TBody", "TFoot"):
            groups.append(([row for row in child.children() if row.role == "TR"], child.role == "THead"))
        elif child.role == "TR":
            groups.append(([child], False))
    return groups


def _grid(table: Node) -> _Grid:
    grid = _Grid()
    for rows, in_head in _groups(table):
        end = len(grid.rows) + len(rows)
        for row in rows:
            at = len(grid.rows)
            grid.rows.append(row)
            column = 0
            for node in (kid for kid in row.children() if kid.role in ("TD", "TH")):
                while (at, column) in grid.taken:
                    column += 1
                cell = _Cell(node, at, column, min(_span(node, "rowspan"), end - at), _span(node, "colspan"), in_head)
                cell.columns = _free(grid, cell)
                _take(grid, cell)
                column += cell.columns
    return grid


def _free(grid: _Grid, cell: _Cell) -> int:
    """As many columns as the cell asks for, but never over one that a cell above already reaches into."""
    width = 1
    while width < cell.columns and (cell.row, cell.column + width) not in grid.taken:
        width += 1
    return width


def _take(grid: _Grid, cell: _Cell) -> None:
    grid.cells.append(cell)
    for row in range(cell.row, cell.row + cell.rows):
        for column in range(cell.column, cell.column + cell.columns):
            grid.taken.setdefault((row, column), cell)


def _fill(grid: _Grid) -> None:
    """A row that is short gets empty cells at its end."""
    width = grid.width
    for at, row in enumerate(grid.rows):
        for column in range(width):
            if (at, column) not in grid.taken:
                node = Node("TD")
                row.kids.append(node)
                _take(grid, _Cell(node, at, column, 1, 1, False))


def _describe(cell: _Cell) -> None:
    node = cell.node
    if node.role == "TH" and not node.kids:
        node.role = "TD"  # an empty header heads nothing
    table = node.attributes.setdefault("Table", {})
    if cell.columns > 1:
        table["ColSpan"] = cell.columns
    if cell.rows > 1:
        table["RowSpan"] = cell.rows
    if node.role == "TH":
        given = (node.element.get("scope") or "").lower() if node.element is not None else ""
        table["Scope"] = "/" + _SCOPES.get(given, "Column" if cell.in_head else "Row")
    if not table:
        del node.attributes["Table"]


def _is_complex(grid: _Grid) -> bool:
    """A table whose headers span, or that has more than one row of them: scope alone does not say what belongs to what."""
    headers = [cell for cell in grid.cells if cell.node.role == "TH"]
    head_rows = {cell.row for cell in headers if cell.in_head}
    return len(head_rows) > 1 or any(cell.columns > 1 or cell.rows > 1 for cell in headers)


def _name_headers(grid: _Grid, name: str) -> None:
    headers = [cell for cell in grid.cells if cell.node.role == "TH"]
    for cell in headers:
        cell.node.identifier = f"{name}-{cell.row}-{cell.column}"
    for cell in grid.cells:
        if cell.node.role != "TD":
            continue
        found = [header.node.identifier for header in headers if _heads(header, cell)]
        if found:
            cell.node.attributes.setdefault("Table", {})["Headers"] = found


def _heads(header: _Cell, cell: _Cell) -> bool:
    scope = header.node.attributes["Table"]["Scope"]
    if scope == "/Column":
        return header.row < cell.row and _overlap(header.column, header.columns, cell.column, cell.columns)
    return header.column < cell.column and _overlap(header.row, header.rows, cell.row, cell.rows)


def _overlap(start: int, length: int, other: int, other_length: int) -> bool:
    return start < other + other_length and other < start + length
