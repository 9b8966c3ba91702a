"""Stage check: recommendations: graded within the scheme, worded as graded, one action each, resting on something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from mmguide.assemble.recommendations import without_citations
from mmguide.ast import plain_text
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import recommendations as rules
from mmguide.grading import DIRECTIONS, Level, Scheme, scheme_of
from mmguide.model.manuscript import Manuscript, Recommendation

# Words by which a sentence says whom it is about and when it applies, by language.
_WHO = {
    "en": r"\b(?:adults?|patients?|people|persons?|women|men|children|infants|those|anyone|everyone|all|candidates?|them|individuals?)\b",
    "de": r"\b(?:Erwachsenen?|Patient\w*|Menschen|Personen|Frauen|Männern?|Kindern?|alle[nr]?|denen)\b",
}
_WHEN = {
    "en": r"\b(?:after|before|during|when|while|if|until|once|at|every|within|with|without|who|whose|following|from|in case|unless|for)\b",
    "de": r"\b(?:nach|vor|während|wenn|falls|bis|sobald|bei|alle|innerhalb|mit|ohne|die|deren|seit|für)\b",
}


def check_recommendations(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Every recommendation and statement of the guideline."""
    settings = manuscript.project.settings
    scheme = scheme_of(settings.grading, settings.language)
    for recommendation in manuscript.recommendations:
        place = recommendation.span or Span(manuscript.sections[0].path)
        if not plain_text(recommendation.blocks):
            yield rules.EMPTY.at(place)
        elif recommendation.graded:
            yield from _grades(recommendation, scheme, place)
            yield from _words(recommendation, scheme, settings.language, place)
            yield from _grounds(recommendation, scheme, place)
        elif recommendation.strength or recommendation.certainty:
            yield rules.GRADED_STATEMENT.at(place)
        if recommendation.id == f"rec:{recommendation.number}":
            yield rules.NO_IDENTIFIER.at(place)


def _grades(recommendation: Recommendation, scheme: Scheme, place: Span) -> Iterator[Diagnostic]:
    yield from _level("strength", recommendation.strength, scheme.strengths, scheme, place)
    yield from _level("certainty", recommendation.certainty, scheme.certainties, scheme, place)
    if scheme.directed and recommendation.direction not in DIRECTIONS:
        yield rules.NO_DIRECTION.at(place)


def _level(what: str, written: str, levels: tuple[Level, ...], scheme: Scheme, place: Span) -> Iterator[Diagnostic]:
    names = [level.name for level in levels]
    if not written:
        yield rules.NO_GRADE.at(place, what=what, names=", ".join(names))
    elif (scheme.strength if what == "strength" else scheme.certainty)(written) is None:
        spelt = {name.lower(): name for name in names}
        near = get_close_matches(written.lower(), spelt, 1, 0.6)
        hint = f"did you mean '{spelt[near[0]]}'?" if near else None
        yield rules.UNKNOWN_GRADE.at(place, what=what, written=written, scheme=scheme.name, names=", ".join(names), hint=hint)


def _words(recommendation: Recommendation, scheme: Scheme, language: str, place: Span) -> Iterator[Diagnostic]:
    text = plain_text(without_citations(recommendation.blocks))
    level = scheme.strength(recommendation.strength)
    if level and recommendation.direction in DIRECTIONS:
        expected = scheme.phrases(level.name, recommendation.direction, language)
        found = _phrase_in(text, scheme, language)
        if expected and (found is None or found[1] not in expected):
            shown = f"“{found[1]}”" if found else "none of its phrases"
            kind = f"{level.name} recommendation {recommendation.direction} an action"
            yield rules.WORDING.at(place, kind=kind, found=shown, phrases=", ".join(f"“{p}”" for p in expected))
    if (second := _second_action(text, scheme, language)) is not None:
        yield rules.SECOND_ACTION.at(place, phrase=second)
    primary = language.split("-", maxsplit=1)[0].lower()
    if primary not in _WHO:
        return
    missing = [] if recommendation.population or re.search(_WHO[primary], text, re.I) else ["who it is for"]
    missing += [] if recommendation.population or re.search(_WHEN[primary], text, re.I) else ["when it applies"]
    if missing:
        yield rules.INCOMPLETE.at(place, missing=" and ".join(missing))


def _all_phrases(scheme: Scheme, language: str) -> list[tuple[tuple[str, str], str]]:
    """The phrases of the scheme with their strength and direction, longest first, so that “do not offer” is not taken for “offer”."""
    found = [(kind, phrase) for kind in scheme.wording for phrase in scheme.phrases(*kind, language)]
    return sorted(found, key=lambda one: -len(one[1]))


def _phrase_in(text: str, scheme: Scheme, language: str) -> tuple[tuple[str, str], str] | None:
    """The phrase that comes first in the text; of two at one place the longer."""
    hits = []
    for kind, phrase in _all_phrases(scheme, language):
        match = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.I)
        if match:
            hits.append((match.start(), -len(phrase), kind, phrase))
    first = min(hits, default=None)
    return (first[2], first[3]) if first else None


def _second_action(text: str, scheme: Scheme, language: str) -> str | None:
    """The phrase that begins a second recommendation within one."""
    phrases = [re.escape(p) for _, p in _all_phrases(scheme, language) if " " in p]
    found = re.findall(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", text, re.I) if phrases else []
    return found[1] if len(found) > 1 else None


def _grounds(recommendation: Recommendation, scheme: Scheme, place: Span) -> Iterator[Diagnostic]:
    basis = recommendation.basis.strip().lower()
    if basis and basis != "expert opinion":
        yield rules.UNKNOWN_BASIS.at(place, basis=recommendation.basis)
    elif not recommendation.keys and not recommendation.evidence and not basis:
        yield rules.NO_EVIDENCE.at(place)
    strength, certainty = scheme.strength(recommendation.strength), scheme.certainty(recommendation.certainty)
    if strength and certainty and strength.name in scheme.strong and certainty.name in scheme.low and not recommendation.reason:
        yield rules.STRONG_ON_LOW.at(place, certainty=certainty.name)


def check_evidence_links(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """`evidence="tbl:x"` names things that the guideline has."""
    known = {target.id for target in manuscript.targets}
    for recommendation in manuscript.recommendations:
        for name in recommendation.evidence:
            if name not in known:
                near = get_close_matches(name, known, 1, 0.6)
                hint = f"did you mean '{near[0]}'?" if near else None
                yield rules.UNKNOWN_EVIDENCE.at(recommendation.span, name=name, hint=hint)


def check_register(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Identifiers are never used again: the register knows all that the guideline ever had."""
    if manuscript.register is None:
        return
    settings = manuscript.project.settings
    entries = {entry.id: entry for entry in manuscript.register}
    here = {r.id: r for r in manuscript.recommendations if r.id != f"rec:{r.number}"}
    for identifier, recommendation in here.items():
        entry = entries.get(identifier)
        if entry is None:
            yield rules.NOT_REGISTERED.at(recommendation.span, id=identifier, file=settings.registry)
        elif entry.withdrawn:
            related = (entry.span,) if entry.span else ()
            yield rules.IDENTIFIER_REUSED.at(recommendation.span, id=identifier, version=entry.withdrawn, related=related)
    for entry in manuscript.register:
        if entry.id not in here and not entry.withdrawn:
            yield rules.VANISHED.at(entry.span, id=entry.id, version=settings.version)
