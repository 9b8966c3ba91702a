"""Stage render, PDF: work that WeasyPrint does slowly or again and again, done otherwise with the same result for the reader.

It is applied only to the version it was made for; with another one, pages are made as WeasyPrint makes them. What is replaced is listed in
`replaced`, and a test holds its source against what this was written for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mmguide.render.pdf.quick import loading
from mmguide.render.pdf.tags.contract import WEASYPRINT


def replaced() -> dict[str, Callable[..., Any]]:
    """The functions of WeasyPrint that are replaced or that the replacements do the work of, as they are before."""
    from weasyprint import HTML
    from weasyprint.css import AnonymousStyle, ComputedStyle, StyleFor, find_style_attributes
    from weasyprint.draw.text import draw_first_line
    from weasyprint.formatting_structure.boxes import Box
    from weasyprint.layout import background, percent, preferred
    from weasyprint.layout.absolute import AbsolutePlaceholder
    from weasyprint.pdf.fonts import Font
    from weasyprint.pdf.stream import Stream
    from weasyprint.text import line_break
    from weasyprint.text.fonts import font_features, get_font_description, get_pango_font_key

    found = (
        *loading.replaced(),
        Font.clean,
        line_break.Layout.setup,
        line_break.Layout.set_text,
        line_break.strut,
        line_break.split_first_line,
        line_break.first_line_metrics,
        line_break.create_layout,
        line_break.can_break_text,
        font_features,
        get_font_description,
        draw_first_line,
        percent.resolve_percentages,
        percent.resolve_one_percentage,
        percent.adjust_box_sizing,
        percent.resolve_radii_percentages,
        background.layout_box_backgrounds,
        preferred.adjust,
        preferred.min_max,
        preferred.margin_width,
        Box.is_in_normal_flow,
        Box.border_width,
        Box.border_height,
        Box.margin_width,
        Box.margin_height,
        AbsolutePlaceholder.__getattr__,
        Stream.add_font,
        get_pango_font_key,
        AnonymousStyle.__missing__,
        ComputedStyle.__missing__,
        StyleFor.__init__,
        StyleFor.__call__,
        StyleFor.set_computed_styles,
        find_style_attributes,
        HTML.__init__,
    )
    return {f"{each.__module__}.{each.__qualname__}": each for each in found}


def spare_needless_work() -> None:
    """Apply all of it, once a process."""
    import weasyprint
    from weasyprint.text.line_break import Layout

    if weasyprint.__version__ != WEASYPRINT or getattr(Layout.setup, "quick", False):
        return
    from mmguide.render.pdf.quick import boxes, breaking, cascade, fonts, geometry, text

    for piece in (text, breaking, boxes, geometry, cascade, fonts):
        piece.apply()


def mark(function: Any) -> Any:
    """The function, known as one of ours."""
    function.quick = True
    return function


def everywhere(name: str, original: Any, new: Any) -> None:
    """Put `new` in the place of `original` in each module of WeasyPrint that has it under its name."""
    import sys

    for module in [module for path, module in sys.modules.items() if path.startswith("weasyprint.")]:
        if getattr(module, name, None) is original:
            setattr(module, name, new)
