"""Stage diff, trees: two versions of a tree as one, in which everything that came or went is marked.

Blocks are laid side by side: equal ones first, between them those that share enough words. What has a partner is merged inside, down to
words; what has none is marked whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from mmguide.ast import SPACE, Attr, Blocks, Element, Inlines, Node, attr_of, iterate, plain_text, rewrite
from mmguide.diff.inlines import InlineMerger
from mmguide.diff.marks import WHOLE, Change, Marker
from mmguide.diff.moves import with_moves
from mmguide.diff.words import ALIKE, HEADING, aligned, likeness

_CONTAINERS = ("BulletList", "OrderedList", "DefinitionList", "Table", "BlockQuote", "Figure", "Div")
_LEAST_SHARE = 0.2


class Side(Struct, frozen=True):
    """One thing to lay beside another: a block, an item, a row. `said` are its words, `kind` what it can be paired with."""

    content: Any
    key: str
    kind: str
    name: str
    said: str


class Merger:
    """Merges the blocks of two trees."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._marker = Marker(taken)
        self._inlines = InlineMerger(self._marker, key_of, self.blocks)

    def blocks(self, old: Blocks, new: Blocks) -> Blocks:
        """The blocks of both."""
        out: Blocks = []
        for was, now in paired([_side(b) for b in old], [_side(b) for b in new]):
            if was and now:
                out += [now.content] if was.key == now.key else self._block(was.content, now.content)
            else:
                one, change = alone(was, now)
                out += self._marker.blocks([one.content], change)
        return joined(out)

    def _block(self, old: Element, new: Element) -> Blocks:
        kind = new["t"]
        a: Any = old.get("c")
        b: Any = new.get("c")
        made: Any
        if kind in ("Para", "Plain"):
            made = self._inlines.merge(a, b)
        elif kind == "Header":
            made = [b[0], b[1], self._inlines.merge(a[2], b[2])]
        elif kind == "Div":
            made = [b[0], self.blocks(a[1], b[1])]
        elif kind == "BlockQuote":
            made = self.blocks(a, b)
        elif kind == "BulletList":
            made = self._items(a, b)
        elif kind == "OrderedList":
            made = [b[0], self._items(a[1], b[1])]
        elif kind == "DefinitionList":
            made = self._definitions(a, b)
        elif kind == "Figure":
            made = [b[0], [b[1][0], self.blocks(a[1][1], b[1][1])], self.blocks(a[2], b[2])]
        elif kind == "Table" and (made := self._table(a, b)) is not None:
            pass
        else:
            return [*self._marker.blocks([old], "deletion"), *self._marker.blocks([new], "insertion")]
        return [{**new, "c": made}]

    def _items(self, old: list[Blocks], new: list[Blocks]) -> list[Blocks]:
        out = []
        for was, now in paired([_item(i) for i in old], [_item(i) for i in new]):
            if was and now and was.key == now.key:
                out.append(now.content)
            elif was and now and _likeness(first := _side(was.content[0]), second := _side(now.content[0])):
                # The first paragraph of an item bears its sign, so that the two are one whatever they say.
                head = self._block(first.content, second.content)
                out.append(joined([*head, *self.blocks(was.content[1:], now.content[1:])]))
            else:
                out += [self._marker.blocks(was.content, "deletion")] if was else []
                out += [self._marker.blocks(now.content, "insertion")] if now else []
        return out

    def _definitions(self, old: list[Any], new: list[Any]) -> list[Any]:
        out = []
        for was, now in paired([_definition(d) for d in old], [_definition(d) for d in new]):
            if was and now:
                (term, meanings), (new_term, new_meanings) = was.content, now.content
                pairs = zip(meanings, new_meanings, strict=True)
                out.append([self._inlines.merge(term, new_term), [self.blocks(a, b) for a, b in pairs]])
            else:
                one, change = alone(was, now)
                term, meanings = one.content
                marked = [self._marker.blocks(m, change) for m in meanings]
                out.append([self._marker.spanned(term, change, WHOLE), marked])
        return out

    def _table(self, old: list[Any], new: list[Any]) -> list[Any] | None:
        """A table with its rows paired; None where the two are not of one build."""
        _, (_, caption), columns, head, bodies, foot = old
        attr, (short, new_caption), new_columns, new_head, new_bodies, new_foot = new
        if len(columns) != len(new_columns) or len(bodies) != len(new_bodies):
            return None
        if any(cell[2] != 1 for table in (old, new) for row in _rows(table) for cell in row[1]):
            return None
        return [
            attr,
            [short, self.blocks(caption, new_caption)],
            new_columns,
            [new_head[0], self._rows(head[1], new_head[1])],
            [[b[0], b[1], self._rows(a[2], b[2]), self._rows(a[3], b[3])] for a, b in zip(bodies, new_bodies, strict=True)],
            [new_foot[0], self._rows(foot[1], new_foot[1])],
        ]

    def _rows(self, old: list[Any], new: list[Any]) -> list[Any]:
        out = []
        for was, now in paired([_row(r) for r in old], [_row(r) for r in new]):
            if was and now:
                cells = zip(was.content[1], now.content[1], strict=True)
                out.append([now.content[0], [[*b[:4], self._cell(a[4], b[4])] for a, b in cells]])
            else:
                one, change = alone(was, now)
                out.append(self._marker.row(one.content, change))
        return out

    def _cell(self, old: Blocks, new: Blocks) -> Blocks:
        """A cell, which always has one paragraph: of one that is empty in a version, the words are marked and not the paragraph."""
        lines = [[b for b in blocks if b["t"] in ("Plain", "Para")] for blocks in (old, new)]
        if len(lines[0]) == len(old) < 2 and len(lines[1]) == len(new) < 2 and (old or new):
            a, b = (found[0]["c"] if found else [] for found in lines)
            return [{**(lines[1] or lines[0])[0], "c": self._inlines.merge(a, b)}]
        return self.blocks(old, new)


