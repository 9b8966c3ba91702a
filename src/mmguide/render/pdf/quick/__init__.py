"""Stage render, PDF: work that WeasyPrint does slowly or again and again, done otherwise with the same result for the reader.

It is applied only to the version it was made for; with another one, pages are made as WeasyPrint makes them. What is replaced is listed in
`replaced`, and a test holds its source against what this was written for.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from typing import Any

from mmguide.render.pdf.tags.contract import WEASYPRINT

_REPLACED = (
    "cssselect2.compiler:CompiledSelector.__init__",
    "weasyprint:HTML.__init__",
    "weasyprint:HTML._ph_stylesheets",
    "weasyprint.css:AnonymousStyle.__missing__",
    "weasyprint.css:ComputedStyle.__missing__",
    "weasyprint.css:StyleFor.__call__",
    "weasyprint.css:StyleFor.__init__",
    "weasyprint.css:StyleFor.set_computed_styles",
    "weasyprint.css:find_style_attributes",
    "weasyprint.draw.text:draw_first_line",
    "weasyprint.formatting_structure.boxes:Box.border_height",
    "weasyprint.formatting_structure.boxes:Box.border_width",
    "weasyprint.formatting_structure.boxes:Box.is_in_normal_flow",
    "weasyprint.formatting_structure.boxes:Box.margin_height",
    "weasyprint.formatting_structure.boxes:Box.margin_width",
    "weasyprint.layout.absolute:AbsolutePlaceholder.__getattr__",
    "weasyprint.layout.background:layout_box_backgrounds",
    "weasyprint.layout.leader:handle_leader",
    "weasyprint.layout.percent:adjust_box_sizing",
    "weasyprint.layout.percent:resolve_one_percentage",
    "weasyprint.layout.percent:resolve_percentages",
    "weasyprint.layout.percent:resolve_radii_percentages",
    "weasyprint.layout.preferred:adjust",
    "weasyprint.layout.preferred:margin_width",
    "weasyprint.layout.preferred:min_max",
    "weasyprint.pdf.fonts:Font.__init__",
    "weasyprint.pdf.fonts:Font.clean",
    "weasyprint.pdf.stream:Stream.add_font",
    "weasyprint.text.fonts:font_features",
    "weasyprint.text.fonts:get_font_description",
    "weasyprint.text.fonts:get_pango_font_key",
    "weasyprint.text.line_break:Layout.set_text",
    "weasyprint.text.line_break:Layout.setup",
    "weasyprint.text.line_break:can_break_text",
    "weasyprint.text.line_break:create_layout",
    "weasyprint.text.line_break:first_line_metrics",
    "weasyprint.text.line_break:split_first_line",
    "weasyprint.text.line_break:strut",
    "pydyf:_to_bytes",
)


def replaced() -> dict[str, Callable[..., Any]]:
    """The functions of WeasyPrint and pydyf that are replaced or that the replacements do the work of, as they are before."""
    found = tuple(map(pkgutil.resolve_name, _REPLACED))
    return {f"{each.__module__}.{each.__qualname__}": each for each in found}


def spare_needless_work() -> None:
    """Apply all of it, once a process."""
    import weasyprint
    from weasyprint.text.line_break import Layout

    if weasyprint.__version__ != WEASYPRINT or getattr(Layout.setup, "quick", False):
        return
    from mmguide.render.pdf.quick import boxes, breaking, cascade, fonts, geometry, leaders, numbers, text

    for piece in (text, breaking, boxes, geometry, cascade, fonts, leaders, numbers):
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
