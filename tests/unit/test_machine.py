"""Diagnostics for other programs: JSON, SARIF, GitHub."""

from __future__ import annotations

import json

from sarif_pydantic import Sarif

from mmguide.cli.machine import as_github, as_json, as_sarif
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules.citations import UNDEFINED_CITATION
from mmguide.diagnostics.rules.project import MISSING_SETTING
from mmguide.diagnostics.rules.structure import DUPLICATE_IDENTIFIER

FOUND: tuple[Diagnostic, ...] = (
    UNDEFINED_CITATION.at(Span("sections/a b.md", 3, 5, 3, 9), key="x,y:100%"),
    DUPLICATE_IDENTIFIER.at(Span("a.md", 2, 1, 2, 4), id="q", other="a.md:1", related=(Span("a.md", 1, 1, 1, 4),)),
    MISSING_SETTING.at(None, name="title", file="guideline.yaml"),
)


def test_json_gives_every_field() -> None:
    first, _, last = json.loads(as_json(FOUND))
    assert first["code"] == "MMG201"
    assert (first["path"], first["line"], first["column"], first["end_line"], first["end_column"]) == (
        "sections/a b.md",
        3,
        5,
        3,
        9,
    )
    assert first["hint"]
    assert last["path"] is None


def test_sarif_is_read_by_another_implementation() -> None:
    log = Sarif.model_validate_json(as_sarif(FOUND))
    (run,) = log.runs
    results = run.results or []
    assert [r.rule_id for r in results] == ["MMG201", "MMG402", "MMG104"]
    rules = run.tool.driver.rules or []
    assert all(rules[r.rule_index or 0].id == r.rule_id for r in results)
    region = results[0].locations[0].physical_location.region
    assert (region.start_line, region.start_column, region.end_column) == (3, 5, 9)


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    assert Sarif.model_validate_json(as_sarif(())).runs[0].results == []


def test_github_escapes_what_would_end_a_property() -> None:
    first = as_github(FOUND, "guides/mm").splitlines()[0]
    assert first.startswith(
        "::error file=guides/mm/sections/a b.md,line=3,endLine=3,col=5,endColumn=9,title=MMG201 undefined-citation::"
    )
    assert "100%25" in first
