"""Render, Word: finishing of tables: width, repeated heads, rows that stay whole, row and column headers, titles for screen readers."""

from __future__ import annotations

from typing import Any

from mmguide.render.docx.ooxml import BOUNDARY, MARK, local, properties, put, w


def finish_tables(root: Any) -> None:
    """Grant every `table` wish to the table that follows it."""
    for wish in list(root.iter(f"{{{MARK}}}table")):
        table = wish.getnext()
        if table is not None and local(table) == "tbl":
            _finish(table, wish)
        wish.getparent().remove(wish)
    close_cells(root)
    keep_apart(root)


def _finish(table: Any, wish: Any) -> None:
    width = int(wish.get("width"))
    holder = properties(table, "tblPr")
    rows, row_heads = table.findall(w("tr")), int(wish.get("rowheads"))
    head_rows = int(wish.get("headrows"))
    put(holder, "tblStyle", val="Table")
    put(holder, "tblW", w=width, type="dxa")
    if int(wish.get("indent")):
        put(holder, "tblInd", w=wish.get("indent"), type="dxa")
    put(holder, "tblLayout", type="fixed")
    if wish.get("bidi"):
        put(holder, "bidiVisual")
    first = {"firstRow": int(head_rows > 0), "lastRow": 0, "firstColumn": int(row_heads > 0), "lastColumn": 0}
    value = 0x0020 * first["firstRow"] + 0x0080 * first["firstColumn"] + 0x0600
    put(holder, "tblLook", val=f"{value:04X}", **first, noHBand=1, noVBand=1)
    for name, key in (("tblCaption", "title"), ("tblDescription", "description")):
        if wish.get(key):
            put(holder, name, val=wish.get(key))
    _grid(table, width)
    for number, row in enumerate(rows):
        _row(row, head=number < head_rows, row_heads=row_heads, small="Small" if wish.get("small") else "")


def _grid(table: Any, width: int) -> None:
    """Columns in the shares that pandoc was told, over the real width; each cell says its own."""
    columns = table.findall(f"{w('tblGrid')}/{w('gridCol')}")
    shares = [int(c.get(w("w")) or 0) or 1 for c in columns]
    widths = [round(width * share / sum(shares)) for share in shares]
    for column, wide in zip(columns, widths, strict=True):
        column.set(w("w"), str(wide))
    for row in table.findall(w("tr")):
        at = 0
        for cell in row.findall(w("tc")):
            holder = properties(cell, "tcPr")
            across = holder.find(w("gridSpan"))
            span = int(across.get(w("val"))) if across is not None else 1
            put(holder, "tcW", w=sum(widths[at : at + span]), type="dxa")
            at += span


def _row(row: Any, *, head: bool, row_heads: int, small: str) -> None:
    holder = properties(row, "trPr")
    put(holder, "cantSplit")
    if head:
        put(holder, "tblHeader")
    at = 0
    for cell in row.findall(w("tc")):
        across = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
        style = "TableHeading" if head else f"Table{'RowHeading' if at < row_heads else 'Text'}{small}"
        at += int(across.get(w("val"))) if across is not None else 1
        for paragraph in cell.findall(w("p")):
            inner = properties(paragraph, "pPr")
            named = inner.find(w("pStyle"))
            if named is None or named.get(w("val")) in ("Compact", "TableText", "BodyText"):
                put(inner, "pStyle", val=style)


def close_cells(root: Any) -> None:
    """A cell ends with a paragraph: an empty one is added only where a table stands last."""
    for mark in list(root.iter(f"{{{MARK}}}cellend")):
        mark.getparent().remove(mark)
    for cell in root.iter(w("tc")):
        content = [c for c in cell if local(c) not in ("tcPr", "bookmarkStart", "bookmarkEnd")]
        if not content or local(content[-1]) != "p":
            _empty(cell, len(cell))


def keep_apart(root: Any) -> None:
    """A thin paragraph behind a table keeps what follows at its distance, and two tables from becoming one."""
    for mark in list(root.iter(f"{{{MARK}}}apart")):
        parent, following, before = mark.getparent(), mark.getnext(), mark.getprevious()
        while following is not None and local(following) in ("bookmarkStart", "bookmarkEnd"):
            following = following.getnext()
        at, style = parent.index(mark), mark.get("style")
        parent.remove(mark)
        if following is None:
            _empty(parent, at)
        elif following.tag == BOUNDARY:
            continue  # the heading of the next chapter
        elif local(following) != "p":
            _empty(parent, at, style)
        elif _style_of(following) == "TableNote":
            _keep_last_row(before)
        elif not _style_of(following).startswith(("Heading1", "TableCaption", "SectionEnd")):
            _empty(parent, parent.index(following), style)


def _style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return "" if style is None else str(style.get(w("val")))


def _keep_last_row(table: Any) -> None:
    """The note below a table stays on the page of the last row."""
    if table is not None and local(table) == "tbl":
        for paragraph in table.findall(w("tr"))[-1].iter(w("p")):
            put(properties(paragraph, "pPr"), "keepNext")


def _empty(parent: Any, at: int, style: str = "SectionEnd") -> None:
    paragraph = parent.makeelement(w("p"))
    put(properties(paragraph, "pPr"), "pStyle", val=style)
    parent.insert(at, paragraph)
