"""A copy of the guideline with ten planted faults: `mmguide check --format json` reports exactly those ten, each at its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support.cases import in_process

# What is added to which file, the code it must get, and the words at which the report must stand.
PLANTED = (
    ("sections/02-scope.md", "Somebody found this [@nobody2099].", "MMG201", "@nobody2099"),
    ("sections/02-scope.md", "See @sec:nowhere for more.", "MMG401", "@sec:nowhere"),
    ("sections/05-thalidomide.md", "As in ![the plot](figures/none.png) here.", "MMG601", "![the plot]"),
    ("sections/08-anti-cd38.md", "[Read on](javascript:alert(1)) here.", "MMG406", "[Read on]"),
    ("sections/08-anti-cd38.md", "The ratio was [calgb100104.pfs_hx]{.value}.", "MMG632", "[calgb100104.pfs_hx]"),
    ("sections/10-duration.md", "<script>alert(1)</script>", "MMG403", "<script>"),
    ("sections/11-safety.md", "Take \u202egm 01 daily.", "MMG442", "\u202e"),
    ("sections/12-research.md", "#### Scope again {#sec:scope}\n\nText.", "MMG402", "#sec:scope"),
    ("sections/12-research.md", "::: {.include}\n:::", "MMG408", "::: {.include}"),
    ("guideline.yaml", "  - sections/none.md", "MMG110", "sections/none.md"),
)


def reports(folder: Path) -> list[tuple[str, str, int, int]]:
    """Code, file, line and column of everything that `check` reports."""
    printed, _ = in_process(["check", str(folder), "--format", "json"])
    return [(d["code"], d["path"], d["line"], d["column"]) for d in json.loads(printed)]


def place(text: str, words: str) -> tuple[int, int]:
    """Line and column of the last place where the words stand."""
    at = text.rindex(words)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(repository / "source", tmp_path / "source"))


def test_exactly_the_planted_faults_are_reported(copy: Path) -> None:
    before = reports(copy)
    for name, text, _, _ in PLANTED:
        path = copy / name
        whole = path.read_text(encoding="utf-8")
        if name == "guideline.yaml":
            assert "\nsections:\n" in whole
            path.write_text(whole.replace("\nsections:\n", f"\nsections:\n{text}\n"), encoding="utf-8")
        else:
            path.write_text(f"{whole}\n{text}\n", encoding="utf-8")
    expected = [(code, name, *place((copy / name).read_text(encoding="utf-8"), words)) for name, _, code, words in PLANTED]
    moved = [(code, path) for code, path, _, _ in before]
    new = [report for report in reports(copy) if (report[0], report[1]) not in moved]
    assert sorted(new) == sorted(expected)
    assert len(reports(copy)) == len(before) + len(PLANTED)


def test_the_guideline_itself_has_no_errors(copy: Path) -> None:
    printed, status = in_process(["check", str(copy), "--format", "json"])
    assert status == 0, [d for d in json.loads(printed) if d["severity"] == "error"]
