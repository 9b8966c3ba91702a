"""Literate cases: a Markdown file that holds prose, the files of a project, commands and what they print.

A fenced block with `file=PATH` becomes that file. `escapes` after it means that the text is Python-escaped (for bytes that no
editor shows), `link` that the text is where a symbolic link leads, `repeat=N` that it is written N times over. A `console` block
holds commands (`$ mmguide …`), what they print (standard output and error as they come) and the exit status (`=> 1`; 0 when
there is no such line). Until a case gives a guideline.yaml of its own, it has GUIDELINE. `pytest --accept` writes what is
printed now into the case.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

GUIDELINE = "title: A case\nsections: [sections/*.md]\n"
FENCE = re.compile(r"^(?P<marks>`{3,}|~{3,})[ ]*(?P<language>[\w-]*)[ ]*(?P<rest>.*)$")
TIMES = re.compile(r"\b\d+(?:\.\d+)? ?m?s\b")

Run = Callable[[list[str]], tuple[str, int]]


@dataclass(frozen=True)
class Block:
    """A fenced block: `start` and `end` are the indexes of its first and last line of content (end exclusive)."""

    language: str
    rest: str
    start: int
    end: int


@dataclass(frozen=True)
class Step:
    """A command with what it is expected to print, and its exit status."""

    command: str
    output: str
    status: int


def blocks(lines: list[str]) -> Iterator[Block]:
    """The fenced blocks of a Markdown file."""
    at = 0
    while at < len(lines):
        opened = FENCE.match(lines[at])
        at += 1
        if not opened:
            continue
        start, marks = at, opened["marks"]
        while at < len(lines) and not re.fullmatch(rf"{re.escape(marks[0])}{{{len(marks)},}}\s*", lines[at]):
            at += 1
        yield Block(opened["language"], opened["rest"], start, at)
        at += 1


def steps(text: str) -> list[Step]:
    """The commands of a console block."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        ended = re.search(r"^=> (\d+)\n?\Z", output, flags=re.M)
        found.append(Step(command, output[: ended.start()] if ended else output, int(ended[1]) if ended else 0))
    return found


def written(done: list[Step]) -> str:
    """A console block with these steps."""
    return "".join(f"$ {s.command}\n{s.output}" + (f"=> {s.status}\n" if s.status else "") for s in done)


def write_file(folder: Path, rest: str, text: str) -> None:
    """One file of the case, as its block says."""
    name, *flags = rest.removeprefix("file=").split()
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if "link" in flags:
        path.symlink_to(text.strip())
    elif times := next((flag.removeprefix("repeat=") for flag in flags if flag.startswith("repeat=")), ""):
        path.write_text(text * int(times), encoding="utf-8")
    elif "escapes" in flags:
        path.write_bytes(text.encode("latin-1").decode("unicode_escape").encode("latin-1"))
    else:
        path.write_bytes(text.encode())


def in_process(arguments: list[str]) -> tuple[str, int]:
    """Run mmguide in this process: what it prints and its exit status."""
    from mmguide.cli import main

    out = io.StringIO()
    status: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(arguments)
        except SystemExit as ended:
            status = ended.code or 0
    return out.getvalue(), status if isinstance(status, int) else 1


def normal(text: str, folder: Path) -> str:
    """Without what differs from run to run: the folder, times, spaces at the ends of lines."""
    text = TIMES.sub("N s", text.replace(f"{folder}{os.sep}", "").replace(str(folder), "."))
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return lines + "\n" if lines else ""


def play(case: Path, folder: Path, run: Run = in_process) -> str:
    """Play a case in an empty folder; the case's text as it would be with everything as printed now."""
    lines = case.read_text(encoding="utf-8").split("\n")
    (folder / "guideline.yaml").write_text(GUIDELINE)
    made: list[str] = []
    at = 0
    for block in blocks(lines):
        text = "".join(line + "\n" for line in lines[block.start : block.end])
        made += lines[at : block.start]
        at = block.end
        if block.rest.startswith("file="):
            write_file(folder, block.rest, text)
        if block.language != "console":
            made += lines[block.start : block.end]
            continue
        done = []
        for step in steps(text):
            program, *arguments = shlex.split(step.command)
            if program != "mmguide":
                raise ValueError(f"{case.name}: a case runs mmguide, not {program}")
            output, status = run(arguments)
            done.append(Step(step.command, normal(output, folder), status))
        made += written(done).removesuffix("\n").split("\n")
    return "\n".join(made + lines[at:])
