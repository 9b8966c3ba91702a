"""Stage render, PDF: how a list numbers its items."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mmguide.render.pdf.tags.content import Harvest
from mmguide.render.pdf.tags.dom import Element, local_name
from mmguide.render.pdf.tags.profiles import Profile

_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "none": "None",
        "disc": "Disc",
        "circle": "Circle",
        "square": "Square",
        "decimal": "Decimal",
        "lower-roman": "LowerRoman",
        "upper-roman": "UpperRoman",
        "lower-alpha": "LowerAlpha",
        "lower-latin": "LowerAlpha",
        "upper-alpha": "UpperAlpha",
        "upper-latin": "UpperAlpha",
    }
)


def numbering(element: Element, found: Harvest, profile: Profile) -> str:
    """The value of ListNumbering: what the first item really shows."""
    name = local_name(element)
    if name == "dl":
        return "Description" if profile.modern else "None"
    style = next((found.list_styles[item] for item in element if item in found.list_styles), None)
    if style is None:
        labelled = any("csl-left-margin" in (each.get("class") or "") for each in element.iter())
        return "Decimal" if labelled else "None"
    if style in _STYLES:
        return _STYLES[style]
    return "Decimal" if name == "ol" else "Disc"
