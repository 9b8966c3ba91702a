"""Stage render, PDF: styles and used lengths of boxes, worked out once for all boxes of a style where they do not depend on the place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from msgspec import Struct

_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *(f"{limit}{axis}" for axis in ("width", "height") for limit in ("", "min_", "max_")),
)
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
_DECISIVE = (*_LENGTHS, *_BORDERS, "box_sizing", "border_collapse")
_decisive = itemgetter(*_DECISIVE)
_MOST = 2000
# How these are computed depends on more than the declarations and the parent's value.
_INTERWOVEN = frozenset({"float", "position", "display", "page"})


def apply() -> None:
    _quick_styles()
    _quick_lengths()


class _Plain(Struct, frozen=True):
    """Properties that are their parent's, and those that are the initial value, wherever no declaration sets them."""

    inherited: frozenset[str]
    initial: Mapping[str, Any]

    def of(self, parent: Any) -> dict[str, Any]:
        """What is known of a style below this one before anything is asked for."""
        parent = vars(parent).get("_mmguide_kind", parent)
        return {**self.initial, **{key: parent[key] for key in self.inherited & parent.keys()}}


def _plain() -> _Plain:
    from weasyprint.css.functions import check_math
    from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

    simple = {
        key for key in INITIAL_VALUES.keys() | INHERITED if key not in _INTERWOVEN and not key.startswith("text_decoration_")
    }
    fixed = {key for key in simple - INHERITED - INITIAL_NOT_COMPUTED if not check_math(INITIAL_VALUES[key])}
    return _Plain(frozenset(simple & INHERITED), {key: value for key, value in INITIAL_VALUES.items() if key in fixed})


def _quick_styles() -> None:
    """A property that no declaration sets is its parent's or the initial one: it is there at once, or when it is asked for."""
    from weasyprint.css import AnonymousStyle, ComputedStyle
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS

    original, begin, begin_anonymous = ComputedStyle.__missing__, ComputedStyle.__init__, AnonymousStyle.__init__
    plain = _plain()
    logical = {
        (key, direction): function(block="ttb", inline=direction)
        for key, function in PHYSICAL_FUNCTIONS.items()
        for direction in ("ltr", "rtl")
    }
    any_logical = frozenset(logical.values())

    def init(self: Any, parent_style: Any, cascaded: Any, pseudo_type: Any, *rest: Any) -> None:
        begin(self, parent_style, cascaded, pseudo_type, *rest)
        # Of a first line or letter, what was asked for is what is laid over another style.
        whole = pseudo_type not in ("first-line", "first-letter")
        if whole and parent_style is not None and any_logical.isdisjoint(cascaded):
            self.update(plain.of(parent_style))
            for key in cascaded:
                self.pop(key, None)

    def init_anonymous(self: Any, parent_style: Any) -> None:
        begin_anonymous(self, parent_style)
        self.update({**plain.of(parent_style), **self})

    def missing(self: Any, key: str) -> Any:
        cascaded, parent = self.cascaded, self.parent_style
        if parent is None or key in cascaded:
            return original(self, key)
        if key in PHYSICAL_FUNCTIONS and logical[key, self["direction"]] in cascaded:
            return original(self, key)
        if key in plain.inherited:
            value = self[key] = parent[key]
        elif key in plain.initial:
            value = self[key] = plain.initial[key]
        else:
            value = original(self, key)
        return value

    ComputedStyle.__init__, ComputedStyle.__missing__, AnonymousStyle.__init__ = init, missing, init_anonymous


class _Probe:
    """What lengths can be resolved for without a page: anything that has a style."""

    def __init__(self, style: dict[str, Any]) -> None:
        self.style = style


def _quick_lengths() -> None:
    """Lengths without percentages are the same for each box of the style, wherever it stands."""
    from weasyprint.layout import percent

    from mmguide.render.pdf.quick import everywhere

    original = percent.resolve_percentages

    @lru_cache(_MOST)
    def fixed(values: tuple[Any, ...]) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The lengths of a style that are the same everywhere, and those that a box may have of its own, borders where they collapse."""
        style = dict(zip(_DECISIVE, values, strict=True))
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
            known["_mmguide_lengths"] = fixed(_decisive(box.style))
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
