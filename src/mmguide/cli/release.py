"""`mmguide release`: a version that leaves the house, whole and provable; what was released before; verified again from its zip."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmguide.cli.handout import PROJECT, WriteByDefault

if TYPE_CHECKING:
    from mmguide.release.manifest import Manifest

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


PASSPHRASE = "MMGUIDE_SIGN_PASSPHRASE"
EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)


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
@click.option("--sign-ssh", type=EXISTING, metavar="KEY", help="Sign SHA256SUMS with this SSH key (ssh-keygen -Y sign).")
@click.option("--sign-minisign", type=EXISTING, metavar="KEY", help="Sign SHA256SUMS with this minisign key.")
@click.option(
    "--sign-pdf", type=EXISTING, metavar="P12", help="Sign every PDF (PAdES) with this PKCS#12 file; its passphrase is asked for."
)
@click.option("-q", "--quiet", is_flag=True, help="Show nothing but problems.")
def make(
    version: str,
    project: Path,
    output: Path,
    since: str,
    allow: tuple[str, ...],
    reason: tuple[str, ...],
    sign_ssh: Path | None,
    sign_minisign: Path | None,
    sign_pdf: Path | None,
    quiet: bool,
) -> None:
    """Write the release VERSION: every output and handout, sources, manifest and digests, as a folder and a zip."""
    from mmguide.cli.report import as_text, summary
    from mmguide.diagnostics import Severity
    from mmguide.release.conditions import CONDITIONS
    from mmguide.release.signing import Keys
    from mmguide.releases import Wanted
    from mmguide.releases import release as released

    keys = Keys(sign_pdf, _passphrase() if sign_pdf else "", sign_ssh, sign_minisign)
    done = released(project, Wanted(version, output, since, _reasons(allow, reason), keys))
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


def _passphrase() -> str:
    """The passphrase of the certificate: from the environment, where a program runs this, else asked for."""
    given = os.environ.get(PASSPHRASE)
    return (
        given if given is not None else str(click.prompt("passphrase of the certificate", hide_input=True, default="", err=True))
    )


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
@click.option(
    "--allowed-signers", type=EXISTING, metavar="FILE", help="Those whose SSH signature is accepted, as ssh-keygen lists them."
)
@click.option(
    "--minisign-key", type=EXISTING, metavar="FILE", help="The public key under which the minisign signature must hold."
)
def verify(path: Path, rebuild: bool, allowed_signers: Path | None, minisign_key: Path | None) -> None:
    """Hold the release in ZIP (or its folder) against its digests and signatures."""
    from mmguide.archives import Trusted
    from mmguide.archives import verify as verified

    proof = verified(path, rebuild, trusted=Trusted(allowed_signers, minisign_key))
    for fault in proof.faults:
        click.echo(click.style("error: ", fg="red", bold=True) + fault, err=True)
    if proof.faults or proof.manifest is None:
        click.echo(f"{path} is not as it was released", err=True)
        sys.exit(1)
    one = proof.manifest
    click.echo(f"{one.stem}: {len(one.files)} files are as they were released on {one.date} ({one.status})")
    for told in proof.signatures:
        click.echo(told)
    if rebuild:
        click.echo(f"{one.stem}: {proof.repeated} files were made again from its sources, byte for byte the same")


@release.command()
@click.argument("version", required=False)
@PROJECT
@RELEASES
@click.option("--status", type=click.Choice(["draft", "review", "published"]), help="Default: that of guideline.yaml.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day of the release.  [default: today]")
@click.option(
    "--since", default="", help="Version to compare with: a folder, a release's zip or a git revision. Default: the last one."
)
def prepare(version: str | None, project: Path, output: Path, status: str | None, day: datetime | None, since: str) -> None:
    """Write into the sources that they are VERSION (default: the one that the changes ask for), for you to look at and commit."""
    from mmguide.editions import prepare as prepared

    done = prepared(project, version or "", status or "", day.date() if day else None, output, since)
    for path in done.written:
        click.echo(path)
    if done.why:
        click.echo(f"the changes ask for a {done.asked} step: {done.why}")
    if done.without_reason:
        click.echo(f"say in changes.yaml why these changed: {', '.join(done.without_reason)}")
    click.echo(f"\nlook at them, commit them, then: mmguide release {done.version} --project {project}")


@release.command()
@click.argument("version")
@PROJECT
@click.option("--reason", required=True, help="Why it no longer holds; every new build of the version says so.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day of the withdrawal.  [default: today]")
def withdraw(version: str, project: Path, reason: str, day: datetime | None) -> None:
    """Record that the released VERSION no longer holds. The release itself stays as it is."""
    from mmguide.editions import withdraw as withdrawn

    click.echo(withdrawn(project, version, reason, day.date() if day else None))


@release.command("list")
@PROJECT
@RELEASES
def list_releases(project: Path, output: Path) -> None:
    """List the versions that were released, and what became of them."""
    from mmguide.archives import known_versions

    rows = [(one.version, one.date.isoformat(), one.state, one.folder or "-") for one in known_versions(project, output)]
    if not rows:
        click.echo("no version was released yet")
    widths = [max(len(row[at]) for row in rows) for at in range(3)] if rows else []
    for row in rows:
        click.echo("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]))


@release.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="VERSION|ZIP")
@PROJECT
@RELEASES
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(path: Path, project: Path, output: Path, shape: str) -> None:
    """Show what a release is: its version, its sources, its files, what was allowed, what made it."""
    from mmguide.archives import manifest_of

    one = manifest_of(path, project, output)
    click.echo(one.json_bytes().decode().rstrip() if shape == "json" else "\n".join(_told(one)))


def _told(one: Manifest) -> Iterator[str]:
    step = "" if one.step == "first" else f", a {one.step} step from {one.previous}"
    yield f"{one.title}: version {one.version} of {one.date} ({one.status}){step}"
    yield f"commit    {one.commit.id or 'none'}{'' if one.commit.clean or not one.commit.id else ', with changes that were not committed'}"
    yield from (f"approved  {a.handout} on {a.date} ({a.role})" for a in one.approvals)
    yield from (f"allowed   {a.code} {message}: {a.reason}" for a in one.allowed for message in a.messages)
    yield from (f"warnings  {number} {code}" for code, number in one.warnings.items())
    yield "made by   " + ", ".join(f"{name} {number}" for name, number in one.made_by.tools.items())
    shown = [e for e in one.files if e.kind not in ("source", "style", "previous")]
    yield from (f"{e.sha256[:16]}  {e.size / 1000:>8.0f} kB  {e.path}" for e in shown)
    yield f"and {len(one.files) - len(shown)} files of sources and styles"
