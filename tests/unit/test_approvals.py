"""Handouts cannot drift: what changes under an approved handout is told at both places, for it and no other, until it is approved again."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.projects import laid_out

from mmguide.approvals import approvals_text, read_approvals
from mmguide.build import check_project
from mmguide.errors import UsageError
from mmguide.handouts import approve
from mmguide.model.source import Source

SETTINGS = """title: A guideline
id: one
status: draft
sections: [a.md]
data: [n.csv]
contributors: [{name: A body, role: Editor, interests: none}]
handouts:
  first: {file: first.md, audience: patient}
  second: {file: second.md, audience: patient}
  view: {title: View, recommendations: [all]}
"""
TEXT = """# Question

::: {.recommendation #rec:a strength="conditional" certainty="low" direction="for" basis="expert opinion"}
We suggest tea, [cups.value]{.value} a day.
:::

::: {.recommendation #rec:b strength="conditional" certainty="low" direction="against" basis="expert opinion"}
We suggest against coffee.
:::
"""
FILES = {
    "guideline.yaml": SETTINGS,
    "a.md": TEXT,
    "first.md": '# Tea {explains="rec:a"}\n\nDrink tea.\n',
    "second.md": '# Coffee {explains="rec:b"}\n\nLeave it.\n',
    "n.csv": "id,value\ncups,3\nmugs,4\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    laid_out(tmp_path, FILES)
    approve(tmp_path, ["first", "second"], "Editor")
    assert drift(tmp_path) == []
    return tmp_path


def drift(project: Path) -> list[tuple[str, int, str, list[str]]]:
    found = [d for d in check_project(project).diagnostics if d.code in ("MMG702", "MMG703", "MMG704")]
    return [
        (d.span.path, d.span.line, d.code, [f"{s.path}:{s.line}" for s in d.related if "approvals" not in s.path])
        for d in found
        if d.span
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "handout", "place"),
    [
        ("n.csv", "cups,3", "cups,5", "first.md", "n.csv:2"),
        ("a.md", "suggest tea", "suggest green tea", "first.md", "a.md:3"),
        ("a.md", 'certainty="low" direction="against"', 'certainty="moderate" direction="against"', "second.md", "a.md:7"),
        ("second.md", "Leave it.", "Take it.", "second.md", "second.md:1"),
    ],
)
def test_a_change_is_told_at_both_places_until_it_is_approved(
    project: Path, file: str, old: str, new: str, handout: str, place: str
) -> None:
    assert FILES[file].count(old) == 1
    (project / file).write_text(FILES[file].replace(old, new))
    assert drift(project) == [(handout, 1, "MMG702", [place])]
    approve(project, [handout.removesuffix(".md")], "Editor")
    assert drift(project) == []


def test_a_chance_that_is_drawn_is_told_as_the_number_it_is(project: Path) -> None:
    (project / "n.schema.yaml").write_text("columns: {value: {kind: percent}}\n")
    (project / "second.md").write_text(FILES["second.md"] + '\n::: {.icon-array value="mugs.value" label="leave it"}\n:::\n')
    approve(project, ["first", "second"], "Editor")
    (project / "n.csv").write_text(FILES["n.csv"].replace("mugs,4", "mugs,9"))
    assert drift(project) == [("second.md", 1, "MMG702", ["n.csv:3"])]


def test_what_no_handout_rests_on_may_change(project: Path) -> None:
    (project / "n.csv").write_text(FILES["n.csv"].replace("mugs,4", "mugs,9"))
    assert drift(project) == []


def test_a_recommendation_that_is_newly_explained_was_not_approved(project: Path) -> None:
    (project / "first.md").write_text(FILES["first.md"].replace("rec:a", "rec:a rec:b"))
    assert drift(project) == [("first.md", 1, "MMG702", ["a.md:7"])]


@pytest.mark.parametrize(("status", "count"), [("draft", 0), ("review", 1), ("published", 1)])
def test_patients_get_only_what_was_approved(project: Path, status: str, count: int) -> None:
    (project / "guideline.yaml").write_text(SETTINGS.replace("status: draft", f"status: {status}"))
    (project / "handouts" / "approvals.yaml").write_text("")
    approve(project, ["first"], "Editor")
    assert [each[:3] for each in drift(project)] == [("second.md", 1, "MMG703")] * count


def test_only_a_role_of_the_guideline_can_approve(project: Path) -> None:
    with pytest.raises(UsageError, match="no contributor has the role 'Reader'"):
        approve(project, ["first"], "Reader")
    with pytest.raises(UsageError, match="there is no handout 'third'"):
        approve(project, ["third"], "Editor")
    with pytest.raises(UsageError, match="no text of its own"):
        approve(project, ["view"], "Editor")


@pytest.mark.parametrize(
    "text", ["- a\n", "first: yes\n", "first: {role: R, date: soon, seen: {}}\n", "first: [\n", "first: {role: R}\n"]
)
def test_an_unreadable_file_is_an_error(project: Path, text: str) -> None:
    (project / "handouts" / "approvals.yaml").write_text(text)
    assert [d[2] for d in drift(project)] == ["MMG704"]


def test_the_file_reads_back_as_written(project: Path) -> None:
    text = (project / "handouts" / "approvals.yaml").read_text()
    found, faults = read_approvals(Source("handouts/approvals.yaml", text))
    assert faults == ()
    assert set(found) == {"first", "second"}
    assert approvals_text(found) == text
