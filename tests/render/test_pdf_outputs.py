"""Every PDF that the compiler makes of real guidelines fulfils its standards, and its structure holds what a screen reader needs."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from typing import Any

import page
import pikepdf
import pytest
from judges import pdf as judge
from judges import pdf_modern

from mmguide import pandoc
from mmguide.build import Options, build_project

REPOSITORY = Path(__file__).parent.parent.parent
GUIDELINE = REPOSITORY / "source"
PROJECTS = REPOSITORY / "tests" / "projects"
MINIATURES = sorted(path.parent.name for path in PROJECTS.glob("*/guideline.yaml"))


def built(project: Path, output: Path, paper: str = "", standard: str = "") -> bytes:
    """The PDF of a project."""
    made = build_project(project, Options(("pdf",), output, paper=paper, pdf_standard=standard, cache=False))
    assert made.written, [each.message for each in made.checked.diagnostics if each.severity.value == "error"]
    return next(path for path in made.written if path.suffix == ".pdf").read_bytes()


@cache
def miniature(name: str) -> bytes:
    """The PDF of one of the small projects, made once."""
    with TemporaryDirectory() as output:
        return built(PROJECTS / name, Path(output))


@cache
def reading(name: str) -> judge.Reading:
    return judge.read(pikepdf.open(io.BytesIO(miniature(name))))


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


@pytest.mark.parametrize("name", MINIATURES)
def test_miniature(name: str) -> None:
    assert_conforms(miniature(name))


@pytest.mark.parametrize("name", ["arabic", "german"])
def test_the_tree_holds_the_words_of_the_source_in_order(name: str) -> None:
    """Whatever way the text runs: each word of the sections that pandoc reads (but for citations and references to figures)."""
    found = iter(parts(reading(name).document.text().replace("\u00ad", "")))
    texts = [path.read_text(encoding="utf-8") for path in sorted((PROJECTS / name / "sections").glob("*.md"))]
    tree = json.loads(
        run([pandoc.executable(), "-t", "json"], input="\n\n".join(texts).encode(), capture_output=True, check=True).stdout
    )
    wanted = [word for text in texts_of(tree["blocks"]) for word in parts(text)]
    assert len(wanted) > 80
    assert [word for word in wanted if word not in found] == []


def parts(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def texts_of(blocks: Any) -> Iterator[str]:
    """The words between the marks of pandoc's tree; a table's caption stands before it, notes stand where they are called."""
    if isinstance(blocks, list):
        for block in blocks:
            yield from texts_of(block)
    elif isinstance(blocks, dict) and blocks.get("t") in ("Str", "Code"):
        yield blocks["c"] if blocks["t"] == "Str" else blocks["c"][1]
    elif isinstance(blocks, dict) and blocks.get("t") not in ("Cite", "Image"):
        yield from texts_of(blocks.get("c", []))


def test_columns_are_read_one_after_the_other() -> None:
    """What stands in two columns is three paragraphs, none of them split, before the line below the columns."""
    texts = [each.text().replace("\u00ad", "") for each in reading("german").elements("P")]
    at = next(i for i, text in enumerate(texts) if text.startswith("Die linke Spalte"))
    assert texts[at].endswith("zwanzig.")
    assert texts[at + 1].startswith("Der zweite Absatz")
    assert texts[at + 1].endswith("omega.")
    assert texts[at + 2 : at + 4][0] == "Ein letzter Absatz schließt die Spalten ab."
    assert texts[at + 3].startswith("Danach geht der Text")


def test_wide_pages_hold_only_what_is_wide() -> None:
    with pikepdf.open(io.BytesIO(miniature("german"))) as opened:
        turned = [float(page.mediabox[2]) > float(page.mediabox[3]) for page in opened.pages]
    assert turned.count(True) == 1
    after = next(each for each in reading("german").elements("P") if each.text().startswith("Nach dem Querformat"))
    assert not any(turned[number] for number in after.pages())


def test_abbreviations_say_what_they_stand_for() -> None:
    found = [(each.text(), str(each.object.E)) for each in reading("german").elements() if "/E" in each.object]
    assert ("GRADE", "Grading of Recommendations Assessment, Development and Evaluation") in found


def test_ornaments_are_no_figures() -> None:
    """The picture in a line that is marked as ornament, the logo and what a style sheet puts behind a heading are artifacts."""
    described = [str(each.object.Alt) for each in reading("german").elements("Figure")]
    assert described == ["Drei Balken, jeder höher als der vorige"]
    assert [str(each.object.Alt) for each in reading("arabic").elements("Figure")] == [
        "ثلاثة مربعات متجاورة يتجه السهم بينها إلى اليسار"
    ]


@pytest.mark.parametrize("name", ["arabic", "german"])
def test_sources_are_carried_as_they_are(name: str) -> None:
    with pikepdf.open(io.BytesIO(miniature(name))) as opened:
        carried = {str(each.UF): (str(each.AFRelationship), each.EF.F.read_bytes()) for each in opened.Root.AF}
    wanted = {f"sections/{path.name}": ("/Source", path.read_bytes()) for path in (PROJECTS / name / "sections").iterdir()}
    assert {path: carried[path] for path in wanted} == wanted


def test_right_to_left_lines_begin_at_the_right(pdftotext: str, tmp_path: Path) -> None:
    """Headings, their numbers and the text stand where a page that runs from the right has them."""
    file = tmp_path / "arabic.pdf"
    file.write_bytes(miniature("arabic"))
    boxes = run([pdftotext, "-bbox", "-f", "3", "-l", "3", str(file), "-"], capture_output=True, check=True).stdout.decode()
    words = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)"[^>]*>([^<]*)<', boxes)
    number, heading = (max(float(word[0]) for word in words if word[3].strip() == text) for text in ("1", "الكتابة"))
    assert number > heading + 20


def test_numbers_of_a_latin_reference_stay_in_order_beside_arabic_months(pdftotext: str, tmp_path: Path) -> None:
    file = tmp_path / "arabic.pdf"
    file.write_bytes(miniature("arabic"))
    boxes = run([pdftotext, "-bbox", "-f", "5", "-l", "5", str(file), "-"], capture_output=True, check=True).stdout.decode()
    words = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)"[^>]*>([^<]*)<', boxes)
    month, volume = (next(word for word in words if text in word[3]) for text in ("يناير", "166(2):128–32"))
    assert abs(float(month[1]) - float(volume[1])) < 4, "on one line"
    assert float(month[2]) < float(volume[0])
    assert volume[3].startswith("2017;")


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
