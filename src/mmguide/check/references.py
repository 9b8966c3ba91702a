"""Stage check: references as works: keys given twice, one work under two keys, preprints, what became of a work, what is unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmguide.bibliography import retractions, works
from mmguide.check.cited import cited
from mmguide.diagnostics import Diagnostic, Severity, Span
from mmguide.diagnostics.core import Rule
from mmguide.diagnostics.rules import references as rules
from mmguide.model.manuscript import Manuscript
from mmguide.model.reference import Notice, Reference

_NOTICES: Mapping[str, Rule] = {
    "retraction": rules.RETRACTED,
    "expression-of-concern": rules.OF_CONCERN,
    "correction": rules.CORRECTED,
    "retraction-notice": rules.NOTICE_CITED,
    "concern-notice": rules.NOTICE_CITED,
}


def check_duplicate_keys(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Keys that two entries have: what is printed would depend on the order of the files."""
    first: dict[str, Reference] = {}
    for reference in manuscript.bibliography.references:
        other = first.setdefault(reference.key, reference)
        if other is not reference:
            found = rules.DUPLICATE_KEY.at(reference.span, key=reference.key, other=_place(other.span), related=(other.span,))
            yield found.with_severity(Severity.WARNING) if other.csl == reference.csl else found


def check_same_work(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Works that the text cites under several keys. They are printed once; see `works.canonical`."""
    known = cited(manuscript)
    for group in works.groups(reference for reference, _ in known.values()):
        first, *others = (work.reference for work in group)
        for other in others:
            yield rules.SAME_WORK.at(
                known[other.key][1], key=other.key, first=first.key, related=(known[first.key][1], first.span, other.span)
            )


def check_clashing_identifiers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """One DOI, PMID or PMCID on two entries whose titles have nothing in common."""
    for name, first, other in works.clashes(reference for reference, _ in cited(manuscript).values()):
        kind, value = name.split(":", 1)
        span, related = other.reference.span, (first.reference.span,)
        yield rules.CLASHING_IDENTIFIER.at(
            span, key=other.reference.key, kind=kind.upper(), value=value, first=first.reference.key, related=related
        )


def check_preprints(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Preprints cited beside the article that they became."""
    known = cited(manuscript)
    for preprint, article in works.preprints(reference for reference, _ in known.values()):
        key, other = preprint.reference.key, article.reference.key
        yield rules.PREPRINT.at(known[key][1], key=key, article=other, related=(known[other][1], preprint.reference.span))


def check_notices(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Cited works that were retracted, corrected or are of concern, and notices of it that are cited themselves."""
    table = manuscript.bibliography.notices
    for reference, span in cited(manuscript).values():
        told: set[str] = set()
        for notice in (*table.get(reference.key, ()), *retractions.in_entry(reference)):
            rule = _NOTICES.get(notice.kind)
            if rule is not None and rule.code not in told:
                told.add(rule.code)
                yield rule.at(span, key=reference.key, notice=_told_by(notice), related=(reference.span,))


def _told_by(notice: Notice) -> str:
    return " ".join(part for part in (notice.date, f"({notice.where})" if notice.where else "") if part) or "see its entry"


def check_unconfirmed(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Parts of a cited reference that nobody has looked up: an error once the guideline is published."""
    published = manuscript.project.settings.status == "published"
    for reference, span in cited(manuscript).values():
        custom = reference.csl.get("custom")
        marks = custom.get("verification") if isinstance(custom, Mapping) else None
        open_parts = [k for k, v in marks.items() if str(v).startswith("from memory")] if isinstance(marks, Mapping) else []
        if open_parts:
            found = rules.UNCONFIRMED.at(reference.span, key=reference.key, parts=", ".join(open_parts), related=(span,))
            yield found.with_severity(Severity.ERROR) if published else found


def check_uncited(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """How many references of each file no text cites; `mmguide refs unused` lists them."""
    known = cited(manuscript)
    counts: dict[str, list[Reference]] = {}
    for reference in manuscript.bibliography.references:
        counts.setdefault(reference.span.path, []).append(reference)
    for references in counts.values():
        unused = [r for r in references if r.key not in known]
        if unused:
            names = ", ".join(r.key for r in unused[:5]) + (" …" if len(unused) > 5 else "")
            yield rules.UNCITED.at(unused[0].span, count=len(unused), all=len(references), names=names)


def _place(span: Span) -> str:
    return f"{span.path}:{span.line}"
