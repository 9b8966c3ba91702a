"""Stage check: which references the text cites, and where first. Faults of entries that no text cites are not reported."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

from mmguide.assemble.aliases import second_keys
from mmguide.diagnostics import Span
from mmguide.model.manuscript import Manuscript
from mmguide.model.reference import Reference

Cited = Mapping[str, tuple[Reference, Span]]
_KEPT = "_cited"


def cited(manuscript: Manuscript) -> Cited:
    """The cited references by key, in the order of the text, each with the place of its first citation.

    What only a table from the data cites stands behind the others, at the place of its entry.
    """
    # A dozen checks ask: the answer is kept on the value, as a cached_property would keep it.
    kept: Cited | None = manuscript.__dict__.get(_KEPT)
    if kept is None:
        kept = manuscript.__dict__[_KEPT] = _found(manuscript)
    return kept


def _found(manuscript: Manuscript) -> Cited:
    second = second_keys(manuscript.scans, manuscript.bibliography)
    found: dict[str, tuple[Reference, Span]] = {}
    for scan in manuscript.scans:
        for citation in scan.citations:
            key = normalize("NFC", citation.key)
            reference = manuscript.bibliography.get(second.get(key, key))
            if reference is not None:
                found.setdefault(reference.key, (reference, citation.span))
    for element in manuscript.elements:
        for citation in element["c"][0] if element["t"] == "Cite" else ():
            reference = manuscript.bibliography.get(citation["citationId"])
            if reference is not None:
                found.setdefault(reference.key, (reference, reference.span))
    return found
