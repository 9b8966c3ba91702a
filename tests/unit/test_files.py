"""The door of a project's folder: each file is read once in a reading, and links lead nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmguide.diagnostics import Diagnostic
from mmguide.files import ProjectFiles


def test_a_file_is_the_same_throughout_a_reading(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one")
    files = ProjectFiles(tmp_path)
    assert files.read("a.md", None, 1) == b"one"
    (tmp_path / "a.md").write_text("two")
    assert files.read("a.md", None, 1) == b"one"
    assert ProjectFiles(tmp_path).read("a.md", None, 1) == b"two"
    assert files.asked != (other := ProjectFiles(tmp_path)).asked
    assert other.answer(("read", "a.md", 1)) != files.asked[("read", "a.md", 1)]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("sub/../sub/in.md", ""),
        ("sub/within.md", ""),
        ("linked/in.md", ""),
        ("sub/out.md", "MMG111"),
        ("away/secret.md", "MMG111"),
        ("sub/../../secret.md", "MMG111"),
        ("sub/..", "MMG112"),
        ("sub/", "MMG112"),
        (".", "MMG112"),
        ("sub/none.md", "MMG110"),
        ("sub/in.md/x", "MMG110"),
        ("sub/round.md", "MMG115"),
        ("sub/" + "x" * 400, "MMG115"),
        ("\ud83d.md", "MMG110"),
    ],
)
def test_links_and_dots_lead_nowhere_else(path: str, code: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "sub").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret")
    (project / "sub" / "in.md").write_text("inside")
    (project / "sub" / "within.md").symlink_to("in.md")
    (project / "sub" / "out.md").symlink_to(tmp_path / "secret.md")
    (project / "sub" / "round.md").symlink_to("round.md")
    (project / "linked").symlink_to("sub")
    (project / "away").symlink_to(tmp_path)
    files = ProjectFiles(project)
    for _ in range(2):
        found = files.read(path, None, 1)
        assert (found.code if isinstance(found, Diagnostic) else "") == code
        assert isinstance(found, Diagnostic) or found == b"inside"
