"""Stage scan: what the pass over the blocks hands to the pass over their text. Offsets are those of the expanded text."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from mmguide.scan.attributes import Attributes
from mmguide.scan.lines import Line


class Leaf(Struct):
    """Lines of inline text: a paragraph, heading, table row …; `within` is the nesting of containers around it."""

    kind: str
    lines: Sequence[Line]
    level: int = 0


class Fenced(Struct):
    """A fenced div: `line` its opening line, `end` the offset of its closing line, -1 while open."""

    attributes: Attributes
    line: Line
    depth: int
    end: int = -1


class Blocks(Struct):
    """What the pass over the blocks found."""

    leaves: list[Leaf] = []
    divs: list[Fenced] = []
    unclosed: list[Fenced] = []
    code: list[tuple[Line, Attributes | None, Line]] = []
    unreadable: list[Line] = []
    references: list[tuple[str, str, Line]] = []
    notes: list[tuple[str, Line, int]] = []
    examples: dict[str, Line] = {}
    extents: list[tuple[int, int]] = []
    too_deep: list[int] = []
    depth: int = 0
