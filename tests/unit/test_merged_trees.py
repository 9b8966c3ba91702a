"""Two trees as one: accepting every change gives the new tree, rejecting every change the old one."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.edits import Editor, excerpt

from mmguide.ast import Blocks, Node, plain_text
from mmguide.converting import parse
from mmguide.diff.marks import identifiers, side, unmarked
from mmguide.diff.trees import merged
from mmguide.pandoc import write


def bare(tree: Node) -> Any:
    """A tree without what the two sides may differ in: identifiers of what went, citations' printed form, tight or loose lists."""
    if isinstance(tree, list):
        attr = len(tree) == 3 and isinstance(tree[0], str) and isinstance(tree[1], list) and isinstance(tree[2], list)
        return ["", *tree[1:]] if attr else [bare(item) for item in tree if not _empty(item)]
    if isinstance(tree, dict):
        if tree.get("t") == "Cite":
            return ["Cite", [c["citationId"] for c in tree["c"][0]]]
        return {"t": "Para" if tree.get("t") == "Plain" else tree.get("t"), "c": bare(tree.get("c"))}
    return tree


def _empty(item: Any) -> bool:
    """A paragraph without words: what is left of a cell that was emptied."""
    return isinstance(item, dict) and item.get("t") in ("Para", "Plain") and not item["c"]


def agreed(old: Blocks, new: Blocks) -> None:
    old, new = side(unmarked(old), "insertion"), side(unmarked(new), "insertion")
    made = merged(old, new, identifiers(new))
    assert bare(side(made, "insertion")) == bare(new)
    assert bare(side(made, "deletion")) == bare(old)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 6), st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_either_side_comes_back_after_edits(one: int, other: int, some: int, more: int) -> None:
    tree = excerpt()
    agreed(Editor(Random(one)).edited(tree, some), Editor(Random(other)).edited(tree, more))


@pytest.mark.nightly
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=2000, deadline=None)
def test_either_side_comes_back_after_many_edits(one: int, other: int, some: int, more: int) -> None:
    tree = excerpt()
    agreed(Editor(Random(one)).edited(tree, some), Editor(Random(other)).edited(tree, more))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("One *two three* four.", "One *two* four.", "One *two[ three]{.deletion}* four."),
        ("Take 10 mg daily.", "Take 15 mg daily.", "Take [10]{.deletion}[15]{.insertion} mg daily."),
        ("See [a site](x).", "See [a big site](x).", "See [a [big ]{.insertion}site](x)."),
        ("Nothing here.", "Nothing here.\n\nMore.", "Nothing here.\n\n::: insertion\nMore.\n:::"),
        ("- a b c\n- x y z", "- a b c", "- a b c\n\n- ::: deletion\n  x y z\n  :::"),
        ("# Old title here", "# New title here", "# [Old]{.deletion}[New]{.insertion} title here {#new-title-here}"),
        ("Text.\n\n## Gone", "Text.", "Text.\n\n## Gone {#gone .deletion}"),
        ("As said [@a].", "As said [@a; @b].", "As said [[@a]]{.deletion}[[@a; @b]]{.insertion}."),
    ],
)
def test_changes_are_marked_where_they_are(old: str, new: str, shown: str) -> None:
    made = merged(unmarked(parse(old)), unmarked(parse(new)), identifiers(parse(new)))
    assert write(made, "markdown").decode().strip() == shown


def test_words_replaced_one_after_the_other_are_one_change() -> None:
    old, new = parse("We suggest against giving it."), parse("We recommend for giving it.")
    text = write(merged(old, new), "markdown").decode().strip()
    assert text == "We [suggest against]{.deletion}[recommend for]{.insertion} giving it."


def test_a_sentence_of_which_little_is_left_is_replaced_whole() -> None:
    old, new = parse("::: x\nOne two three four five.\n:::"), parse("::: x\nQuite another thing five.\n:::")
    made = merged(old, new)
    assert plain_text(side(made, "deletion")) == "One two three four five."
    assert "insertion" in str(made)
