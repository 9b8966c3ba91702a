"""The Word redline: accepting all its changes gives exactly the new document, rejecting all exactly the old."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from judges.changes import as_written, settled, without_leads
from judges.docx import findings
from render.docx_samples import cited
from support.edits import Editor, excerpt

from mmguide.ast import Attr, Blocks, attr_of, header, rewrite, string, with_attr
from mmguide.diff.marks import identifiers, side, unmarked
from mmguide.diff.trees import merged
from mmguide.pandoc import executable
from mmguide.render.docx import docx

ROUNDS = 50


class Files(NamedTuple):
    """Word files of the old and the new text, and of both with changes."""

    old: bytes
    new: bytes
    both: bytes


def edited(seed: int, rounds: int, tree: Blocks) -> tuple[list[Blocks], list[Blocks], list[Blocks]]:
    """Excerpts with random edits, each old, new and merged, each under a heading of its own."""
    old, new, both = [], [], []
    for number in range(rounds):
        random = Random(f"{seed} {number}")
        named = _named(tree, f"r{number}-")
        one = side(unmarked(Editor(random).edited(named, random.randrange(4))), "insertion")
        other = side(unmarked(Editor(random).edited(named, random.randrange(1, 5))), "insertion")
        head = [header(1, [string(f"Round {number}")], Attr(f"round-{number}", ("unnumbered",)))]
        old.append([*head, *one])
        new.append([*head, *other])
        both.append([*head, *merged(one, other, identifiers(other))])
    return old, new, both


def _named(tree: Blocks, prefix: str) -> Blocks:
    made: Blocks = rewrite(
        tree, lambda e: None if not attr_of(e).id else with_attr(e, attr_of(e).having(id=prefix + attr_of(e).id))
    )
    return made


def write(parts: Sequence[Blocks]) -> bytes:
    given, theme = cited("torture")
    return docx(replace(given, blocks=[b for part in parts for b in part]), theme)


def rounds_of(values: list[Any]) -> list[Any]:
    """The text divided at its rounds, without the pages in front."""
    at = [i for i, v in enumerate(values) if isinstance(v, tuple) and v[0].startswith("Heading1") and "Round " in v[1][1]]
    return [values[i:j] for i, j in pairwise([*at, len(values)])]


@cache
def sample() -> Files:
    old, new, both = edited(1, ROUNDS, excerpt())
    return Files(write(old), write(new), write(both))


def agree(files: Files, rounds: int) -> None:
    for decision, plain in (("accept", files.new), ("reject", files.old)):
        got, wanted = rounds_of(settled(files.both, decision)), rounds_of(as_written(plain))  # type: ignore[arg-type]
        assert len(got) == len(wanted) == rounds
        for one, other in zip(got, wanted, strict=True):
            assert without_leads(one) == without_leads(other), f"after {decision}ing all changes"


def test_accepting_and_rejecting_give_either_document() -> None:
    agree(sample(), ROUNDS)


@cache
def guideline(seed: int = 7, count: int = 80) -> Files:
    """The worked example with random edits all over it."""
    given, theme = cited("guideline")
    old = side(unmarked(given.blocks), "insertion")
    new = side(unmarked(Editor(Random(seed)).edited(old, count)), "insertion")
    trees = (old, new, merged(old, new, identifiers(new)))
    return Files(*(docx(replace(given, blocks=tree), theme) for tree in trees))


def test_the_guideline_with_edits_all_over_it_gives_both_versions_back() -> None:
    files = guideline()
    for decision, plain in (("accept", files.new), ("reject", files.old)):
        got, wanted = text_of(settled(files.both, decision)), text_of(as_written(plain))  # type: ignore[arg-type]
        for one, other in zip(got, wanted, strict=True):
            assert one == other, f"after {decision}ing all changes"


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
