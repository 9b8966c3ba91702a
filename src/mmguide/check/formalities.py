"""Stage check: dates in order and not overdue, contributors with role, affiliation and a statement of interests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import reporting as rules
from mmguide.model.manuscript import Manuscript

_ORDER = ("search", "approved", "published", "updated", "review_by")


def check_dates(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Search, approval, publication, update, review: in this order; and the review not in the past."""
    project = manuscript.project
    given = [(name, day) for name in _ORDER if (day := getattr(project.settings.dates, name)) is not None]
    for (earlier, first), (later, second) in pairwise(given):
        if second < first or (later == "review_by" and second == first):
            yield rules.DATES_OUT_OF_ORDER.at(
                project.place("dates", later), later=later, second=second, earlier=earlier, first=first
            )
    due, today = project.settings.dates.review_by, project.today
    if due is not None and today is not None and due < today and project.settings.status in ("draft", "review", "published"):
        yield rules.REVIEW_OVERDUE.at(project.place("dates", "review_by"), day=due)


def check_contributors(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Each contributor with affiliation and interests; `none` is said, not left out."""
    project = manuscript.project
    for number, person in enumerate(project.settings.contributors):
        if not person.affiliation.strip():
            yield rules.NO_AFFILIATION.at(project.place("contributors", number), name=person.name)
        if not person.interests.strip():
            yield rules.NO_INTERESTS.at(project.place("contributors", number), name=person.name)
