"""Chances as people out of 100, drawn from the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmguide.ast import attr_of, iterate, plain_text
from mmguide.build import check_project
from mmguide.model.manuscript import Manuscript

SETTINGS = "title: A guideline\nsections: [a.md]\ndata: [n.csv]\n"
SCHEMA = "columns:\n  rate: {label: Alive, kind: percent}\n  time: {label: Time, kind: months}\n"
TEXT = '# Question\n\n::: {.icon-array value="%s" label="with tea"}\n:::\n'


def made(folder: Path, value: str, name: str = "tea.rate") -> tuple[Manuscript, list[tuple[str, int]]]:
    for path, text in (
        ("guideline.yaml", SETTINGS),
        ("a.md", TEXT % name),
        ("n.csv", f"id,rate,rate_status,time\ntea,{value},,9\n"),
        ("n.schema.yaml", SCHEMA),
    ):
        (folder / path).write_text(text)
    checked = check_project(folder)
    assert checked.manuscript is not None
    return checked.manuscript, [(d.code, d.span.line) for d in checked.diagnostics if d.span and d.span.path == "a.md"]


@pytest.mark.parametrize(("value", "count"), [("0", 0), ("4.8", 5), ("78.5", 79), ("100", 100)])
def test_as_many_are_filled_as_the_data_say(tmp_path: Path, value: str, count: int) -> None:
    manuscript, found = made(tmp_path, value)
    assert found == []
    svg = manuscript.pictures[f"generated/people-{count}.svg"].content.decode()
    assert svg.count("<circle") == 100
    assert svg.count('fill="none"') == 100 - count
    image = next(e for e in iterate(manuscript.blocks) if e["t"] == "Image")
    assert plain_text(image["c"][1]) == f"{count} of 100 people with tea"
    cells = [
        attr_of(e).get("data-cell") for e in iterate(manuscript.blocks) if e["t"] == "Span" and "value" in attr_of(e).classes
    ]
    assert cells == ["tea.rate"]


@pytest.mark.parametrize(("name", "code"), [("tea.time", "MMG653"), ("tea.none", "MMG632")])
def test_what_is_no_chance_is_told(tmp_path: Path, name: str, code: str) -> None:
    manuscript, found = made(tmp_path, "50", name)
    assert found == [(code, 3)]
    assert not [path for path in manuscript.pictures if "people" in path]
