"""Stage assemble, identifiers: sections are parsed apart, so that the same identifier can arise twice; afterwards each is unique."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmguide.ast import Attr, Blocks, Element, attr_of, rewrite, with_attr
from mmguide.model.manuscript import Section
from mmguide.walks import named_in, within

# `refs` and `ref-KEY` belong to citeproc, the others to the sections that the compiler adds.
RESERVED = ("references", "abbreviations", "footnotes", "contents", "main")


def unique_identifiers(sections: Sequence[Section]) -> list[Blocks]:
    """The blocks of each section with identifiers that stand once; links inside a section follow their target."""
    taken = set(RESERVED)
    explicit = {anchor.id for section in sections for anchor in section.scan.anchors}
    taken |= explicit
    seen: set[str] = set()
    out: list[Blocks] = []
    for section in sections:
        own = {anchor.id for anchor in section.scan.anchors}
        renamed: dict[str, str] = {}
        here: set[str] = set()
        for old, _ in named_in(section.blocks):
            if old in here or old == "refs":
                continue
            here.add(old)
            clash = old in seen if old in own else old in taken
            if clash:
                renamed[old] = _free(old, taken)
            taken.add(renamed.get(old, old))
            seen.add(renamed.get(old, old))
        out.append(_renamed(section.blocks, renamed))
    return out


def _free(base: str, taken: set[str]) -> str:
    number = 1
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _renamed(blocks: Blocks, names: dict[str, str]) -> Blocks:
    if not names:
        return blocks

    def action(element: Element) -> Element | None:
        attr = attr_of(element)
        is_link = element["t"] == "Link"
        target = element["c"][2][0] if is_link else ""
        if attr.id not in names and target.removeprefix("#") not in names:
            return None
        made: dict[str, Any] = {**element, "c": rewrite(element["c"], action)}
        if attr.id in names:
            made = with_attr(made, Attr(names[attr.id], attr.classes, attr.attributes))
        if target.startswith("#") and target[1:] in names:
            made = {"t": "Link", "c": [*made["c"][:2], ["#" + names[target[1:]], made["c"][2][1]]]}
        return made

    out: Blocks = []
    for block in blocks:
        found = within(block)
        concerned = "Link" in found.marks or any(name in names for name, _ in found.named)
        out += rewrite([block], action) if concerned else [block]
    return out
