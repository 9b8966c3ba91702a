"""Hostile reference files and styles, by the number of the case in the list of threats. A whole project is checked each time."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from mmguide.build import check_project
from mmguide.diagnostics import Diagnostic

SECONDS = 10


def project(folder: Path, references: str, text: str, csl: str = "") -> Path:
    (folder / references).write_text(text, encoding="utf-8")
    settings = f"title: T\nsections: [a.md]\nbibliography: [{references}]\n"
    (folder / "guideline.yaml").write_text(settings + (f"csl: {csl}\n" if csl else ""))
    (folder / "a.md").write_text("# Q\n\nKnown [@good].\n")
    return folder


def found(folder: Path) -> tuple[Diagnostic, ...]:
    """What the check finds, in the time that the threats allow."""
    start = time.perf_counter()
    diagnostics = check_project(folder).diagnostics
    assert time.perf_counter() - start < SECONDS
    return diagnostics


def codes(diagnostics: tuple[Diagnostic, ...]) -> set[str]:
    return {d.code for d in diagnostics}


def forbid_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is opened here, and pandoc is started in its sandbox only."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    run = subprocess.run

    def watched(command: list[str], *rest: Any, **options: Any) -> Any:
        if "pandoc" in command[0]:
            assert "--sandbox" in command or "--version" in command, command
        return run(command, *rest, **options)

    monkeypatch.setattr(subprocess, "run", watched)


GOOD = '[{"id": "good", "type": "report", "title": "T", "author": [{"literal": "B"}], "issued": {"date-parts": [[2001]]}}]'
DEPENDENT = (
    '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><title>x</title>'
    '<link href="http://{host}/style.csl" rel="independent-parent"/></info></style>'
)


def test_15_the_parent_of_a_style_is_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_network(monkeypatch)
    project(tmp_path, "r.json", GOOD, "styles/x.csl")
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/x.csl").write_text(DEPENDENT.format(host="127.0.0.1:9"))
    assert codes(found(tmp_path)) == {"MMG391"}


@pytest.mark.parametrize("style", ["http://127.0.0.1:9/x.csl", "../../../../etc/passwd", "/etc/passwd.csl", "styles/../../x.csl"])
def test_15_a_style_is_a_name_or_a_file_of_the_project(tmp_path: Path, style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_network(monkeypatch)
    assert any(d.severity.value == "error" for d in found(project(tmp_path, "r.json", GOOD, style)))


def test_29_both_unicode_forms_are_one_key(tmp_path: Path) -> None:
    project(tmp_path, "r.json", GOOD.replace("good", "mu\u0308ller"))
    (tmp_path / "a.md").write_text("# Q\n\nKnown [@m\u00fcller] and [@mu\u0308ller].\n", encoding="utf-8")
    assert not codes(found(tmp_path))


def test_31_a_crossref_to_itself(tmp_path: Path) -> None:
    assert "MMG305" in codes(found(project(tmp_path, "r.bib", "@book{good, crossref = {good}, title = {T}}\n")))


def test_32_a_loop_of_crossrefs(tmp_path: Path) -> None:
    loop = "".join(
        f"@inbook{{k{n}, crossref = {{k{(n + 1) % 50}}}, xdata = {{k{(n * 7) % 50}}}, title = {{T}}}}\n" for n in range(50)
    )
    assert "MMG305" in codes(found(project(tmp_path, "r.bib", loop + "@misc{good, title = {T}}\n")))


def test_33_an_alias_bomb_and_tags_in_references(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    assert "MMG307" in codes(found(project(tmp_path, "r.yaml", bomb)))
    tags = "references:\n- id: !!python/object/apply:os.system ['touch pwned']\n  title: x\n- id: good\n  title: T\n"
    assert "MMG307" in codes(found(project(tmp_path, "r.yaml", tags)))
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.json", "[" * 100_000),
        ("r.json", '[{"id": ' + '{"a": ' * 50_000),
        ("r.json", json.dumps([{"id": "x" * 200_000, "title": "y" * 2_000_000}])),
        ("r.json", "[" + ",".join('{"a": [{}' for _ in range(20_000))),
        ("r.yaml", "- " * 20_000),
        ("r.yaml", "[" * 20_000),
        ("r.bib", "@book{a, title = {" + "{" * 100_000),
        ("r.bib", "@book{a, title = {" + "\\emph{" * 20_000 + "}" * 20_000 + "}}"),
        ("r.bib", "@book{a, title = {" + "\\emph{x} $" * 1_000 + "}}"),
        ("r.bib", "@" * 200_000 + "\n@book{a, title = {T}"),
        ("r.ris", "TY  - JOUR\n" * 50_000),
        ("r.ris", "TY  - JOUR\nTI  - " + "x\n" * 200_000),
        ("r.nbib", "PMID- 1\n" * 20_000),
        ("r.xml", "<xml>" + "<record>" * 50_000),
        ("r.xml", "<xml><record>" + "<style>" * 100_000 + "</record></xml>"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_reference_files_that_are_made_to_exhaust(tmp_path: Path, name: str, text: str) -> None:
    assert any(d.severity.value == "error" for d in found(project(tmp_path, name, text)))


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.json", "http://127.0.0.1:9/x.json", "/dev/zero", "/proc/self/environ"])
def test_17_references_come_from_the_project_only(tmp_path: Path, path: str) -> None:
    (tmp_path / "guideline.yaml").write_text(f"title: T\nsections: [a.md]\nbibliography: ['{path}']\n")
    (tmp_path / "a.md").write_text("# Q\n\nText.\n")
    assert any(d.severity.value == "error" for d in found(tmp_path))


@pytest.mark.parametrize("command", [r"\input{/etc/passwd}", r"\newcommand{\a}{\a\a}\a", r"\def\a{\a\a}\a", r"\include{x}"])
def test_tex_in_a_reference_is_not_carried_out(tmp_path: Path, command: str) -> None:
    diagnostics = found(project(tmp_path, "r.bib", f"@misc{{good, title = {{T {command}}}}}\n"))
    assert "MMG303" in codes(diagnostics)
    assert not any("root:" in d.message for d in diagnostics)
