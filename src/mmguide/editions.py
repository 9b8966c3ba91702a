"""The line of stages around a release: what is written into the sources before it, and when a released version no longer holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mmguide.assemble.dating import changed, dating
from mmguide.build import Checked, check_project
from mmguide.errors import UsageError
from mmguide.files import write_all
from mmguide.history import CHANGES_FILE, HISTORY_FILE, history_text, note_text
from mmguide.material import SETTINGS_FILE, today
from mmguide.model.history import Edition, History, Withdrawal
from mmguide.model.manuscript import Manuscript
from mmguide.model.version import Level, Version
from mmguide.release.conditions import RELEASED_STATUSES, following, latest
from mmguide.releases import FOLDER, Wanted, asked_for, released
from mmguide.yaml import Place, YamlProblem, edited


class Prepared(Struct, frozen=True):
    """What was written for a version: the files, the step that the changes ask for and why, the recommendations that lack a reason."""

    version: str
    written: tuple[Path, ...]
    asked: Level
    why: str
    without_reason: tuple[str, ...]


def prepare(
    folder: Path, version: str = "", status: str = "", day: date | None = None, output: Path = FOLDER, since: str = ""
) -> Prepared:
    """Write version, status and date into guideline.yaml, what the version advises into history.yaml, and begin its note in changes.yaml.

    Nothing is committed: somebody looks at it first. Without `version` it is the one noted in changes.yaml, or that the changes ask
    for. Raises UsageError where guideline.yaml cannot be used, or the version does not come after the last one.
    """
    checked = check_project(folder, drawn=False)
    manuscript = _usable(checked)
    history, settings = manuscript.history, manuscript.project.settings
    difference = asked_for(folder, manuscript, Wanted(version, output, since))
    wanted = version or _suggested(history, settings.version, difference[0])
    _after_all(history, wanted)
    status, when = status or settings.status, day or today()
    if status not in RELEASED_STATUSES:
        raise UsageError(
            f"a guideline with status {status} is not released", "name the status with --status: draft, review or published"
        )
    edits: dict[Place, str] = {("version",): wanted, ("status",): status}
    edits[("dates", "published" if status == "published" else "updated")] = when.isoformat()
    try:
        text = edited(SETTINGS_FILE, checked.sources[SETTINGS_FILE].text, edits)
    except YamlProblem as problem:
        raise UsageError(
            f"guideline.yaml cannot be edited: {problem.problem}", "write version, status and dates by hand"
        ) from problem
    edition, lacking = _edition(manuscript, wanted, status, when)
    files = {SETTINGS_FILE: text, HISTORY_FILE: _history(history, edition, output, settings.id)}
    if history.note(wanted) is None:
        noted = checked.sources[CHANGES_FILE].text if CHANGES_FILE in checked.sources else _HEAD
        files[CHANGES_FILE] = noted.rstrip("\n") + "\n" + note_text(wanted, "", lacking)
    written = write_all(folder, {name: content.encode() for name, content in files.items()})
    return Prepared(wanted, tuple(written), *difference, lacking)


_HEAD = (
    "# What each version brings, and why recommendations changed. Printed in what-changed, which goes out with every release.\n"
)


def withdraw(folder: Path, version: str, reason: str, day: date | None = None) -> Path:
    """Record in history.yaml that a released version no longer holds. Raises UsageError where it was not, or was withdrawn."""
    history = _usable(check_project(folder, drawn=False)).history
    if history.edition(version) is None:
        known = ", ".join(e.version for e in history.editions) or "no versions"
        raise UsageError(f"version {version} was not released", f"history.yaml has {known}")
    if any(gone.version == version for gone in history.withdrawals):
        raise UsageError(f"version {version} was withdrawn before", "history.yaml says when and why")
    gone = Withdrawal(version, day or today(), " ".join(reason.split()))
    return write_all(folder, {HISTORY_FILE: history_text(history.editions, (*history.withdrawals, gone)).encode()})[0]


def _usable(checked: Checked) -> Manuscript:
    if checked.manuscript is None:
        raise UsageError("guideline.yaml cannot be used", "mmguide check tells what is wrong with it")
    broken = [
        d
        for d in checked.diagnostics
        if d.span and d.span.path in (HISTORY_FILE, CHANGES_FILE) and d.code in ("MMG820", "MMG821")
    ]
    if broken:
        raise UsageError(broken[0].message, broken[0].hint)
    return checked.manuscript


def _suggested(history: History, version: str, asked: Level) -> str:
    last, coming = latest([e.version for e in history.editions]), history.coming(version)
    return str(following(last, asked)) if last and coming == version else coming


def _after_all(history: History, wanted: str) -> None:
    """The version comes last; the last one may be prepared again as long as it was not released."""
    mine = Version.read(wanted)
    if mine is None:
        raise UsageError(f"'{wanted}' is not a version", "versions are MAJOR.MINOR.PATCH, such as 1.0.0")
    last = latest([e.version for e in history.editions])
    if last is not None and mine < last:
        raise UsageError(f"version {wanted} does not come after {last}", "versions only go up")


def _edition(manuscript: Manuscript, version: str, status: str, day: date) -> tuple[Edition, tuple[str, ...]]:
    """What the version advises where it differs from the one before, and the recommendations whose change needs a reason."""
    settings = replace(manuscript.project.settings, version=version)
    notes = tuple(n for n in manuscript.history.notes if (v := Version.read(n.version)) and v <= (Version.read(version) or v))
    history = manuscript.history._replace(notes=notes, editions=manuscript.history.before(version))
    found = dating(history, settings, day)
    changes = dict(changed(manuscript.recommendations, found))
    note = manuscript.history.note(version)
    reasons: Mapping[str, object] = {k: r for k, r in note.reasons.items() if r.why} if note else {}
    lacking = tuple(name for name in changes if name not in reasons) if found.earlier else ()
    return Edition(version, day, status, changes), lacking


def _history(history: History, edition: Edition, output: Path, identifier: str) -> str:
    """history.yaml with this edition at its end; the commits of the earlier ones are filled in where their releases tell them."""
    commits = {one.version: one.commit.id for one in released(output, identifier)}
    before = (replace(e, commit=e.commit or commits.get(e.version, "")) for e in history.before(edition.version))
    return history_text((*before, edition), history.withdrawals)
