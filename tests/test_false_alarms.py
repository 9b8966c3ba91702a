"""Silence can be trusted: on real texts every report about citations and the text's structure was read, and is true."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

from mmguide.build import check_project


def reported(folder: Path, groups: str = "24") -> Counter[str]:
    """How often each rule of these groups reports something."""
    return Counter(d.rule.name for d in check_project(folder).diagnostics if d.code[3] in groups)


def test_the_guideline(repository: Path) -> None:
    assert reported(repository / "source") == {}


def test_a_long_real_text(shared: Path, tmp_path: Path) -> None:
    shutil.copytree(shared / "corpora/deep-review", tmp_path, dirs_exist_ok=True)
    (tmp_path / "guideline.yaml").write_text("title: A review\nsections: [manuscript.md]\nbibliography: [references.json]\n")
    # Its header sets a bibliography and a language; a style sheet stands in its text; for 16 of its works the reference file has a
    # second entry whose key differs in capitals. Nothing else is wrong with its citations and cross-references.
    assert reported(tmp_path) == {"section-setting": 1, "dropped-html": 1, "look-alike-keys": 16}


def test_the_references_of_the_guideline(repository: Path) -> None:
    """Each entry says itself which of its parts nobody looked up; the guideline is a draft, so that is a warning."""
    items = json.loads((repository / "source/references.json").read_text(encoding="utf-8"))
    open_ones = [i["id"] for i in items if any(v.startswith("from memory") for v in i["custom"].get("verification", {}).values())]
    assert reported(repository / "source", "3") == ({"unconfirmed-reference": len(open_ones)} if open_ones else {})


def test_the_references_of_a_long_real_text(shared: Path, tmp_path: Path) -> None:
    shutil.copytree(shared / "corpora/deep-review", tmp_path, dirs_exist_ok=True)
    (tmp_path / "guideline.yaml").write_text("title: A review\nsections: [manuscript.md]\nbibliography: [references.json]\n")
    assert reported(tmp_path, "3") == {
        # 16 works with one DOI and 4 with one arXiv number stand under two keys; 615 works are left of 635.
        "same-work-under-two-keys": 20,
        # Leibig 2017, Nguyen 2016 (Deepr) and Way 2017 (Tybalt) are cited both as preprint and as article.
        "preprint-beside-article": 3,
        # Names and titles of four entries from PSB and PMC stand in capitals throughout.
        "capitals-in-reference": 8,
        # Without a journal (Papernot 2017), a date (Vidovic 2014, Chryssolouris 1996), a title (techblog-perkel).
        "incomplete-reference": 4,
        # `&eacute;` in a name and `&amp;` in a title.
        "markup-in-reference": 2,
        # The text cites the retraction of Sebastiani et al. as such.
        "retraction-notice-cited": 1,
        # 329 of 964 references are never cited.
        "uncited-references": 1,
    }


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
