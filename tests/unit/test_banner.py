"""A guideline whose review is overdue says so on every page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec import convert

from mmguide.assemble import with_banner
from mmguide.model.settings import Project, Settings


def notice(today: date | None, language: str = "en-GB", **more: object) -> str:
    settings = convert(
        {
            "title": "T",
            "sections": ["a.md"],
            "dates": {"review_by": "2026-11-22"},
            "notice": "Example",
            "language": language,
            **more,
        },
        Settings,
    )
    return with_banner(Project(Path("."), settings, today=today)).settings.notice


def test_overdue_from_the_day_after():
    assert notice(date(2026, 11, 22)) == "Example"
    assert notice(date(2026, 11, 23)) == "Review overdue since 22 November 2026 · Example"
    assert notice(None) == "Example"


@pytest.mark.parametrize("status", ["superseded", "withdrawn"])
def test_what_is_no_longer_in_force_needs_no_review(status):
    assert notice(date(2030, 1, 1), status=status) == "Example"
