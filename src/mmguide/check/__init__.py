"""Stage check: a tuple of pure functions `Manuscript -> Iterator[Diagnostic]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mmguide.check import citations, pictures, raw, structure
from mmguide.diagnostics import Diagnostic
from mmguide.model.manuscript import Manuscript

Check = Callable[[Manuscript], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    structure.check_section_headers,
    structure.check_includes,
    structure.check_identifiers,
    structure.check_cross_references,
    structure.check_links,
    citations.check_undefined,
    raw.check_raw,
    pictures.check_pictures,
)


def check(manuscript: Manuscript, earlier: tuple[Diagnostic, ...] = ()) -> tuple[Diagnostic, ...]:
    """The findings of the stages before (`earlier`) and of all checks."""
    return (*earlier, *(diagnostic for one in CHECKS for diagnostic in one(manuscript)))
