"""What is known again is what was made of the same: never of something else, and never more than a bound."""

from __future__ import annotations

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from mmguide import memory
from mmguide.ast import Blocks, Element, iterate, rewrite
from mmguide.converting import parse
from mmguide.memory import Before, Known, Latest
from mmguide.walks import elements_of, marks_of, named_in, rewrite_lists_where, rewrite_where


def test_the_same_values_are_known_and_equal_ones_are_not() -> None:
    memory: Known[int] = Known(10)
    one, other = [1], [1]
    made = iter(range(9))
    assert [memory.of((value,), lambda: next(made)) for value in (one, one, other, one)] == [0, 0, 1, 0]
    assert memory.of((one,), lambda: next(made), "for another purpose") == 2
    assert memory.each([(one,), (other,), ([1],)], lambda numbers: [next(made) for _ in numbers]) == [0, 1, 3]


@given(st.integers(1, 5), st.lists(st.integers(0, 8)))
def test_a_bound_is_kept_and_what_is_forgotten_is_made_again(most: int, asked: list[int]) -> None:
    memory: Known[int] = Known(most)
    values = [[number] for number in range(9)]
    for number in asked:
        assert memory.of((values[number],), lambda number=number: number) == number  # type: ignore[misc]
        assert len(memory._young) <= most
    assert memory.each([(value,) for value in values], lambda numbers: list(numbers)) == list(range(9))


def test_a_value_that_is_known_lives_so_that_no_other_gets_its_identity() -> None:
    memory: Known[int] = Known(1000)
    assert [memory.of(([number],), lambda number=number: number) for number in range(100)] == list(range(100))  # type: ignore[misc]


@given(st.lists(st.lists(st.integers(0, 3)), max_size=8), st.lists(st.lists(st.integers(0, 3)), max_size=8))
def test_values_that_are_there_again_are_the_same(first: list[list[int]], second: list[list[int]]) -> None:
    before: Before[list[int]] = Before()
    assert before.again(first) == first
    again = before.again(second)
    assert again == second
    if first and second:
        assert (again[0] is first[0]) == (first[0] == second[0])
    if len(first) == len(second) and len([1 for a, b in zip(first, second, strict=True) if a != b]) == 1:
        assert [a is b for a, b in zip(first, again, strict=True)] == [a == b for a, b in zip(first, second, strict=True)]


def test_what_is_nested_too_deep_to_compare_is_not_the_same() -> None:
    def deep() -> list[object]:
        return reduce(lambda inner, _: [inner], range(100_000), [])

    one, other = deep(), deep()
    assert memory.same(one, one)
    assert not memory.same([one], [other])
    for each in (one, other):  # piece by piece: what is nested deep cannot be let go at once
        while each:
            (each,) = each  # type: ignore[assignment]


def test_all_is_forgotten_at_once() -> None:
    latest: Latest[int] = Latest()
    made = iter(range(9))
    assert [latest.of([value], lambda: next(made)) for value in ("a", "a", "b", "a")] == [0, 0, 1, 2]
    memory.forget()
    assert latest.of(["a"], lambda: next(made)) == 3


TEXT = """# One [@a] {#one .mark}

Words[^1] and *more* [see [@b], p. 3; @c].

::: {.box #two}
- Item [with a link](#one)

| A | B |
|---|---|
| [x]{.value} | 2 |
:::

---

[^1]: A note.
"""


def test_blocks_are_walked_as_the_whole_is() -> None:
    blocks = parse(TEXT)
    assert list(map(id, elements_of(blocks))) == list(map(id, iterate(blocks)))
    assert [name for name, _ in named_in(blocks)] == ["one", "two"]
    assert {"Header", ".mark", ".box", ".value", "Note", "Table", "Cite"} <= marks_of(blocks)


def test_a_part_is_rewritten_as_the_whole_is() -> None:
    blocks = parse(TEXT)

    def gone(element: Element) -> list[Element] | None:
        return [] if element["t"] in ("Span", "Note", "Header") else None

    asked: Blocks = rewrite_where(blocks, {"Header", "Span", "Note"}, gone, {"Header", "Span", "Note"})
    assert asked == rewrite(blocks, gone)
    assert [any(a is b for b in blocks) for a in asked] == [False, False, True]
    short = rewrite_lists_where(blocks, lambda e: e["t"] == "BulletList", lambda elements: elements[:1])
    assert short[:2] == blocks[:2]
    assert len(short[2]["c"][1]) == 1
