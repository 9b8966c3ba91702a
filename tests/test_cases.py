"""Every case in tests/cases is played: the commands print what the case says. `pytest tests/test_cases.py --accept` rewrites."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cases import play, steps, write_file

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("name", [str(path.relative_to(CASES)) for path in sorted(CASES.rglob("*.md"))])
def test_case(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    case = CASES / name
    monkeypatch.chdir(tmp_path)
    now = play(case, tmp_path)
    if request.config.getoption("--accept"):
        case.write_text(now, encoding="utf-8")
    assert now.splitlines() == case.read_text(encoding="utf-8").splitlines()


EXAMPLE = """\
# A case

````markdown file=sections/a.md
```
inner
```
````

```text file=b.bin escapes
\\xff\\x00a
```

```console
$ mmguide check --quiet
old
=> 1
$ mmguide explain MMG201
```

The end.
"""


def test_files_are_written_and_commands_are_run(tmp_path: Path) -> None:
    case = tmp_path / "case.md"
    case.write_text(EXAMPLE)
    folder = tmp_path / "project"
    folder.mkdir()
    asked: list[list[str]] = []

    def run(arguments: list[str]) -> tuple[str, int]:
        asked.append(arguments)
        return f"{folder}/sections/a.md: done in 1.25 s  \n", len(asked) + 1

    now = play(case, folder, run)
    assert (folder / "sections/a.md").read_text() == "```\ninner\n```\n"
    assert (folder / "b.bin").read_bytes() == b"\xff\x00a\n"
    assert (folder / "guideline.yaml").is_file()
    assert asked == [["check", "--quiet"], ["explain", "MMG201"]]
    printed = "sections/a.md: done in N s\n"
    expected = EXAMPLE.replace("old\n=> 1\n", printed + "=> 2\n").replace("MMG201\n", f"MMG201\n{printed}=> 3\n")
    assert now == expected


def test_a_planted_difference_is_seen(tmp_path: Path) -> None:
    case = tmp_path / "case.md"
    case.write_text("```console\n$ mmguide check\nall is well\n```\n")
    assert play(case, tmp_path, lambda _: ("all is well\n", 0)) == case.read_text()
    assert play(case, tmp_path, lambda _: ("all is well\n", 1)) != case.read_text()
    assert play(case, tmp_path, lambda _: ("one problem\n", 0)) != case.read_text()


def test_only_mmguide_is_run(tmp_path: Path) -> None:
    case = tmp_path / "case.md"
    case.write_text("```console\n$ rm -rf x\n```\n")
    with pytest.raises(ValueError, match="not rm"):
        play(case, tmp_path)


def test_steps_of_a_console_block() -> None:
    found = steps("$ mmguide a\nx\n=> 2\n$ mmguide b\n")
    assert [(s.command, s.output, s.status) for s in found] == [("mmguide a", "x\n", 2), ("mmguide b", "", 0)]


def test_links_are_made(tmp_path: Path) -> None:
    write_file(tmp_path, "file=sections/a.md link", "../elsewhere\n")
    assert (tmp_path / "sections/a.md").is_symlink()
