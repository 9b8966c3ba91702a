"""`mmguide check --fix`: only what is certain is changed, it is shown first, and the rest of every file stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mmguide.cli import cli
from mmguide.fixes import plain_title

REFERENCES = """[
 {"id": "Ames2001", "type": "book", "title": "Treatment &amp; care of <em>H. pylori</em>", "author": [{"family": "Ames"}],
  "publisher": "P", "issued": {"date-parts": [[2001]]}, "DOI": "https://doi.org/10.1000/x"},
 {"id": "second", "type": "book", "title": "Treatment &amp; care of <em>H. pylori</em>", "author": [{"family": "Ames"}],
  "publisher": "P", "issued": {"date-parts": [[2001]]}, "DOI": "10.1000/X"},
 {"id": "a(b)", "type": "book", "title": "p &lt; 0.05", "author": [{"family": "Bell"}],
  "publisher": "P", "issued": {"date-parts": [[2001]]}}
]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "guideline.yaml").write_text("title: T\nsections: [a.md, b.md]\nbibliography: [references.json]\n")
    (tmp_path / "references.json").write_text(REFERENCES)
    (tmp_path / "a.md").write_bytes("\ufeff# Q\r\n\r\nÄ [@ames2001, p. 3; @{second}]. `@second`\r\n".encode())
    (tmp_path / "b.md").write_text("# R\n\nOne @second and [@{A(b)}], nobody@second.org, [@unknown].\n")
    return tmp_path


def fix(folder: Path, *options: str) -> tuple[str, int]:
    done = CliRunner().invoke(cli, ["check", str(folder), "--fix", *options])
    return done.output, done.exit_code


def test_the_changes_are_shown_first(project: Path) -> None:
    before = {p.name: p.read_bytes() for p in project.iterdir()}
    output, _ = fix(project)
    assert "-Ä [@ames2001, p. 3; @{second}]. `@second`\n+Ä [@Ames2001, p. 3; @{Ames2001}]. `@second`\n" in output
    assert "not made" in output
    assert {p.name: p.read_bytes() for p in project.iterdir()} == before


def test_what_is_certain_is_changed_and_nothing_else(project: Path) -> None:
    output, status = fix(project, "--yes")
    assert status == 1
    assert "unknown" in output
    assert (project / "a.md").read_bytes() == "\ufeff# Q\r\n\r\nÄ [@Ames2001, p. 3; @{Ames2001}]. `@second`\r\n".encode()
    assert (project / "b.md").read_text() == "# R\n\nOne @Ames2001 and [@{a(b)}], nobody@second.org, [@unknown].\n"
    items = json.loads((project / "references.json").read_text())
    assert [i["title"] for i in items] == ["Treatment & care of <i>H. pylori</i>"] * 2 + ["p < 0.05"]
    assert (project / "references.json").read_text() == (
        REFERENCES.replace("&amp;", "&")
        .replace("<em>", "<i>")
        .replace("</em>", "</i>")
        .replace("&lt;", "<")
        .replace("https://doi.org/", "")
    )
    assert "nothing that can be mended" in fix(project)[0]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("A &amp; B &ndash; caf&eacute;", "A & B – café"),
        ("<p>Para</p>", "Para"),
        ("one<br/>two", "one two"),
        ("<jats:italic>x</jats:italic><jats:sup>2</jats:sup>", "<i>x</i><sup>2</sup>"),
        ("the tag &lt;b&gt;", "the tag &lt;b&gt;"),
        ("<i>kept</i> and 3 < 4", "<i>kept</i> and 3 < 4"),
    ],
)
def test_titles(title: str, plain: str) -> None:
    assert plain_title(title) == plain
