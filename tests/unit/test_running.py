"""The running text of a paragraph: what is no prose is blanked, and nothing else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mmguide.check import running

PIECES = [
    "a",
    "1",
    ".",
    " mg",
    "@x",
    "[",
    "]",
    "{.value}",
    "{#a}",
    "](",
    "`",
    "$",
    "<b>",
    "<!--",
    "-->",
    "https://a",
    "{",
    "}",
    "\n",
    "é",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_a_paragraph_that_is_passed_by_has_nothing_to_blank(text: str) -> None:
    blanked = running._NOT_PROSE.sub(running._blank, text)
    assert running._prose(text, True) == blanked
    assert running._prose(text, False) == running._CITATION.sub(running._blank, blanked)
    assert len(blanked) == len(text)
