"""Stage render, PDF: the dots between a heading and its page drawn as one text, where WeasyPrint draws each of them apart."""

from __future__ import annotations

from typing import Any

# How far apart, in pixels, the last dot may come to stand when all are set in one.
_SAME = 0.02


def apply() -> None:
    from weasyprint.layout import inline, leader

    original = inline.handle_leader

    def handle_leader(context: Any, line: Any, containing_block: Any) -> None:
        original(context, line, containing_block)
        index, box = leader.leader_index(line)
        if index is not None and len(box.children) > 1:
            box.children = _joined(box.children, context)

    inline.handle_leader = handle_leader


def _joined(repeated: tuple[Any, ...], context: Any) -> tuple[Any, ...]:
    """One text box in the place of equal ones that stand close by each other; the same ones where they do not, or fit otherwise."""
    from weasyprint.layout import inline

    one, count = repeated[0], len(repeated)
    if one.style["letter_spacing"] != "normal" or one.style["word_spacing"]:  # each is rounded, and so they would add up
        return repeated
    left = min(box.position_x for box in repeated)
    right = max(box.position_x for box in repeated) + one.width
    whole = one.text * count
    layout, _, more, width, *_ = inline.split_first_line(whole, one.style, context, None, one.justification_spacing)
    if more is not None or layout.text != whole or max(abs(right - left - width), abs(count * one.width - width)) > _SAME:
        return repeated
    joined = one.copy_with_text(whole)
    joined.position_x, joined.width, joined.pango_layout = left, width, layout
    return (joined,)
