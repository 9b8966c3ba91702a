"""`mmguide release`: a version that leaves the house, whole and provable; what was released before; verified again from its zip."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mmguide.cli.handout import PROJECT, WriteByDefault

RELEASES = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("build/releases"),
    show_default=True,
    help="Folder of all releases.",
)


class MakeByDefault(WriteByDefault):
    """`mmguide release 1.0.0` means `mmguide release make 1.0.0`."""

    default = "make"


@click.group(cls=MakeByDefault)
def release() -> None:
    """Release a version of the guideline; prepare, list, show, verify and withdraw releases.

    `mmguide release VERSION` is short for `mmguide release make VERSION`.
    """


@release.command()
@click.argument("version")
@PROJECT
@RELEASES
@click.option(
    "--since", default="", help="Version to compare with: a folder, a release's zip or a git revision. Default: the last one."
)
@click.option(
    "--allow", multiple=True, metavar="CODE", help="Release although this condition is not met; with --reason for each."
)
@click.option("--reason", multiple=True, metavar="TEXT", help="Why it is allowed; it stands in the manifest.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing but problems.")
def make(
    version: str, project: Path, output: Path, since: str, allow: tuple[str, ...], reason: tuple[str, ...], quiet: bool
) -> None:
    """Write the release VERSION: every output and handout, sources, manifest and digests, as a folder and a zip."""
    from mmguide.cli.report import as_text, summary
    from mmguide.diagnostics import Severity
    from mmguide.release.conditions import CONDITIONS
    from mmguide.releases import Wanted
    from mmguide.releases import release as released

    done = released(project, Wanted(version, output, since, _reasons(allow, reason)))
    found = done.checked.diagnostics
    if done.folder is None or done.manifest is None:
        told = [d for d in found if d.severity is Severity.ERROR or d.rule in CONDITIONS]
        click.echo(as_text(told, done.checked.sources), err=True)
        click.echo(f"{summary(found)}: nothing was released", err=True)
        sys.exit(2 if done.checked.manuscript is None else 1)
    if not quiet:
        if warned := [d for d in found if d.severity is Severity.WARNING]:
            click.echo(f"{summary(warned)}: `mmguide check` tells them", err=True)
        archive = done.folder / f"{done.manifest.stem}.zip"
        click.echo(f"{done.folder}  {len(done.manifest.files)} files")
        click.echo(f"{archive}  {archive.stat().st_size / 1e6:.1f} MB")


def _reasons(allow: tuple[str, ...], reason: tuple[str, ...]) -> dict[str, str]:
    """The reasons by code."""
    from mmguide.diagnostics.rules import find_rule
    from mmguide.release.conditions import ALLOWABLE

    if len(allow) != len(reason) or not all(text.strip() for text in reason):
        raise click.UsageError("each --allow CODE needs a --reason TEXT, in the same order")
    found = {}
    for name, text in zip(allow, reason, strict=True):
        rule = find_rule(name)
        if rule is None or rule not in ALLOWABLE:
            known = ", ".join(f"{one.code} ({one.name})" for one in ALLOWABLE)
            raise click.UsageError(f"'{name}' cannot be allowed for a release; these can: {known}")
        found[rule.code] = text.strip()
    return found


@release.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="ZIP")
@click.option(
    "--rebuild", is_flag=True, help="Also make everything again from the sources in the release, and compare the bytes."
)
def verify(path: Path, rebuild: bool) -> None:
    """Hold the release in ZIP (or its folder) against its digests and signatures."""
    from mmguide.releases import verify as verified

    proof = verified(path, rebuild)
    for fault in proof.faults:
        click.echo(click.style("error: ", fg="red", bold=True) + fault, err=True)
    if proof.faults or proof.manifest is None:
        click.echo(f"{path} is not as it was released", err=True)
        sys.exit(1)
    one = proof.manifest
    click.echo(f"{one.stem}: {len(one.files)} files are as they were released on {one.date} ({one.status})")
    if rebuild:
        click.echo(f"{one.stem}: {proof.repeated} files were made again from its sources, byte for byte the same")
