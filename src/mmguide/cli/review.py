"""`mmguide review`: comments and tracked changes of a Word file that came back, at the lines of the source they are about."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import asdict

if TYPE_CHECKING:
    from mmguide.reviews import Reviewed


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--project", type=click.Path(path_type=Path), default=Path("source"), show_default=True, help="Folder of the guideline."
)
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
def review(file: Path, project: Path, shape: str) -> None:
    """List what reviewers left in FILE, a Word file that mmguide made: comments and tracked changes, each with its line of the source.

    Nothing in FILE is run, fetched or trusted, and no source is changed.
    """
    from mmguide.cli.report import as_text
    from mmguide.reviews import read_review

    found = read_review(file, project)
    if shape == "json":
        click.echo(_as_json(found))
    else:
        _show(found)
    if found.diagnostics and shape == "text":
        click.echo(as_text(found.diagnostics, {}), err=True)
    sys.exit(1 if found.diagnostics else 0)


def _show(found: Reviewed) -> None:
    for remark, span in found.remarks:
        place = f"{span.path}:{span.line}: " if span else "(no place in the source): "
        sign = {"comment": "comment", "insertion": "insert", "deletion": "delete"}[remark.kind]
        by = f" [{', '.join(t for t in (remark.author, remark.date[:10]) if t)}]" if remark.author or remark.date else ""
        about = f" on '{remark.about}'" if remark.kind == "comment" and remark.about else ""
        behind = f" behind '…{remark.about}'" if remark.kind != "comment" and remark.about else ""
        click.echo(click.style(place, bold=True) + f"{sign}{about}: {_visible(remark.text)}{_visible(behind)}{_visible(by)}")
    for what in found.ignored:
        click.echo(f"ignored: {_visible(what)}")
    if not found.diagnostics:
        click.echo(f"{len(found.remarks)} remark{'' if len(found.remarks) == 1 else 's'}")


def _visible(text: str) -> str:
    """Text of somebody else for a terminal: nothing in it moves the cursor or turns the direction."""
    return "".join(c if c.isprintable() else " " for c in text)


def _as_json(found: Reviewed) -> str:
    listed = [
        asdict(remark) | {"path": span.path if span else None, "line": span.line if span else None}
        for remark, span in found.remarks
    ]
    problems = [{"code": d.code, "message": d.message, "hint": d.hint} for d in found.diagnostics]
    return json.dumps({"remarks": listed, "ignored": found.ignored, "problems": problems}, ensure_ascii=False, indent=2)
