"""Silence can be trusted: on real texts every report about citations and the text's structure was read, and is true."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from mmguide.build import check_project


def reported(folder: Path) -> Counter[str]:
    """How often each rule of the groups 2xx and 4xx reports something."""
    return Counter(d.rule.name for d in check_project(folder).diagnostics if d.code[3] in "24")


def test_the_guideline(repository: Path) -> None:
    assert reported(repository / "source") == {}


def test_a_long_real_text(shared: Path, tmp_path: Path) -> None:
    shutil.copytree(shared / "corpora/deep-review", tmp_path, dirs_exist_ok=True)
    (tmp_path / "guideline.yaml").write_text("title: A review\nsections: [manuscript.md]\nbibliography: [references.json]\n")
    # Its header sets a bibliography and a language; a style sheet stands in its text; for 16 of its works the reference file has a
    # second entry whose key differs in capitals. Nothing else is wrong with its citations and cross-references.
    assert reported(tmp_path) == {"section-setting": 1, "dropped-html": 1, "look-alike-keys": 16}


def test_each_key_in_other_capitals_is_told_once_where_it_stands(shared: Path, tmp_path: Path) -> None:
    source = shared / "corpora/deep-review"
    (tmp_path / "guideline.yaml").write_text("title: A review\nsections: [a.md]\nbibliography: [references.json]\n")
    shutil.copy(source / "references.json", tmp_path)
    lines = (source / "manuscript.md").read_text(encoding="utf-8").split("\n")
    wanted = [n for n, line in enumerate(lines, 1) if "[@doi:10.1371/journal.pbio.1002195" in line]
    assert wanted
    (tmp_path / "a.md").write_text(
        "\n".join(lines).replace("@doi:10.1371/journal.pbio.1002195", "@DOI:10.1371/journal.pbio.1002195")
    )
    found = [d for d in check_project(tmp_path).diagnostics if d.rule.name == "key-spelled-otherwise"]
    assert [d.span.line for d in found if d.span] == wanted
    assert {d.hint for d in found} == {"write `@doi:10.1371/journal.pbio.1002195`"}
