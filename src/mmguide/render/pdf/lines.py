"""Stage render: one fault of WeasyPrint's line breaking mended, so that no word stands alone on a line for no reason."""

from __future__ import annotations

from math import inf
from typing import Any


def mend_line_breaking() -> None:
    """Where a text fits on its line but for the space at its end, WeasyPrint 70 breaks behind the first word; this keeps the text whole.

    The case is met when a text is followed by a link or citation, and the line ends within the width of that space.
    """
    from weasyprint.layout import inline

    original = inline.split_first_line
    if getattr(original, "mended", False):
        return

    def split_first_line(text: str, style: Any, context: Any, max_width: Any, *rest: Any, **named: Any) -> Any:
        found = original(text, style, context, max_width, *rest, **named)
        if found[2] is None or not text.endswith(" ") or max_width in (None, inf):
            return found
        one_word = found[1] <= len(text.split(" ", 1)[0].encode())
        bare = text.rstrip(" ")
        if not one_word or " " not in bare:
            return found
        if original(bare, style, context, max_width, *rest, **named)[2] is not None:
            return found
        return original(text, style, context, inf, *rest, **named)

    split_first_line.mended = True  # type: ignore[attr-defined]
    inline.split_first_line = split_first_line
