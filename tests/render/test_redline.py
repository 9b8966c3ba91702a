"""The Word redline: accepting all its changes gives exactly the new document, rejecting all exactly the old."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from judges.changes import as_written, settled, without_leads
from judges.docx import findings
from render.docx_samples import project
from render.redline_samples import ROUNDS, Files, edited, guideline, sample, with_edits, write
from support.edits import excerpt

from mmguide.pandoc import executable


def rounds_of(values: list[Any]) -> list[Any]:
    """The text divided at its rounds, without the pages in front."""
    at = [i for i, v in enumerate(values) if isinstance(v, tuple) and v[0].startswith("Heading1") and "Round " in v[1][1]]
    return [values[i:j] for i, j in pairwise([*at, len(values)])]


def agree(files: Files, rounds: int) -> None:
    for decision, plain in (("accept", files.new), ("reject", files.old)):
        got, wanted = rounds_of(settled(files.both, decision)), rounds_of(as_written(plain))  # type: ignore[arg-type]
        assert len(got) == len(wanted) == rounds
        for one, other in zip(got, wanted, strict=True):
            assert without_leads(one) == without_leads(other), f"after {decision}ing all changes"


def test_accepting_and_rejecting_give_either_document() -> None:
    agree(sample(), ROUNDS)


def test_the_guideline_with_edits_all_over_it_gives_both_versions_back() -> None:
    files = guideline()
    for decision, plain in (("accept", files.new), ("reject", files.old)):
        got, wanted = text_of(settled(files.both, decision)), text_of(as_written(plain))  # type: ignore[arg-type]
        for one, other in zip(got, wanted, strict=True):
            assert one == other, f"after {decision}ing all changes"


@pytest.mark.nightly
def test_a_long_real_text_with_edits_all_over_it_gives_both_versions_back(shared: Path, tmp_path: Path) -> None:
    for name in ("manuscript.md", "references.json"):
        (tmp_path / name).write_bytes((shared / "corpora" / "deep-review" / name).read_bytes())
    (tmp_path / "images").symlink_to(shared / "corpora" / "deep-review" / "images")
    (tmp_path / "guideline.yaml").write_text("title: Deep review\nsections: [manuscript.md]\nbibliography: [references.json]\n")
    files = with_edits(*project(tmp_path), seed=5, count=150)
    for decision, plain in (("accept", files.new), ("reject", files.old)):
        assert text_of(settled(files.both, decision)) == text_of(as_written(plain))  # type: ignore[arg-type]


def text_of(values: list[Any]) -> list[Any]:
    """The text from its first chapter on: what stands in front has no changes."""
    at = next(i for i, v in enumerate(values) if isinstance(v, tuple) and v[0].startswith("Heading1"))
    return without_leads(values[at:])


def test_pandoc_reads_either_version_of_the_guideline_back(tmp_path: Path) -> None:
    files = guideline()
    for decision, plain in (("accept", files.new), ("reject", files.old)):
        assert words(files.both, decision, tmp_path) == words(plain, decision, tmp_path)


def words(content: bytes, decision: str, folder: Path) -> list[str]:
    """The words from the first chapter on, without the numbers that pandoc gives to items."""
    path = folder / "file.docx"
    path.write_bytes(content)
    command = [executable(), "-f", "docx", "-t", "plain", "--wrap=none", f"--track-changes={decision}", str(path)]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    found = [word.strip("-+|=:") for word in text.split() if word.strip("-+|=:")]
    start = len(found) - found[::-1].index("recommendations") if "recommendations" in found else 0
    return [word for word in found[start:] if not word.rstrip(".").isdigit()]


def test_the_redline_is_a_sound_word_file() -> None:
    assert findings(sample().both) == findings(sample().new)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2, 12))
def test_accepting_and_rejecting_give_either_document_of_many(seed: int) -> None:
    old, new, both = edited(seed, ROUNDS, excerpt())
    agree(Files(write(old), write(new), write(both)), ROUNDS)
