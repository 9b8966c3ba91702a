"""Fifteen faults planted into a copy of the guideline, in recommendations, evidence and reporting: exactly those fifteen are reported."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from mmguide.build import check_project

SOURCE = Path(__file__).parents[1] / "source"

# File, what stands there, what is planted, and the report: code and the text on the reported line.
FAULTS = (
    ("sections/06-lenalidomide.md", 'strength="strong"', 'strength="strng"', "MMG503", "#rec:lenalidomide"),
    (
        "sections/06-lenalidomide.md",
        '#rec:dose strength="conditional" certainty="low"',
        '#rec:dose strength="conditional"',
        "MMG502",
        "#rec:dose",
    ),
    ("sections/06-lenalidomide.md", "10 mg once daily for adults", "10.0 mg once daily for adults", "MMG521", "10.0 mg"),
    ("sections/07-proteasome.md", ' certainty="low" direction="for"', ' certainty="low"', "MMG504", "#rec:bortezomib"),
    ("sections/07-proteasome.md", "We suggest against ixazomib", "We recommend ixazomib", "MMG505", "#rec:ixazomib"),
    ("sections/04-role.md", "#rec:decision}", '#rec:decision strength="strong"}', "MMG512", "#rec:decision"),
    ("sections/04-role.md", "[@richardson2022]", "[hovon65.pfs_hx]{.value} [@richardson2022]", "MMG632", "hovon65.pfs_hx"),
    ("sections/10-duration.md", "#rec:duration", '#rec:duration evidence="tbl:nowhere"', "MMG513", "#rec:duration"),
    (
        "sections/01-summary.md",
        "@fig:pathway shows the order of the choices.",
        "Below stands the order of the choices.",
        "MMG607",
        "#fig:pathway",
    ),
    ("sections/11-safety.md", "give prophylaxis by", "give prophylaxis QD by", "MMG524", "QD"),
    ("recommendations.yaml", "- {id: rec:counts, since: 0.9.0}\n", "", "MMG515", "#rec:counts"),
    ("guideline.yaml", "updated: 2026-11-26", "updated: 2027-11-23", "MMG801", "review_by"),
    ("guideline.yaml", '12": sec:grading', '12": sec:gradng', "MMG812", '"12"'),
    (
        "guideline.yaml",
        "    role: Chief editor\n    affiliation: An organisation that stands for the persons of a real guideline\n    interests: none",
        "    role: Chief editor\n    affiliation: An organisation that stands for the persons of a real guideline",
        "MMG804",
        "name: mmguide example panel",
    ),
    ("data/meta_analyses.csv", "0.48,0.41,0.55", "0.48,0.51,0.55", "MMG628", "0.48"),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted") / "source"
    shutil.copytree(SOURCE, folder)
    (folder / "history.yaml").unlink()  # that the text is no longer as it was released would be told too
    return folder


def reports(folder: Path) -> Counter[tuple[str, str, str]]:
    """Code, file and the reported line's text of each report."""
    checked = check_project(folder)
    found: Counter[tuple[str, str, str]] = Counter()
    for d in checked.diagnostics:
        path = d.span.path if d.span else ""
        line = checked.sources[path].line(d.span.line) if d.span and path in checked.sources else ""
        found[d.code, path, line] += 1
    return found


def test_exactly_the_fifteen_planted_faults_are_reported(copy: Path) -> None:
    assert len(FAULTS) == 15
    before = reports(copy)
    for path, old, new, _, _ in FAULTS:
        text = (copy / path).read_text(encoding="utf-8")
        assert old in text, f"{path}: {old}"
        (copy / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    told = {(code, path): line for code, path, line in reports(copy) - before}
    planted = {code for _, _, _, code, _ in FAULTS}
    assert sorted(code for code, _ in told) == sorted(planted)
    for code, where in ((fault[3], fault[4]) for fault in FAULTS):
        line = next(line for (found, _), line in told.items() if found == code)
        assert where in line, f"{code} is told at {line!r}"
