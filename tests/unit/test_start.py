"""What a command loads: only what it needs, so that it starts at once."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "pydantic",
    "yaml",
    "ruamel",
    "numpy",
    "matplotlib",
    "grandalf",
    "fontTools",
    "uharfbuzz",
    "weasyprint",
    "docx",
    "lxml",
    "pikepdf",
)


def loaded(code: str) -> set[str]:
    """All modules that a new process has loaded after `code`, and their top names."""
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = shown.splitlines()[-1].split()
    return {*names, *(name.split(".")[0] for name in names)}


def test_the_command_line_loads_no_command() -> None:
    assert loaded("import mmguide.cli") & set(HEAVY) == set()


def test_what_is_heavy_would_be_seen() -> None:
    assert "yaml" in loaded("from mmguide.theme import house_theme\nhouse_theme()")


def test_a_check_starts_nothing_that_has_to_be_tidied_up() -> None:
    """So its process may end at once."""
    check = "from mmguide.build import check_project\nfrom mmguide import house\n"
    names = loaded(check + "from pathlib import Path\ncheck_project(Path(house.folder('source')))")
    assert "mmguide.workers" not in names
    assert "mmguide.check" in names
