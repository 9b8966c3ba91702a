"""The evidence sheet of a leaflet: the recommendations it explains, its numbers in full, and where each comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.projects import laid_out

from mmguide.ast import iterate, plain_text
from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.companion import sources
from mmguide.handout import cite_handout, handout
from mmguide.model.manuscript import CitedManuscript, Manuscript

FILES = {
    "guideline.yaml": """title: A guideline
sections: [a.md]
bibliography: [r.json]
data: [d.csv, f.csv]
contributors: [{name: A body, role: Editor, affiliation: A place, interests: none}]
handouts:
  tea: {file: tea.md, audience: patient, numbering: none}
  proof: {of: tea, kind: evidence, roles: [Editor]}
""",
    "a.md": """# Question

First [@alpha].

::: {.recommendation #rec:a strength="strong" certainty="high" direction="for"}
We recommend tea [@beta].
:::

::: {.statement #rec:b}
Coffee is another matter.
:::
""",
    "tea.md": """# Tea {explains="rec:a"}

Tea is warm. In 100 people, [t.os_rate]{.value unit=false decimals=0} like it. Many do.

- For half it lasted [t.n]{.value} hours. [fact]{.value} is another.

| What | How many |
|:-----|:---------|
| Like it | [t.os_rate]{.value} |
| Do not | None |
""",
    "d.csv": "id,os_rate,low,high,n,os_reference,primary_reference\nt,78.6,70,80,5,gamma,beta\n",
    "d.schema.yaml": "columns:\n  os_rate: {kind: percent, low: low, high: high}\n",
    "f.csv": "id,reference,value,unit\nfact,alpha; delta 2,3,months\n",
    "f.schema.yaml": "value: value\nunit: unit\n",
    "r.json": "[" + ",".join(f'{{"id":"{k}","type":"book","title":"{k.title()}"}}' for k in ("alpha", "beta", "gamma")) + "]",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return laid_out(tmp_path, FILES)


def manuscript(project: Path) -> Manuscript:
    found = check_project(project).manuscript
    assert found is not None
    return found


def sheet(project: Path) -> CitedManuscript:
    checked = check_project(project)
    assert checked.manuscript is not None
    assert checked.look is not None
    style = checked.look.style.xml
    spec = checked.manuscript.project.settings.handouts["proof"]
    return cite_handout(handout(checked.manuscript, "proof"), spec, style, cite(checked.manuscript, style))


def test_it_says_what_the_leaflet_explains_and_cites_it(project: Path) -> None:
    made = sheet(project)
    text = plain_text(made.blocks)
    assert made.project.settings.title == "The evidence behind “Tea”"
    assert "Editor: A body" in text
    assert "We recommend tea [1]" in text
    assert "Strong recommendation" in text
    assert "Coffee" not in text
    assert made.cited == ("beta", "gamma", "alpha")


def test_every_sentence_with_a_number_stands_beside_its_source(project: Path) -> None:
    table = next(e for e in iterate(sheet(project).blocks) if e["t"] == "Table")
    rows = [[plain_text(cell[4]).strip() for cell in row[1]] for row in table["c"][4][0][3]]
    assert rows == [
        ["In 100 people, 79 like it.", "78.6% (95% CI 70% to 80%) [2]"],
        ["For half it lasted 5 hours.", "5 [1]"],
        ["3 months is another.", "3 months [3] (delta)"],
        ["Like it · 78.6%", "78.6% (95% CI 70% to 80%) [2]"],
    ]


def test_where_a_value_comes_from(project: Path) -> None:
    data = manuscript(project).data
    found = {name: sources(fact) for name in ("t.os_rate", "t.n", "fact") if (fact := data.fact(name)) is not None}
    assert found == {"t.os_rate": ("gamma",), "t.n": ("beta",), "fact": ("alpha", "delta")}


@pytest.mark.parametrize("wrong", ["of: coffee", "of: proof"])
def test_a_sheet_to_nothing_is_told(project: Path, wrong: str) -> None:
    settings = project / "guideline.yaml"
    settings.write_text(settings.read_text().replace("of: tea", wrong))
    assert [d.message for d in check_project(project).diagnostics if d.rule.code == "MMG701"] == [
        f"handout 'proof' names handout '{wrong[4:]}', which the guideline does not have"
    ]


def test_a_role_that_nobody_has_is_told(project: Path) -> None:
    settings = project / "guideline.yaml"
    settings.write_text(settings.read_text().replace("[Editor]", "[Author]"))
    assert [d.message for d in check_project(project).diagnostics if d.rule.code == "MMG701"] == [
        "handout 'proof' names role 'Author', which the guideline does not have"
    ]


def test_every_number_of_the_example_has_a_source(repository: Path) -> None:
    example = manuscript(repository / "source")
    text = plain_text(handout(example, "lenalidomide-evidence").blocks)
    for said in ("57.3 months [@holstein2017]", "28.9 months [@holstein2017]", "[@palumbo2014spm]"):
        assert said in text, said
