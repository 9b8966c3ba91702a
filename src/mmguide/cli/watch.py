"""`mmguide watch`: shows a guideline in the browser while it is written, and keeps PDF and Word in step."""

from __future__ import annotations

import webbrowser
from contextlib import ExitStack
from pathlib import Path
from time import strftime

import click

from mmguide.cli.report import as_text, summary
from mmguide.diagnostics import Diagnostic
from mmguide.options import FORMATS, Options
from mmguide.watch import Done, Page, Problems, Server, Stopped, Watch, Written


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("source"))
@click.option("--to", "formats", default="", help="Outputs, separated by commas; default: those of guideline.yaml.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("build"), show_default=True, help="Folder of the outputs."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="Port of the page; 0 finds a free one."
)
@click.option("--open/--no-open", "show", default=False, show_default=True, help="Open the page in the browser.")
def watch(folder: Path, formats: str, output: Path, port: int, show: bool) -> None:
    """Build the guideline in FOLDER after each save, and show it on a page of this machine that follows along.

    Ctrl-C ends it.
    """
    wanted = tuple(name.strip() for name in formats.split(",") if name.strip())
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise click.UsageError(f"there is no output '{unknown[0]}': choose from {', '.join(FORMATS)}")
    with ExitStack() as stack:
        watching = Watch(folder, Options(formats=wanted, output=output))
        stack.callback(watching.close)
        server = Server(port)
        stack.callback(server.close)
        server.start()
        try:
            watching.start()
            click.echo(f"watching {folder}; see it at {server.address} (Ctrl-C ends)")
            if show:
                webbrowser.open(server.address)
            _follow(watching, server)
        except KeyboardInterrupt:
            click.echo("\nended", err=True)


def _follow(watching: Watch, server: Server) -> None:
    """Show what happens, on the terminal and above the page."""
    found: tuple[Diagnostic, ...] = ()
    for event in watching:
        if isinstance(event, Page):
            server.show(event.content)
            _say("page", event.seconds)
        elif isinstance(event, Problems):
            server.problems(click.unstyle(as_text(event.diagnostics, event.sources)) if event.stop else "")
            # What was told of the last save already is not told again.
            if new := [d for d in event.diagnostics if d not in found]:
                click.echo(as_text(new, event.sources), err=True)
            if event.stop:
                click.echo(f"{strftime('%H:%M:%S')}  {summary(event.diagnostics)}: the outputs stay as they were", err=True)
            found = event.diagnostics
        elif isinstance(event, Written):
            _say(event.path, event.seconds)
        elif isinstance(event, Stopped):
            click.echo(f"error: {event.message}" + (f"\n    hint: {event.hint}" if event.hint else ""), err=True)
        elif isinstance(event, Done):
            _say(f"all done, {summary(found)}", event.seconds)


def _say(what: str, seconds: float) -> None:
    click.echo(f"{strftime('%H:%M:%S')}  {seconds:6.2f} s  {what}")
