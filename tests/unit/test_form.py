"""Places for the pen: what is printed for the pen, and what a form asks for there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmguide.ast import attr_of, iterate, plain_text
from mmguide.converting import parse
from mmguide.form import as_form, for_the_pen
from mmguide.model.manuscript import CitedManuscript, Manuscript
from mmguide.model.settings import Project, Settings

TEXT = """Name: []{.field label="Full name" width=9} Room: ________

[]{.field .tick label="I agree"} yes

What I want to ask:

[]{.field lines=3}

| Week | Mon | How |
|:-----|:---:|:---:|
| 1 | ☐ |  |
| later | ☐ | x |

: My capsules.

|  | a |
|--|---|
|  | b |

: Tests.

☐ Take it ☐ Wait
"""


@pytest.fixture(scope="module")
def fields() -> list[tuple[str, str, str, str]]:
    project = Project(Path("/nowhere"), Settings(title="T", sections=("a.md",)))
    blocks = for_the_pen(parse(TEXT))
    made = as_form(CitedManuscript(Manuscript(project, (), blocks), blocks))
    found = [attr_of(e) for e in iterate(made.blocks) if "form-field" in attr_of(e).classes]
    return [(a.get("kind"), a.get("name"), a.get("label"), a.get("size")) for a in found]


def test_for_the_pen_there_are_lines_and_boxes() -> None:
    text = plain_text(for_the_pen(parse(TEXT)))
    assert "Name: _________ Room:" in text
    assert "☐ yes" in text
    assert text.count("_" * 62) == 3


def test_a_form_asks_for_what_the_pen_would_write(fields: list[tuple[str, str, str, str]]) -> None:
    assert fields == [
        ("text", "full-name", "Full name", "9"),
        ("text", "room", "Room", "8"),
        ("tick", "i-agree", "I agree", "0"),
        ("area", "what-i-want-to-ask", "What I want to ask", "3"),
        ("tick", "week-1-mon", "Week 1, Mon", "0"),
        ("text", "week-1-how", "Week 1, How", "0"),
        ("tick", "later-mon", "later, Mon", "0"),
        ("text", "line-1", "Line 1", "0"),
        ("tick", "take-it", "Take it", "0"),
        ("tick", "wait", "Wait", "0"),
    ]


def test_no_two_fields_have_one_name() -> None:
    project = Project(Path("/nowhere"), Settings(title="T", sections=("a.md",)))
    blocks = parse("A: _____ A: _____\n\nx _____\n\n::: x\n- ☐\n\n1. ☐\n:::")
    made = as_form(CitedManuscript(Manuscript(project, (), blocks), blocks))
    names = [attr_of(e).get("name") for e in iterate(made.blocks) if "form-field" in attr_of(e).classes]
    assert len(names) == 5
    assert len(set(names)) == 5
