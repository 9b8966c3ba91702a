"""Stage release, conditions: everything that keeps a version from being released, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from mmguide.approvals import approval_name, rests_on
from mmguide.assemble.dating import changed, dating
from mmguide.diagnostics import Diagnostic, Severity, Span
from mmguide.diagnostics.rules import releases as rules
from mmguide.diagnostics.rules.releases import ALREADY_RELEASED, NOT_COMMITTED, STEP_TOO_SMALL, UNDATED, VERSION_DIFFERS
from mmguide.model.manuscript import Manuscript
from mmguide.model.settings import Settings
from mmguide.model.version import LEVELS, Level, Version
from mmguide.release.manifest import Allowance

RELEASED_STATUSES = ("draft", "review", "published")
# What somebody may allow with a reason; the others would make a release that contradicts itself.
ALLOWABLE = (NOT_COMMITTED, rules.HANDOUT_UNAPPROVED, STEP_TOO_SMALL, rules.NO_REASON_FOR_CHANGE)
# Warnings of the checks that a release does not pass over.
_GRAVE = (rules.NO_REASON_FOR_CHANGE, rules.HISTORY_STALE)
CONDITIONS = (
    *ALLOWABLE,
    VERSION_DIFFERS,
    rules.VERSION_NOT_GREATER,
    UNDATED,
    rules.NOT_TO_RELEASE,
    ALREADY_RELEASED,
    rules.NOT_PREPARED,
    rules.NO_NOTE,
    rules.HISTORY_STALE,
)


class Circumstances(Struct, frozen=True):
    """What is known beside the text: the version asked for, the commit and what differs from it, the versions released so far.

    `previous` is the version that this one is compared with ('' where there is none), `asked_for` the step that the changes since ask
    for, and `reason` the change that asks for it; `folder` is where the version was released before.
    """

    wanted: str
    commit: str = ""
    changed: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    previous: str = ""
    asked_for: Level = "none"
    reason: str = ""
    folder: str = ""


def release_day(settings: Settings) -> tuple[str, date | None]:
    """The date that a release bears, and its name in guideline.yaml: of publication, before it of the last update."""
    names = ("published",) if settings.status == "published" else ("updated", "approved")
    return next(((name, day) for name in names if (day := getattr(settings.dates, name)) is not None), (names[0], None))


def refusals(manuscript: Manuscript, around: Circumstances) -> Iterator[Diagnostic]:
    """Every condition that is not met. Faults of the text itself are told by the checks."""
    project, settings = manuscript.project, manuscript.project.settings
    if settings.version != around.wanted:
        yield VERSION_DIFFERS.at(project.place("version"), said=settings.version, wanted=around.wanted)
    if settings.status not in RELEASED_STATUSES:
        yield rules.NOT_TO_RELEASE.at(project.place("status"), status=settings.status)
    name, day = release_day(settings)
    if day is None:
        yield UNDATED.at(project.place("dates"), status=settings.status, name=name, version=around.wanted)
    history = manuscript.history
    if history.edition(around.wanted) is None:
        yield rules.NOT_PREPARED.at(Span("history.yaml") if history.kept else None, version=around.wanted)
    note = history.note(around.wanted)
    if note is None or not note.summary:
        yield rules.NO_NOTE.at(note.span if note else None, version=around.wanted)
    yield from _number(manuscript, around)
    yield from _sources(around)
    yield from _handouts(manuscript)


def _number(manuscript: Manuscript, around: Circumstances) -> Iterator[Diagnostic]:
    """The version goes up, and far enough for what has changed."""
    span = manuscript.project.place("version")
    wanted, last = Version.read(around.wanted), latest(around.released)
    if around.folder:
        yield ALREADY_RELEASED.at(span, version=around.wanted, folder=around.folder)
        return
    if wanted is None:
        yield rules.VERSION_NOT_GREATER.at(
            span,
            wanted=around.wanted,
            problem="is not of the form MAJOR.MINOR.PATCH",
            next=last.next("minor") if last else "1.0.0",
        )
        return
    if last is not None and not wanted > last:
        problem, step = f"does not come after {last}, the last one released", around.asked_for
        yield rules.VERSION_NOT_GREATER.at(span, wanted=wanted, problem=problem, next=following(last, step))
        return
    earlier = Version.read(around.previous)
    if earlier is None:
        return
    step, asked = wanted.step_from(earlier), needed(earlier, around.asked_for)
    if LEVELS.index(step) < LEVELS.index(asked):
        yield STEP_TOO_SMALL.at(
            span, wanted=wanted, step=step, previous=earlier, asked=asked, reason=around.reason, next=earlier.next(asked)
        )


def step_by_history(manuscript: Manuscript, version: str) -> tuple[Level, str]:
    """The step that the changes of recommendations ask for, from history alone, and the change that asks for it."""
    history = manuscript.history
    found = dating(history._replace(editions=history.before(version)), manuscript.project.settings, None)
    changes = list(changed(manuscript.recommendations, found)) if found.earlier else []
    told: dict[Level, str] = {}
    for name, advice in changes:
        before = found.now.get(name)
        if advice.change == "withdrawn":
            told.setdefault("major", f"{name} is withdrawn")
        elif before is not None and (before.grade[0], before.grade[2]) != (advice.grade[0], advice.grade[2]):
            told.setdefault("major", f"{name} is turned round or regraded")
        else:
            level: Level = "patch" if advice.change == "wording" else "minor"
            told.setdefault(level, f"{name} is {'amended' if advice.change == 'evidence' else advice.change}")
    return next(((level, told[level]) for level in reversed(LEVELS) if level in told), ("none", ""))


def latest(versions: Sequence[str]) -> Version | None:
    """The greatest of these versions."""
    return max((v for text in versions if (v := Version.read(text)) is not None), default=None)


def needed(earlier: Version, asked: Level) -> Level:
    """The step that changes need: before 1.0.0 a minor step is enough for everything, and a patch step for all but major changes."""
    if earlier.major > 0 or asked in ("none", "patch"):
        return asked
    return "minor" if asked == "major" else "patch"


def following(earlier: Version, asked: Level) -> Version:
    """The version that comes next with changes that ask for this step."""
    step = needed(earlier, asked)
    return earlier.next("patch" if step == "none" else step)


def _sources(around: Circumstances) -> Iterator[Diagnostic]:
    if not around.commit:
        yield NOT_COMMITTED.at(None, problem="the guideline is not in a git repository, or nothing was committed yet")
    elif around.changed:
        named = ", ".join(around.changed[:5]) + (f" and {len(around.changed) - 5} more" if len(around.changed) > 5 else "")
        yield NOT_COMMITTED.at(None, problem=f"there are changes that are not committed: {named}")


def _handouts(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Handouts with words of their own that nobody approved as they stand now."""
    settings = manuscript.project.settings
    texts = [(handout, language) for handout in settings.handouts for language in manuscript.languages_of(handout)]
    for handout, language in texts:
        name = approval_name(manuscript, handout, language)
        seen, approval = rests_on(manuscript, handout, language), manuscript.approvals.get(name)
        if not seen or (approval is not None and all(approval.seen.get(s.name) == s.digest for s in seen)):
            continue
        problem = "was not approved by anybody" if approval is None else f"has changed since it was approved on {approval.date}"
        found = rules.HANDOUT_UNAPPROVED.at(seen[0].span, name=name, problem=problem)
        yield found if settings.status == "published" else found.with_severity(Severity.WARNING)


def allowed(found: Sequence[Diagnostic], reasons: Mapping[str, str]) -> tuple[tuple[Diagnostic, ...], tuple[Allowance, ...]]:
    """What was found with the severity it keeps after allowances (by code), and the allowances that were made use of."""
    found = [d.with_severity(Severity.ERROR) if d.rule in _GRAVE else d for d in found]
    codes = {rule.code for rule in ALLOWABLE} & set(reasons)
    kept = tuple(d.with_severity(Severity.NOTE) if d.code in codes else d for d in found)
    made = ((code, tuple(d.message for d in found if d.code == code)) for code in sorted(codes))
    return kept, tuple(Allowance(code=code, messages=told, reason=reasons[code]) for code, told in made if told)
