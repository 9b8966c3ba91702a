"""The redlines that the tests judge, each made once: many excerpts with random edits, and the guideline with edits all over it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import NamedTuple

from msgspec.structs import replace
from render.docx_samples import cited
from support.edits import Editor, excerpt

from mmguide.ast import Attr, Blocks, Element, attr_of, header, rewrite, string, with_attr
from mmguide.diff.marks import identifiers, side, unmarked
from mmguide.diff.trees import merged
from mmguide.model.manuscript import CitedManuscript
from mmguide.render.docx import docx
from mmguide.theme import Theme

ROUNDS = 50


class Files(NamedTuple):
    """Word files of the old and the new text, and of both with changes."""

    old: bytes
    new: bytes
    both: bytes


def edited(seed: int, rounds: int, tree: Blocks) -> tuple[list[Blocks], list[Blocks], list[Blocks]]:
    """Excerpts with random edits, each old, new and merged, each under a heading of its own."""
    old, new, both = [], [], []
    for number in range(rounds):
        random = Random(f"{seed} {number}")
        named = _named(tree, f"r{number}-")
        one = side(unmarked(Editor(random).edited(named, random.randrange(4))), "insertion")
        other = side(unmarked(Editor(random).edited(named, random.randrange(1, 5))), "insertion")
        head = [header(1, [string(f"Round {number}")], Attr(f"round-{number}", ("unnumbered",)))]
        old.append([*head, *one])
        new.append([*head, *other])
        both.append([*head, *_counted_on(merged(one, other, identifiers(other)), number)])
    return old, new, both


def _counted_on(tree: Blocks, number: int) -> Blocks:
    """The moves of one excerpt among those of many, by numbers of their own."""

    def action(element: Element) -> Element | None:
        attr = attr_of(element)
        if not attr.get("move"):
            return None
        made = with_attr(element, attr.having(move=f"{number}-{attr.get('move')}"))
        return {**made, "c": rewrite(made["c"], action)}

    made: Blocks = rewrite(tree, action)
    return made


def _named(tree: Blocks, prefix: str) -> Blocks:
    made: Blocks = rewrite(
        tree, lambda e: None if not attr_of(e).id else with_attr(e, attr_of(e).having(id=prefix + attr_of(e).id))
    )
    return made


def write(parts: Sequence[Blocks]) -> bytes:
    given, theme = cited("torture")
    return docx(replace(given, blocks=[b for part in parts for b in part]), theme)


@cache
def sample() -> Files:
    old, new, both = edited(1, ROUNDS, excerpt())
    return Files(write(old), write(new), write(both))


@cache
def guideline() -> Files:
    """The worked example with random edits all over it."""
    return with_edits(*cited("guideline"), seed=7, count=80)


def with_edits(given: CitedManuscript, theme: Theme, *, seed: int, count: int) -> Files:
    """A whole text, the same with edits, and the redline from one to the other."""
    old = side(unmarked(given.blocks), "insertion")
    new = side(unmarked(Editor(Random(seed)).edited(old, count)), "insertion")
    trees = (old, new, merged(old, new, identifiers(new)))
    return Files(*(docx(replace(given, blocks=tree), theme) for tree in trees))
