"""Stage scan: what the pass over the blocks hands to the pass over their text. Offsets are those of the expanded text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mmguide.scan.attributes import Attributes
from mmguide.scan.lines import Line


@dataclass
class Leaf:
    """Lines of inline text: a paragraph, heading, table row …; `within` is the nesting of containers around it."""

    kind: str
    lines: Sequence[Line]
    level: int = 0


@dataclass
class Fenced:
    """A fenced div: `line` its opening line, `end` the offset of its closing line, -1 while open."""

    attributes: Attributes
    line: Line
    depth: int
    end: int = -1


@dataclass
class Blocks:
    """What the pass over the blocks found."""

    leaves: list[Leaf] = field(default_factory=list)
    divs: list[Fenced] = field(default_factory=list)
    unclosed: list[Fenced] = field(default_factory=list)
    code: list[tuple[Line, Attributes | None, Line]] = field(default_factory=list)
    unreadable: list[Line] = field(default_factory=list)
    references: list[tuple[str, str, Line]] = field(default_factory=list)
    notes: list[tuple[str, Line, int]] = field(default_factory=list)
    examples: dict[str, Line] = field(default_factory=dict)
    extents: list[tuple[int, int]] = field(default_factory=list)
    too_deep: list[int] = field(default_factory=list)
    depth: int = 0
