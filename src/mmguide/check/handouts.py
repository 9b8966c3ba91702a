"""Stage check: handouts, that what they name is in the guideline and what their texts cite and point at is there."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from msgspec.structs import replace

from mmguide.approvals import approval_name, explained, rests_on
from mmguide.assemble.numbering import Numbering
from mmguide.ast import id_of
from mmguide.check import citations, structure
from mmguide.diagnostics import Diagnostic, Severity
from mmguide.diagnostics.rules import clinics as rules_of_clinics
from mmguide.diagnostics.rules import language as rules
from mmguide.diagnostics.rules import reading as reading_rules
from mmguide.diagnostics.rules import reporting as reporting_rules
from mmguide.labels import primary
from mmguide.model.manuscript import Manuscript
from mmguide.model.settings import Settings
from mmguide.reporting import standard

ALL = "all"
_ROLE_HINT = "write a role as it stands under `contributors:` in guideline.yaml"
_OF_HINT = "name a handout of this guideline that has a text of its own (`file:`)"
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
        roles = {person.role for person in project.settings.contributors}
        for number, role in enumerate(spec.roles):
            if role not in roles:
                span = project.place("handouts", name, "roles", number)
                yield rules.HANDOUT_NAMES_NOTHING.at(span, name=name, kind="role", id=role, hint=_ROLE_HINT)
        if spec.of and (spec.of not in project.settings.handouts or manuscript.text_of(spec.of) is None):
            span = project.place("handouts", name, "of")
            yield rules.HANDOUT_NAMES_NOTHING.at(span, name=name, kind="handout", id=spec.of, hint=_OF_HINT)
        if (section := manuscript.handouts.get(spec.file)) is not None:
            for identifier in explained(section):
                if identifier not in recommendations:
                    span = section.scan.headings[0].span
                    yield rules.HANDOUT_NAMES_NOTHING.at(span, name=name, kind="recommendation", id=identifier)


def check_texts(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Citations, cross-references and links of the handouts' own texts, each held against the guideline and itself."""
    known = structure.identifiers(manuscript)
    for section in manuscript.handouts.values():
        counted = Numbering(replace(manuscript.project.settings, numbering=False))
        counted.blocks(section.blocks)
        alone = replace(manuscript, sections=(section,), included=(), targets=(*manuscript.targets, *counted.targets))
        yield from structure.check_section_headers(alone)
        yield from structure.check_cross_references(alone)
        of_its_own = {target.id for target in counted.targets}
        yield from structure.wrong_links([section.scan], section.elements, known | of_its_own)
        yield from citations.check_undefined(alone)


def check_patient_versions(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Leaflets for patients: where each answers the items of RIGHT-PVG, and which it leaves open."""
    project, wanted = manuscript.project, standard("right-pvg")
    for name, spec in project.settings.handouts.items():
        section = manuscript.text_of(name)
        if section is None or spec.audience != "patient" or not (spec.reporting or spec.kind == "leaflet"):
            continue
        here = {id_of(element) for element in section.elements}
        for item, answer in spec.reporting.items():
            place = project.place("handouts", name, "reporting", item)
            if item not in wanted.by_id:
                yield reporting_rules.UNKNOWN_ITEM.at(place, standard=wanted.name, item=item, items=", ".join(wanted.by_id))
            if "" in (answer.not_applicable, answer.absent):
                yield reporting_rules.NO_REASON.at(place, item=item)
            for anchor in (where for where in answer.where if where not in here):
                near = get_close_matches(anchor, here, 1, 0.6)
                hint = f"did you mean '{near[0]}'?" if near else None
                yield reading_rules.UNKNOWN_ANCHOR.at(place, name=name, item=item, anchor=anchor, hint=hint)
        told = _on_every_sheet(project.settings)
        missing = [item.id for item in wanted.items if item.id not in spec.reporting and not told & set(item.found)]
        if missing:
            place = project.place("handouts", name, "reporting")
            yield reading_rules.ITEMS_MISSING.at(place, name=name, standard=wanted.name, items=", ".join(missing))


def _on_every_sheet(settings: Settings) -> set[str]:
    """What the compiler prints on each sheet for patients, by the names that items of standards have for it."""
    told = {"title", "dates", "patients", "guideline"}
    return told | ({"contact"} if settings.feedback else set()) | ({"abbreviations"} if settings.glossary else set())


def check_approvals(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """What has changed since a handout was approved, at both places; texts for patients that nobody has approved."""
    settings = manuscript.project.settings
    for name, language, spec in ((n, lang, s) for n, s in settings.handouts.items() for lang in manuscript.languages_of(n)):
        kept = approval_name(manuscript, name, language)
        approval = manuscript.approvals.get(kept)
        if approval is None and (spec.audience != "patient" or settings.status not in ("review", "published")):
            continue
        seen = rests_on(manuscript, name, language)
        if approval is None:
            if seen:
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
