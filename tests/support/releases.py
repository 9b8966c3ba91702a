"""Guidelines in git for the tests of releases and of history."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

GUIDELINE = """\
title: A small guideline
id: small
version: {version}
status: draft
dates: {{updated: {day}}}
sections: [sections/*.md]
bibliography: [references.json]
outputs: [html]
checks: {{incomplete-reference: "off"}}
contributors:
  - {{name: Somebody, role: Author, affiliation: Somewhere, interests: none}}
"""
REFERENCES = [{"id": "one", "type": "article-journal", "title": "One"}]
TEXT = "# Question\n\nWhich drug [@one]?\n"


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def run(git: str, folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run([git, *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(git: str, folder: Path) -> str:
    run(git, folder, "add", "--all")
    run(git, folder, "commit", "--quiet", "--message=a version")
    return run(git, folder, "rev-parse", "HEAD")
