"""The history of a guideline: three versions in git, with a change of each kind; labels, reasons, steps, and what is prepared."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cases import in_process
from support.releases import GUIDELINE, REFERENCES, commit, run, write

from mmguide import pandoc
from mmguide.assemble.reporting import answers, guideline_of
from mmguide.build import check_project, compare_versions
from mmguide.editions import prepare
from mmguide.history import history_text, read_changes, read_history
from mmguide.model.history import Advice, Edition, Withdrawal
from mmguide.model.source import Source
from mmguide.model.version import Version
from mmguide.release.conditions import step_by_history
from mmguide.reporting import standard
from mmguide.starter import start
from mmguide.yaml import edited, load

DOSE, OTHER = (("for", "moderate", "strong"), ("for", "low", "conditional"))
NOTES = (
    "- {version: 1.0.0, summary: The first version.}\n",
    """\
- version: 2.0.0
  summary: Another dose.
  recommendations:
    rec:dose: A larger trial found 15 mg better.
    rec:talk: {why: It is clearer., wording: true}
    rec:old: It belongs to another guideline.
    rec:new: Pregnancy was forgotten.
""",
    """\
- version: 3.0.0
  summary: The other drug harms.
  recommendations: {rec:other: A trial found harm., rec:dose: A second trial agrees.}
