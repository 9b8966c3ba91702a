"""The difference between versions: words, pairs of paragraphs, recommendations, level."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mmguide.diff.model import Difference, RecommendationChange, ReferenceChange, TextChange
from mmguide.diff.words import aligned, pairs, tokens, word_changes

TEXT = st.text(alphabet="ab é.,-1 \n", max_size=60)


@given(TEXT, TEXT)
def test_the_words_give_both_versions_back(old: str, new: str) -> None:
    words = word_changes(old, new)
    assert "".join(w.text for w in words if w.operation != "added") == old
    assert "".join(w.text for w in words if w.operation != "removed") == new


@given(TEXT)
def test_tokens_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


KEYS = st.lists(st.sampled_from(["", "a", "bb", "ccccc", "ddddddd"]), max_size=7)


@given(KEYS, KEYS)
def test_what_stays_in_place_says_the_most(old: list[str], new: list[str]) -> None:
    def most(i: int, j: int) -> int:
        if i == len(old) or j == len(new):
            return 0
        kept = len(old[i]) + 1 + most(i + 1, j + 1) if old[i] == new[j] else 0
        return max(kept, most(i + 1, j), most(i, j + 1))

    found = [(i, j) for i, j in aligned(old, new, lambda i, j: 0.0) if i is not None and j is not None]
    assert all(old[i] == new[j] for i, j in found)
    assert sum(len(old[i]) + 1 for i, _ in found) == most(0, 0)


@given(
    st.lists(st.sampled_from(["a b c d", "a b c e", "x y", "z"]), max_size=6),
    st.lists(st.sampled_from(["a b c d", "q", "x y"]), max_size=6),
)
def test_every_paragraph_is_paired_once_and_in_order(old: list[str], new: list[str]) -> None:
    found = pairs(old, new)
    assert [i for i, _ in found if i is not None] == list(range(len(old)))
    assert [j for _, j in found if j is not None] == list(range(len(new)))


def test_an_amended_paragraph_is_not_a_removed_and_an_added_one() -> None:
    old = ["First words stay.", "Offer lenalidomide 10 mg daily until progression.", "Last."]
    new = ["First words stay.", "Offer lenalidomide 15 mg daily until progression.", "Something else entirely.", "Last."]
    assert pairs(old, new) == [(0, 0), (1, 1), (None, 2), (2, 3)]


def change(
    kind: str, old: tuple[str, str, str] = ("for", "low", "strong"), new: tuple[str, str, str] = ("for", "low", "strong")
) -> Difference:
    return Difference("1", "2", recommendations=(RecommendationChange("rec:a", kind, old_grade=old, new_grade=new),))  # type: ignore[arg-type]


def test_the_level_is_that_of_the_gravest_change() -> None:
    assert Difference("1", "2").level == "none"
    assert Difference("1", "2", text=(TextChange("", word_changes("a", "b")),)).level == "patch"
    assert Difference("1", "2", references=(ReferenceChange("k", "amended", ("page",)),)).level == "patch"
    assert Difference("1", "2", references=(ReferenceChange("k", "new"),)).level == "minor"
    assert change("new").level == "minor"
    assert change("amended", new=("for", "moderate", "strong")).level == "minor"
    assert change("amended", new=("for", "low", "conditional")).level == "major"
    assert change("amended", new=("against", "low", "strong")).level == "major"
    assert change("deleted").level == "major"
