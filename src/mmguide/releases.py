"""The line of stages for releases: from a project's folder to a version that leaves the house, and back from its zip."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Literal

from mmguide import house
from mmguide.build import Checked, Options, Progress, check_project, render
from mmguide.diagnostics import Diagnostic, Severity, has_errors, in_order
from mmguide.diff import compare
from mmguide.diff.model import Difference
from mmguide.doctor import surroundings
from mmguide.errors import UsageError
from mmguide.files import locked, write_folder
from mmguide.handouts import FORMATS as HANDOUT_FORMATS
from mmguide.handouts import HandoutOptions, rendered
from mmguide.material import SETTINGS_FILE, Look, read_settings
from mmguide.model.history import History
from mmguide.model.manuscript import Manuscript
from mmguide.model.settings import Settings
from mmguide.model.version import Level, Version
from mmguide.release.archive import Archive, pack, unpack
from mmguide.release.bundle import Piece, bundle, sources
from mmguide.release.conditions import Circumstances, allowed, refusals, release_day, step_by_history
from mmguide.release.manifest import MANIFEST, PREVIOUS, SOURCES, Approved, Commit, Manifest, Surroundings, read_manifest
from mmguide.release.verify import repeated, verified
from mmguide.versions import has_commit, snapshot, tree_state, version_folder

FOLDER = Path("build/releases")
# What every release holds beside the outputs that guideline.yaml names: the guideline as data.
ALWAYS = ("json", "fhir")


@dataclass(frozen=True)
class Wanted:
    """What is asked for: the version, the folder of all releases, the version to compare with, allowed conditions by code with reason."""

    version: str
    output: Path = FOLDER
    since: str = ""
    allow: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Released:
    """A finished release: `folder` is None when something stood in the way."""

    checked: Checked
    folder: Path | None = None
    manifest: Manifest | None = None


def release(folder: Path, wanted: Wanted, progress: Progress | None = None) -> Released:
    """Check the project and every condition, then write the release, whole or not at all. Nothing in `folder` is changed."""
    settings = read_settings(folder)
    epoch = epoch_of(release_day(settings)[1] if settings else None)
    with _at(epoch), locked(wanted.output):
        checked = check_project(folder, progress)
        manuscript, look = checked.manuscript, checked.look
        if manuscript is None or look is None:
            return Released(checked)
        earlier = _earlier(folder, manuscript, wanted)
        around = _circumstances(folder, manuscript, wanted, earlier)
        found, allowances = allowed((*checked.diagnostics, *refusals(manuscript, around)), wanted.allow)
        checked = replace(checked, diagnostics=in_order(found))
        if has_errors(checked.diagnostics):
            return Released(checked)
        pieces, shown = contents(manuscript, look, checked, progress)
        checked = replace(checked, diagnostics=in_order((*checked.diagnostics, *shown)))
        if has_errors(shown):
            return Released(checked)
        pieces |= sources("source", snapshot(folder)) | sources("style", snapshot(house.folder("styles"), alone=True))
        pieces |= sources("previous", earlier.files if earlier else {})
        facts = _facts(manuscript, look, checked, around)
        whole, files = bundle(
            facts.model_copy(update={"allowed": allowances, "epoch": epoch}), manuscript.project.settings, pieces
        )
        files[f"{whole.stem}.zip"] = pack(whole.stem, files, epoch)
        return Released(checked, write_folder(wanted.output / whole.stem, files), whole)


def contents(
    manuscript: Manuscript, look: Look, checked: Checked, progress: Progress | None = None
) -> tuple[dict[str, Piece], tuple[Diagnostic, ...]]:
    """All that is made from the sources, by path in the release, and what only layout showed. The same sources give the same bytes."""
    outputs = tuple(dict.fromkeys((*manuscript.project.settings.outputs, *ALWAYS)))
    files, found = render(manuscript, look, Options(outputs, cache=False), progress, checked.sources.values())
    pieces = {name: Piece("output", content) for name, content in files.items()}
    formats = tuple(name for name in HANDOUT_FORMATS if name in outputs)
    if manuscript.project.settings.handouts and formats:
        sheets, shown = rendered(manuscript, look, HandoutOptions(formats=formats))
        pieces |= {f"handouts/{name}": Piece("handout", content) for name, content in sheets.items()}
        found += shown
    return pieces, found


def released(output: Path, identifier: str) -> tuple[Manifest, ...]:
    """The releases of a guideline that stand in this folder, the oldest version first."""
    read = (read_manifest(path.read_bytes()) for path in output.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
    found = [one for one in read if isinstance(one, Manifest) and identifier in ("", one.id)]
    return tuple(sorted(found, key=lambda one: (one.id, Version.read(one.version) or Version(0, 0, 0))))


@dataclass(frozen=True)
class Earlier:
    """The version that a release is compared with: its manuscript and its files."""

    manuscript: Manuscript
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def version(self) -> str:
        return self.manuscript.project.settings.version


def _earlier(folder: Path, manuscript: Manuscript, wanted: Wanted) -> Earlier | None:
    """The version asked for, or the last one before this one, where it still can be had: from its release, or from its commit."""
    name = wanted.since or _last_zip(manuscript.project.settings, wanted) or _last_commit(folder, manuscript.history, wanted)
    if not name:
        return None
    with version_folder(name, folder) as place:
        before = check_project(place, drawn=False).manuscript
        if before is None:
            raise UsageError(f"the guideline.yaml of '{name}' cannot be used", "name another version with --since")
        return Earlier(before, snapshot(place, alone=True))


def _last_zip(settings: Settings, wanted: Wanted) -> str:
    mine = Version.read(wanted.version)
    versions = ((one, Version.read(one.version)) for one in released(wanted.output, settings.id))
    found = [one for one, version in versions if mine is None or (version is not None and version < mine)]
    return str(wanted.output / found[-1].stem / f"{found[-1].stem}.zip") if found else ""


def _last_commit(folder: Path, history: History, wanted: Wanted) -> str:
    before = history.before(wanted.version)
    commit = before[-1].commit if before else ""
    return commit if commit and has_commit(folder, commit) else ""


def _circumstances(folder: Path, manuscript: Manuscript, wanted: Wanted, earlier: Earlier | None) -> Circumstances:
    settings, tree = manuscript.project.settings, tree_state(folder)
    earlier_editions = [e for e in manuscript.history.editions if e.version != wanted.version]
    there = wanted.output / f"{settings.id}-{wanted.version}"
    level, reason = _asked(earlier, manuscript, wanted)
    return Circumstances(
        wanted=wanted.version,
        commit=tree.commit,
        changed=tree.changed,
        released=(*(m.version for m in released(wanted.output, settings.id)), *(e.version for e in earlier_editions)),
        previous=earlier.version if earlier else "",
        asked_for=level,
        reason=reason,
        folder=str(there) if there.exists() else "",
    )


def _facts(manuscript: Manuscript, look: Look, checked: Checked, around: Circumstances) -> Manifest:
    """The manifest without files."""
    settings = manuscript.project.settings
    _, day = release_day(settings)
    counted = [d.code for d in checked.diagnostics if d.severity is Severity.WARNING]
    return Manifest(
        id=settings.id,
        title=settings.title,
        version=settings.version,
        status=settings.status,
        date=day or date(1970, 1, 1),
        epoch=0,
        language=settings.language,
        previous=around.previous,
        step=_step(settings.version, around.previous),
        asked_for=around.asked_for,
        commit=Commit(id=around.commit, clean=bool(around.commit) and not around.changed),
        allowed=(),
        warnings={code: counted.count(code) for code in sorted(set(counted))},
        approvals=tuple(Approved(handout=k, role=a.role, date=a.date) for k, a in sorted(manuscript.approvals.items())),
        made_by=surroundings(look.theme),
        files=(),
    )


def asked_for(folder: Path, manuscript: Manuscript, wanted: Wanted) -> tuple[Level, str]:
    """The step that the changes since the last version ask for, and the change that asks for it."""
    return _asked(_earlier(folder, manuscript, wanted), manuscript, wanted)


def _asked(earlier: Earlier | None, manuscript: Manuscript, wanted: Wanted) -> tuple[Level, str]:
    if earlier is None:
        return step_by_history(manuscript, wanted.version)
    found = without_wording(compare(earlier.manuscript, manuscript), manuscript, wanted.version)
    return found.level, found.reason


def without_wording(difference: Difference, manuscript: Manuscript, version: str) -> Difference:
    """The difference without the amendments of which changes.yaml says that only the wording changed."""
    note = manuscript.history.note(version)
    wording = {name for name, reason in note.reasons.items() if reason.wording} if note else set()
    kept = (r for r in difference.recommendations if r.id not in wording or r.kind != "amended")
    return replace(difference, recommendations=tuple(kept))


def _step(version: str, previous: str) -> Literal["first", "major", "minor", "patch"]:
    now, before = Version.read(version), Version.read(previous)
    step = now.step_from(before) if now and before else "none"
    return "first" if step == "none" else step


def epoch_of(day: date | None) -> int:
    """The time that all files of a release of this day bear: its first second."""
    when = day or date(1980, 1, 1)
    return int(datetime(when.year, when.month, when.day, tzinfo=timezone.utc).timestamp())


@contextmanager
def _at(epoch: int) -> Iterator[None]:
    """While outputs are made, their time is this one and not the clock's."""
    name = "SOURCE_DATE_EPOCH"
    before = os.environ.get(name)
    os.environ[name] = str(epoch)
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


