"""Stage render, PDF: links and bookmarks: what they are called and, in PDF 2.0, which structure element they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from mmguide.render.pdf.tags.content import Harvest, LinkArea
from mmguide.render.pdf.tags.contract import Captured
from mmguide.render.pdf.tags.dom import Element, collapse
from mmguide.render.pdf.tags.tree import Node

_PRINT = 4  # annotation flag: printed with the page


ANCHOR = "at:"


def name_links(document: Node) -> None:
    """Each link area says in words what the link's text says."""
    from pydyf import String

    for node in document.nodes():
        areas = [kid for kid in node.kids if isinstance(kid, LinkArea)]
        words = node.text() if areas else ""
        for area in areas:
            fallback = collapse(area.element.get("title") or "") or area.element.get("href") or ""
            area.annotation["Contents"] = String(words or fallback)
            area.annotation["F"] = _PRINT


def remove_areas(captured: Captured, dropped: list[LinkArea]) -> None:
    """Take away areas that belong to no element of the tree: those in repeated heads and those that lie within another."""
    gone = {area.annotation.reference for area in dropped}
    for page in _pages(captured):
        if "Annots" in page:
            page["Annots"][:] = [reference for reference in page["Annots"] if reference not in gone]
            if not page["Annots"]:
                del page["Annots"]
    for area in dropped:
        area.annotation.clear()


def _pages(captured: Captured) -> Iterator[Any]:
    wanted = set(captured.pdf.page_references)
    return (each for each in captured.pdf.objects if each.reference in wanted)


def tie_contents(found: Harvest, document: Node, node_of: Mapping[Element, Node]) -> None:
    """An entry of a table of contents names the element it leads to."""
    for node in document.nodes():
        if node.role != "TOCI":
            continue
        target = next((_target(found, link, node_of) for link in node.nodes() if link.role == "Link"), None)
        if target is not None:
            node.refs.append(target)
            for reference in (each for each in node.nodes() if each.role == "Reference"):
                reference.refs.append(target)
                break


def name_for_joining(found: Harvest, document: Node, node_of: Mapping[Element, Node], piece: str) -> None:
    """Identifiers of a part of a document: its own begin with its name, and what links lead to is called `at:` and the anchor."""
    for node in document.nodes():
        if node.identifier is not None:
            node.identifier = f"{piece}:{node.identifier}"
        table = node.attributes.get("Table", {})
        if "Headers" in table:
            table["Headers"] = [f"{piece}:{name}" for name in cast("list[str]", table["Headers"])]
    for name, element in found.tree.by_id.items():
        target = _node_for(element, node_of)
        if target is not None and target.identifier is None and target is not document:
            target.identifier = ANCHOR + name


def _target(found: Harvest, link: Node, node_of: Mapping[Element, Node]) -> Node | None:
    href = link.element.get("href") or "" if link.element is not None else ""
    element = found.tree.by_id.get(href[1:]) if href.startswith("#") else None
    return None if element is None else _node_for(element, node_of)


def _node_for(element: Element, node_of: Mapping[Element, Node]) -> Node | None:
    """The structure element of an HTML element, or the first one within it, or the one it stands in."""
    own = node_of.get(element)
    if own is not None and own.element is element:
        return own
    return next((node_of[each] for each in element.iter() if each in node_of and node_of[each].element is each), own)


def lead_to_structure(captured: Captured, found: Harvest, node_of: Mapping[Element, Node], objects: Mapping[Node, Any]) -> None:
    """PDF 2.0: every destination within the file names a structure element beside its place on the page."""
    from pydyf import Array, Dictionary

    pdf = captured.pdf
    targets: dict[str, Any] = {}
    names = pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
    for at in range(0, len(names), 2):
        name = names[at].string
        element = found.tree.by_id.get(name)
        node = None if element is None else _node_for(element, node_of)
        if node is not None and node in objects:
            place = names[at + 1]
            names[at + 1] = targets[name] = Dictionary({"D": place, "SD": Array([objects[node].reference, *place[1:]])})
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Subtype") == "/Link" and "Dest" in each:
            target = targets.get(each["Dest"].string)
            if target is not None:
                del each["Dest"]
                each["A"] = Dictionary({"S": "/GoTo", "D": target["D"], "SD": target["SD"]})
    _bookmarks_to_structure(pdf, found, node_of, objects)


def _bookmarks_to_structure(pdf: Any, found: Harvest, node_of: Mapping[Element, Node], objects: Mapping[Node, Any]) -> None:
    from pydyf import Array, Dictionary

    headings = [node for node in dict.fromkeys(node_of.values()) if re.fullmatch(r"H[1-6]|Title", node.role) and node in objects]
    by_title: dict[str, list[Node]] = {}
    for node in headings:
        by_title.setdefault(node.text(), []).append(node)
    document = next(iter(objects.values()))
    for each in pdf.objects:
        if isinstance(each, dict) and "Title" in each and "Dest" in each:
            waiting = by_title.get(collapse(each["Title"].string), [])
            target = objects[waiting.pop(0)] if waiting else document
            place = each.pop("Dest")
            each["A"] = Dictionary({"S": "/GoTo", "D": place, "SD": Array([target.reference, *place[1:]])})
