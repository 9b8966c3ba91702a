"""Stage diff, moves: blocks that went in one place and came unchanged in another, found in a merged tree and marked as moved.

A move is told only where it is sure: a block of several words that stands once among all that went and once among all that came, with
the neighbours that moved along. Everything else stays an insertion and a deletion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from msgspec import Struct, field

from mmguide.ast import Attr, Blocks, Element, Node, attr_of, div, plain_text, rewrite, with_attr
from mmguide.diff.marks import CHANGES, MOVED, Change, change_of, words_of
from mmguide.diff.words import said, tokens

# Fewer words than these can stand in two places without having moved from one to the other.
LEAST_WORDS = 8
# What can stand in a merged tree around blocks, and where its blocks are.
_HOLDERS = {"Div": 1, "BlockQuote": None, "BulletList": None, "OrderedList": 1}


class _Place(Struct, frozen=True):
    """A block that came or went: what it says, the list it stands in with its place in it, and the heading above it."""

    block: Element
    key: str
    words: int
    near: tuple[int, int]
    under: Element | None


class _Walk(Struct):
    """All that came and all that went, in order, and the headings that stand above in each version, the outermost first."""

    key: Callable[[Node], str]
    found: dict[Change, list[_Place]] = field(default_factory=lambda: {"insertion": [], "deletion": []})
    under: dict[Change, tuple[Element, ...]] = field(default_factory=lambda: {"insertion": (), "deletion": ()})

    def blocks(self, given: Blocks) -> None:
        at = 0
        for block in given:
            change = change_of(attr_of(block))
            for inner in block["c"][1] if change and block["t"] == "Div" else [block]:
                at += 1
                if change:
                    self._place(inner, change, (id(given), at))
                if inner["t"] == "Header":
                    self._heading(inner, change)
            if not change:
                self._inside(block)

    def _place(self, block: Element, change: Change, near: tuple[int, int]) -> None:
        words = sum(map(said, tokens(plain_text(block))))
        above = self._above(block, change)
        self.found[change].append(_Place(block, self.key(_bare(block)), words, near, above[-1] if above else None))

    def _heading(self, block: Element, change: Change | None) -> None:
        for version in CHANGES:
            if change in (None, version):
                self.under[version] = (*self._above(block, version), block)

    def _above(self, block: Element, version: Change) -> tuple[Element, ...]:
        """The headings that a block stands under: a heading not under those of its own level."""
        level = block["c"][0] if block["t"] == "Header" else 10
        return tuple(heading for heading in self.under[version] if heading["c"][0] < level)

    def _inside(self, block: Element) -> None:
        if block["t"] in _HOLDERS and "recommendation-label" not in attr_of(block).classes:
            at = _HOLDERS[block["t"]]
            content = block["c"] if at is None else block["c"][at]
            for blocks in content if block["t"].endswith("List") else [content]:
                self.blocks(blocks)


def with_moves(tree: Blocks, key: Callable[[Node], str]) -> Blocks:
    """The merged tree in which what moved is marked so, at both places; `key` gives what makes two blocks the same."""
    walk = _Walk(key)
    walk.blocks(tree)
    gone, come = walk.found["deletion"], walk.found["insertion"]
    moves: dict[int, Attr] = {}
    for number, run in enumerate(_runs(gone, come), 1):
        source, target = gone[run[0][0]].under, come[run[0][1]].under
        far = source is not target
        for i, j in run:
            for change, place, where in (("deletion", gone[i], target), ("insertion", come[j], source)):
                named = _name(where, "insertion" if change == "deletion" else "deletion") if far else ""
                moves[id(place.block)] = Attr("", (change, MOVED), (("move", str(number)), ("where", named)))
    return _marked(tree, moves) if moves else tree


def _name(heading: Element | None, version: Change) -> str:
    """How a version calls a heading: by its number, or in its words."""
    if heading is None:
        return ""
    return attr_of(heading).get("number") or f"“{plain_text(words_of(heading['c'][2], version))}”"


def _runs(gone: Sequence[_Place], come: Sequence[_Place]) -> list[list[tuple[int, int]]]:
    """Which of those that went came where, neighbours that moved together as one: from what stands once, on to both sides (Heckel 1978)."""
    counts = [Counter(p.key for p in places) for places in (gone, come)]
    at = {p.key: j for j, p in enumerate(come)}
    taken: tuple[set[int], set[int]] = (set(), set())
    out = []
    for i, place in enumerate(gone):
        sure = place.words >= LEAST_WORDS and counts[0][place.key] == counts[1][place.key] == 1
        if i in taken[0] or not sure or at[place.key] in taken[1]:
            continue
        run = [(i, at[place.key])]
        for step, end in ((-1, 0), (1, -1)):
            while (following := _next(gone, come, run[end], step)) and not (following[0] in taken[0] or following[1] in taken[1]):
                run.insert(0 if step < 0 else len(run), following)
        for side, indices in zip(taken, zip(*run, strict=True), strict=True):
            side.update(indices)
        out.append(run)
    return out


def _next(gone: Sequence[_Place], come: Sequence[_Place], pair: tuple[int, int], step: int) -> tuple[int, int] | None:
    """The pair that stands beside one, where both neighbours say the same."""
    i, j = pair[0] + step, pair[1] + step
    if not (0 <= i < len(gone) and 0 <= j < len(come)) or gone[i].key != come[j].key:
        return None
    beside = all(
        one.near == (other.near[0], other.near[1] + step) for one, other in ((gone[i], gone[pair[0]]), (come[j], come[pair[1]]))
    )
    return (i, j) if beside else None


def _marked(tree: Blocks, moves: Mapping[int, Attr]) -> Blocks:
    out: Blocks = []
    for block in tree:
        change = change_of(attr_of(block))
        if change and block["t"] == "Div":
            for attr, group in groupby(block["c"][1], key=lambda b: moves.get(id(b), attr_of(block))):
                out.append(div(list(group), attr))
        elif id(block) in moves:
            attr = moves[id(block)]
            out.append(with_attr(block, attr_of(block).having(classes=(MOVED,), **dict(attr.attributes))))
        elif not change and block["t"] in _HOLDERS:
            out.append(_holder_marked(block, moves))
        else:
            out.append(block)
    return out


def _holder_marked(block: Element, moves: Mapping[int, Attr]) -> Element:
    at = _HOLDERS[block["t"]]
    content = block["c"] if at is None else block["c"][at]
    made = [_marked(b, moves) for b in content] if block["t"].endswith("List") else _marked(content, moves)
    return {**block, "c": made if at is None else [*block["c"][:at], made, *block["c"][at + 1 :]]}


def _bare(block: Element) -> Element:
    """A block without identifiers and marks, which a version does not move."""

    def nameless(element: Element) -> Element | None:
        attr = attr_of(element)
        change = change_of(attr)
        if not attr.id and not change:
            return None
        bare = with_attr(element, Attr("", tuple(c for c in attr.classes if c != change), attr.attributes))
        return {**bare, "c": rewrite(bare["c"], nameless)}

    made: Element = rewrite([block], nameless)[0]
    return made
