"""Walks through blocks of a tree: what stands in each block is found out once, so that a stage looks into those alone that concern it."""

from __future__ import annotations

from collections.abc import Callable, Set
from itertools import chain
from typing import NamedTuple

from mmguide.ast import Action, Blocks, Element, classes_of, id_of, iterate, rewrite, rewrite_lists
from mmguide.memory import Known

# Blocks of two states of the longest guideline.
_BLOCKS = 20_000
_MARKED = frozenset({"Header", "Div", "Span"})


class Within(NamedTuple):
    """What stands in a block: its elements as `iterate` gives them, those with an identifier, each behind it, and its marks.

    Marks are the kinds of its elements, and the classes of its headings, divs and spans with a dot before each.
    """

    elements: tuple[Element, ...]
    named: tuple[tuple[str, Element], ...]
    marks: frozenset[str]


_within: Known[Within] = Known(_BLOCKS)


def within(block: Element) -> Within:
    """What stands in a block."""
    return _within.of((block,), lambda: _looked_into(block))


def _looked_into(block: Element) -> Within:
    elements = tuple(iterate(block))
    classes = (name for e in elements if e["t"] in _MARKED for name in classes_of(e))
    marks = frozenset((*(e["t"] for e in elements), *(f".{name}" for name in classes)))
    return Within(elements, tuple((name, e) for e in elements if (name := id_of(e))), marks)


def elements_of(blocks: Blocks) -> tuple[Element, ...]:
    """Every element of the blocks but words and the spaces between them, in document order, as `iterate` gives them."""
    return tuple(chain.from_iterable(within(block).elements for block in blocks))


def named_in(blocks: Blocks) -> tuple[tuple[str, Element], ...]:
    """The elements of the blocks that have an identifier, each behind it, in document order."""
    return tuple(chain.from_iterable(within(block).named for block in blocks))


def marks_of(blocks: Blocks) -> frozenset[str]:
    """The marks of the blocks: a stage that none of them concerns passes the blocks by."""
    return frozenset().union(*(within(block).marks for block in blocks))


def rewrite_where(blocks: Blocks, marks: Set[str], action: Action, kinds: Set[str]) -> Blocks:
    """As `rewrite` of the blocks that bear one of the marks; the others stay as they are."""
    out: Blocks = []
    for block in blocks:
        out += [block] if marks.isdisjoint(within(block).marks) else rewrite([block], action, kinds)
    return out


def rewrite_lists_where(
    blocks: Blocks, concerned: Callable[[Element], bool], action: Callable[[list[Element]], list[Element]]
) -> Blocks:
    """As `rewrite_lists` within each block in which an element is `concerned`; the others stay as they are."""
    out: Blocks = []
    for block in blocks:
        out += rewrite_lists([block], action) if any(map(concerned, within(block).elements)) else [block]
    return out
