"""The line of stages for releases: from a project's folder to a version that leaves the house, and back from its zip."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

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
from mmguide.material import Look, read_settings
from mmguide.model.history import History
from mmguide.model.manuscript import Manuscript
from mmguide.model.settings import Settings
from mmguide.model.version import Level, Version
from mmguide.redlines import FORMATS as REDLINE_FORMATS
from mmguide.redlines import RedlineOptions, redlines
from mmguide.release.archive import pack
from mmguide.release.bundle import Piece, bundle, sources
from mmguide.release.changes import as_markdown, what_changed
from mmguide.release.conditions import Circumstances, allowed, refusals, release_day, step_by_history
from mmguide.release.manifest import MANIFEST, SUMS, Approved, Commit, Manifest, read_manifest
from mmguide.release.reported import reported
from mmguide.release.signing import Keys, signatures, signed_pdf, signer
from mmguide.versions import has_commit, snapshot, tree_state, version_folder

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

FOLDER = Path("build/releases")
# What every release holds beside the outputs that guideline.yaml names: the guideline as data.
ALWAYS = ("json", "fhir")


class Wanted(Struct, frozen=True):
    """What is asked for: the version, the folder of all releases, the version to compare with, allowed conditions by code with reason,
    and with what it is signed.
    """

    version: str
    output: Path = FOLDER
    since: str = ""
    allow: Mapping[str, str] = {}
    keys: Keys = Keys()


class Released(Struct, frozen=True):
    """A finished release: `folder` is None when something stood in the way."""

    checked: Checked
    folder: Path | None = None
    manifest: Manifest | None = None


def release(folder: Path, wanted: Wanted, progress: Progress | None = None) -> Released:
    """Check the project and every condition, then write the release, whole or not at all. Nothing in `folder` is changed."""
    who = signer(wanted.keys)
    settings = read_settings(folder)
    epoch = epoch_of(release_day(settings)[1] if settings else None)
    with at(epoch), locked(wanted.output):
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
        pieces, shown = contents(checked, earlier.checked if earlier else None, progress)
        checked = replace(checked, diagnostics=in_order((*checked.diagnostics, *shown)))
        if has_errors(shown):
            return Released(checked)
        pieces = signed(pieces, who, f"{settings.title} {wanted.version}") if who and settings else pieces
        pieces |= sources("source", snapshot(folder)) | sources("style", snapshot(house.folder("styles"), alone=True))
        pieces |= sources("previous", earlier.files if earlier else {})
        facts = _facts(manuscript, look, checked, around)
        whole, files = bundle(replace(facts, allowed=allowances, epoch=epoch), manuscript.project.settings, pieces)
        files |= signatures(files[SUMS], wanted.keys)
        files[f"{whole.stem}.zip"] = pack(whole.stem, files, epoch)
        return Released(checked, write_folder(wanted.output / whole.stem, files), whole)


def signed(pieces: Mapping[str, Piece], who: SimpleSigner, reason: str) -> dict[str, Piece]:
    """The pieces with every PDF signed; what it was before stays known."""

    def one(path: str, piece: Piece) -> Piece:
        return Piece(piece.kind, signed_pdf(piece.content, who, reason), piece.content) if path.endswith(".pdf") else piece

    return {path: one(path, piece) for path, piece in pieces.items()}


def contents(
    checked: Checked, earlier: Checked | None, progress: Progress | None = None
) -> tuple[dict[str, Piece], tuple[Diagnostic, ...]]:
    """All that is made from the sources, by path in the release, and what only layout showed. The same sources give the same bytes."""
    manuscript, look = usable(checked)
    outputs = tuple(dict.fromkeys((*manuscript.project.settings.outputs, *ALWAYS)))
    files, found = render(manuscript, look, Options(outputs, cache=False), progress, checked.sources.values())
    pieces = {name: Piece("output", content) for name, content in files.items()}
    formats = tuple(name for name in HANDOUT_FORMATS if name in outputs)
    if manuscript.project.settings.handouts and formats:
        sheets, shown = rendered(manuscript, look, HandoutOptions(formats=formats))
        pieces |= {f"handouts/{name}": Piece("handout", content) for name, content in sheets.items()}
        found += shown
    papers = tuple(name for name in ("pdf", "docx") if name in outputs)
    pages, shown = render(reported(manuscript), look, Options(papers, cache=False), progress) if papers else ({}, ())
    pieces |= {f"reporting/{name}": Piece("reporting", content) for name, content in pages.items()}
    if earlier is None:
        return pieces, found + shown
    told, more = _changes(earlier, checked, papers, progress)
    return pieces | told, found + shown + more


def _changes(
    earlier: Checked, checked: Checked, papers: tuple[str, ...], progress: Progress | None
) -> tuple[dict[str, Piece], tuple[Diagnostic, ...]]:
    """What changed since the version before, told and shown."""
    (old, _), (new, look) = usable(earlier), usable(checked)
    edition = what_changed(old, new, compare(old, new))
    pages, found = render(edition, look, Options(papers, cache=False), progress) if papers else ({}, ())
    pages = {**pages, f"{new.project.output_stem}-what-changed.md": as_markdown(edition)}
    told = {f"changes/{name}": Piece("changes", content) for name, content in pages.items()}
    formats = tuple(name for name in REDLINE_FORMATS if name in new.project.settings.outputs)
    marked, shown = redlines(earlier, checked, RedlineOptions(formats), progress) if formats else ({}, ())
    return told | {f"redlines/{name}": Piece("redline", content) for name, content in marked.items()}, found + shown


def usable(checked: Checked) -> tuple[Manuscript, Look]:
    if checked.manuscript is None or checked.look is None:
        raise UsageError("the sources of a version cannot be used here", "mmguide check tells what is wrong with them")
    return checked.manuscript, checked.look


def released(output: Path, identifier: str) -> tuple[Manifest, ...]:
    """The releases of a guideline that stand in this folder, the oldest version first."""
    read = (read_manifest(path.read_bytes()) for path in output.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
    found = [one for one in read if isinstance(one, Manifest) and identifier in ("", one.id)]
    return tuple(sorted(found, key=lambda one: (one.id, Version.read(one.version) or Version(0, 0, 0))))


class Earlier(Struct, frozen=True):
    """The version that a release is compared with: its manuscript and its files."""

    checked: Checked
    files: Mapping[str, bytes]

    @property
    def manuscript(self) -> Manuscript:
        return usable(self.checked)[0]

    @property
    def version(self) -> str:
        return self.manuscript.project.settings.version


def _earlier(folder: Path, manuscript: Manuscript, wanted: Wanted) -> Earlier | None:
    """The version asked for, or the last one before this one, where it still can be had: from its release, or from its commit."""
    name = wanted.since or _last_zip(manuscript.project.settings, wanted) or _last_commit(folder, manuscript.history, wanted)
    if not name:
        return None
    with version_folder(name, folder) as place:
        before = check_project(place)
        if before.manuscript is None or before.look is None:
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
    return int(datetime(when.year, when.month, when.day, tzinfo=UTC).timestamp())


@contextmanager
def at(epoch: int) -> Iterator[None]:
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
