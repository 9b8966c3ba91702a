"""Stage check: every change of a recommendation has its reason, a change of wording is none of advice, history keeps what is said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from mmguide.assemble.dating import changed, dating
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import releases as rules
from mmguide.model.history import Advice, Note, state
from mmguide.model.manuscript import Manuscript

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:no|not|never|none|without|against|avoid|kein\w*|nicht|nie|ohne|gegen)\b", re.IGNORECASE)
_TOLD = {
    "new": "is new",
    "amended": "was amended",
    "wording": "was worded otherwise",
    "evidence": "rests on other references",
    "withdrawn": "is gone",
}


def check_changes(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """What changed since the last version that comes before the text: each with a reason, and each reason for a change."""
    history, settings = manuscript.history, manuscript.project.settings
    if not history.kept:
        return
    coming = history.coming(settings.version)
    found = dating(history, settings, manuscript.project.today)
    changes, note = dict(changed(manuscript.recommendations, found)), history.note(coming)
    places = {one.id: one.span for one in manuscript.recommendations}
    if found.earlier:
        last = found.earlier[-1].version
        for identifier, advice in changes.items():
            if note is None or identifier not in note.reasons or not note.reasons[identifier].why:
                span = places.get(identifier) or (note.span if note else None) or Span("changes.yaml")
                yield rules.NO_REASON_FOR_CHANGE.at(
                    span, id=identifier, change=_TOLD[advice.change], previous=last, version=coming
                )
    if note is not None:
        yield from _needless(note, changes, {*places, *found.now}, first=not found.earlier)
        yield from _wording(note, found.now, changes)


def _needless(note: Note, changes: Mapping[str, Advice], known: set[str], *, first: bool) -> Iterator[Diagnostic]:
    for identifier, reason in note.reasons.items():
        if identifier not in known:
            near = get_close_matches(identifier, sorted(changes), 1, 0.5)
            hint = f"did you mean '{near[0]}'?" if near else None
            yield rules.CHANGES_NAME_NOTHING.at(
                reason.span, id=identifier, problem="which the guideline does not have", hint=hint
            )
        elif identifier not in changes and not first:
            yield rules.CHANGES_NAME_NOTHING.at(reason.span, id=identifier, problem="which is as it was in the version before")


def _wording(note: Note, before: Mapping[str, Advice], changes: Mapping[str, Advice]) -> Iterator[Diagnostic]:
    """A change that is called one of wording: with the same grade, the same numbers and as many negations."""
    for identifier, reason in note.reasons.items():
        was, now = before.get(identifier), changes.get(identifier)
        if not reason.wording or was is None or now is None:
            continue
        problem = next(
            (
                told
                for told, differs in (
                    ("the grade is another", was.grade != now.grade),
                    ("a number is another", _counted(_NUMBER, was) != _counted(_NUMBER, now)),
                    ("a negation came or went", _counted(_NEGATION, was).total() != _counted(_NEGATION, now).total()),
                )
                if differs and now.change != "withdrawn"
            ),
            "it is gone" if now.change == "withdrawn" else "",
        )
        if problem:
            yield rules.NOT_ONLY_WORDING.at(reason.span, id=identifier, problem=problem)


def _counted(pattern: re.Pattern[str], advice: Advice) -> Counter[str]:
    return Counter(pattern.findall(advice.words))


def check_history(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """The entry of the version that the text bears says what the text says."""
    history, settings = manuscript.history, manuscript.project.settings
    edition = history.edition(settings.version)
    if edition is None or history.coming(settings.version) != settings.version:
        return
    kept = state((*history.before(settings.version), edition))
    found = dating(history, settings, manuscript.project.today)
    now = {**found.now, **dict(changed(manuscript.recommendations, found))}
    places = {one.id: one.span for one in manuscript.recommendations}
    for identifier, advice in now.items():
        before = kept.get(identifier)
        gone = advice.change == "withdrawn"
        if (before is None) != gone or (before is not None and not gone and not before.same(advice)):
            span = places.get(identifier) or edition.span
            yield rules.HISTORY_STALE.at(span, id=identifier, version=settings.version)
