"""`mmguide handout`: what patients and clinicians take home, from the guideline, for print, Word and the web."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from mmguide.options import PAPERS

MOST_LISTED = 40
PROJECT = click.option(
    "--project", type=click.Path(path_type=Path), default=Path("source"), show_default=True, help="Folder of the guideline."
)


class WriteByDefault(click.Group):
    """`mmguide handout …` means `mmguide handout write …` where no subcommand is named."""

    default = "write"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = (*self.commands, *ctx.help_option_names)
        return super().parse_args(ctx, args if args and args[0] in known else [self.default, *args])


@click.group(cls=WriteByDefault)
def handout() -> None:
    """Write the handouts of the guideline, or record their approval.

    `mmguide handout NAME…` is short for `mmguide handout write NAME…`.
    """


@handout.command()
@click.argument("names", nargs=-1, required=True)
@PROJECT
@click.option("--role", required=True, help="Role of the contributor who approves, as in guideline.yaml.")
def approve(names: tuple[str, ...], project: Path, role: str) -> None:
    """Record that the handouts NAMES were read and approved as they stand now; a translation is named with its language, `leaflet.es`."""
    from mmguide.handouts import approve as record

    click.echo(record(project, names, role))


@handout.command()
@click.argument("names", nargs=-1, required=True)
@PROJECT
@click.option("--by", required=True, help="Role of the contributor who translated, or `machine`.")
def translated(names: tuple[str, ...], project: Path, by: str) -> None:
    """Record that the translations NAMES, as `leaflet.es`, say what their originals say now."""
    from mmguide.handouts import translated as record

    click.echo(record(project, names, by))


@handout.command()
@click.argument("names", nargs=-1)
@PROJECT
@click.option("--to", "formats", default="pdf,docx,html", show_default=True, help="Outputs, separated by commas.")
@click.option("--language", "languages", multiple=True, help="Only in this language; may be repeated. Default: all there are.")
@click.option("--paper", type=click.Choice(PAPERS), help="Default: the handout's own paper, or the guideline's.")
@click.option("--large-print", is_flag=True, help="Letters of 16 points at least, laid out anew: --text-size 16.")
@click.option("--text-size", type=click.Choice(["12", "16", "18"]), help="Least size of the letters in points.  [default: 12]")
@click.option("--grey", is_flag=True, help="In grey alone: text, drawings and pictures.")
@click.option("--booklet", is_flag=True, help="On half the paper, and as sheets that fold to a booklet.")
@click.option("--two-up", is_flag=True, help="On half the paper, and as sheets with two pages side by side.")
@click.option("--form", is_flag=True, help="With fields to fill in on a screen in place of lines for the pen.")
@click.option("--duplex", is_flag=True, help="For both sides of the paper.")
@click.option(
    "--clinic", "clinics", multiple=True, metavar="NAME", help="For this clinic of clinics/, or for `all`; may be repeated."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("build"), show_default=True, help="Folder of the outputs."
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--no-cache", is_flag=True, help="Make everything anew, and keep nothing for the next time.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing but problems.")
def write(
    names: tuple[str, ...],
    project: Path,
    formats: str,
    languages: tuple[str, ...],
    paper: str | None,
    large_print: bool,
    text_size: str | None,
    grey: bool,
    booklet: bool,
    two_up: bool,
    form: bool,
    duplex: bool,
    clinics: tuple[str, ...],
    output: Path,
    strict: bool,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Write the handouts NAMES of the guideline (`leaflet.es` for one translation), or all that guideline.yaml lists."""
    from mmguide.cli.report import as_text, summary
    from mmguide.diagnostics import Severity, has_errors
    from mmguide.handout import LARGE_POINTS, TEXT_POINTS
    from mmguide.handouts import FORMATS, HandoutOptions
    from mmguide.sheets import Variant
    from mmguide.shortcut import handouts

    wanted = tuple(name.strip() for name in formats.split(",") if name.strip())
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise click.UsageError(f"there is no output '{unknown[0]}' of handouts: choose from {', '.join(FORMATS)}")
    if booklet + two_up + form > 1:
        raise click.UsageError("choose one of --booklet, --two-up and --form")
    if (booklet or two_up) and wanted and "pdf" not in wanted:
        raise click.UsageError("sheets to fold or cut are PDFs: let --to have pdf")
    options = HandoutOptions(
        names,
        wanted or FORMATS,
        paper or "",
        Variant(
            float(text_size or (LARGE_POINTS if large_print else TEXT_POINTS)),
            grey,
            "booklet" if booklet else "two-up" if two_up else "",
            duplex,
            form,
        ),
        clinics,
        output,
        strict,
        languages,
        not no_cache,
    )
    with _progress(bool(clinics) and not quiet) as tell:
        done = handouts(project, options, tell)
    failed = has_errors(done.diagnostics) or not done.written
    # What `mmguide check` tells about the whole guideline is told here only where it stands in the way.
    weighty = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    told = tuple(diagnostic for diagnostic in done.diagnostics if diagnostic.severity in weighty)
    if told and failed:
        click.echo(as_text(told, done.sources), err=True)
    if not done.written:
        click.echo(f"{summary(told)}: nothing was written", err=True)
    elif not quiet:
        _list(done.written)
    sys.exit(2 if not done.usable else 1 if failed else 0)


@contextmanager
def _progress(wanted: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("handouts", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _list(written: Sequence[Path]) -> None:
    """Each file, or each folder where there are more than a screen shows."""
    if len(written) <= MOST_LISTED:
        for path in written:
            click.echo(f"{path}  {path.stat().st_size / 1000:.0f} kB")
        return
    for folder in dict.fromkeys(path.parent for path in written):
        inside = [path.stat().st_size for path in written if path.parent == folder]
        click.echo(f"{folder}  {len(inside)} files, {sum(inside) / 1000:.0f} kB")
