"""The manual says what is so: its commands are played, its links lead somewhere, its generated pages are current."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from support.cases import in_process, play

from mmguide.cli import cli
from mmguide.docs import pages
from mmguide.model.settings import Settings
from mmguide.yaml import load

REPOSITORY = Path(__file__).parent.parent
MANUAL = sorted([REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *(REPOSITORY / "docs").glob("*.md")])
CONTEXT = click.Context(cli)
COMMANDS = {name: cli.get_command(CONTEXT, name) for name in cli.list_commands(CONTEXT)}
LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def dead_links(page: Path, text: str) -> list[str]:
    """Relative links of a page that lead to no file, and anchors to no heading."""
    dead = []
    for target in LINK.findall(re.sub(r"^(`{3,}).*?^\1|`[^`\n]*`", "", text, flags=re.M | re.S)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            dead.append(target)
    return dead


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(text: str) -> set[str]:
    """The subcommands of mmguide that a page writes as code."""
    fenced = re.findall(r"^```.*?^```", text, flags=re.M | re.S)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return {name for part in (*fenced, *inline) for name in re.findall(r"^(?:\$ |\S*/)?mmguide ([a-z]+)\b", part, flags=re.M)}


@pytest.mark.parametrize("page", MANUAL, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text(encoding="utf-8")) == []


def test_planted_dead_links_are_seen(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One thing\n")
    text = "[a](a.md) [b](a.md#one-thing) [c](b.md) [d](a.md#two) [e](https://example.org) `[f](g.md)`\n```\n[h](i.md)\n```\n"
    assert dead_links(tmp_path / "page.md", text) == ["b.md", "a.md#two"]


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_pages_are_current(name: str) -> None:
    assert read(f"docs/{name}") == pages()[name], "run: make docs"


def test_architecture_is_short() -> None:
    assert len(read("docs/architecture.md").splitlines()) < 200


@pytest.mark.parametrize("page", MANUAL, ids=lambda path: path.name)
def test_commands_exist(page: Path) -> None:
    assert commands(page.read_text(encoding="utf-8")) <= set(COMMANDS)


def test_every_command_stands_in_the_manual() -> None:
    assert set(COMMANDS) <= commands(read("docs/commands.md"))


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.M))
    assert {"guide", "test", "nightly", "bench", "lint", "lock", "docs"} <= targets
    for page in MANUAL:
        assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), flags=re.M)) <= targets, page.name


def test_what_the_page_of_commands_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    page = REPOSITORY / "docs" / "commands.md"
    now = play(page, tmp_path)
    if request.config.getoption("--accept"):
        page.write_text(now, encoding="utf-8")
    assert now == read("docs/commands.md")


def test_every_setting_stands_in_the_manual() -> None:
    text = read("docs/source-format.md")
    assert [key for key in Settings.__struct_fields__ if f"`{key}`" not in text and f"\n{key}:" not in text] == []


def test_the_beginning_that_the_readme_names_has_no_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert in_process(["new", "my-guideline"])[1] == 0
    printed, status = in_process(["check", "--strict", "my-guideline"])
    assert (status, printed) == (0, "no problems\n")


def test_hook_and_workflow_call_commands_that_exist() -> None:
    for name in (".pre-commit-hooks.yaml", "docs/workflow.yml"):
        assert load(name, read(name)).value
    calls = re.findall(r"(?:run|entry): (mmguide .*)", read(".pre-commit-hooks.yaml") + read("docs/workflow.yml"))
    assert len(calls) == 3
    for call in calls:
        _, command, *options = call.replace('"$FOLDER"', "").split()
        found = COMMANDS[command]
        assert found, call
        known = {option for parameter in found.params for option in parameter.opts}
        assert {option for option in options if option.startswith("-")} <= known, call


def test_the_locks_pin_every_dependency() -> None:
    project = read("pyproject.toml")
    runtime, test = (
        set(re.findall(r'^    "([A-Za-z0-9_.-]+)', re.search(pattern, project, flags=re.S)[1], flags=re.M))  # type: ignore[index]
        for pattern in (r"^dependencies = \[(.*?)^\]".replace("^", "(?m:^)"), r"\ntest = \[(.*?)\n\]")
    )
    for name, wanted in (("requirements.lock", runtime), ("requirements-test.lock", runtime | test)):
        pinned = set(re.findall(r"^([a-z0-9.-]+)==", read(name), flags=re.M))
        assert wanted
        assert {re.sub(r"[-_.]+", "-", one.lower()) for one in wanted} - pinned == set(), f"{name}: run make lock"
        assert not re.search(r"https?:|--(?:index|extra|find)", read(name))
        assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z])", read(name)) if "==" in block.split("\n")[0])
