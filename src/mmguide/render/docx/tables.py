"""Render, Word: tables with widths from their words, captions above, and titles and descriptions for those who cannot see them."""

from __future__ import annotations

from typing import Any

from mmguide.ast import Attr, Blocks, Element, attr_of, plain_text
from mmguide.diff.marks import change_of
from mmguide.render.docx import captions, changes
from mmguide.render.docx.fields import mark, raw_block
from mmguide.render.docx.setting import Setting, anchored, styled

# A round letter is so much as wide as it is high; what a cell's margins take, in letters.
_LETTER = 0.54
_MARGINS = 2.2
# Half as wide as a round letter, or half as wide again.
_NARROW, _WIDE = frozenset("\u00a0 ijlrtfIJ.,;:'|!()[]/-·†"), frozenset("mwMW%@")
_LONGEST_DESCRIPTION = 240


def captioned(block: Element, at: Setting) -> Blocks:
    """`Div.table`: the table inside with this Div's number and identifier."""
    attr = attr_of(block)
    out: Blocks = []
    for child in block["c"][1]:
        out += _table(child, attr, at) if child["t"] == "Table" else at.blocks([child])
    return out


def table(block: Element, at: Setting) -> Blocks:
    """A table that has no number."""
    attr = attr_of(block)
    return anchored(_table(block, attr, at), at.names.get(attr.id))


def _table(block: Element, attr: Attr, at: Setting) -> Blocks:
    _, (_, caption), columns, head, bodies, foot = block["c"]
    inner = at.inside(in_table=True, style="")
    rows = _rows(block)
    widths = _widths(rows, len(columns), columns, at)
    row_heads = max((body[1] for body in bodies), default=0)
    made = {
        "t": "Table",
        "c": [
            Attr().raw(),
            [None, []],
            [[alignment, {"t": "ColWidth", "c": share}] for (alignment, _), share in zip(columns, widths, strict=True)],
            [Attr().raw(), [_row(row, inner) for row in head[1]]],
            [[Attr().raw(), n, [_row(r, inner) for r in inter], [_row(r, inner) for r in body]] for _, n, inter, body in bodies],
            [Attr().raw(), [_row(row, inner) for row in foot[1]]],
        ],
    }
    above = [styled("Table Caption", captions.captioned(caption, "tbl", attr, at.inside(style="")))] if caption else []
    heads = [plain_text(cell[4]) for row in head[1][:1] for cell in row[1]]
    wish = mark(
        "table",
        title=plain_text(caption)[:_LONGEST_DESCRIPTION],
        description="; ".join(h for h in heads if h)[:_LONGEST_DESCRIPTION],
        rowheads=str(row_heads),
        headrows=str(len(head[1])),
        width=str(at.measure),
        indent=str(at.look.box_hang if at.in_box and not at.in_table else 0),
        small="1" if "reporting-table" in attr_of(block).classes else "",
        bidi="1" if at.look.right_to_left else "",
    )
    return [*above, raw_block(wish), made, raw_block(mark("apart", style="TableEnd"))]


def _row(row: list[Any], at: Setting) -> list[Any]:
    made = [Attr().raw(), [[Attr().raw(), *cell[1:4], at.blocks(cell[4])] for cell in row[1]]]
    change = change_of(Attr.read(row[0]))
    return changes.cells(made, change) if change else made


def _rows(block: Element) -> list[list[tuple[int, str]]]:
    """Each row as (columns covered, words) of its cells; cells covered from above are not counted."""
    _, _, _, head, bodies, foot = block["c"]
    rows = [*head[1], *(r for body in bodies for r in [*body[2], *body[3]]), *foot[1]]
    return [[(cell[3], plain_text(cell[4], held=True)) for cell in row[1]] for row in rows]


def _widths(rows: list[list[tuple[int, str]]], count: int, columns: list[list[Element]], at: Setting) -> list[float]:
    """Each column's share: so much that its longest word fits, the rest as the source says, else as print does (CSS 2.2, 17.5.2.2)."""
    letter = at.look.theme.sizes.table * 20 * _LETTER
    longest, total = [4.0] * count, [4.0] * count
    for row in rows:
        column = 0
        for across, words in row:
            if across == 1 and column < count:
                longest[column] = max(longest[column], *(_letters(word) + _MARGINS for word in words.split(" ")))
                total[column] = max(total[column], _letters(words) + _MARGINS)
            column += across
    least = [n * letter / max(at.measure, 1) for n in longest]
    if sum(least) >= 1:
        return [share / sum(least) for share in least]
    given = [width["c"] if width["t"] == "ColWidth" else 0.0 for _, width in columns]
    # Equal shares are what pandoc makes of a pipe table with long lines: nobody's wish.
    if given and all(given) and max(given) - min(given) > 0.001:
        return _at_least(least, [share / sum(given) for share in given])
    most = [max(a, n * letter / max(at.measure, 1)) for a, n in zip(least, total, strict=True)]
    if sum(most) <= 1:
        return [share / sum(most) for share in most]
    part = (1 - sum(least)) / (sum(most) - sum(least))
    return [a + (b - a) * part for a, b in zip(least, most, strict=True)]


def _letters(word: str) -> float:
    """How many round letters a word is as wide as."""
    return sum(0.5 if sign in _NARROW else 1.5 if sign in _WIDE else 1 for sign in word)


def _at_least(least: list[float], wish: list[float]) -> list[float]:
    """The shares wished for, taken from those that have more than they need where others have less."""
    short = [max(a, b) for a, b in zip(least, wish, strict=True)]
    spare = [b - a for a, b in zip(least, short, strict=True)]
    over = sum(short) - 1
    return [b - over * s / sum(spare) if over > 0 else b for b, s in zip(short, spare, strict=True)]
