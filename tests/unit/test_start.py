"""What a command loads: only what it needs, so that it starts at once."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "pydantic",
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
    """The top names of all modules that a new process has loaded after `code`."""
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(shown.splitlines()[-1].split())


def test_the_command_line_loads_no_command() -> None:
    assert loaded("import mmguide.cli") & set(HEAVY) == set()


def test_what_is_heavy_would_be_seen() -> None:
    assert "pydantic" in loaded("import mmguide.model.settings")