def merged(old: Blocks, new: Blocks, taken: frozenset[str] = frozenset()) -> Blocks:
    """One tree of two: `marks.side` gives each of them back. `taken` are the identifiers that nothing deleted may bear."""
    return with_moves(Merger(taken).blocks(old, new), key_of)


def joined(blocks: Blocks) -> Blocks:
    """Neighbouring divs of the same change as one."""
    out: Blocks = []
    for block in blocks:
        attr = attr_of(block)
        if out and block["t"] == "Div" == out[-1]["t"] and attr == attr_of(out[-1]) and attr in _CHANGED:
            out[-1] = {"t": "Div", "c": [attr.raw(), [*out[-1]["c"][1], *block["c"][1]]]}
        else:
            out.append(block)
    return out


_CHANGED = (Attr("", ("insertion",)), Attr("", ("deletion",)))


def paired(old: Sequence[Side], new: Sequence[Side]) -> list[tuple[Side | None, Side | None]]:
    """Old and new side by side, in the order of the new."""
    found = aligned([s.key for s in old], [s.key for s in new], lambda i, j: _likeness(old[i], new[j]), lambda i: _weight(old[i]))
    return [(None if i is None else old[i], None if j is None else new[j]) for i, j in found]


def alone(was: Side | None, now: Side | None) -> tuple[Side, Change]:
    """Of a pair that lacks one: the other, and what that makes it."""
    if was is not None:
        return was, "deletion"
    assert now is not None
    return now, "insertion"


def _weight(one: Side) -> int:
    """How much it is worth that this stays in place: its length, and of a heading the more, since what follows it is its own."""
    return len(one.key) + (HEADING if one.kind.startswith("Header") else 1)


def _likeness(one: Side, other: Side) -> float:
    if one.kind != other.kind:
        return 0.0
    if one.name and one.name == other.name:
        return 1.0
    if not one.said and not other.said:
        return 0.5
    if not one.kind.startswith(_CONTAINERS):
        return likeness(one.said, other.said)
    # What holds several things is the same as long as some of them are: inside, each is paired by itself.
    share = likeness(one.said, other.said, _LEAST_SHARE)
    return max(share, ALIKE) if share >= _LEAST_SHARE else 0.0


def _side(block: Element) -> Side:
    attr = attr_of(block)
    kind: str = "text" if block["t"] in ("Para", "Plain") else block["t"]
    if kind == "Header":
        kind += str(block["c"][0])
    elif kind == "Div":
        kind += " ".join([*sorted(c for c in attr.classes if not c.startswith("strength-")), attr.get("custom-style")])
    elif kind in ("OrderedList",):
        kind += json.dumps(block["c"][0])
    return Side(block, key_of(block), kind, attr.id, _said(block))


def _item(item: Blocks) -> Side:
    return Side(item, key_of(item), "item" if item else "empty item", "", _said(item))


def _definition(definition: list[Any]) -> Side:
    term, meanings = definition
    return Side(definition, key_of(definition), f"definition {len(meanings)}", _said(term), _said(definition))


def _row(row: list[Any]) -> Side:
    shape = json.dumps([cell[2:4] for cell in row[1]])
    first = _said(row[1][0][4]) if row[1] else ""
    said = " ".join(_said(cell[4]) for cell in row[1])
    return Side(row, key_of(row[1]), shape, first if len(first) > 3 else "", said)


def _rows(table: list[Any]) -> list[Any]:
    _, _, _, head, bodies, foot = table
    return [*head[1], *(r for body in bodies for r in [*body[2], *body[3]]), *foot[1]]


def _said(node: Node) -> str:
    """The words; what a renderer put between them, such as a tab, divides them."""
    if any(e["t"] == "RawInline" for e in iterate(node)):
        node = rewrite(node, lambda e: SPACE if e["t"] == "RawInline" else None)
    return plain_text(node)


def key_of(node: Node) -> str:
    """What makes two pieces the same: all of it, but a citation by what it cites."""
    cites = any(e["t"] == "Cite" for e in iterate(node))
    return json.dumps(_normal(node) if cites else node, ensure_ascii=False)


def _normal(node: Node) -> Any:
    if isinstance(node, list):
        return [_normal(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("t") == "Cite":
        return {"t": "Cite", "c": citation_key(node["c"][0])}
    return {**node, "c": _normal(node["c"])} if "c" in node else node


def citation_key(citations: Inlines) -> list[Any]:
    """A citation without its number: keys, with what is printed beside each."""
    return [
        [c["citationId"], c["citationMode"]["t"], plain_text(c["citationPrefix"]), plain_text(c["citationSuffix"])]
        for c in citations
    ]


__all__ = ["ALIKE", "Change", "Merger", "citation_key", "joined", "key_of", "merged"]
