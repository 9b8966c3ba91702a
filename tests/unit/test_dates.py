"""The dates of references: one reading for every shape that CSL has."""

from __future__ import annotations

from typing import Any

import pytest

from mmguide.diagnostics import Span
from mmguide.model.reference import Reference, date_parts

SHAPES: tuple[tuple[Any, tuple[int, ...]], ...] = (
    ({"date-parts": [[2001, 5, 31]]}, (2001, 5, 31)),
    ({"date-parts": [["2001", "05"]]}, (2001, 5)),
    ({"date-parts": [[2001.0]]}, (2001,)),
    ({"date-parts": [[2001, 5], [2002, 1]]}, (2001, 5)),
    ({"date-parts": [[2001, 21]]}, (2001,)),
    ({"date-parts": [[2001, 0]]}, (2001,)),
    ({"date-parts": [[-44, 3, 15]]}, (-44, 3, 15)),
    ({"date-parts": [[2001]], "season": 2, "circa": True}, (2001,)),
    ({"date-parts": [[]], "raw": "2001-05"}, (2001, 5)),
    ({"date-parts": []}, ()),
    ({"date-parts": None, "literal": "2001"}, (2001,)),
    ({"raw": "2001-05-31/2001-06-02"}, (2001, 5, 31)),
    ({"raw": 2001}, (2001,)),
    ({"literal": "Spring 2001"}, ()),
    ("2001", (2001,)),
    ("2001-05", (2001, 5)),
    ("2001-05-31", (2001, 5, 31)),
    ("2001-05-31T10:00:00Z", (2001, 5, 31)),
    ("2001?", (2001,)),
    ("2001/2003", (2001,)),
    ("in press", ()),
    ("20015", ()),
    (2001, (2001,)),
    ("", ()),
    (None, ()),
    ({}, ()),
)


@pytest.mark.parametrize(("value", "parts"), SHAPES, ids=lambda v: str(v)[:40])
def test_every_shape_of_a_date_is_read(value: Any, parts: tuple[int, ...]) -> None:
    assert date_parts(value) == parts
    assert Reference("one", {"issued": value}, Span("refs.json")).year == (parts[0] if parts else None)
