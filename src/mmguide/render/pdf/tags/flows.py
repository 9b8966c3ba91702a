"""Stage render, PDF: the words of each paragraph in one line, so that no space between them is lost."""

from __future__ import annotations

from collections.abc import Iterator

from mmguide.render.pdf.tags.content import LABELS, Mark
from mmguide.render.pdf.tags.roles import INLINE
from mmguide.render.pdf.tags.tree import Node

_APART = frozenset({"Note", "FENote"})


def settle_words(document: Node) -> None:
    """Decide after which pieces a space must stand, and drop those that drew nothing."""
    for flow in flows(document):
        previous: Mark | None = None
        for mark in flow:
            if mark.blank:
                if previous is not None and mark.text:
                    previous.space_after = True
                continue
            if previous is not None and mark.space_before and mark.pseudo not in LABELS:
                previous.space_after = True
            if previous is not None and (mark.text[:1].isspace() or previous.text[-1:].isspace()):
                previous.space_after = False
            previous = mark
        if previous is not None:
            previous.space_after = False
    _drop_undrawn(document)


def flows(node: Node) -> Iterator[list[Mark]]:
    """The marks of each run of text: a block begins a new one, a note stands beside the one it is called from."""
    found: list[list[Mark]] = [[]]
    _collect(node, found, found[0])
    return (flow for flow in found if flow)


def _collect(node: Node, found: list[list[Mark]], current: list[Mark]) -> list[Mark]:
    """Add the node's marks to `current`; the run that is open afterwards."""
    for kid in node.kids:
        if isinstance(kid, Mark):
            current.append(kid)
        elif isinstance(kid, Node) and kid.role in _APART:
            _collect(kid, found, _opened(found))
        elif isinstance(kid, Node) and kid.role in INLINE - {"Lbl"}:
            current = _collect(kid, found, current)
        elif isinstance(kid, Node):
            _collect(kid, found, _opened(found))
            if kid.role != "Lbl" or node.role in ("LI", "Note", "FENote"):
                current = _opened(found)
    return current


def _opened(found: list[list[Mark]]) -> list[Mark]:
    found.append([])
    return found[-1]


def _drop_undrawn(node: Node) -> None:
    node.kids = [kid for kid in node.kids if not (isinstance(kid, Mark) and (kid.blank or kid.drawn is None))]
    for kid in node.children():
        _drop_undrawn(kid)
