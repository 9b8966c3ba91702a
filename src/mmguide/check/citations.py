"""Stage check: citations against the bibliography."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from unicodedata import normalize

from mmguide.assemble.aliases import second_keys
from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import citations as rules
from mmguide.model.manuscript import Manuscript


def check_undefined(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Citations of keys that no reference has, with the nearest keys offered."""
    known = manuscript.bibliography.by_key
    second = second_keys(manuscript.scans, manuscript.bibliography)
    for scan in manuscript.scans:
        for citation in scan.citations:
            if manuscript.bibliography.get(citation.key) is None and normalize("NFC", citation.key) not in second:
                near = get_close_matches(citation.key, known, 3, 0.7)
                hint = "did you mean " + " or ".join(f"`@{key}`" for key in near) + "?" if near else None
                yield rules.UNDEFINED_CITATION.at(citation.span, hint=hint, key=citation.key)
