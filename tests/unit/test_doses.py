"""Unsafe doses: the one look by which most paragraphs are passed misses none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmguide.check.doses import _SUSPECT, UNSAFE

WRITTEN = tuple("QD q.d. qd OD o.d. QOD q.o.d. qod BID TID QID b.i.d. t.i.d. HS qhs TIW t.i.w. MSO4 MgSO4 D/C".split())  # noqa: SIM905
PIECES = st.sampled_from(
    [*WRITTEN, "5", "U", "IU", "µg", "μg", "SC", "SQ", "sub q", "cc", "inj", "weekly", " ", "\u00a0", ".", "x"]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_no_unsafe_dose_is_passed(text: str) -> None:
    if any(re.search(pattern, text) for pattern, _ in UNSAFE):
        assert _SUSPECT.search(text)


@pytest.mark.parametrize("text", [*WRITTEN, "5 U", "5IU", "5 µg", "5μg", "5cc", "SC inj", "SQ daily", "sub q weekly"])
def test_each_is_looked_at(text: str) -> None:
    assert any(re.search(pattern, text) for pattern, _ in UNSAFE)
    assert _SUSPECT.search(text)
