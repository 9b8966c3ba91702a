"""The command line: `mmguide build|check|new|explain|doctor`; turns results into what is shown and into an exit status."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import click

from mmguide import __version__
from mmguide.errors import MmguideError, no_room
from mmguide.options import PAPERS

# The standards by name; `mmguide.reporting` is not imported for the help alone.
REPORTING = ["right", "agree", "right-pvg", "checkup"]
FOLDERS = click.argument("folders", metavar="[FOLDER]...", nargs=-1, type=click.Path(path_type=Path))
FOLDER = click.argument("folder", type=click.Path(path_type=Path), default=Path("source"))
STRICT = click.option("--strict", is_flag=True, help="Warnings count as errors.")


# Commands in modules of their own by name, imported when they are called: each brings what the others do not need.
ELSEWHERE = {
    "diff": "difference",
    "handout": "handout",
    "refs": "refs",
    "release": "release",
    "review": "review",
    "watch": "watch",
}


class Commands(click.Group):
    """The commands of this module, and those of ELSEWHERE."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in ELSEWHERE:
            found: click.Command = getattr(import_module(f"mmguide.cli.{ELSEWHERE[cmd_name]}"), cmd_name)
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mmguide")
def cli() -> None:
    """Compiles a clinical guideline kept as plain text into an accessible PDF, a native Word file and a web page."""


@cli.command()
@FOLDERS
@click.option(
    "--to",
    "formats",
    default="",
    help="Outputs, separated by commas: pdf, docx, html, json, fhir. Default: those of guideline.yaml.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("build"), show_default=True, help="Folder of the outputs."
)
@click.option("--paper", type=click.Choice(PAPERS), help="Paper of the PDF; default: that of guideline.yaml.")
@click.option("--bleed", type=click.FloatRange(0, 10), help="Bleed of the PDF in millimetres, with crop marks.")
@click.option("--duplex/--no-duplex", default=None, help="The PDF for both sides of the sheet: left-hand and right-hand pages.")
@click.option("--gutter", type=click.FloatRange(0, 12), help="Millimetres by which pages are moved away from the binding.")
@click.option("--chapters", type=click.Choice(["any", "right"]), help="right: chapters begin on right-hand pages.")
@click.option(
    "--pdf-standard",
    type=click.Choice(["ua-1", "ua-2"]),
    help="ua-1: PDF/UA-1 with PDF/A-3a; ua-2: PDF/UA-2 with PDF/A-4f. Default: that of guideline.yaml.",
)
@click.option(
    "--docx-citations",
    type=click.Choice(["links", "zotero"]),
    default="links",
    show_default=True,
    help="Citations of the Word file: links to the references, or live Zotero fields.",
)
@click.option(
    "--docx-line-numbers/--no-docx-line-numbers",
    default=None,
    help="Numbers beside the lines of the Word file; default: while the status is draft or review.",
)
@click.option(
    "--docx-mark/--no-docx-mark",
    default=None,
    help="The status across the pages of the Word file; default: unless it is published.",
)
@click.option(
    "--docx-fonts/--no-docx-fonts",
    default=True,
    show_default=True,
    help="The theme's fonts inside the Word file, or only their names.",
)
@click.option("--edition", type=click.Choice(["summary"]), help="summary: the recommendations alone, for quick reference.")
@STRICT
@click.option("--no-cache", is_flag=True, help="Make everything anew, and keep nothing for the next time.")
@click.option("--timings", is_flag=True, help="Show how long each stage took.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing but problems.")
@click.option(
    "--dask", default="", metavar="ADDRESS", help="Build on the Dask cluster whose scheduler is there: tcp://HOST:8786."
)
def build(
    folders: tuple[Path, ...],
    formats: str,
    output: Path,
    paper: str | None,
    bleed: float | None,
    duplex: bool | None,
    gutter: float | None,
    chapters: Literal["any", "right"] | None,
    pdf_standard: str | None,
    docx_citations: Literal["links", "zotero"],
    docx_line_numbers: bool | None,
    docx_mark: bool | None,
    docx_fonts: bool,
    edition: str | None,
    strict: bool,
    no_cache: bool,
    timings: bool,
    quiet: bool,
    dask: str,
) -> None:
    """Check the guideline in FOLDER and write its outputs.

    Several folders are built at the same time, each into a folder of its name in that of the outputs.
    """
    from mmguide import shortcut
    from mmguide.cli.report import as_text, summary
    from mmguide.options import FORMATS, Options

    wanted = tuple(name.strip() for name in formats.split(",") if name.strip())
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise click.UsageError(f"there is no output '{unknown[0]}': choose from {', '.join(FORMATS)}")
    options = Options(
        formats=wanted,
        output=output,
        strict=strict,
        cache=not no_cache,
        paper=paper or "",
        bleed=bleed,
        duplex=duplex,
        gutter=gutter,
        chapters=chapters or "",
        pdf_standard=pdf_standard or "",
        docx_citations=docx_citations,
        docx_line_numbers=docx_line_numbers,
        docx_mark=docx_mark,
        docx_fonts=docx_fonts,
        edition=edition or "",
    )
    folders = folders or (Path("source"),)
    if len(folders) > 1 or dask:
        from mmguide.cli.many import build_many

        sys.exit(build_many(folders, options, dask, timings, quiet))
    built = shortcut.build(folders[0], options, None if quiet else _progress(timings))
    diagnostics = built.diagnostics
    if diagnostics:
        click.echo(as_text(diagnostics, built.sources), err=True)
    if not built.written:
        click.echo(f"{summary(diagnostics)}: nothing was written", err=True)
    elif not quiet:
        for path in built.written:
            click.echo(f"{path}  {path.stat().st_size / 1000:.0f} kB")
    sys.exit(_status(not built.usable, not built.written))


