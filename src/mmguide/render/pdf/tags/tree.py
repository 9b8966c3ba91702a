"""Stage render, PDF: the structure tree, keyed by HTML elements, so that no page break can split a paragraph, list, table or link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, Union

from msgspec import Struct

from mmguide.render.pdf.tags.content import LinkArea, Mark
from mmguide.render.pdf.tags.dom import Element
from mmguide.render.pdf.tags.roles import GROUPING, INLINE

Kid: TypeAlias = Union["Node", Mark, LinkArea]


class Node(Struct, eq=False):
    """One structure element while the tree grows."""

    role: str
    element: Element | None = None
    kids: list[Kid] = []
    attributes: dict[str, dict[str, object]] = {}
    identifier: str | None = None
    title: str | None = None
    alt: str | None = None
    expansion: str | None = None
    language: str | None = None
    refs: list[Node] = []
    anonymous: bool = False

    def nodes(self) -> Iterator[Node]:
        """The node itself and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.nodes()

    def children(self) -> tuple[Node, ...]:
        return tuple(kid for kid in self.kids if isinstance(kid, Node))

    def marks(self) -> Iterator[Mark]:
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.marks()
            elif isinstance(kid, Mark):
                yield kid

    def text(self) -> str:
        """What a reader hears: the alternative text of pictures, the words of everything else."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        if self.alt is not None:
            yield f" {self.alt} "
            return
        for kid in self.kids:
            if isinstance(kid, Node):
                if kid.role not in ("Note", "FENote"):
                    yield from kid._words()
            elif isinstance(kid, Mark):
                yield kid.text + (" " if kid.space_after else "")


def attach(parent: Node, child: Node | Mark | LinkArea) -> Node:
    """Put `child` where it may stand below `parent`; the node that really holds it."""
    holder = _holder(parent, child)
    holder.kids.append(child)
    return holder


def _holder(parent: Node, child: Kid) -> Node:
    inline = not isinstance(child, Node) or child.role in INLINE
    if parent.role == "LI":
        return parent if isinstance(child, Node) and child.role in ("Lbl", "LBody") else body(parent)
    if parent.role in GROUPING and inline and not _may_stand(parent, child):
        return _paragraph(parent)
    return parent


def _may_stand(parent: Node, child: Kid) -> bool:
    """Inline types that a grouping element takes without a paragraph around them."""
    if not isinstance(child, Node):
        return False
    if parent.role == "TOCI":
        return child.role in ("Lbl", "Reference")
    open_line = bool(parent.kids) and isinstance(parent.kids[-1], Node) and parent.kids[-1].anonymous
    return child.role in ("Figure", "Formula") and not open_line


def _paragraph(parent: Node) -> Node:
    """The open paragraph at the parent's end, or a new one."""
    last = parent.kids[-1] if parent.kids else None
    if isinstance(last, Node) and last.anonymous:
        return last
    made = Node("P", anonymous=True)
    parent.kids.append(made)
    return made


def body(item: Node) -> Node:
    """The body of a list item, made when first needed."""
    found = next((kid for kid in item.children() if kid.role == "LBody"), None)
    if found is None:
        found = Node("LBody")
        item.kids.append(found)
    return found


def label(item: Node) -> Node:
    """The label of a list item or note, made at its beginning when first needed."""
    found = next((kid for kid in item.children() if kid.role == "Lbl"), None)
    if found is None:
        found = Node("Lbl")
        item.kids.insert(0, found)
    return found


# Cells stay, empty or not, since a row without one of them would be another table.
_KEPT = frozenset({"TD", "TH", "Document"})


def prune(node: Node) -> bool:
    """Drop elements that hold nothing; True if the node itself is worth keeping."""
    node.kids = [kid for kid in node.kids if not isinstance(kid, Node) or prune(kid)]
    return bool(node.kids) or node.role in _KEPT
