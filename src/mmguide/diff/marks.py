"""Stage diff, marks: how a tree says what came and what went, and the tree of either side again.

A span or div of class `insertion` or `deletion` holds what only the new or only the old version has; a heading, a row of a table and the
term of a definition, which cannot stand in a div, carry the class themselves. The names are pandoc's. What moved has the class `moved` too,
a number that both places share, and the heading at the other place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct

from mmguide.ast import SPACE, Attr, Blocks, Element, Inlines, Node, attr_of, div, iterate, rewrite, span, string, with_attr

Change = Literal["insertion", "deletion"]
CHANGES: tuple[Change, ...] = ("insertion", "deletion")
# On a mark that is a whole paragraph, not a part of one.
WHOLE = "whole"
# On a mark of what came in one place and went in another; with the attributes `move` and `where`.
MOVED = "moved"
# Elements whose content is a list of inlines and nothing else.
WRAPPERS = frozenset({"Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"})


def change_of(attr: Attr) -> Change | None:
    """Which change an element of this Attr marks."""
    return next((name for name in CHANGES if name in attr.classes), None)


class Marker(Struct, frozen=True):
    """Marks changes; `taken` are the identifiers of the new version, which nothing deleted may bear too."""

    taken: frozenset[str] = frozenset()

    def spanned(self, content: Inlines, change: Change, *more: str) -> Inlines:
        """Inlines as a change."""
        return [span(self._free(content, change), Attr("", (change, *more)))] if content else []

    def blocks(self, given: Blocks, change: Change) -> Blocks:
        """Blocks as a change, neighbours in one div. Headings stay where sections can begin with them."""
        out: Blocks = []
        for block in self._free(given, change):
            if block["t"] == "Header":
                out.append(with_attr(block, attr_of(block).having(classes=(change,))))
            elif block["t"] == "Div" and any(e["t"] == "Header" for e in block["c"][1]):
                inside = self.blocks(block["c"][1], change)
                out += inside if change == "deletion" else [div(inside, attr_of(block))]
            elif out and out[-1]["t"] == "Div" and attr_of(out[-1]) == Attr("", (change,)):
                out[-1] = div([*out[-1]["c"][1], block], Attr("", (change,)))
            else:
                out.append(div([block], Attr("", (change,))))
        return out

    def row(self, row: list[Any], change: Change) -> list[Any]:
        """A row of a table as a change."""
        attr = Attr.read(row[0]).having(classes=(change,))
        return [attr.raw(), self._free(row[1], change)]

    def _free(self, node: Node, change: Change) -> Node:
        if change == "insertion":
            return node

        def nameless(element: Element) -> Element | None:
            attr = attr_of(element)
            if attr.id not in self.taken or not attr.id:
                return None
            bare = with_attr(element, attr.having(id=""))
            return {**bare, "c": rewrite(bare["c"], nameless)}

        return rewrite(node, nameless)


def unmarked(tree: Blocks) -> Blocks:
    """A tree without classes that could be taken for marks, with quotation marks as characters, so that words compare."""

    def action(element: Element) -> Element | list[Element] | None:
        if element["t"] == "Quoted":
            left, right = ("‘", "’") if element["c"][0]["t"] == "SingleQuote" else ("“", "”")
            return [string(left), *rewrite(element["c"][1], action), string(right)]
        if change_of(attr_of(element)) is None:
            return None
        bare = _bare(element)
        return {**bare, "c": rewrite(bare["c"], action)}

    made: Blocks = rewrite(tree, action)
    return made


def side(tree: Blocks, kept: Change) -> Blocks:
    """The tree with one kind of change taken as done and the other as undone: `insertion` gives the new version, `deletion` the old.

    What held nothing but changes that are not kept goes with them: items, lists, divs. The ends of the source's lines are spaces.
    """
    out: Blocks = []
    for block in tree:
        change = change_of(attr_of(block))
        if change not in (None, kept):
            continue
        if change and block["t"] == "Div":
            out += side(block["c"][1], kept)
        elif (made := _block(_bare(block) if change else block, kept)) is not None:
            out.append(made)
    return out


def words_of(words: Inlines, kept: Change) -> Inlines:
    """Inlines as one version has them: `insertion` the new, `deletion` the old."""
    return _inlines(words, kept)


def _block(block: Element, kept: Change) -> Element | None:
    kind = block["t"]
    if kind in ("HorizontalRule", "CodeBlock", "RawBlock"):
        return block
    content: Any = block["c"]
    if kind in ("Para", "Plain"):
        return {**block, "c": _inlines(content, kept)}
    made = _PARTS[kind](content, kept)
    return None if made is None else {**block, "c": made}


def _items(items: list[Blocks], kept: Change) -> list[Blocks]:
    made = [(item, side(item, kept)) for item in items]
    return [now for was, now in made if now or not was]


def _definitions(content: Any, kept: Change) -> Any:
    out = []
    for term, meanings in content:
        whole = change_of(attr_of(term[0])) if len(term) == 1 and WHOLE in attr_of(term[0]).classes else None
        if whole in (None, kept):
            out.append([_inlines(term, kept), [side(meaning, kept) for meaning in meanings]])
    return out or None


def _table(content: Any, kept: Change) -> Any:
    attr, (short, caption), columns, head, bodies, foot = content

    def rows(given: list[Any]) -> list[Any]:
        out = []
        for row in given:
            marked = Attr.read(row[0])
            if change_of(marked) in (None, kept):
                cells = [[*cell[:4], side(cell[4], kept)] for cell in row[1]]
                out.append([_without_marks(marked).raw(), cells])
        return out

    return [
        attr,
        [short, side(caption, kept)],
        columns,
        [head[0], rows(head[1])],
        [[body[0], body[1], rows(body[2]), rows(body[3])] for body in bodies],
        [foot[0], rows(foot[1])],
    ]


def _div(content: Any, kept: Change) -> Any:
    attr, inside = content
    made = side(inside, kept)
    return [attr, made] if made or not inside else None


_PARTS: Mapping[str, Callable[[Any, Change], Any]] = {
    "Header": lambda c, kept: [c[0], c[1], _inlines(c[2], kept)],
    "Div": _div,
    "BlockQuote": lambda c, kept: side(c, kept) or None,
    "BulletList": lambda c, kept: _items(c, kept) or None,
    "OrderedList": lambda c, kept: [c[0], made] if (made := _items(c[1], kept)) else None,
    "DefinitionList": _definitions,
    "LineBlock": lambda c, kept: [_inlines(line, kept) for line in c],
    "Figure": lambda c, kept: [c[0], [c[1][0], side(c[1][1], kept)], side(c[2], kept)],
    "Table": _table,
}


def _inlines(given: Inlines, kept: Change) -> Inlines:
    out: Inlines = []
    for element in given:
        kind = element["t"]
        content: Any = element.get("c")
        if kind == "Span" and (change := change_of(attr_of(element))) is not None:
            out += _inlines(content[1], kept) if change == kept else []
        elif kind == "SoftBreak":
            out.append(SPACE)
        elif kind == "Note":
            out.append({**element, "c": side(content, kept)})
        elif kind in ("Span", "Link"):
            inside = _inlines(content[1], kept)
            if inside or not content[1]:
                out.append({**element, "c": [content[0], inside, *content[2:]]})
        elif kind in WRAPPERS:
            if inside := _inlines(content, kept):
                out.append({**element, "c": inside})
        else:
            out.append(element)
    return joined(out)


def joined(given: Inlines) -> Inlines:
    """Pieces of words that stand side by side as one word again, and neighbours of one emphasis as one."""
    out: Inlines = []
    for element in given:
        last = out[-1] if out else None
        if last is not None and last["t"] == element["t"] == "Str":
            out[-1] = string(last["c"] + element["c"])
        elif last is not None and last["t"] == element["t"] in WRAPPERS:
            out[-1] = {**element, "c": joined([*last["c"], *element["c"]])}
        elif last is not None and last["t"] == element["t"] in ("Link", "Span") and _same_around(last, element):
            out[-1] = {**element, "c": [element["c"][0], joined([*last["c"][1], *element["c"][1]]), *element["c"][2:]]}
        else:
            out.append(element)
    return out


def _same_around(one: Element, other: Element) -> bool:
    """Two spans or links of one look, which split words may have made of one; a mark is joined by what makes marks."""
    attr = attr_of(one)
    return bool(attr == attr_of(other) and change_of(attr) is None and one["c"][2:] == other["c"][2:] and not attr.id)


def _bare(element: Element) -> Element:
    return with_attr(element, _without_marks(attr_of(element)))


def _without_marks(attr: Attr) -> Attr:
    if MOVED not in attr.classes or change_of(attr) is None:
        return Attr(attr.id, tuple(c for c in attr.classes if c not in CHANGES), attr.attributes)
    kept = tuple((name, value) for name, value in attr.attributes if name not in ("move", "where"))
    return Attr(attr.id, tuple(c for c in attr.classes if c not in (*CHANGES, MOVED)), kept)


def identifiers(tree: Blocks) -> frozenset[str]:
    """All identifiers of a tree."""
    return frozenset(attr_of(e).id for e in iterate(tree)) - {""}
