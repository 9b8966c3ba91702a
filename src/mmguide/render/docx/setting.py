"""Render, Word: what the rewriting of one place of the tree depends on, and the small moves that all of it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from mmguide.ast import Attr, Blocks, Element, Inlines, div, span
from mmguide.cache import NOTHING, Cache
from mmguide.diff.marks import Change
from mmguide.model.manuscript import CitedManuscript
from mmguide.render.docx.fields import bookmark_end, bookmark_start, bookmarked, raw_block
from mmguide.render.docx.look import Look
from mmguide.render.docx.names import Names

# What Word shows of the attributes that a source may carry; everything else stays behind.
_KEPT = ("lang", "dir")
_KEPT_CLASSES = ("smallcaps", "underline")


class Counter(Struct):
    """What Word will count by itself, counted alongside to see where the tree's number differs."""

    headings: list[int] = field(default_factory=lambda: [0] * 9)
    sequences: dict[str, int] = {}
    chapters: dict[str, str] = {}

    def heading(self, level: int) -> str:
        self.headings[level - 1] += 1
        self.headings[level:] = [0] * (9 - level)
        # Word shows a level that was left out as if it had begun.
        return ".".join(str(n or 1) for n in self.headings[:level])

    def next(self, sequence: str) -> int:
        self.sequences[sequence] = self.sequences.get(sequence, 0) + 1
        return self.sequences[sequence]


class Setting(Struct, frozen=True):
    """Everything the rewriting of one place depends on."""

    cited: CitedManuscript
    look: Look
    names: Names
    counter: Counter
    on_blocks: Callable[[Blocks, Setting], Blocks]
    on_inlines: Callable[[Inlines, Setting], Inlines]
    zotero: bool = False
    labelled: Mapping[str, str] = {}
    typed: frozenset[str] = frozenset()
    media: dict[str, bytes] = {}
    places: Mapping[int, str] = {}
    measure: int = 0
    in_box: bool = False
    in_table: bool = False
    # Words from the left in a document that runs from the right.
    from_left: bool = False
    style: str = ""
    change: Change | None = None
    pages: Mapping[str, str] = {}
    cache: Cache = NOTHING

    def inside(self, **changes: Any) -> Setting:
        return replace(self, **changes)

    def blocks(self, given: Blocks) -> Blocks:
        return self.on_blocks(given, self)

    def inlines(self, given: Inlines) -> Inlines:
        return self.on_inlines(given, self)


def plain_attr(attr: Attr) -> Attr:
    """What pandoc may see of an Attr: language, direction and the classes that its Word writer knows."""
    return Attr(
        "", tuple(c for c in attr.classes if c in _KEPT_CLASSES), tuple((k, v) for k, v in attr.attributes if k in _KEPT and v)
    )


def styled(name: str, content: Blocks, attr: Attr = Attr()) -> Element:
    """Blocks in a paragraph style."""
    return div(content, plain_attr(attr).having(custom_style=name))


def worded(name: str, content: Inlines, attr: Attr = Attr()) -> Element:
    """Inlines in a character style."""
    return span(content, plain_attr(attr).having(custom_style=name))


def anchored(content: Blocks, *names: str) -> Blocks:
    """Blocks with these bookmarks on their first paragraph, or before them where they begin with something else."""
    real = [name for name in names if name]
    if not real or not content:
        return content
    first, rest = content[0], content[1:]
    if first["t"] in ("Para", "Plain"):
        return [{**first, "c": bookmarked(first["c"], *real)}, *rest]
    if first["t"] == "Header":
        return [{"t": "Header", "c": [*first["c"][:2], bookmarked(first["c"][2], *real)]}, *rest]
    if first["t"] == "Div" and first["c"][1]:
        return [{"t": "Div", "c": [first["c"][0], anchored(first["c"][1], *real)]}, *rest]
    return [raw_block("".join(bookmark_start(n) + bookmark_end(n) for n in real)), *content]
