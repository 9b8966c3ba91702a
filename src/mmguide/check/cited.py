"""Stage check: which references the text cites, and where first. Faults of entries that no text cites are not reported."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

from mmguide.assemble.aliases import second_keys
from mmguide.diagnostics import Span
from mmguide.model.manuscript import Manuscript
from mmguide.model.reference import Reference


def cited(manuscript: Manuscript) -> Mapping[str, tuple[Reference, Span]]:
    """The cited references by key, in the order of the text, each with the place of its first citation."""
    second = second_keys(manuscript.scans, manuscript.bibliography)
    found: dict[str, tuple[Reference, Span]] = {}
    for scan in manuscript.scans:
        for citation in scan.citations:
            key = normalize("NFC", citation.key)
            reference = manuscript.bibliography.get(second.get(key, key))
            if reference is not None:
                found.setdefault(reference.key, (reference, citation.span))
    return found
