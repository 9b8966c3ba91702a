"""A text is checked while something is made of it already: errors in it come before whatever that fails with."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.projects import laid_out

from mmguide.build import Assembled, Stopwatch, assemble_project, checked, checked_meanwhile
from mmguide.errors import LimitExceeded

SETTINGS = "title: Words\nsections: [a.md]\n"


def assembled(folder: Path, text: str) -> Assembled:
    return assemble_project(laid_out(folder, {"guideline.yaml": SETTINGS, "a.md": text}), Stopwatch(None))


def failing() -> str:
    raise LimitExceeded("pandoc needed too long", "shorten the text")


@pytest.mark.parametrize("processors", [1, 2])
def test_what_is_made_meanwhile(processors: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmguide.build.processors", lambda: processors)
    good, faulty = assembled(tmp_path / "good", "# One\n\nWords.\n"), assembled(tmp_path / "faulty", "# One\n\n[@nobody]\n")
    found, made = checked_meanwhile(good, lambda: "made")
    assert (found, made) == (checked(good), "made")
    with pytest.raises(LimitExceeded, match="too long"):
        checked_meanwhile(good, failing)
    for make in (lambda: "made", failing):
        found, made = checked_meanwhile(faulty, make)
        assert (found, made) == (checked(faulty), None)
