"""Stage check: the answers to reporting standards, and what is missing where a standard is required or asked for."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from mmguide.assemble.reporting import MISSING, answers, guideline_of
from mmguide.ast import attr_of
from mmguide.diagnostics import Diagnostic, Severity
from mmguide.diagnostics.rules import reporting as rules
from mmguide.model.manuscript import Manuscript
from mmguide.reporting import NAMES, standard


def check_answers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Items that the standard does not have, places that the guideline does not have, reasons left out."""
    project, reporting = manuscript.project, manuscript.project.settings.reporting
    known = {t.id for t in manuscript.targets} | {i for e in manuscript.elements if (i := attr_of(e).id)}
    for name in NAMES:
        wanted = standard(name)
        for item in reporting.answers(name):
            place = project.place("reporting", name, item)
            if item not in wanted.by_id:
                yield rules.UNKNOWN_ITEM.at(place, standard=wanted.name, item=item, items=", ".join(wanted.by_id))
                continue
            answer = reporting.answers(name)[item]
            if "" in (answer.not_applicable, answer.absent):
                yield rules.NO_REASON.at(place, item=item)
            for anchor in answer.where:
                if anchor not in known:
                    near = get_close_matches(anchor, known, 1, 0.6)
                    yield rules.UNKNOWN_ANCHOR.at(
                        place, item=item, anchor=anchor, hint=f"did you mean '{near[0]}'?" if near else None
                    )


def check_missing(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Items of required standards that nothing answers; an error once the guideline is published."""
    project = manuscript.project
    settings = project.settings
    guideline = guideline_of(manuscript)
    for name in dict.fromkeys(settings.reporting.require):
        wanted = standard(name)
        for found in answers(wanted, guideline):
            if found.state == MISSING:
                place = project.place("reporting", name)
                told = rules.ITEM_MISSING.at(place, standard=wanted.name, item=found.item.id, asks=found.item.asks)
                yield told.with_severity(Severity.ERROR) if settings.status == "published" else told
