"""Pages of a guideline, as tests ask for them."""

from __future__ import annotations

from typing import Any

from mmguide.render.pdf.document import PdfResult, begin


def pdf(*given: Any, **named: Any) -> PdfResult:
    """The PDF that `begin` begins, finished."""
    return begin(*given, **named).finish()
