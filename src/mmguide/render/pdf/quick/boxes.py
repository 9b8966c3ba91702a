"""Stage render, PDF: styles and used lengths of boxes, worked out once for all boxes of a style where they do not depend on the place."""

from __future__ import annotations

from typing import Any

_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *(f"{limit}{axis}" for axis in ("width", "height") for limit in ("", "min_", "max_")),
)
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
# How these are computed depends on more than the declarations and the parent's value.
_INTERWOVEN = frozenset({"float", "position", "display", "page"})


def apply() -> None:
    _quick_styles()
    _quick_lengths()


def _quick_styles() -> None:
    """A property that no declaration sets is its parent's or the initial one: no need to ask any further."""
    from weasyprint.css import ComputedStyle
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
    from weasyprint.css.functions import check_math
    from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

    original = ComputedStyle.__missing__

    def simple(key: str) -> bool:
        return key not in _INTERWOVEN and not key.startswith("text_decoration_")

    inherited = frozenset(key for key in INHERITED if simple(key))
    initial = {
        key: value
        for key, value in INITIAL_VALUES.items()
        if simple(key) and key not in INHERITED and key not in INITIAL_NOT_COMPUTED and not check_math(value)
    }
    logical = {
        (key, direction): function(block="ttb", inline=direction)
        for key, function in PHYSICAL_FUNCTIONS.items()
        for direction in ("ltr", "rtl")
    }

    def missing(self: Any, key: str) -> Any:
        cascaded, parent = self.cascaded, self.parent_style
        if parent is None or key in cascaded:
            return original(self, key)
        if key in PHYSICAL_FUNCTIONS and logical[key, self["direction"]] in cascaded:
            return original(self, key)
        if key in inherited:
            value = self[key] = parent[key]
        elif key in initial:
            value = self[key] = initial[key]
        else:
            value = original(self, key)
        return value

    ComputedStyle.__missing__ = missing


class _Probe:
    """What lengths can be resolved for without a page: anything that has a style."""

    def __init__(self, style: Any) -> None:
        self.style = style


def _quick_lengths() -> None:
    """Lengths without percentages are the same for each box of the style, wherever it stands."""
    from weasyprint.layout import percent

    from mmguide.render.pdf.quick import everywhere

    original = percent.resolve_percentages

    def fixed(style: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The lengths of a style that are the same everywhere, and those that a box may have of its own, borders where they collapse."""
        collapsed = style["border_collapse"] == "collapse"
        if not all(_is_fixed(style[name]) for name in _LENGTHS) or (collapsed and style["box_sizing"] != "content-box"):
            return None
        probe = _Probe(style)
        original(probe, (0, 0))
        lengths = {name: value for name, value in vars(probe).items() if name != "style"}
        return lengths, {name: lengths.pop(name) for name in _BORDERS} if collapsed else {}

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        known = vars(box.style)
        if "_mmguide_lengths" not in known:
            known["_mmguide_lengths"] = fixed(box.style)
        if known["_mmguide_lengths"] is None:
            original(box, containing_block)
            return
        lengths, borders = known["_mmguide_lengths"]
        own = vars(box)
        own.update(lengths)
        for name, value in borders.items():
            own.setdefault(name, value)

    everywhere("resolve_percentages", original, resolve_percentages)


def _is_fixed(value: Any) -> bool:
    return value == "auto" or getattr(value, "unit", None) == "px"
