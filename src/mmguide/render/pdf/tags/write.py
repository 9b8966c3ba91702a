"""Stage render, PDF: the structure tree, the parent tree and the tree of identifiers as PDF objects."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mmguide.render.pdf.tags.content import LinkArea, Mark
from mmguide.render.pdf.tags.contract import Captured
from mmguide.render.pdf.tags.profiles import Profile
from mmguide.render.pdf.tags.roles import FROM_PDF_17
from mmguide.render.pdf.tags.tree import Node

_PDF_17 = "http://iso.org/pdf/ssn"
_PDF_20 = "http://iso.org/pdf2/ssn"
_POINTS = 0.75  # a CSS pixel in PDF points
_OWNERS: Mapping[str, str] = MappingProxyType({"FENote": "/FENote"})


class Writer:
    """Writes one tree; afterwards `objects` gives the PDF object of each node."""

    def __init__(self, captured: Captured, profile: Profile) -> None:
        import pydyf

        self.pydyf, self.captured, self.pdf, self.profile = pydyf, captured, captured.pdf, profile
        self.pages: tuple[bytes, ...] = self.pdf.page_references  # made anew each time it is asked for
        self.objects: dict[Node, Any] = {}
        self.identifiers: dict[str, bytes] = {}
        self.annotations: list[bytes] = []
        self.streams: dict[int, tuple[Any, dict[int, bytes]]] = {}
        self.namespaces: dict[str, Any] = {}

    def write(self, document: Node) -> None:
        root = self._add({"Type": "/StructTreeRoot"})
        if self.profile.modern:
            self.namespaces = {
                name: self._add({"Type": "/Namespace", "NS": self.pydyf.String(name)}) for name in (_PDF_20, _PDF_17)
            }
            root["Namespaces"] = self._array(each.reference for each in self.namespaces.values())
        top = self._node(document, root.reference)
        root["K"] = self._array([top.reference])
        if self.pdf.catalog.get("Lang"):
            top["Lang"] = self.pdf.catalog["Lang"]
        for node, written in self.objects.items():
            if node.refs:
                written["Ref"] = self._array(self.objects[each].reference for each in node.refs if each in self.objects)
        root["ParentTree"], root["ParentTreeNextKey"] = self._parent_tree()
        if self.identifiers:
            names = self._array(
                part for name in sorted(self.identifiers) for part in (self.pydyf.String(name), self.identifiers[name])
            )
            root["IDTree"] = self._add({"Kids": self._array([self._leaf(names).reference])}).reference
        self.pdf.catalog["StructTreeRoot"] = root.reference

    def _leaf(self, names: Any) -> Any:
        return self._add({"Limits": self._array([names[0], names[-2]]), "Names": names})

    def _add(self, values: dict[str, Any]) -> Any:
        made = self.pydyf.Dictionary(values)
        self.pdf.add_object(made)
        return made

    def _array(self, values: Any) -> Any:
        return self.pydyf.Array(list(values))

    # -- one element -----------------------------------------------------------------------------------------------------

    def _node(self, node: Node, parent: bytes) -> Any:
        written = self._add({"Type": "/StructElem", "S": f"/{node.role}", "P": parent})
        self.objects[node] = written
        if self.namespaces:
            written["NS"] = self.namespaces[_PDF_17 if node.role in FROM_PDF_17 else _PDF_20].reference
        self._words(node, written)
        self._attributes(node, written)
        page = self._page(node)
        if page is not None:
            written["Pg"] = self.pages[page]
        written["K"] = self._array(self._kid(kid, written, page) for kid in node.kids)
        return written

    def _words(self, node: Node, written: Any) -> None:
        pairs = (("Lang", node.language), ("Alt", node.alt), ("E", node.expansion), ("T", node.title), ("ID", node.identifier))
        for key, value in pairs:
            if value is not None:
                written[key] = self.pydyf.String(value)
        if node.identifier is not None:
            self.identifiers[node.identifier] = written.reference

    def _attributes(self, node: Node, written: Any) -> None:
        owners = {owner: dict(values) for owner, values in node.attributes.items()}
        box = _bounding_box(node, self.captured) if node.role in ("Figure", "Formula") else None
        if box is not None:
            owners.setdefault("Layout", {})["BBox"] = self._array(box)
            owners["Layout"]["Placement"] = "/Block" if len(node.kids) == 1 and node.element is not None else "/Inline"
        entries = [self._attribute(owner, values) for owner, values in owners.items()]
        if entries:
            written["A"] = entries[0] if len(entries) == 1 else self._array(entries)

    def _attribute(self, owner: str, values: Mapping[str, Any]) -> Any:
        if "Headers" in values:
            values = {**values, "Headers": self._array(self.pydyf.String(name) for name in values["Headers"])}
        return self.pydyf.Dictionary({"O": _OWNERS.get(owner, f"/{owner}"), **values})

    def _page(self, node: Node) -> int | None:
        """The page that plain numbers among the element's kids are on."""
        return next((kid.page for kid in node.kids if isinstance(kid, Mark) and self._on_page(kid)), None)

    def _on_page(self, mark: Mark) -> bool:
        return mark.drawn.stream is self.captured.page_streams[mark.page]

    def _kid(self, kid: Node | Mark | LinkArea, written: Any, page: int | None) -> Any:
        if isinstance(kid, Node):
            return self._node(kid, written.reference).reference
        reference = self.pages[kid.page]
        if isinstance(kid, LinkArea):
            kid.annotation["StructParent"] = len(self.captured.page_streams) + len(self.annotations)
            self.annotations.append(written.reference)
            return self.pydyf.Dictionary({"Type": "/OBJR", "Obj": kid.annotation.reference, "Pg": reference})
        stream = kid.drawn.stream
        self.streams.setdefault(id(stream), (stream, {}))[1][kid.number] = written.reference
        if not self._on_page(kid):
            return self.pydyf.Dictionary({"Type": "/MCR", "Pg": reference, "Stm": stream.reference, "MCID": kid.number})
        if kid.page == page:
            return kid.number
        return self.pydyf.Dictionary({"Type": "/MCR", "Pg": reference, "MCID": kid.number})

    # -- from content back to structure ------------------------------------------------------------------------------------

    def _parent_tree(self) -> tuple[bytes, int]:
        entries: list[tuple[int, Any]] = []
        for number, stream in enumerate(self.captured.page_streams):
            _, numbers = self.streams.pop(id(stream), (stream, {}))
            entries.append((number, self._owners(numbers)))
        following = len(entries)
        for reference in self.annotations:
            entries.append((following, reference))
            following += 1
        for stream, numbers in self.streams.values():
            stream.extra["StructParents"] = following
            entries.append((following, self._owners(numbers)))
            following += 1
        nums = self._array(part for entry in entries for part in entry)
        return self._add({"Nums": nums}).reference, following

    def _owners(self, numbers: Mapping[int, bytes]) -> Any:
        owners = self._array(numbers.get(number, "null") for number in range(max(numbers, default=-1) + 1))
        self.pdf.add_object(owners)
        return owners.reference


def _bounding_box(node: Node, captured: Captured) -> tuple[float, float, float, float] | None:
    """The rectangle around a picture, in the page's own coordinates."""
    marks = [mark for mark in node.marks() if not mark.artifact]
    if not marks:
        return None
    page = marks[0].page
    height = captured.document.pages[page].height
    corners = [_rectangle(mark.box) for mark in marks if mark.page == page]
    left, top = min(c[0] for c in corners), min(c[1] for c in corners)
    right, bottom = max(c[2] for c in corners), max(c[3] for c in corners)
    return tuple(round(value * _POINTS, 3) for value in (left, height - bottom, right, height - top))  # type: ignore[return-value]


def _rectangle(box: Any) -> tuple[float, float, float, float]:
    if hasattr(box, "text"):
        return box.position_x, box.position_y, box.position_x + box.width, box.position_y + box.height
    left, top = box.content_box_x(), box.content_box_y()
    return left, top, left + box.width, top + box.height