""",
)
VERSIONS = (("1.0.0", date(2024, 5, 1)), ("2.0.0", date(2026, 3, 1)), ("3.0.0", date(2027, 1, 5)))


def graded(identifier: str, text: str, grade: tuple[str, str, str]) -> str:
    direction, certainty, strength = grade
    return f'::: {{.recommendation #{identifier} strength="{strength}" certainty="{certainty}" direction="{direction}"}}\n{text}\n:::\n'


def statement(identifier: str, text: str) -> str:
    return f"::: {{.statement #{identifier}}}\n{text}\n:::\n"


def texts() -> tuple[str, ...]:
    """The text of each version: in the second one a dose is another, one is worded otherwise, one is gone, one is new, one has moved."""
    stays, asks = statement("rec:stays", "Ask about pain, see @rec:talk."), statement("rec:old", "Ask about smoking.")
    other = graded("rec:other", "We suggest the other drug for adults [@one].", OTHER)
    against = graded("rec:other", "We suggest against the other drug for adults [@one].", ("against", "low", "conditional"))
    new = statement("rec:new", "Ask about pregnancy.")
    dose = graded("rec:dose", "We recommend 15 mg of the drug for adults [@one].", DOSE)
    first = [dose.replace("15", "10"), other, statement("rec:talk", "Talk to the patient."), asks, stays]
    second = [dose, other, stays, statement("rec:talk", "Talk with the patient."), new]
    third = [dose.replace("@one", "@one; @two"), against, stays, statement("rec:talk", "Talk with the patient."), new]
    return tuple("# Question\n\n" + "\n".join(parts) for parts in (first, second, third))


@dataclass(frozen=True)
class Kept:
    """The repository, and the commit of each of its three versions."""

    folder: Path
    commits: tuple[str, ...]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, git: str) -> Kept:
    folder = tmp_path_factory.mktemp("history") / "guideline"
    two = {"id": "two", "type": "article-journal", "title": "Two"}
    write(folder, {"references.json": json.dumps([*REFERENCES, two])})
    write(folder, {"guideline.yaml": GUIDELINE.format(version="0.1.0", day="2024-01-01")})
    run(git, folder, "init", "--quiet", "--initial-branch=main")
    commits = []
    for at, ((version, day), text) in enumerate(zip(VERSIONS, texts(), strict=True)):
        write(folder, {"sections/a.md": text, "changes.yaml": "".join(NOTES[: at + 1])})
        assert prepare(folder, version, day=day).without_reason == ()
        commits.append(commit(git, folder))
    return Kept(folder, tuple(commits))


def labels(folder: Path) -> Mapping[str, str]:
    manuscript = check_project(folder).manuscript
    assert manuscript is not None
    return {r.id: r.dated for r in manuscript.recommendations}


@pytest.fixture
def version(kept: Kept, git: str, request: pytest.FixtureRequest) -> Path:
    run(git, kept.folder, "checkout", "--quiet", kept.commits[request.param - 1])
    return kept.folder


@pytest.mark.parametrize("version", [1], indirect=True)
def test_in_the_first_version_all_bear_its_year(version: Path) -> None:
    assert set(labels(version).values()) == {"2024"}


@pytest.mark.parametrize("version", [2], indirect=True)
def test_the_second_version_tells_new_and_amended(version: Path) -> None:
    assert labels(version) == {
        "rec:dose": "2024, amended 2026",
        "rec:other": "2024",
        "rec:stays": "2024",
        "rec:talk": "2024",
        "rec:new": "new 2026",
    }


@pytest.mark.parametrize("version", [3], indirect=True)
def test_the_third_version_keeps_the_years(version: Path) -> None:
    found = check_project(version)
    assert [d.code for d in found.diagnostics if d.code.startswith("MMG82")] == []
    assert labels(version) == {
        "rec:dose": "2024, amended 2026",
        "rec:other": "2024, amended 2027",
        "rec:stays": "2024",
        "rec:talk": "2024",
        "rec:new": "2026",
    }


@pytest.mark.parametrize(("version", "answered"), [(1, ()), (2, ("2", "5", "6")), (3, ("2", "5", "6"))], indirect=["version"])
def test_an_update_answers_by_itself_what_changed_when_and_why(version: Path, answered: tuple[str, ...]) -> None:
    manuscript = check_project(version).manuscript
    assert manuscript is not None
    found = {a.item.id: a.where for a in answers(standard("checkup"), guideline_of(manuscript))}
    told = {"2": ("changes",), "5": ("rec:dose", "others", "changes"), "6": ("changes",)}
    assert {item: found[item] for item in told} == {item: where if item in answered else () for item, where in told.items()}


@pytest.mark.parametrize("version", [3], indirect=True)
def test_the_labels_stand_in_every_output(version: Path, tmp_path: Path, pdftotext: str) -> None:
    assert in_process(["build", str(version), "--to", "pdf,docx,html,json", "-o", str(tmp_path), "--quiet"])[1] == 0
    page = (tmp_path / "small-3.0.0.html").read_text(encoding="utf-8")
    data = json.loads((tmp_path / "small-3.0.0.json").read_bytes())
    assert [r["dated"] for r in data["recommendations"]] == list(labels(version).values())
    printed = subprocess.run([pdftotext, tmp_path / "small-3.0.0.pdf", "-"], capture_output=True, text=True, check=True).stdout
    word = pandoc.run(["-f", "docx", "-t", "plain", "--wrap=none"], (tmp_path / "small-3.0.0.docx").read_bytes()).decode()
    for label in ("[2024, amended 2026]", "[2024, amended 2027]", "[2026]"):
        for text in (page, printed, word):
            assert label in " ".join(text.split()), label


def test_history_keeps_what_changed_in_each_version(kept: Kept, git: str) -> None:
    run(git, kept.folder, "checkout", "--quiet", "main")
    editions, _, faults = read_history(Source("history.yaml", (kept.folder / "history.yaml").read_text(encoding="utf-8")))
    assert faults == ()
    assert [(e.version, e.date) for e in editions] == list(VERSIONS)
    assert [{name: a.change for name, a in e.advice.items()} for e in editions[1:]] == [
        {"rec:dose": "amended", "rec:talk": "wording", "rec:new": "new", "rec:old": "withdrawn"},
        {"rec:dose": "evidence", "rec:other": "amended"},
    ]


def test_a_guideline_begun_from_the_example_has_a_history_of_its_own(tmp_path: Path) -> None:
    start(tmp_path / "mine", example=True)
    text = next((tmp_path / "mine" / "sections").glob("*recommendations*.md"), None) or min(
        (tmp_path / "mine" / "sections").iterdir()
    )
    text.write_text(text.read_text(encoding="utf-8").replace("We suggest", "We do suggest"), encoding="utf-8")
    found = check_project(tmp_path / "mine")
    assert [d.code for d in found.diagnostics if d.code.startswith("MMG82")] == []
    assert found.manuscript is not None
    assert (found.manuscript.project.settings.version, {r.dated for r in found.manuscript.recommendations}) == ("0.1.0", {""})
    assert prepare(tmp_path / "mine", "0.1.0", day=date(2027, 1, 5)).without_reason == ()
    assert set(labels(tmp_path / "mine").values()) == {"2027"}


def test_each_difference_is_told_with_its_step(kept: Kept) -> None:
    one, two, three = kept.commits
    first = compare_versions(one, two, kept.folder)
    assert {r.id: r.kind for r in first.recommendations} == {
        "rec:dose": "amended",
        "rec:other": "unchanged",
        "rec:stays": "moved",
        "rec:talk": "amended",
        "rec:new": "new",
        "rec:old": "deleted",
    }
    assert (first.level, first.reason) == ("major", "rec:old is withdrawn")
    second = compare_versions(two, three, kept.folder)
    assert (second.level, second.reason) == ("major", "rec:other is turned round or regraded")
    assert {r.key: r.kind for r in second.references} == {"two": "new"}


@pytest.mark.parametrize("version", [3], indirect=True)
def test_history_alone_tells_the_step(version: Path) -> None:
    manuscript = check_project(version).manuscript
    assert manuscript is not None
    assert step_by_history(manuscript, "3.0.0") == ("major", "rec:other is turned round or regraded")


@pytest.mark.parametrize("version", [2], indirect=True)
def test_a_withdrawn_version_says_so_in_new_builds(version: Path, git: str) -> None:
    assert (
        in_process(["release", "withdraw", "2.0.0", "--project", str(version), "--reason", "Too small.", "--date", "2026-04-01"])[
            1
        ]
        == 0
    )
    manuscript = check_project(version).manuscript
    assert manuscript is not None
    assert manuscript.project.settings.notice == "Withdrawn on 1 April 2026: Too small."
    run(git, version, "checkout", "--quiet", "--", ".")


def test_a_later_published_version_takes_its_place(kept: Kept, git: str) -> None:
    run(git, kept.folder, "checkout", "--quiet", "main")
    text = (kept.folder / "history.yaml").read_text(encoding="utf-8")
    write(
        kept.folder, {"history.yaml": text.replace("date: 2027-01-05\n  status: draft", "date: 2027-01-05\n  status: published")}
    )
    run(git, kept.folder, "checkout", "--quiet", kept.commits[1], "--", "guideline.yaml")
    manuscript = check_project(kept.folder).manuscript
    assert manuscript is not None
    assert manuscript.project.settings.notice == "Superseded by version 3.0.0 of 5 January 2027"
    run(git, kept.folder, "reset", "--quiet", "--hard")


WORDS = st.text(alphabet="ab é\"'\\:#-[]{},&*?|>%@`\n\t\u2028\u0085😀", max_size=20)
ADVICE = st.builds(
    Advice,
    st.sampled_from(["new", "amended", "wording", "evidence"]),
    st.tuples(WORDS, WORDS, WORDS),
    WORDS.filter(bool),
    st.lists(WORDS, max_size=2).map(tuple),
)


@settings(deadline=None)
@given(st.dictionaries(WORDS.filter(bool), ADVICE, max_size=3), WORDS.filter(bool))
def test_history_is_read_as_it_was_written(advice: dict[str, Advice], reason: str) -> None:
    editions = (Edition("1.0.0", date(2026, 1, 1), "draft", advice, "abc"),)
    withdrawals = (Withdrawal("1.0.0", date(2026, 2, 1), reason),)
    read = read_history(Source("history.yaml", history_text(editions, withdrawals)))
    assert read[2] == ()
    assert (read[0][0].advice, read[0][0].commit, read[1]) == (advice, "abc", withdrawals)


@settings(deadline=None)
@given(st.text(alphabet='- abversion:1.0{}[]"\n', max_size=80))
def test_any_file_of_changes_is_read_or_told(text: str) -> None:
    read_changes(Source("changes.yaml", text))
    read_history(Source("history.yaml", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('version: "0.9.0"  # mine\n', "version: 1.0.0  # mine\nstatus: review\ndates:\n  updated: 2026-01-01\n"),
        ("version:\nstatus: draft\ndates:\n", "version: 1.0.0\nstatus: review\ndates:\n  updated: 2026-01-01\n"),
        (
            "dates: {search: 2025-01-01} # x\n",
            "dates: {search: 2025-01-01, updated: 2026-01-01} # x\nversion: 1.0.0\nstatus: review\n",
        ),
        (
            "dates:\n    search: 2025-01-01\n    # y\nid: a\n",
            "dates:\n    search: 2025-01-01\n    updated: 2026-01-01\n    # y\nid: a\nversion: 1.0.0\nstatus: review\n",
        ),
    ],
)
def test_only_the_values_of_settings_are_edited(text: str, expected: str) -> None:
    values = {("version",): "1.0.0", ("status",): "review", ("dates", "updated"): "2026-01-01"}
    made = edited("guideline.yaml", text, values)
    assert made == expected
    assert edited("guideline.yaml", made, values) == made
    assert load("guideline.yaml", made).value["dates"]["updated"] == "2026-01-01"


def test_versions_are_in_the_order_of_semantic_versioning() -> None:
    texts = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0"]
    versions = [Version.read(text) for text in texts]
    assert [str(v) for v in sorted(Random(1).sample(versions, len(versions)))] == texts  # type: ignore[type-var]
    assert [Version.read(text) for text in ("1.0", "01.0.0", "v1.0.0", "1.0.0 ", "")] == [None] * 5
