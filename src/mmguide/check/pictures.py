"""Stage check: pictures that the text names and the project does not have."""

from __future__ import annotations

from collections.abc import Iterator

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import figures as rules
from mmguide.model.manuscript import Manuscript


def check_pictures(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """A second look at the finished tree: no picture may reach a renderer that was not read and checked."""
    told = {link.target for scan in manuscript.scans for link in scan.links if link.picture}
    for element in manuscript.elements:
        target = element["c"][2][0] if element["t"] == "Image" else ""
        if target and target not in manuscript.pictures and target not in told:
            yield rules.MISSING_PICTURE.at(Span(manuscript.sections[0].path), path=target[:80])
