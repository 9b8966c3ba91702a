"""An unchanged project is known without loading a stage; whatever changes is noticed, and what stands otherwise is put right."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from support.projects import laid_out
from unit.test_start import HEAVY, loaded

from mmguide import cache, shortcut
from mmguide.options import CACHE, Options
from mmguide.render.pdf.engine import versions

FILES = {
    "guideline.yaml": "title: Small\nsections: [sections/*.md]\nbibliography: [references.json]\ndata: [data/*.csv]\n",
    "sections/one.md": "# One\n\nText [@a2020]. See [here](nowhere.md).\n\n![A square](square.svg)\n",
    "references.json": '[{"id": "a2020", "type": "book", "title": "A book", "issued": {"date-parts": [[2020]]}}]',
    "square.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>',
    "data/trials.csv": "id,value\na,1\n",
}
WANTED = ("html", "json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return laid_out(tmp_path / "project", FILES)


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The projects that went through the stages, as they do."""
    gone: list[str] = []
    real = shortcut._through_the_stages

    def noted(*given: object) -> object:
        gone.append("build")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(shortcut, "_through_the_stages", noted)
    return gone


def run(project: Path) -> shortcut.Outcome:
    return shortcut.build(project, Options(WANTED, project.parent / "build"))


def test_an_unchanged_project_loads_no_stage(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from pathlib import Path\nfrom mmguide import shortcut\n"
    for command in ("shortcut.check(Path('project'), (), Path('build/.cache'))", "shortcut.build(Path('project'))"):
        monkeypatch.chdir(project.parent)
        assert "mmguide.project" in loaded(code + command)
        assert loaded(code + command) & {*HEAVY, "subprocess", "mmguide.project"} == set()
    many = "from mmguide.farm import build_here, jobs_of; list(build_here(jobs_of([Path('project')], Options())))"
    assert loaded(f"{code}from mmguide.options import Options\n{many}") & {*HEAVY, "subprocess"} == set()


def test_the_outcome_is_the_same(project: Path, stages: list[str]) -> None:
    first, second = run(project), run(project)
    assert stages == ["build"]
    assert first.diagnostics
    assert first.diagnostics == second.diagnostics
    assert (first.usable, first.written) == (second.usable, second.written)
    for found in first.diagnostics:
        if found.span:
            assert first.sources[found.span.path].line(found.span.line) == second.sources[found.span.path].line(found.span.line)


CHANGES: dict[str, Callable[[Path], object]] = {
    "text": lambda p: (p / "sections/one.md").write_text("# One\n\nOther text [@a2020].\n"),
    "reference": lambda p: (p / "references.json").write_text(FILES["references.json"].replace("A book", "Another book")),
    "settings": lambda p: (p / "guideline.yaml").write_text(FILES["guideline.yaml"] + "language: de\n"),
    "picture": lambda p: (p / "square.svg").write_text(FILES["square.svg"].replace("9v9", "8v9")),
    "data": lambda p: (p / "data/trials.csv").write_text("id,value\na,2\n"),
    "a new section": lambda p: (p / "sections/two.md").write_text("# Two\n"),
    "a section gone": lambda p: (p / "sections/one.md").rename(p / "sections/two.md"),
    "a new table": lambda p: (p / "data/more.csv").write_text("id,value\nb,1\n"),
    "a schema that was not there": lambda p: (p / "data/trials.schema.yaml").write_text("columns: {value: {label: Value}}\n"),
    "a theme that was not there": lambda p: (
        (p / "styles").mkdir(),
        (p / "styles/theme.yaml").write_text('colours: {accent: "#004488"}\n'),
    ),
    "a sheet that was not there": lambda p: ((p / "styles").mkdir(), (p / "styles/web.css").write_text("p { margin: 0 }\n")),
    "a table of retractions that was not there": lambda p: (p / "retractions.csv").write_text("doi,nature,notice,date\n"),
    "a picture gone": lambda p: (p / "square.svg").unlink(),
    "the day in the environment": lambda p: os.environ.__setitem__("SOURCE_DATE_EPOCH", "1700000000"),
    "fonts in the environment": lambda p: os.environ.__setitem__("FONTCONFIG_FILE", "/nowhere"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_noticed(name: str, project: Path, stages: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SOURCE_DATE_EPOCH", "FONTCONFIG_FILE"):
        monkeypatch.delenv(variable, raising=False)
    run(project)
    CHANGES[name](project)
    try:
        run(project)
        run(project)
    finally:
        for variable in ("SOURCE_DATE_EPOCH", "FONTCONFIG_FILE"):
            monkeypatch.delenv(variable, raising=False)
    assert stages == ["build", "build"]


def test_what_is_undone_is_known_again(project: Path, stages: list[str]) -> None:
    before = run(project)
    content = {path: path.read_bytes() for path in before.written}
    CHANGES["text"](project)
    run(project)
    (project / "sections/one.md").write_text(FILES["sections/one.md"])
    assert run(project).diagnostics == before.diagnostics
    assert stages == ["build", "build"]
    assert {path: path.read_bytes() for path in before.written} == content


def test_another_day_or_another_option_is_another_run(project: Path, stages: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> Tomorrow:
            return cls(2031, 1, 1)

    run(project)
    shortcut.build(project, Options(("html",), project.parent / "build"))
    monkeypatch.setattr(shortcut, "date", Tomorrow)
    run(project)
    assert stages == ["build"] * 3


def test_an_output_that_was_altered_or_removed_is_written_again(project: Path, stages: list[str]) -> None:
    written = run(project).written
    content = [path.read_bytes() for path in written]
    written[0].write_text("altered")
    written[1].unlink()
    assert run(project).written == written
    assert [path.read_bytes() for path in written] == content
    assert stages == ["build"]
    for path in (project.parent / "build" / CACHE).glob("??/*"):
        if content[0] in path.read_bytes():
            path.unlink()
    written[0].unlink()
    run(project)
    assert written[0].read_bytes() == content[0]
    assert stages == ["build", "build"]


def test_outputs_that_stand_there_are_not_written_again(project: Path) -> None:
    before = [path.stat().st_ino for path in run(project).written]
    assert [path.stat().st_ino for path in run(project).written] == before


def test_an_upgraded_library_is_another_run(
    project: Path, stages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "libpango.so"
    library.write_bytes(b"1.50")
    monkeypatch.setattr(shortcut, "loaded_libraries", lambda: [str(library)])
    run(project)
    run(project)
    assert stages == ["build"]
    library.write_bytes(b"1.50.1")
    run(project)
    library.unlink()
    run(project)
    assert stages == ["build"] * 3
    monkeypatch.setattr(shortcut, "loaded_libraries", lambda: None)
    CHANGES["text"](project)
    run(project)
    run(project)
    assert stages == ["build"] * 5, "where the system does not tell what is loaded, nothing may be taken for known"


def test_libraries_of_this_process_are_found() -> None:
    found = shortcut.loaded_libraries()
    assert found is None or all(Path(path).is_absolute() and ".so" in path for path in found)
    assert (found is not None and len(found) > 5) == sys.platform.startswith("linux")


def test_an_installed_package_is_part_of_every_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(cache._packages())
    (tmp_path / "other-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert set(cache._packages()) - set(before) != set()


def test_a_file_of_mmguide_that_is_no_program_is_part_of_every_key() -> None:
    package = Path(cache.__file__).parent
    stamps = list(cache._stamps(str(package), len(str(package))))
    assert any("/standards/right.json " in stamp for stamp in stamps)


def test_faults_are_kept_too(project: Path, stages: list[str]) -> None:
    (project / "sections/one.md").write_text("# One\n\nText [@nobody].\n")
    first, second = run(project), run(project)
    assert stages == ["build"]
    assert first.diagnostics == second.diagnostics
    assert first.written == second.written == ()
    (project / "guideline.yaml").write_text("titel: Small\n")
    assert not run(project).usable
    assert not run(project).usable
    assert stages == ["build", "build"]


def test_every_option_but_the_folder_is_a_plain_value() -> None:
    """What an option names outside of the project would not be looked at again."""
    plain = {"tuple", "str", "bool", "int", "float", "None", "Literal"}
    named = {n: re.findall(r"\w+", re.sub(r"'[^']*'", "", t)) for n, t in Options.__annotations__.items()}
    strange = [name for name, types in named.items() if set(types) - plain]
    assert strange == ["output"]


def test_a_check_keeps_nothing_where_it_may_not(project: Path) -> None:
    (project.parent / "build").write_text("in the way")
    first = shortcut.check(project, (), project.parent / "build" / CACHE)
    assert shortcut.check(project, (), project.parent / "build" / CACHE).diagnostics == first.diagnostics
    assert (project.parent / "build").read_text() == "in the way"


def test_nothing_of_a_project_is_read_but_through_its_files() -> None:
    """What a stage read past ProjectFiles would not be asked again."""
    package = Path(cache.__file__).parent
    found = [p.name for p in package.rglob("*.py") if re.search(r"\b(project|files)\.root\b", p.read_text())]
    assert found == ["material.py"]
    text = (package / "material.py").read_text()
    assert len(re.findall(r"\bfiles\.root\b", text)) == len(re.findall(r"read_project\(\w+\.files\.root, ", text)) > 0


def test_all_that_sets_pages_is_seen() -> None:
    versions()
    found = shortcut.loaded_libraries() or []
    for name in ("libpango-1.0", "libpangoft2", "libfontconfig", "libharfbuzz", "libfreetype"):
        assert any(Path(path).name.startswith(name) for path in found) or not sys.platform.startswith("linux"), name