@dataclass(frozen=True)
class Proof:
    """What verifying a release showed: its manifest, every fault, and how many files were made again."""

    manifest: Manifest | None
    faults: tuple[str, ...]
    repeated: int = 0


def verify(path: Path, rebuild: bool = False, progress: Progress | None = None) -> Proof:
    """Hold a release's zip, or its folder, against its digests; `rebuild` makes everything again from its sources and compares.

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
    if found.manifest is None or found.faults or not rebuild:
        return Proof(found.manifest, found.faults)
    again, now = _made_again(archive, found.manifest.epoch, progress)
    differing = repeated(found.manifest, archive, again, now)
    return Proof(found.manifest, differing, len(again))


def _made_again(archive: Archive, epoch: int, progress: Progress | None) -> tuple[dict[str, bytes], Surroundings]:
    """What the sources in a release give here and now, by path, and by which tools."""
    with tempfile.TemporaryDirectory(prefix="mmguide-rebuild-") as made, _at(epoch):
        folder = Path(made)
        for name, content in archive.files.items():
            if name.startswith((SOURCES, PREVIOUS)):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        checked = check_project(folder / SOURCES, progress)
        if checked.manuscript is None or checked.look is None:
            raise UsageError("the sources in this release cannot be used here", "install the mmguide that its manifest names")
        pieces, _ = contents(checked.manuscript, checked.look, checked, progress)
        return {path: piece.content for path, piece in pieces.items()}, surroundings(checked.look.theme)


@dataclass(frozen=True)
class Known:
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
