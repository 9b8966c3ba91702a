"""Stage check: which references the text cites, and where first. Faults of entries that no text cites are not reported."""

from __future__ import annotations

from collections.abc import Mapping

from mmguide.diagnostics import Span
from mmguide.model.manuscript import Manuscript
from mmguide.model.reference import Reference


def cited(manuscript: Manuscript) -> Mapping[str, tuple[Reference, Span]]:
    """The cited references by key, in the order of the text, each with the place of its first citation."""
    found: dict[str, tuple[Reference, Span]] = {}
    for scan in manuscript.scans:
        for citation in scan.citations:
            reference = manuscript.bibliography.get(citation.key)
            if reference is not None:
                found.setdefault(reference.key, (reference, citation.span))
    return found
