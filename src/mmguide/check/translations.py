"""Stage check: translations of handouts, held against their originals: what changed since, paragraph against paragraph, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from unicodedata import digit

from mmguide.diagnostics import Diagnostic, Severity, Span
from mmguide.diagnostics.rules import translations as rules
from mmguide.labels import primary
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Paragraph, Scan
from mmguide.translations import changes

# A number with whatever separates its digits: 1,971 and 1.971 and 1 971, 57.3 and 57,3 are read alike.
_NUMBER = re.compile(r"\d(?:(?:[.,٫٬\u00a0\u202f]| (?=\d{3}(?!\d)))?\d)*")
_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
_KINDS: Mapping[str, str] = {
    "heading": "a heading",
    "paragraph": "a paragraph",
    "item": "an item of a list",
    "table": "a row of a table",
    "caption": "a caption",
    "note": "a note",
    "": "nothing more",
}


def check_translations(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Each translation against its original, and against the record of what it was made from."""
    for name in manuscript.project.settings.handouts:
        original = manuscript.text_of(name)
        for language in manuscript.languages_of(name)[1:]:
            text = manuscript.text_of(name, language)
            if original is not None and text is not None:
                late = list(_since(manuscript, name, language, original.scan, text.scan))
                yield from late
                told = any(d.rule is rules.OUT_OF_DATE for d in late)
                beside = _side_by_side(language, original.scan, text.scan)
                yield from (d for d in beside if not told or d.rule is not rules.DIFFERS)
                yield from _settings_in(manuscript, name, language)


def _since(manuscript: Manuscript, name: str, language: str, original: Scan, text: Scan) -> Iterator[Diagnostic]:
    record = manuscript.translations.get(text.source.path)
    if record is None:
        first = text.headings[0].span if text.headings else Span(text.source.path)
        yield rules.NOT_RECORDED.at(first, name=name, language=language)
        return
    for change in changes(record, original, text):
        gone = "what stood at " if change.what == "removed" else ""
        place = f"{gone}{change.original.path}:{change.original.line}"
        found = rules.OUT_OF_DATE.at(
            change.translation, name=name, language=language, place=place, what=change.what, related=(change.original,)
        )
        published = manuscript.project.settings.status == "published"
        yield found.with_severity(Severity.ERROR) if published else found


def _side_by_side(language: str, original: Scan, text: Scan) -> Iterator[Diagnostic]:
    """The first place where the blocks differ in kind, or all places where numbers differ."""
    pairs = list(zip(original.paragraphs, text.paragraphs, strict=False))
    for one, other in pairs:
        if one.kind != other.kind:
            yield _different(language, one, other)
            return
    longer = (original if len(original.paragraphs) > len(pairs) else text).paragraphs[len(pairs) :]
    if longer:
        missing = longer[0] in original.paragraphs
        last = pairs[-1][1].span if pairs else Span(text.source.path)
        here, there = ("", longer[0].kind) if missing else (longer[0].kind, "")
        where = longer[0].span if missing else (pairs[-1][0].span if pairs else Span(original.source.path))
        yield rules.DIFFERS.at(
            last if missing else longer[0].span,
            language=language,
            here=_KINDS.get(here, here),
            there=_KINDS.get(there, there),
            place=f"{where.path}:{where.line}",
            related=(where,),
        )
        return
    for one, other in pairs:
        mine, theirs = numbers(other.text), numbers(one.text)
        if sorted(map(_bare, mine)) != sorted(map(_bare, theirs)):
            yield rules.NUMBER.at(
                other.span,
                language=language,
                here=" ".join(mine) or "none",
                there=" ".join(theirs) or "none",
                place=f"{one.span.path}:{one.span.line}",
                related=(one.span,),
            )


def _different(language: str, one: Paragraph, other: Paragraph) -> Diagnostic:
    return rules.DIFFERS.at(
        other.span,
        language=language,
        here=_KINDS.get(other.kind, other.kind),
        there=_KINDS.get(one.kind, one.kind),
        place=f"{one.span.path}:{one.span.line}",
        related=(one.span,),
    )


def numbers(text: str) -> list[str]:
    """The numbers of a text as they are written, those in attributes apart."""
    return _NUMBER.findall(_ATTRIBUTES.sub(" ", text))


def _bare(number: str) -> str:
    """The digits of a number alone, whatever their script."""
    return "".join(str(digit(c)) for c in number if c.isdigit())


def _settings_in(manuscript: Manuscript, name: str, language: str) -> Iterator[Diagnostic]:
    """What guideline.yaml has printed on every sheet and does not have in this language."""
    project, settings = manuscript.project, manuscript.project.settings
    given = settings.translations.get(language)
    if settings.notice and not (given and given.notice) and primary(language) != primary(settings.language):
        span = project.place("translations", language) if given else project.place("notice")
        yield rules.WORDS_MISSING.at(span, name=name, language=language, what="notice", own=settings.language)
