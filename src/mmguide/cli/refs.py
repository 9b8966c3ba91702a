"""`mmguide refs`: what there is to do with reference files; the work itself is in mmguide.refs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

FOLDER = click.argument("folder", type=click.Path(path_type=Path), default=Path("source"))
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def refs() -> None:
    """List, merge, convert and tidy reference files."""


@refs.command("list")
@FOLDER
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_references(folder: Path, shape: str) -> None:
    """Every reference of the guideline in FOLDER, with how often it is cited."""
    from mmguide.refs import first_author, library

    have = library(folder)
    if shape == "json":
        told = [
            {"key": r.key, "path": r.span.path, "line": r.span.line, "cited": have.citations[r.key]}
            for r in have.bibliography.references
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for r in have.bibliography.references:
        about = f"{first_author(r)} {r.year or ''}".strip()
        click.echo(f"{have.citations[r.key]:>4}  {r.key}  {about}. {r.text('title')}")


@refs.command()
@FOLDER
def unused(folder: Path) -> None:
    """The references of the guideline in FOLDER that its text never cites."""
    from mmguide.refs import library

    have = library(folder)
    for r in have.unused:
        click.echo(f"{r.span.path}:{r.span.line}: {r.key}")
    click.echo(f"{len(have.unused)} of {len(have.bibliography.references)} references are never cited", err=True)


@refs.command()
@FILE
@click.option("--to", type=click.Choice(["csl-json", "csl-yaml", "bibtex"]), default="csl-json", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: standard output.")
def convert(file: Path, to: str, output: Path | None) -> None:
    """The references of FILE in another format."""
    from mmguide.cli.report import as_text
    from mmguide.files import write_all
    from mmguide.refs import convert as convert_file

    made = convert_file(file, to)
    if made.diagnostics:
        click.echo(as_text(made.diagnostics, {made.source.path: made.source}), err=True)
    if output is None:
        click.echo(made.text, nl=False)
    elif made.count:
        write_all(output.parent, {output.name: made.text.encode()})
        click.echo(f"{output}: {made.count} references", err=True)
    sys.exit(1 if any(d.severity.value == "error" for d in made.diagnostics) else 0)


@refs.command()
@FILE
@FOLDER
@click.option("--into", default="", help="File of the guideline to add to; default: the first one under `bibliography:`.")
def add(file: Path, folder: Path, into: str) -> None:
    """Add the references of FILE, an export, that the guideline in FOLDER does not have yet.

    A work it has already is recognised, whatever its key; nothing that stands there is changed.
    """
    from mmguide.cli.report import as_text
    from mmguide.refs import add as add_file

    done = add_file(file, folder, into)
    if done.diagnostics:
        click.echo(as_text(done.diagnostics, {done.source.path: done.source}), err=True)
    for item in done.merge.added:
        click.echo(f"added {item['id']}")
    for key, new in done.merge.renamed:
        click.echo(f"{key} is called {new} here, since the guideline has another {key}")
    for key, have in done.merge.known:
        click.echo(f"known {key}" + (f", as {have}" if have != key else ""))
    click.echo(f"{done.path}: {len(done.merge.added)} added, {len(done.merge.known)} known", err=True)
    sys.exit(1 if any(d.severity.value == "error" for d in done.diagnostics) else 0)


@refs.command("format")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit status 1 where something would change.")
def format_references(files: tuple[Path, ...], only_check: bool) -> None:
    """Put CSL-JSON FILES into one form: a field a line, fields in one order."""
    from mmguide.refs import format_file

    changed = [path for path in files if format_file(path, write=not only_check)]
    for path in changed:
        click.echo(f"{path}: {'would be' if only_check else ''} put in order".replace(":  ", ": "))
    sys.exit(1 if only_check and changed else 0)


@refs.group("retractions")
def retractions() -> None:
    """The guideline's table of retracted, corrected and doubted works."""


@retractions.command()
@FILE
@FOLDER
def update(file: Path, folder: Path) -> None:
    """Make the table of the guideline in FOLDER from FILE, the CSV of Retraction Watch that Crossref publishes."""
    from mmguide.refs import update_retractions

    path, count = update_retractions(file, folder)
    click.echo(f"{path}: {count} {'work' if count == 1 else 'works'}")
