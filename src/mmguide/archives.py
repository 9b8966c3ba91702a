"""The line of stages for releases that were made: list, show and verify them, and make one again from its zip."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from msgspec import Struct

from mmguide.build import Progress, check_project
from mmguide.doctor import surroundings
from mmguide.errors import UsageError
from mmguide.material import SETTINGS_FILE, read_settings
from mmguide.model.version import Version
from mmguide.release.archive import Archive, unpack
from mmguide.release.manifest import MANIFEST, PREVIOUS, SOURCES, SUMS, Manifest, Surroundings, read_manifest
from mmguide.release.signing import MINISIGN_SIGNATURE, SSH_SIGNATURE, checked_minisign, checked_ssh, signature_of
from mmguide.release.verify import repeated, verified
from mmguide.releases import at, contents, released, usable


class Proof(Struct, frozen=True):
    """What verifying a release showed: its manifest, every fault, how many files were made again, and what was said of signatures."""

    manifest: Manifest | None
    faults: tuple[str, ...]
    repeated: int = 0
    signatures: tuple[str, ...] = ()


class Trusted(Struct, frozen=True):
    """Whose signatures are accepted: `signers` is a file of allowed signers as ssh-keygen reads it, `minisign` one with a public key."""

    signers: Path | None = None
    minisign: Path | None = None


def verify(path: Path, rebuild: bool = False, progress: Progress | None = None, trusted: Trusted = Trusted()) -> Proof:
    """Hold a release's zip, or its folder, against its digests and signatures; `rebuild` makes everything again and compares.

    Raises UsageError where there is no release at this path.
    """
    if path.is_dir() and (path / f"{path.name}.zip").is_file():
        path = path / f"{path.name}.zip"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "name the zip of a release, or its folder") from error
    archive = unpack(content)
    found = verified(archive)
    told, broken = signatures_of(archive, found.manifest, trusted)
    faults = (*found.faults, *broken)
    if found.manifest is None or faults or not rebuild:
        return Proof(found.manifest, faults, signatures=told)
    again, now = _made_again(archive, found.manifest.epoch, progress)
    differing = repeated(found.manifest, archive, again, now)
    return Proof(found.manifest, differing, len(again), told)


def signatures_of(archive: Archive, manifest: Manifest | None, trusted: Trusted) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What holds of the signatures in a release, and what does not."""
    told: list[str] = []
    broken: list[str] = []
    if (signature := archive.files.get(SSH_SIGNATURE)) is not None:
        holds, said = checked_ssh(archive.files.get(SUMS, b""), signature, trusted.signers)
        (told if holds else broken).append(f"{SSH_SIGNATURE}: {said}")
    elif trusted.signers is not None:
        broken.append(f"{SSH_SIGNATURE}: it is missing, so none of the allowed signers signed this release")
    signature = archive.files.get(MINISIGN_SIGNATURE)
    if signature is not None and trusted.minisign is not None:
        holds, said = checked_minisign(archive.files.get(SUMS, b""), signature, trusted.minisign)
        (told if holds else broken).append(f"{MINISIGN_SIGNATURE}: {said}")
    elif signature is not None:
        told.append(f"{MINISIGN_SIGNATURE}: not looked at without the public key: --minisign-key FILE")
    elif trusted.minisign is not None:
        broken.append(f"{MINISIGN_SIGNATURE}: it is missing, so nobody signed this release with minisign")
    for entry in manifest.files if manifest else ():
        if entry.unsigned_size is None:
            continue
        found = signature_of(archive.files.get(entry.path, b""))
        if found is None:
            told.append(f"{entry.path}: its signature was not looked at: install mmguide[sign]")
        else:
            (told if found.intact else broken).append(
                f"{entry.path}: signed by {found.name}{'' if found.intact else ', and changed since'}"
            )
    return tuple(told), tuple(broken)


def _made_again(archive: Archive, epoch: int, progress: Progress | None) -> tuple[dict[str, bytes], Surroundings]:
    """What the sources in a release give here and now, by path, and by which tools."""
    with tempfile.TemporaryDirectory(prefix="mmguide-rebuild-") as made, at(epoch):
        folder = Path(made)
        for name, content in archive.files.items():
            if name.startswith((SOURCES, PREVIOUS)):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        earlier = check_project(folder / PREVIOUS) if (folder / PREVIOUS / SETTINGS_FILE).is_file() else None
        checked = check_project(folder / SOURCES, progress)
        pieces, _ = contents(checked, earlier, progress)
        return {path: piece.content for path, piece in pieces.items()}, surroundings(usable(checked)[1].theme)


class Known(Struct, frozen=True):
    """A version that was released: its day, what holds of it, and where its release stands ('' where it is elsewhere)."""

    version: str
    date: date
    state: str
    folder: str


def known_versions(project: Path, output: Path) -> tuple[Known, ...]:
    """The versions that history.yaml or the folder of releases know, the oldest first."""
    manuscript = check_project(project, drawn=False).manuscript
    if manuscript is None:
        raise UsageError("guideline.yaml cannot be used", "mmguide check tells what is wrong with it")
    history, there = manuscript.history, {m.version: m for m in released(output, manuscript.project.settings.id)}
    gone = {w.version: f"withdrawn on {w.date}: {w.reason}" for w in history.withdrawals}
    found = {e.version: (e.date, e.status) for e in history.editions} | {v: (m.date, m.status) for v, m in there.items()}
    ordered = sorted(found, key=lambda version: Version.read(version) or Version(0, 0, 0))
    published = [version for version in ordered if found[version][1] == "published" and version not in gone]
    out = []
    for version in ordered:
        day, status = found[version]
        superseded = (
            f"superseded by {published[-1]}" if published and ordered.index(version) < ordered.index(published[-1]) else ""
        )
        folder = str(output / there[version].stem) if version in there else ""
        out.append(Known(version, day, gone.get(version) or superseded or status, folder))
    return tuple(out)


def manifest_of(path: Path, project: Path, output: Path) -> Manifest:
    """The manifest of a release, named by its version or by its zip or folder. Raises UsageError where there is none."""
    settings = read_settings(project) if not path.exists() and (project / SETTINGS_FILE).is_file() else None
    place = path if settings is None else output / f"{settings.id}-{path}"
    if (place / MANIFEST).is_file():
        found = read_manifest((place / MANIFEST).read_bytes())
    else:
        found = read_manifest(unpack(place.read_bytes()).files.get(MANIFEST, b"")) if place.is_file() else "there is none"
    if isinstance(found, str):
        raise UsageError(f"no release was found at {place}: {found}", "`mmguide release list` tells which there are")
    return found