@cli.command()
@FOLDER
@click.option("--format", "shape", type=click.Choice(["text", "json", "sarif", "github"]), default="text", show_default=True)
@STRICT
@click.option("--reporting", multiple=True, type=click.Choice(REPORTING), help="Also tell what this reporting standard misses.")
@click.option("--fix", is_flag=True, help="Show what can be mended without doubt as a diff, and mend it when told to.")
@click.option("--yes", is_flag=True, help="With --fix: mend it without asking.")
@click.option("--no-cache", is_flag=True, help="Look at everything anew, and keep nothing in build/.cache for the next time.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing but problems.")
def check(
    folder: Path, shape: str, strict: bool, reporting: tuple[str, ...], fix: bool, yes: bool, no_cache: bool, quiet: bool
) -> None:
    """Check the guideline in FOLDER without writing any output."""
    # Nothing here is made in circles that would fill the memory before the process ends.
    gc.disable()
    from mmguide import shortcut
    from mmguide.cli.machine import as_github, as_json, as_sarif
    from mmguide.cli.report import as_text, summary
    from mmguide.diagnostics import Severity
    from mmguide.options import CACHE, Options

    if fix:
        from mmguide.build import check_project
        from mmguide.cli.fix import offer

        offer(folder, check_project(folder, reporting=reporting, drawn=False), yes)
    checked = shortcut.check(folder, reporting, None if no_cache else Options().output / CACHE)
    found = checked.diagnostics
    if shape == "json":
        click.echo(as_json(found))
    elif shape == "sarif":
        click.echo(as_sarif(found))
    elif shape == "github":
        if found:
            click.echo(as_github(found, folder.as_posix()))
    else:
        if found:
            click.echo(as_text(found, checked.sources))
        if not quiet or found:
            click.echo(summary(found))
    counted = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    sys.exit(_status(not checked.usable, any(d.severity in counted for d in found)))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="Copy the worked example, a whole guideline, instead of a short beginning.")
def new(folder: Path, example: bool) -> None:
    """Start a guideline in FOLDER, ready to build."""
    from mmguide.starter import start

    for path in start(folder, example):
        click.echo(path)
    click.echo(f"\nnow try: mmguide build {folder}")


@cli.command()
@click.argument("rule", required=False)
@click.option("--all", "everything", is_flag=True, help="Every rule, as the manual's page.")
def explain(rule: str | None, everything: bool) -> None:
    """Explain a diagnostic by its code or name, for example MMG201."""
    from mmguide.cli.explain import as_manual, as_page, overview
    from mmguide.diagnostics.rules import RULES, find_rule

    if everything:
        click.echo(as_manual())
    elif rule is None:
        click.echo(overview())
    elif (found := find_rule(rule)) is not None:
        click.echo(as_page(found))
    else:
        from difflib import get_close_matches

        near = get_close_matches(rule.lower(), [r.name for r in RULES] + [r.code.lower() for r in RULES], 1, 0.4)
        raise click.UsageError(
            f"there is no rule '{rule}'" + (f"; did you mean {near[0].upper() if 'mmg' in near[0] else near[0]}?" if near else "")
        )


@cli.command()
def doctor() -> None:
    """Say which tools and libraries are there, and what is missing."""
    from mmguide.doctor import examine

    report, whole = examine()
    click.echo(report)
    sys.exit(0 if whole else 3)


def _status(unusable_settings: bool, failed: bool) -> int:
    return 2 if unusable_settings else 1 if failed else 0


def _progress(timings: bool) -> Callable[[str, float], None] | None:
    """Stages with their seconds: asked for by --timings, or shown as they pass to somebody at a terminal."""
    if timings or sys.stderr.isatty():
        return lambda stage, seconds: click.echo(f"{stage:>10}  {seconds:6.2f} s", err=True)
    return None


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and end the process with the status the manual lists."""
    # A tree is a million small values that stay: looking for circles after every 700 new ones takes a quarter of the time.
    gc.set_threshold(100_000, 20, 20)
    try:
        return cli.main(arguments, prog_name="mmguide", standalone_mode=True)
    except SystemExit as end:
        if arguments is None:
            _leave(end.code)
        raise
    except MmguideError as error:
        _stopped(error)
    except OSError as error:
        full = no_room(error)
        if full is None:
            raise
        _stopped(full)
    finally:
        gc.freeze()  # the end of a process looks through all that is left, twice, for circles that nobody needs the memory of


def _leave(status: object) -> None:
    """End this process at once where nothing is left to tidy up: freeing a million small values takes longer than some checks."""
    if not isinstance(status, int) or "mmguide.workers" in sys.modules or threading.active_count() > 1:
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return
    os._exit(status)


def _stopped(error: MmguideError) -> None:
    """Say what stopped the run and end the process."""
    from mmguide.cli.report import stopped

    click.echo(stopped(error), err=True)
    sys.exit(error.exit_status)
