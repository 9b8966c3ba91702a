"""Stage check: what stands in the fields of each cited reference: completeness, identifiers, dates, pages, titles, names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

from mmguide.bibliography import identifiers
from mmguide.bibliography.works import fold
from mmguide.check.cited import cited
from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import references as rules
from mmguide.model.manuscript import Manuscript
from mmguide.model.reference import Reference

# What a Vancouver reference needs, by type; one of the names joined by `|` is enough.
_ARTICLE = ("author|editor", "title", "container-title|container-title-short", "issued", "volume|issue|page|number|DOI|PMID|URL")
_BOOK = ("author|editor", "title", "publisher|DOI|URL", "issued")
_PART = ("author|editor", "title", "container-title|event-title|event|collection-title|publisher", "issued")
_ONLINE = ("author|publisher|container-title", "title", "URL|DOI", "issued|accessed")
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "article": ("author|editor", "title", "issued", "publisher|container-title|URL|DOI|genre"),
    "article-journal": _ARTICLE,
    "article-magazine": ("title", "container-title|container-title-short", "issued"),
    "article-newspaper": ("title", "container-title|container-title-short", "issued"),
    "book": _BOOK,
    "chapter": (*_PART, "publisher|DOI|URL"),
    "dataset": ("author|publisher", "title", "issued", "URL|DOI|archive|publisher"),
    "paper-conference": _PART,
    "post-weblog": _ONLINE,
    "report": ("author|publisher|editor", "title", "issued"),
    "software": ("title", "URL|DOI|publisher"),
    "thesis": ("author", "title", "publisher", "issued"),
    "webpage": ("title", "URL|DOI", "accessed|issued"),
}
_WORDS: Mapping[str, str] = {
    "author": "authors",
    "container-title": "journal or book",
    "issued": "date",
    "accessed": "day it was read",
    "volume": "volume and pages (or a DOI)",
    "DOI": "DOI",
    "URL": "web address",
}
_ET_AL = re.compile(r"(?:.*[\s,])?(?:et\.?\s*al\b\.?|and others|u\.\s?a\.|others)\s*", re.IGNORECASE)
_KNOWN_TAG = re.compile(r"</?(?:i|b|u|sup|sub|sc)>|</?span(?:\s+(?:class=\"nocase\"|style=\"font-variant:\s*small-caps;?\"))?>")
_HTML = re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>|&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[0-9A-Fa-f]{2,6});")
_TEX = re.compile(r"\\[A-Za-z]{2,}|\\[\"'`^~=.]\{?[A-Za-z]|\$[^$\n]*[\\^_{][^$\n]*\$|\{[^{}]*\}")
_NUMBER = re.compile(r"([A-Za-z.]*)(\d+)([A-Za-z]?)")
# The part of a journal's entries that must agree before the others are doubted.
_MOST_AGREE = 0.6
_MARKED = ("title", "container-title", "container-title-short", "title-short", "publisher", "collection-title")


def check_incomplete(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Entries without something that a reader needs to find the work."""
    for reference, span in cited(manuscript).values():
        missing = [need for need in _NEEDS.get(reference.text("type"), ("title",)) if not _has(reference, need)]
        if missing:
            parts = ", ".join(dict.fromkeys(_word(need) for need in missing))
            kind = reference.text("type") or "reference without a type"
            yield rules.INCOMPLETE.at(reference.span, key=reference.key, type=kind, parts=parts, related=(span,))


def _has(reference: Reference, need: str) -> bool:
    return any(_filled(reference.csl.get(name)) for name in need.split("|"))


def _filled(value: Any) -> bool:
    if isinstance(value, Mapping):
        parts = value.get("date-parts")
        return bool(parts and parts[0]) if parts is not None else any(value.values())
    return bool(value.strip() if isinstance(value, str) else value) or isinstance(value, int)


def _word(need: str) -> str:
    first = need.split("|", maxsplit=1)[0]
    return _WORDS.get(first, first)


