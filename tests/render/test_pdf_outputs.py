"""Every PDF that the compiler makes of real guidelines fulfils its standards, and its structure holds what a screen reader needs."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import page
import pikepdf
import pytest
from judges import pdf as judge
from judges import pdf_modern

from mmguide.build import Options, build_project

REPOSITORY = Path(__file__).parent.parent.parent
GUIDELINE = REPOSITORY / "source"
MINIATURES = sorted(path.parent for path in (REPOSITORY / "tests" / "projects").glob("*/guideline.yaml"))


def built(project: Path, output: Path, paper: str = "", standard: str = "") -> bytes:
    """The PDF of a project."""
    made = build_project(project, Options(("pdf",), output, paper=paper, pdf_standard=standard, cache=False))
    assert made.written, [each.message for each in made.checked.diagnostics if each.severity.value == "error"]
    return next(path for path in made.written if path.suffix == ".pdf").read_bytes()


def assert_conforms(content: bytes) -> None:
    for profile in ("ua1", "3a"):
        report = page.validate_pdf_bytes(content, profile=profile)
        assert [f"{profile} {each.rule_id}: {each.message}" for each in report.failures] == []
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert judge.all_faults(opened) == []


@pytest.mark.parametrize("paper", ["a4", "letter", "a5"])
def test_guideline_on_every_paper(paper: str, tmp_path: Path) -> None:
    assert_conforms(built(GUIDELINE, tmp_path, paper))


def test_guideline_by_the_newer_standards(tmp_path: Path) -> None:
    content = built(GUIDELINE, tmp_path, standard="ua-2")
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert judge.all_faults(opened) == []
        assert pdf_modern.modern_faults(judge.read(opened)) == []


@pytest.mark.parametrize("project", MINIATURES, ids=lambda path: path.name)
def test_miniature(project: Path, tmp_path: Path) -> None:
    assert_conforms(built(project, tmp_path))


def test_long_real_text(shared: Path, tmp_path: Path) -> None:
    """A review article of 37,000 words with 615 works, as its authors wrote it."""
    folder = tmp_path / "deep"
    shutil.copytree(shared / "corpora" / "deep-review", folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    (folder / "guideline.yaml").write_text(
        "title: Opportunities and obstacles for deep learning in biology and medicine\n"
        "sections: [manuscript.md]\nbibliography: [references.json]\n"
    )
    assert_conforms(built(folder, tmp_path / "out"))
