"""Stage render, PDF: sizes of boxes in one step each, and no look at backgrounds and widths that a style does not have."""

from __future__ import annotations

from math import inf
from typing import Any

_CORNERS = tuple(f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left"))
_SQUARE = dict.fromkeys(_CORNERS, (0, 0))


def apply() -> None:
    _quick_boxes()
    _quick_widths()
    _quick_backgrounds()


def _quick_boxes() -> None:
    """Sums in the order in which WeasyPrint adds them up."""
    from weasyprint.formatting_structure.boxes import Box

    def is_in_normal_flow(self: Any) -> bool:
        style = self.style
        return style["float"] == "none" and style["position"] in ("static", "relative")

    def border_width(self: Any) -> Any:
        return self.width + self.padding_left + self.padding_right + self.border_left_width + self.border_right_width

    def border_height(self: Any) -> Any:
        return self.height + self.padding_top + self.padding_bottom + self.border_top_width + self.border_bottom_width

    def margin_width(self: Any) -> Any:
        borders = self.width + self.padding_left + self.padding_right + self.border_left_width + self.border_right_width
        return borders + self.margin_left + self.margin_right

    def margin_height(self: Any) -> Any:
        borders = self.height + self.padding_top + self.padding_bottom + self.border_top_width + self.border_bottom_width
        return borders + self.margin_top + self.margin_bottom

    for function in (is_in_normal_flow, border_width, border_height, margin_width, margin_height):
        setattr(Box, function.__name__, function)


def _quick_widths() -> None:
    """What a style adds to a box's width, and the limits that it sets, are looked up once a style."""
    from weasyprint.formatting_structure.boxes import ReplacedBox
    from weasyprint.layout import preferred

    from mmguide.render.pdf.quick import everywhere

    original = preferred.adjust

    def adjust(box: Any, outer: bool, width: Any, left: bool = True, right: bool = True) -> Any:
        known = vars(box.style)
        if "_mmguide_edges" not in known:
            known["_mmguide_edges"] = _edges(box.style)
        edges = known["_mmguide_edges"]
        if edges is None or isinstance(box, ReplacedBox):
            return original(box, outer, width, left, right)
        low, high, lefts, rights, borders, collapsed = edges
        width = max(low, min(width, high))
        if outer:
            for value in (*(lefts if left else ()), *(rights if right else ())):
                width += value
            for border, value in borders[not left : 1 + right]:
                width += getattr(box, border, value) if collapsed else value
        return width

    everywhere("adjust", original, adjust)


def _edges(style: Any) -> tuple[Any, ...] | None:
    """Least and greatest width, margin and padding of each side, borders, and whether a box may have others of its own.

    None where they depend on what stands around the box.
    """
    lengths = {
        name: style[name] for name in ("min_width", "max_width", "margin_left", "padding_left", "margin_right", "padding_right")
    }
    if not all(value == "auto" or getattr(value, "unit", None) == "px" for value in lengths.values()):
        return None
    low, high = (
        limit if value == "auto" else value.value for value, limit in zip(list(lengths.values())[:2], (0, inf), strict=True)
    )
    sides = [[lengths[f"{kind}_{side}"] for kind in ("margin", "padding")] for side in ("left", "right")]
    lefts, rights = ([value.value for value in side if value != "auto"] for side in sides)
    borders = [(name, style[name]) for name in ("border_left_width", "border_right_width")]
    return low, high, lefts, rights, borders, style["border_collapse"] == "collapse"


def _quick_backgrounds() -> None:
    """A box whose style has nothing behind its content has no background."""
    from weasyprint.formatting_structure.boxes import Box
    from weasyprint.layout import background

    original = background.layout_box_backgrounds

    def layout_box_backgrounds(
        page: Any, box: Any, get_image_from_uri: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        if style is not None or box is page or not isinstance(box, Box):
            original(page, box, get_image_from_uri, layout_children, style)
            return
        known = vars(box.style)
        if "_mmguide_bare" not in known:
            known["_mmguide_bare"] = _is_bare(box.style)
        if not known["_mmguide_bare"]:
            original(page, box, get_image_from_uri, layout_children)
            return
        vars(box).update(_SQUARE, background=None)
        if layout_children:
            for child in box.all_children():
                layout_box_backgrounds(page, child, get_image_from_uri)

    background.layout_box_backgrounds = layout_box_backgrounds


def _is_bare(style: Any) -> bool:
    from weasyprint.draw.color import get_color

    return (
        all((0, "px") in style[corner] for corner in _CORNERS)
        and style["border_image_source"][0] == "none"
        and style["mask_border_source"][0] == "none"
        and style["visibility"] != "hidden"
        and not style["box_shadow"]
        and all(kind == "none" for kind, _ in style["background_image"])
        and get_color(style, "background_color").alpha == 0
    )