def check_identifiers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """DOI, PMID, PMCID, ISBN, ISSN, ORCID and trial numbers that cannot exist."""
    for reference, _ in cited(manuscript).values():
        for kind, value in _identifiers(reference):
            reason = identifiers.CHECKS[kind](value) if kind in identifiers.CHECKS else _other(kind, value)
            if reason is not None:
                yield rules.IMPOSSIBLE.at(reference.span, key=reference.key, kind=kind, value=value, reason=reason)
            elif kind == "DOI" and identifiers.plain_doi(value) != value:
                yield rules.DOI_PREFIX.at(reference.span, key=reference.key, plain=identifiers.plain_doi(value))
    for number, person in enumerate(manuscript.project.settings.contributors):
        if person.orcid and (reason := identifiers.orcid(person.orcid)) is not None:
            place = manuscript.project.place("contributors", number, "orcid")
            yield rules.IMPOSSIBLE.at(place, key="", kind="ORCID", value=person.orcid, reason=reason)


def _identifiers(reference: Reference) -> Iterator[tuple[str, str]]:
    for kind in identifiers.CHECKS:
        if value := reference.text(kind).strip():
            yield kind, value
    for person in reference.csl.get("author") or ():
        if isinstance(person, Mapping) and (orcid := person.get("ORCID")):
            yield "ORCID", str(orcid)
    custom = reference.csl.get("custom")
    trials = custom.get("trial-ids") if isinstance(custom, Mapping) else None
    for trial in trials if isinstance(trials, list) else ():
        yield from (("trial number", number) for number in re.findall(r"\bNCT\s?\d+", str(trial)))
    yield from (("trial number", number) for number in re.findall(r"\bNCT\d+", reference.text("title")))


def _other(kind: str, value: str) -> str | None:
    return identifiers.orcid(value) if kind == "ORCID" else identifiers.nct(value)


def check_trial_numbers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """ClinicalTrials.gov numbers in the text that have more or fewer than eight digits."""
    for scan in manuscript.scans:
        for match in re.finditer(r"\bNCT\d+\b", scan.body):
            if (reason := identifiers.nct(match[0])) is not None:
                yield rules.IMPOSSIBLE.at(
                    scan.source.span(match.start(), match.end()), key="", kind="trial number", value=match[0], reason=reason
                )


