"""Stage render, PDF: which words of the source each drawn line shows, so that a reader gets the source's text.

A layout engine drops the space at which it breaks a line and adds hyphens of its own. Each marked piece is laid against the text nodes of
its element: this tells its place among the children, whether its last hyphen is the source's, and whether a space belongs after it.
"""

from __future__ import annotations

from collections.abc import Sequence

from mmguide.render.pdf.tags.content import Harvest, Mark, by_element
from mmguide.render.pdf.tags.dom import WHITESPACE, Element, local_name, own_texts

_BETWEEN = "\0"  # stands for a child element between two text nodes; no valid text holds it


def align(found: Harvest) -> None:
    """Set text, slot, hyphenated and space_after of all marks of running text."""
    for element, marks in by_element(found.marks).items():
        running = [mark for mark in marks if not mark.pseudo]
        if running:
            _align_element(element, running, element in found.blocks)


def _align_element(element: Element, marks: Sequence[Mark], is_block: bool) -> None:
    source = _BETWEEN.join(WHITESPACE.sub(" ", text.replace(_BETWEEN, "")) for text in _texts_with_breaks(element))
    folded = source.lower() if len(source.lower()) == len(source) else source
    position = 0
    previous: Mark | None = None
    for mark in marks:
        shown = WHITESPACE.sub(" ", mark.text)
        if not shown.strip(" \u200b"):
            space = source.find(" ", position)
            if space >= 0 and not source[position:space].strip(_BETWEEN):
                position = space + 1
            mark.slot = source.count(_BETWEEN, 0, position)
            continue
        start, length = _find(source, folded, shown, position, mark)
        if start < 0:
            mark.slot = source.count(_BETWEEN, 0, position)
            previous = mark
            continue
        skipped = source[position:start]
        if previous is not None and " " in skipped.split(_BETWEEN)[0]:
            previous.space_after = not previous.text.endswith(" ")
        if previous is None or _BETWEEN in skipped:
            last = skipped.rsplit(_BETWEEN, 1)[-1]
            mark.space_before = bool(last) and not (is_block and _BETWEEN not in source[:start])
        mark.slot = source.count(_BETWEEN, 0, start)
        mark.text = source[start : start + length]
        position = start + length
        previous = mark
    if previous is not None and source[position : position + 1] == " " and not previous.text.endswith(" "):
        more = source[position:].strip(" ")
        previous.space_after = bool(more) or not is_block


def _texts_with_breaks(element: Element) -> list[str]:
    """The element's own texts; a forced line break parts words as a space does."""
    texts = own_texts(element)
    for index, child in enumerate(element):
        if local_name(child) == "br":
            texts[index] += " "
    return texts


def _find(source: str, folded: str, shown: str, position: int, mark: Mark) -> tuple[int, int]:
    """Where `shown` stands in the source from `position` on, and how long it is there; (-1, 0) if it is not the source's text."""
    start = position
    while start < len(source) and source[start] in (" ", _BETWEEN) and not source.startswith(shown, start):
        start += 1
    if source.startswith(shown, start):
        return start, len(shown)
    hyphen = mark.box.style["hyphenate_character"]
    trimmed = shown[: -len(hyphen)] if hyphen and shown.endswith(hyphen) else None
    if trimmed and source.startswith(trimmed, start):
        mark.hyphenated = True
        return start, len(trimmed)
    for candidate, is_hyphen in ((shown, False), (trimmed, True)):
        if candidate and folded.startswith(candidate.lower(), start):
            mark.hyphenated = is_hyphen
            return start, len(candidate)
    found = source.find(shown, position)
    return (found, len(shown)) if found >= 0 else (-1, 0)
