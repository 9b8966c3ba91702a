"""The printed list of references: each work stands in it once."""

from __future__ import annotations

import shutil
from pathlib import Path

from mmguide.build import check_project
from mmguide.cite import cite


def test_a_long_article_lists_615_works(shared: Path, tmp_path: Path) -> None:
    """635 entries are cited, 20 of them second entries of a work that is cited by another key too."""
    shutil.copytree(shared / "corpora/deep-review", tmp_path, dirs_exist_ok=True)
    (tmp_path / "guideline.yaml").write_text("title: A review\nsections: [manuscript.md]\nbibliography: [references.json]\n")
    checked = check_project(tmp_path)
    assert checked.manuscript is not None
    assert checked.look is not None
    listed = cite(checked.manuscript, checked.look.style.xml).cited
    assert len(listed) == len(set(listed)) == 615
