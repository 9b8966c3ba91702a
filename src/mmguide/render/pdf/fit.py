"""Stage render, PDF: a sheet set closer where that saves its last page, on which little stands: a box, or the end of a list."""

from __future__ import annotations

from collections.abc import Callable

from mmguide.render.html.paper import closer
from mmguide.render.pdf.press import PdfResult

# Setting pages closer saves at most so much of each.
_SAVED = 0.2


def fitted(html: str, typeset: Callable[[str], PdfResult]) -> PdfResult:
    """The sheet as `typeset` lays it out, closer where it has fewer pages then."""
    made = typeset(html)
    if made.pages == 1 or made.filled > _SAVED * made.pages:
        return made
    again = typeset(closer(html))
    return again if again.pages < made.pages else made
