"""Stage read, history: `history.yaml`, which `mmguide release` writes, and `changes.yaml`, in which people say what changed and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Rule, Span
from mmguide.diagnostics.rules import releases as rules
from mmguide.model.history import Advice, Change, Edition, Note, Reason, Withdrawal
from mmguide.model.source import Source
from mmguide.model.version import Version
from mmguide.yaml import Place, YamlDocument, YamlProblem, load

HISTORY_FILE, CHANGES_FILE = "history.yaml", "changes.yaml"
_HEAD = (
    "# Written by `mmguide release`: what each version advised where it differs from the one before it. Do not edit by hand.\n"
)
_ENDS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_CHANGES: tuple[Change, ...] = get_args(Change)


class _Problem(Exception):
    """What is wrong with an entry, and where."""

    def __init__(self, problem: str, *place: str | int) -> None:
        super().__init__(problem)
        self.problem, self.place = problem, place


def read_history(
    source: Source, cache: Cache = NOTHING
) -> tuple[tuple[Edition, ...], tuple[Withdrawal, ...], tuple[Diagnostic, ...]]:
    """The editions and withdrawals, and what is wrong with the file."""
    editions: list[Edition] = []
    withdrawals: list[Withdrawal] = []
    document, faults = _loaded(source, rules.HISTORY, cache)
    for number, entry, span in _entries(document, source, faults, rules.HISTORY):
        try:
            if "withdrawn" in entry:
                _only(entry, ("withdrawn", "date", "reason"), number)
                withdrawals.append(
                    Withdrawal(_version(entry, "withdrawn", number), _day(entry, number), str(entry.get("reason")))
                )
            else:
                editions.append(_edition(entry, number, span))
        except _Problem as found:
            faults.append(rules.HISTORY.at(_at(document, found.place, span), problem=found.problem))
    ordered = sorted(editions, key=lambda e: Version.read(e.version) or Version(0, 0, 0))
    return tuple(ordered), tuple(withdrawals), tuple(faults)


def read_changes(source: Source, cache: Cache = NOTHING) -> tuple[tuple[Note, ...], tuple[Diagnostic, ...]]:
    """The notes on each version, and what is wrong with the file."""
    notes: list[Note] = []
    document, faults = _loaded(source, rules.CHANGES, cache)
    for number, entry, span in _entries(document, source, faults, rules.CHANGES):
        try:
            notes.append(_note(entry, number, document, span))
        except _Problem as found:
            faults.append(rules.CHANGES.at(_at(document, found.place, span), problem=found.problem))
    return tuple(notes), tuple(faults)


def _loaded(source: Source, rule: Rule, cache: Cache) -> tuple[YamlDocument, list[Diagnostic]]:
    try:
        return load(source.path, source.text, cache), []
    except YamlProblem as problem:
        return YamlDocument(None, {}), [rule.at(problem.span, problem=problem.problem)]


def _entries(
    document: YamlDocument, source: Source, faults: list[Diagnostic], rule: Rule
) -> Iterator[tuple[int, dict[str, Any], Span]]:
    """The entries of a list; what is none is reported."""
    value = [] if document.value is None else document.value
    if not isinstance(value, list):
        faults.append(rule.at(Span(source.path), problem="it must be a list of versions"))
        return
    for number, entry in enumerate(value):
        span = _at(document, (number, "version"), document.places.get((number,), Span(source.path)))
        if isinstance(entry, dict):
            yield number, entry, span
        else:
            faults.append(rule.at(span, problem="an entry begins with `- version: …`"))


def _at(document: YamlDocument, place: Place, otherwise: Span) -> Span:
    return document.places.get(place, otherwise)


def _only(entry: Mapping[str, Any], known: tuple[str, ...], *place: str | int) -> None:
    if unknown := sorted(set(entry) - set(known)):
        raise _Problem(f"there is no '{unknown[0]}' here; an entry has {', '.join(known)}", *place, unknown[0])


def _version(entry: Mapping[str, Any], name: str, number: int) -> str:
    if Version.read(str(entry.get(name))) is None:
        raise _Problem(f"'{entry.get(name)}' is not a version of the form MAJOR.MINOR.PATCH", number, name)
    return str(entry[name])


def _day(entry: Mapping[str, Any], number: int) -> date:
    try:
        return date.fromisoformat(str(entry.get("date")))
    except ValueError:
        raise _Problem(f"'{entry.get('date')}' is not a date such as 2026-11-22", number, "date") from None


def _edition(entry: dict[str, Any], number: int, span: Span) -> Edition:
    _only(entry, ("version", "date", "status", "commit", "recommendations"), number)
    advice = entry.get("recommendations") or {}
    if not isinstance(advice, dict):
        raise _Problem("the recommendations stand by their identifiers", number, "recommendations")
    return Edition(
        version=_version(entry, "version", number),
        date=_day(entry, number),
        status=str(entry.get("status") or "draft"),
        advice={name: _advice(one, number, name) for name, one in advice.items()},
        commit=str(entry.get("commit") or ""),
        span=span,
    )


def _advice(entry: Any, number: int, name: str) -> Advice:
    grade = (entry.get("grade") or ["", "", ""]) if isinstance(entry, dict) else None
    if grade is None or entry.get("change") not in _CHANGES or not isinstance(grade, list) or len(grade) != 3:
        raise _Problem(f"'{name}' has no change or grade", number, "recommendations", name)
    keys = entry.get("references") or []
    return Advice(entry["change"], (grade[0] or "", grade[1] or "", grade[2] or ""), str(entry.get("words") or ""), tuple(keys))


def _note(entry: dict[str, Any], number: int, document: YamlDocument, span: Span) -> Note:
    _only(entry, ("version", "summary", "recommendations"), number)
    given = entry.get("recommendations") or {}
    if not isinstance(given, dict):
        raise _Problem("the reasons stand by the identifiers of recommendations", number, "recommendations")
    reasons = {}
    for name, one in given.items():
        place = (number, "recommendations", name)
        said = {"why": one} if isinstance(one, str) or one is None else one
        if not isinstance(said, dict):
            raise _Problem(f"'{name}' is written `{name}: why it changed`", *place)
        _only(said, ("why", "wording"), *place)
        if said.get("wording") not in (None, "true", "false"):
            raise _Problem("`wording` is true where only the wording changed", *place, "wording")
        reasons[name] = Reason(" ".join((said.get("why") or "").split()), said.get("wording") == "true", document.places[place])
    return Note(_version(entry, "version", number), " ".join((entry.get("summary") or "").split()), reasons, span)


def history_text(editions: tuple[Edition, ...], withdrawals: tuple[Withdrawal, ...]) -> str:
    """The file history.yaml, the oldest version first."""
    lines = [_HEAD]
    for edition in editions:
        lines.append(f"- version: {edition.version}\n  date: {edition.date.isoformat()}\n  status: {edition.status}\n")
        lines += [f"  commit: {edition.commit}\n"] if edition.commit else []
        lines += ["  recommendations:\n"] if edition.advice else []
        for name, one in edition.advice.items():
            lines.append(f"    {_scalar(name)}:\n      change: {one.change}\n")
            if one.change != "withdrawn":
                lines.append(f"      grade: [{', '.join(map(_scalar, one.grade))}]\n      words: {_scalar(one.words)}\n")
                lines.append(f"      references: [{', '.join(map(_scalar, one.keys))}]\n")
    for gone in withdrawals:
        lines.append(f"- withdrawn: {gone.version}\n  date: {gone.date.isoformat()}\n  reason: {_scalar(gone.reason)}\n")
    return "".join(lines)


def note_text(version: str, summary: str, identifiers: tuple[str, ...]) -> str:
    """The beginning of a note on a version for changes.yaml, for somebody to fill in."""
    lines = [f"- version: {version}\n  summary: {_scalar(summary)}\n"]
    lines += ["  recommendations:\n"] if identifiers else []
    return "".join([*lines, *(f'    {_scalar(one)}: ""\n' for one in identifiers)])


def _scalar(text: str) -> str:
    """A YAML scalar on one line: JSON's strings are YAML's, but for characters that end a line in YAML alone."""
    return _ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