def check_years(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Years after the guideline's own, and years that fit no volume of the journal."""
    dates = manuscript.project.settings.dates
    latest = max(
        (d for d in (dates.search, dates.approved, dates.published, dates.updated) if d), default=manuscript.project.today
    )
    known = [reference for reference, _ in cited(manuscript).values()]
    for reference in known:
        if latest and reference.year is not None and reference.year > latest.year + 1:
            yield rules.FUTURE_YEAR.at(reference.span, key=reference.key, year=reference.year, latest=latest.year)
    journals: dict[str, list[tuple[int, int, Reference]]] = {}
    for reference in known:
        volume = reference.text("volume").strip()
        if reference.text("type") == "article-journal" and reference.year and volume.isdigit():
            journals.setdefault(fold(reference.text("container-title")), []).append((int(volume), reference.year, reference))
    for name, entries in journals.items():
        if name:
            yield from _out_of_order(entries)


def _out_of_order(entries: list[tuple[int, int, Reference]]) -> Iterator[Diagnostic]:
    """Entries of one journal whose year does not go with their volume, where most others agree.

    An article may appear a year before its volume. Where hardly any agree the journal counts its volumes in another way.
    """
    entries = sorted(entries, key=lambda e: e[:2])
    orderly = _longest_order(entries)
    if len(entries) > 2 and len(orderly) < _MOST_AGREE * len(entries):
        return
    volumes, years = [volume for volume, _, _ in orderly], [year for _, year, _ in orderly]
    for volume, year, reference in entries:
        # In order as they are, the first of this volume or a higher one is the earliest of them, the first that is late has the lowest.
        first = sorted((bisect_left(volumes, volume), bisect_right(years, year + 1)))
        other = next((o for at in first for o in orderly[at : at + 1] if _contradict((volume, year), o[:2])), None)
        if other is not None:
            yield rules.YEAR_AGAINST_VOLUME.at(
                reference.span, key=reference.key, year=year, volume=volume, other=other[2].key, other_year=other[1],
                other_volume=other[0], journal=reference.text("container-title"), related=(other[2].span,),
            )  # fmt: skip


def _contradict(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a higher volume is of an earlier year by more than one, or one volume of years further apart than that."""
    (volume, year), (other_volume, other_year) = sorted((one, other))
    return other_year < year - 1 or (volume == other_volume and other_year > year + 1)


def _longest_order(entries: list[tuple[int, int, Reference]]) -> list[tuple[int, int, Reference]]:
    """The most of these entries, sorted by volume, whose years do not fall."""
    ends: list[int] = []
    years: list[int] = []
    before: list[int] = []
    for i, (_, year, _) in enumerate(entries):
        at = bisect_right(years, year)
        before.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [i]
        years[at : at + 1] = [year]
    chain = []
    i = ends[-1] if ends else -1
    while i >= 0:
        chain.append(entries[i])
        i = before[i]
    return chain[::-1]


def check_pages(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Ranges of pages that run backwards; `1782-91` is read as 1782 to 1791."""
    for reference, _ in cited(manuscript).values():
        for part in re.split(r"[,;]", reference.text("page")):
            ends = re.split(r"\s*(?:--+|[\u2010-\u2015-])\s*", part.strip())
            if len(ends) == 2 and _backwards(*ends):
                yield rules.BACKWARD_PAGES.at(reference.span, key=reference.key, pages=part.strip())


def _backwards(first: str, last: str) -> bool:
    a, b = _NUMBER.fullmatch(first), _NUMBER.fullmatch(last)
    if a is None or b is None or (b[1] and a[1].lower() != b[1].lower()):
        return False
    low, high = a[2], b[2]
    if len(high) < len(low):
        high = low[: len(low) - len(high)] + high
    return int(high) < int(low)


def check_markup(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """HTML or TeX left in what will be printed."""
    for reference, _ in cited(manuscript).values():
        for name in _MARKED:
            text = _KNOWN_TAG.sub("", reference.text(name))
            if found := _HTML.search(text) or _TEX.search(text):
                yield rules.MARKUP.at(reference.span, key=reference.key, field=name, found=found[0][:40])
        for person in _people(reference):
            text = " ".join(str(person.get(part, "")) for part in ("given", "family", "literal"))
            if found := _HTML.search(text) or _TEX.search(text):
                yield rules.MARKUP.at(reference.span, key=reference.key, field="author", found=found[0][:40])
                break


def check_names(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Names and titles in capitals, and `et al` as if it were a person."""
    for reference, _ in cited(manuscript).values():
        families = [str(p.get("family", "")) for p in _people(reference)]
        loud = [f for f in families if f.isupper() and sum(c.isalpha() for c in f) >= 4]
        if loud:
            yield rules.CAPITALS.at(reference.span, key=reference.key, what="name", text=", ".join(loud[:3]))
        title = re.sub(r"<[^<>]*>", "", reference.text("title"))
        if title.isupper() and sum(c.isalpha() for c in title) >= 20 and " " in title:
            yield rules.CAPITALS.at(reference.span, key=reference.key, what="title", text=title[:50])
        for person in _people(reference):
            parts = [str(person.get(part, "")).strip() for part in ("given", "family", "literal")]
            if any(part and _ET_AL.fullmatch(part) for part in parts):
                yield rules.ET_AL.at(reference.span, key=reference.key, name=" ".join(p for p in parts if p))
                break


def _people(reference: Reference) -> Iterator[Mapping[str, Any]]:
    for role in ("author", "editor"):
        for person in reference.csl.get(role) or ():
            yield person if isinstance(person, Mapping) else {"literal": person}
