"""Stage check: a tuple of pure functions `Manuscript -> Iterator[Diagnostic]`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mmguide.check import (
    abbreviations,
    citations,
    doses,
    entries,
    figures,
    formalities,
    handouts,
    history,
    known,
    numbers,
    pictures,
    plain,
    prose,
    raw,
    recommendations,
    references,
    reporting,
    running,
    structure,
    translations,
)
from mmguide.check.allowances import decided, decided_late
from mmguide.diagnostics import Diagnostic
from mmguide.model.data import Data
from mmguide.model.manuscript import Manuscript
from mmguide.model.settings import Settings
from mmguide.model.source import Scan

Check = Callable[[Manuscript], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    structure.check_section_headers,
    structure.check_includes,
    structure.check_identifiers,
    structure.check_cross_references,
    structure.check_links,
    citations.check_undefined,
    citations.check_examples,
    citations.check_look_alikes,
    citations.check_groups,
    citations.check_order,
    prose.check_place,
    prose.check_numbers,
    references.check_duplicate_keys,
    references.check_same_work,
    references.check_clashing_identifiers,
    references.check_preprints,
    references.check_notices,
    references.check_unconfirmed,
    references.check_uncited,
    entries.check_incomplete,
    entries.check_identifiers,
    entries.check_trial_numbers,
    entries.check_years,
    entries.check_pages,
    entries.check_markup,
    entries.check_names,
    raw.check_raw,
    pictures.check_pictures,
    recommendations.check_recommendations,
    recommendations.check_evidence_links,
    recommendations.check_register,
    doses.check_doses,
    figures.check_mentioned,
    figures.check_alternative_text,
    figures.check_captions,
    numbers.check_numbers,
    abbreviations.check_abbreviations,
    formalities.check_dates,
    formalities.check_contributors,
    handouts.check_handouts,
    handouts.check_texts,
    handouts.check_approvals,
    handouts.check_patient_versions,
    translations.check_translations,
    handouts.check_clinics,
    plain.check_plain_language,
    plain.check_glossary,
    history.check_changes,
    history.check_history,
    reporting.check_answers,
    reporting.check_missing,
)


def prepare(settings: Settings, scans: Iterable[Scan], data: Data) -> None:
    """Load what the checks of some guidelines alone need, and work out what they ask of texts and data, while pandoc reads."""
    plain.prepare(settings)
    running.prepare(scans)
    known.known(data)


def check(manuscript: Manuscript, earlier: tuple[Diagnostic, ...] = ()) -> tuple[Diagnostic, ...]:
    """The findings of the stages before (`earlier`) and of all checks, as the guideline wants them reported."""
    return tuple(decided(manuscript, (*earlier, *(diagnostic for one in CHECKS for diagnostic in one(manuscript)))))


def check_outputs(manuscript: Manuscript, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """What only the finished outputs showed, as the guideline wants it reported."""
    return tuple(decided_late(manuscript, found))
