"""Handouts as views of the guideline: what they take, which numbers their references have, and what is wrong with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mmguide.ast import attr_of, iterate, plain_text
from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.handout import cite_handout, handout, handout_theme, section_of
from mmguide.model.manuscript import CitedManuscript, Manuscript
from mmguide.model.settings import Handout
from mmguide.theme import house_theme

SETTINGS = """title: A guideline
id: one
version: 2.0.0
notice: Not for use
sections: [a.md]
bibliography: [r.json]
feedback: {address: "https://example.org/f"}
handouts:
  own: {file: hand.md}
  kept: {file: hand.md, numbering: guideline}
  bare: {file: hand.md, numbering: none, audience: patient}
  view: {title: A view, recommendations: [rec:b], sections: [sec:why]}
"""
TEXT = """# Question {#sec:question}

First [@alpha], then [@beta].

::: {.recommendation #rec:a strength="conditional" certainty="low" direction="for" basis="expert opinion"}
We suggest tea.
:::

::: {.recommendation #rec:b strength="conditional" certainty="low" direction="against" basis="expert opinion"}
We suggest against coffee.
:::

## Why {#sec:why}

Reasons stand here, see @sec:question.

## Afterwards

Not in the view.
"""
HAND = """# What to drink {#hand:x explains="rec:a"}

Tea helps [@beta], says @rec:a, and so does water [@gamma].
"""
REFERENCES = "[" + ",".join(f'{{"id":"{k}","type":"book","title":"{k.title()}"}}' for k in ("alpha", "beta", "gamma")) + "]"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in (("guideline.yaml", SETTINGS), ("a.md", TEXT), ("hand.md", HAND), ("r.json", REFERENCES)):
        (tmp_path / name).write_text(text)
    return tmp_path


def made(project: Path, name: str) -> CitedManuscript:
    checked = check_project(project)
    assert checked.manuscript is not None
    assert checked.look is not None
    whole = cite(checked.manuscript, checked.look.style.xml)
    return cite_handout(
        handout(checked.manuscript, name), checked.manuscript.project.settings.handouts[name], checked.look.style.xml, whole
    )


def text_of(cited: CitedManuscript) -> str:
    return plain_text(cited.blocks)


def numbers(cited: CitedManuscript) -> list[str]:
    return re.findall(r"\[(\d+)\]", " ".join(plain_text(e) for e in iterate(cited.blocks) if e["t"] == "Cite"))


def test_own_numbers_begin_with_one(project: Path) -> None:
    cited = made(project, "own")
    assert numbers(cited) == ["1", "2"]
    assert cited.cited == ("beta", "gamma")


def test_numbers_of_the_guideline_are_kept_and_new_ones_follow(project: Path) -> None:
    cited = made(project, "kept")
    assert numbers(cited) == ["2", "3"]
    assert cited.cited == ("beta", "gamma")
    assert "Alpha" not in text_of(cited)


def test_no_references_where_none_are_wanted(project: Path) -> None:
    cited = made(project, "bare")
    assert "Tea helps, says Recommendation" in text_of(cited).replace("\u00a0", " ")
    assert not cited.cited
    assert "References" not in text_of(cited)


def test_a_view_takes_what_it_names_and_no_link_leads_nowhere(project: Path) -> None:
    cited = made(project, "view")
    text = text_of(cited)
    assert "against coffee" in text
    assert "Reasons stand here" in text
    assert "suggest tea" not in text
    assert "Not in the view" not in text
    here = {attr_of(e).id for e in iterate(cited.blocks)}
    assert not [
        e for e in iterate(cited.blocks) if e["t"] == "Link" and e["c"][2][0].startswith("#") and e["c"][2][0][1:] not in here
    ]


def test_every_sheet_says_what_it_is(project: Path) -> None:
    cited = made(project, "bare")
    assert cited.project.settings.title == "What to drink"
    assert cited.project.settings.notice == "one 2.0.0 · Uncontrolled when printed · Not for use"
    assert "From the guideline “A guideline” (one) · Version 2.0.0" in text_of(cited)
    assert "Whom to call" in text_of(cited)
    assert "https://example.org/f" in text_of(cited)
    assert "Whom to call" not in text_of(made(project, "own"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("recommendations: [rec:b]", "recommendations: [rec:c]", "MMG701"),
        ("sections: [sec:why]", "sections: [sec:whom]", "MMG701"),
        ('explains="rec:a"', 'explains="rec:z"', "MMG701"),
        ("[@gamma]", "[@delta]", "MMG201"),
        ("@rec:a", "@rec:nothing", "MMG401"),
        ("file: hand.md}", "file: hands.md}", "MMG110"),
    ],
)
def test_planted_faults_are_told(project: Path, old: str, new: str, code: str) -> None:
    sound = {d.rule.code for d in check_project(project).diagnostics}
    for path in (project / "guideline.yaml", project / "hand.md"):
        path.write_text(path.read_text().replace(old, new))
    assert {d.rule.code for d in check_project(project).diagnostics} - sound == {code}


def test_a_handout_needs_content_and_a_title() -> None:
    with pytest.raises(ValueError, match="nothing would stand on it"):
        Handout(title="T")
    with pytest.raises(ValueError, match="no title"):
        Handout(recommendations=("rec:a",))


@pytest.mark.parametrize("points", [12.0, 16.0])
def test_no_letter_of_the_text_is_smaller(points: float) -> None:
    sizes = handout_theme(house_theme(), points).sizes
    assert min(sizes.text, sizes.small, sizes.table, sizes.note, sizes.h1, sizes.h2, sizes.h3, sizes.h4) == points


def test_a_section_ends_where_the_next_of_its_level_begins(project: Path) -> None:
    manuscript: Manuscript | None = check_project(project).manuscript
    assert manuscript is not None
    levels = [e["c"][0] for e in section_of(manuscript.blocks, "sec:question") if e["t"] == "Header"]
    assert levels[:2] == [2, 3]
    assert section_of(manuscript.blocks, "sec:none") == []
