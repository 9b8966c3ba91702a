"""`mmguide check --fix`: shows what would change, asks, and changes it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mmguide.build import Checked


def offer(folder: Path, checked: Checked, yes: bool) -> bool:
    """Show the edits as a diff and make them when told to. True when files were changed."""
    from mmguide.fixes import as_diff, by_file, fixes, write

    edits = fixes(checked.manuscript, checked.sources) if checked.manuscript else ()
    if not edits:
        click.echo("nothing that can be mended by itself")
        return False
    for line in as_diff(edits, checked.sources).splitlines():
        colour = "green" if line.startswith("+") else "red" if line.startswith("-") else None
        click.echo(click.style(line, fg=colour) if colour and sys.stdout.isatty() else line)
    count = f"{len(edits)} change{'s' if len(edits) > 1 else ''} in {len(by_file(edits))} file{'s' if len(by_file(edits)) > 1 else ''}"
    if not yes and not (sys.stdin.isatty() and click.confirm(f"make {count}?")):
        click.echo(f"{count} not made; `--yes` makes them without asking")
        return False
    write(folder, edits)
    click.echo(f"{count} made")
    return True
