"""`mmguide refs`: what each command writes and says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mmguide.cli import cli


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "guideline.yaml").write_text("title: T\nsections: [a.md]\nbibliography: [references.json]\n")
    (folder / "a.md").write_text("# Q\n\nKnown [@ames2001; @ames2001].\n")
    items = [
        {"id": "ames2001", "type": "book", "title": "A long title", "author": [{"family": "Ames"}], "DOI": "10.1000/one"},
        {
            "id": "bell2002",
            "type": "book",
            "title": "Another title",
            "author": [{"literal": "A body"}],
            "issued": {"date-parts": [[2002]]},
        },
    ]
    (folder / "references.json").write_text(json.dumps(items, indent=2) + "\n")
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["refs", *map(str, arguments)])


def test_list_and_unused(project: Path) -> None:
    assert run("list", project).output.splitlines() == [
        "   2  ames2001  Ames. A long title",
        "   0  bell2002  A body 2002. Another title",
    ]
    assert json.loads(run("list", project, "--format", "json").output)[0]["cited"] == 2
    assert "references.json:14: bell2002" in run("unused", project).output


def test_add(project: Path, tmp_path: Path) -> None:
    before = (project / "references.json").read_text()
    export = tmp_path / "export.ris"
    export.write_text(
        "TY  - BOOK\nAU  - Ames, A\nTI  - A long title\nDO  - 10.1000/ONE\nER  -\nTY  - BOOK\nID  - new1\nTI  - New\nER  -\n"
    )
    done = run("add", export, project)
    assert done.exit_code == 0
    assert "added new1\nknown ames, as ames2001" in done.output
    after = (project / "references.json").read_text()
    assert after.startswith(before.rstrip().rstrip("]").rstrip())
    assert [item["id"] for item in json.loads(after)] == ["ames2001", "bell2002", "new1"]
    assert "0 added, 2 known" in run("add", export, project).output
    assert (project / "references.json").read_text() == after


def test_convert(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.yaml"
    assert run("convert", project / "references.json", "--to", "csl-yaml", "-o", out).exit_code == 0
    assert json.loads(run("convert", out).output) == json.loads((project / "references.json").read_text())
    assert "@book{ames2001," in run("convert", out, "--to", "bibtex").output


def test_format(project: Path) -> None:
    file = project / "references.json"
    file.write_bytes(b'[{"title": "A",\r\n "id": "a", "custom": {"id": 1}, "note": null}]\r\n')
    assert run("format", "--check", file).exit_code == 1
    assert run("format", file).exit_code == 0
    assert (
        file.read_bytes()
        == b'[\r\n {\r\n  "id": "a",\r\n  "title": "A",\r\n  "custom": {\r\n   "id": 1\r\n  },\r\n  "note": null\r\n }\r\n]\r\n'
    )
    assert run("format", "--check", file).exit_code == 0
    file.write_text('[{"id": "a"}, {"title": "no key"}]')
    refused = run("format", file)
    assert refused.exit_code != 0
    assert file.read_text() == '[{"id": "a"}, {"title": "no key"}]'


def test_retractions(project: Path, tmp_path: Path) -> None:
    table = tmp_path / "watch.csv"
    table.write_text(
        "Title,RetractionDate,RetractionDOI,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature\n"
        "x,2/3/2011 0:00,10.1000/r1,10.1000/one,0,Retraction\n"
    )
    assert "1 work" in run("retractions", "update", table, project).output
    found = CliRunner().invoke(cli, ["check", str(project), "--format", "json"])
    assert found.exit_code == 1
    assert ("MMG325", "a.md", 3) in [(d["code"], d["path"], d["line"]) for d in json.loads(found.output)]
