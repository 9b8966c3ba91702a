"""`mmguide build DIR…` and `--dask`: shows what becomes of several projects, each with its problems under its name."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from mmguide.cli.report import as_text, stopped, summary
from mmguide.farm import Done, Job, build_here, jobs_of
from mmguide.options import Options

_WIPE = "\r\x1b[K"


def build_many(folders: Sequence[Path], options: Options, dask: str, timings: bool, quiet: bool) -> int:
    """Build the projects and tell of each, in the order in which they were named; the exit status is the worst of all.

    `dask` is the address of a cluster's scheduler, or empty for this machine.
    """
    jobs = jobs_of(folders, options)
    finished: list[Done] = []
    with closing(_on_cluster(jobs, dask) if dask else build_here(jobs)) as done:
        for job, one in _in_order(jobs, done, shown=sys.stderr.isatty() and not quiet):
            _tell(job, one, f"[{len(finished) + 1}/{len(jobs)}]", timings, quiet)
            finished.append(one)
    statuses = [one.status for one in finished]
    if not quiet or any(statuses):
        failed = len(statuses) - statuses.count(0)
        click.echo(
            f"{len(jobs)} project{'s' if len(jobs) > 1 else ''}: " + (f"{failed} could not be built" if failed else "all built"),
            err=True,
        )
    return max(statuses)


def _on_cluster(jobs: Sequence[Job], address: str) -> Generator[tuple[int, Done], None, None]:
    from mmguide.farm.cluster import build_on

    return build_on(jobs, address)


def _in_order(jobs: Sequence[Job], done: Iterator[tuple[int, Done]], shown: bool) -> Iterator[tuple[Job, Done]]:
    """The jobs with what came of them, first the first; on a terminal a line says how many are done meanwhile."""
    held: dict[int, Done] = {}
    told = failed = 0
    _line(shown, f"0 of {len(jobs)} done")
    for number, one in done:
        held[number] = one
        failed += one.status > 0
        _line(shown, "")
        while told in held:
            yield jobs[told], held.pop(told)
            told += 1
        if told + len(held) < len(jobs):
            _line(shown, f"{told + len(held)} of {len(jobs)} done" + (f", {failed} with errors" if failed else ""))


def _line(shown: bool, text: str) -> None:
    if shown:
        click.echo(_WIPE + text, nl=False, err=True)


def _tell(job: Job, done: Done, place: str, timings: bool, quiet: bool) -> None:
    """A project's line, its problems, and what was written."""
    outcome = done.outcome
    diagnostics = outcome.diagnostics if outcome else ()
    said = summary(diagnostics) if outcome else "stopped"
    if done.status:
        said += ": nothing was written"
    if not quiet or done.status or diagnostics:
        click.echo(f"{place} {click.style(job.name, bold=True)}: {said} ({done.seconds:.2f} s)", err=True)
    if timings:
        for stage, seconds in done.stages:
            click.echo(f"{stage:>10}  {seconds:6.2f} s", err=True)
    if done.error:
        click.echo(stopped(done.error), err=True)
    if diagnostics and outcome:
        click.echo(as_text(diagnostics, outcome.sources), err=True)
    if outcome and not quiet:
        for path in outcome.written:
            click.echo(f"{path}  {path.stat().st_size / 1000:.0f} kB")
