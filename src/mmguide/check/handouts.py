"""Stage check: handouts, that what they name is in the guideline and what their texts cite and point at is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mmguide.approvals import approval_name, explained, rests_on
from mmguide.assemble.numbering import Numbering
from mmguide.check import citations, structure
from mmguide.diagnostics import Diagnostic, Severity
from mmguide.diagnostics.rules import clinics as rules_of_clinics
from mmguide.diagnostics.rules import language as rules
from mmguide.labels import primary
from mmguide.model.manuscript import Manuscript

ALL = "all"
_OWN = {"text": "its own text", "original": "the text it translates"}


def check_clinics(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Clinics' sheets without an address of the current version, and languages of clinics that no handout for patients is in."""
    settings, clinics = manuscript.project.settings, manuscript.clinics.values()
    if clinics and not settings.address:
        yield rules_of_clinics.NO_CURRENT_ADDRESS.at(manuscript.project.place("title"))
    patients = (name for name, one in settings.handouts.items() if one.audience == "patient")
    there = {primary(language) for name in patients for language in manuscript.languages_of(name)}
    for clinic in clinics if there else ():
        for number, language in enumerate(clinic.settings.languages):
            if primary(language) not in there:
                span = clinic.place("languages", number)
                yield rules_of_clinics.CLINIC_LANGUAGE.at(span, language=language, name=clinic.settings.name)


def check_handouts(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Identifiers in guideline.yaml, and in `explains`, that the guideline does not have."""
    project = manuscript.project
    recommendations = {r.id for r in manuscript.recommendations}
    sections = {t.id for t in manuscript.targets if t.kind == "sec"}
    sections |= {f"sec:{one}" for one in sections} | {one.removeprefix("sec:") for one in sections}
    for name, spec in project.settings.handouts.items():
        for kind, setting, known in (
            ("recommendation", "recommendations", recommendations | {ALL}),
            ("section", "sections", sections),
        ):
            for number, identifier in enumerate(getattr(spec, setting)):
                if identifier not in known:
                    span = project.place("handouts", name, setting, number)
                    yield rules.HANDOUT_NAMES_NOTHING.at(span, name=name, kind=kind, id=identifier)
        if (section := manuscript.handouts.get(spec.file)) is not None:
            for identifier in explained(section):
                if identifier not in recommendations:
                    span = section.scan.headings[0].span
                    yield rules.HANDOUT_NAMES_NOTHING.at(span, name=name, kind="recommendation", id=identifier)


def check_texts(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Citations, cross-references and links of the handouts' own texts, each held against the guideline and itself."""
    for section in manuscript.handouts.values():
        counted = Numbering(manuscript.project.settings.model_copy(update={"numbering": False}))
        counted.blocks(section.blocks)
        alone = replace(manuscript, sections=(section,), included=(), targets=(*manuscript.targets, *counted.targets))
        yield from structure.check_section_headers(alone)
        yield from structure.check_cross_references(alone)
        yield from structure.check_links(alone, section.blocks)
        yield from citations.check_undefined(alone)


def check_approvals(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """What has changed since a handout was approved, at both places; texts for patients that nobody has approved."""
    settings = manuscript.project.settings
    for name, language, spec in ((n, lang, s) for n, s in settings.handouts.items() for lang in manuscript.languages_of(n)):
        seen = rests_on(manuscript, name, language)
        kept = approval_name(manuscript, name, language)
        approval = manuscript.approvals.get(kept)
        if approval is None:
            if seen and spec.audience == "patient" and settings.status in ("review", "published"):
                found = rules.HANDOUT_NOT_APPROVED.at(seen[0].span, name=kept)
                yield found.with_severity(Severity.ERROR) if settings.status == "published" else found
            continue
        for one in seen:
            if approval.seen.get(one.name) != one.digest:
                what = _OWN.get(one.name) or one.name.removeprefix("data:")
                place = f"{one.span.path}:{one.span.line}"
                related = tuple(span for span in (one.span, approval.span) if span)
                yield rules.HANDOUT_OUT_OF_DATE.at(
                    seen[0].span, name=kept, role=approval.role, date=approval.date, what=what, place=place, related=related
                )
