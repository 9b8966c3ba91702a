"""Stage render: a style sheet of ours for pages that run from the right: what is left in it is right, and the other way round."""

from __future__ import annotations

import re

_OTHER = {"left": "right", "right": "left"}
# Names of properties, margin boxes and pages, and the values of those that place things. What a text says about the columns of its
# tables holds as it stands.
_NAMED = re.compile(r"(?<![\w.-])(@top-|@bottom-|@page [\w:-]*:|(?:margin|padding|border)-)(left|right)\b")
_PLACED = re.compile(
    r"(?<![\w-])((?:float|clear|object-position|break-before|(?<!\.align-right \{ )text-align)\s*:\s*)(left|right)\b"
)
_FOUR_SIDES = re.compile(r"(?<![\w-])((?:margin|padding)\s*:\s*)([^;{}]+)")


def mirrored(css: str) -> str:
    """The style sheet with the sides of margins, paddings, borders, floats, margin boxes and pages exchanged."""
    css = _NAMED.sub(_exchanged, css)
    css = _PLACED.sub(_exchanged, css)
    return _FOUR_SIDES.sub(lambda found: found[1] + _four_sides(found[2]), css)


def _exchanged(found: re.Match[str]) -> str:
    return found[1] + _OTHER[found[2]]


def _four_sides(given: str) -> str:
    """Lengths of top, right, bottom and left with the second and the last exchanged; fewer than four are the same on both sides."""
    parts = re.findall(r"(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[^\s()])+", given)
    if len(parts) != 4:
        return given
    top, right, bottom, left = parts
    return f"{top} {left} {bottom} {right}"
