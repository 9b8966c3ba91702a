"""Stage render, PDF: every piece that WeasyPrint marked on the pages, with the HTML element it belongs to."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mmguide.render.pdf.tags.contract import Captured
from mmguide.render.pdf.tags.dom import Element, Tree, is_hidden, is_picture, local_name

# A piece of an element stands before its children, in their midst, or after them.
LABELS = frozenset({"marker", "footnote-marker", "note-marker"})
CALLS = frozenset({"footnote-call", "note-call"})


class Mark(Struct, eq=False):
    """One marked-content sequence. `artifact` names its kind if it is no content (Pagination, Layout, Background)."""

    page: int
    box: Any
    mcid: int
    element: Element
    pseudo: str
    artifact: str = ""
    slot: int = 0
    text: str = ""
    hyphenated: bool = False
    space_before: bool = False
    space_after: bool = False
    # How it was drawn (streams.py): the text its glyphs give, and the number it has in its own stream.
    drawn: Any = None
    number: int = -1

    @property
    def blank(self) -> bool:
        """True for text that leaves no trace on the page, such as the space between two inline elements."""
        return hasattr(self.box, "text") and not self.text.strip()


class LinkArea(Struct, eq=False):
    """One clickable rectangle of a link."""

    page: int
    element: Element
    annotation: Any


class Harvest(Struct):
    """All that the pages hold."""

    tree: Tree
    marks: list[Mark] = []
    areas: list[LinkArea] = []
    dropped: list[LinkArea] = []
    seen: set[Element] = set()
    blocks: set[Element] = set()
    notes: set[Element] = set()
    list_styles: dict[Element, str] = {}
    leaders: set[Element] = set()
    first_page: dict[Element, int] = {}


def harvest(captured: Captured, tree: Tree) -> Harvest:
    """Walk the boxes of all pages in the order they were laid out."""
    found = Harvest(tree)
    repeats = _Repeats()
    for number, (page, stream) in enumerate(zip(captured.document.pages, captured.page_streams, strict=True)):
        marked = {box: entry["mcid"] for box, entry in stream._tags.items()}
        walk = _PageWalk(found, number, marked, repeats)
        walk.visit(page._page_box, "")
        for box, mcid in walk.marked.items():
            # Drawn, but not reached through the boxes: never lost, it belongs to its element all the same.
            found.marks.append(Mark(number, box, mcid, box.element or tree.body, _pseudo(box)))
    return found


class _Repeats:
    """Row groups that were met already: a second box of the same head is a repetition at the top of a page."""

    def __init__(self) -> None:
        self.first: dict[Element, Any] = {}

    def again(self, box: Any) -> bool:
        return self.first.setdefault(box.element, box) is not box


class _PageWalk:
    def __init__(self, found: Harvest, page: int, marked: dict[Any, int], repeats: _Repeats) -> None:
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        self.found, self.page, self.marked, self.repeats = found, page, marked, repeats
        self.boxes, self.placeholder = boxes, AbsolutePlaceholder

    def visit(self, box: Any, artifact: str) -> None:
        if isinstance(box, self.placeholder):
            box = box._box
        artifact = artifact or self._artifact(box)
        element, pseudo = box.element, _pseudo(box)
        if element is not None and not artifact:
            self._note_facts(box, element, pseudo)
        if box in self.marked:
            self._keep(box, element, pseudo, artifact)
        if box.link_annotation is not None and element is not None:
            area = LinkArea(self.page, self._link_element(element), box.link_annotation)
            (self.found.dropped if artifact else self.found.areas).append(area)
        for child in box.children:
            self.visit(child, artifact)

    def _artifact(self, box: Any) -> str:
        """The kind of artifact a box opens for itself and all it holds."""
        boxes = self.boxes
        if isinstance(box, boxes.MarginBox):
            return "Pagination"
        if isinstance(box, boxes.TableRowGroupBox) and (box.is_header or box.is_footer) and self.repeats.again(box):
            return "Pagination"
        if box.is_leader:
            self.found.leaders.add(box.element)
            return "Layout"
        if box.element is None or isinstance(box, boxes.PageBox):
            return ""
        if box.style["position"] == "fixed":
            return "Pagination"
        if is_hidden(box.element):
            return "Layout"
        if isinstance(box, boxes.ReplacedBox) and is_picture(box.element) and not self.found.tree.described(box.element):
            return "Layout"
        if isinstance(box, boxes.TextBox) and box.text and not box.text.strip("\u200b"):
            return "Layout"
        return ""

    def _note_facts(self, box: Any, element: Element, pseudo: str) -> None:
        found = self.found
        found.seen.add(element)
        found.first_page.setdefault(element, self.page)
        if pseudo in CALLS or pseudo in ("footnote-marker", "note-marker"):
            found.notes.add(element)
        elif not pseudo and isinstance(box, self.boxes.BlockLevelBox):
            found.blocks.add(element)
        if not pseudo and local_name(element) == "li" and element not in found.list_styles:
            found.list_styles[element] = str(box.style["list_style_type"])

    def _keep(self, box: Any, element: Element | None, pseudo: str, artifact: str) -> None:
        mcid = self.marked.pop(box)
        owner = self.found.tree.body if element is None else element
        mark = Mark(self.page, box, mcid, owner, pseudo, artifact, text=getattr(box, "text", ""))
        self.found.marks.append(mark)

    def _link_element(self, element: Element) -> Element:
        """WeasyPrint gives every box within a link an area of its own: they all belong to the link's element."""
        for each in self.found.tree.ancestors(element):
            if local_name(each) == "a" and each.get("href"):
                return each
        return element


def _pseudo(box: Any) -> str:
    parts = str(box.element_tag or "").split("::")
    if len(parts) < 2:
        return ""
    return parts[1] if parts[1] not in ("first-line", "first-letter") else ""


def drop_doubled_areas(found: Harvest) -> None:
    """Keep one area for each line of a link: those of boxes within it lie within its own and would be announced twice."""
    kept: list[LinkArea] = []
    by_link: dict[tuple[int, Element], list[LinkArea]] = {}
    for area in found.areas:
        by_link.setdefault((area.page, area.element), []).append(area)
    for areas in by_link.values():
        for area in areas:
            others = (other for other in areas if other is not area)
            doubled = any(
                _within(area, other) and not (_within(other, area) and areas.index(area) < areas.index(other)) for other in others
            )
            (found.dropped if doubled else kept).append(area)
    found.areas = kept


def _within(inner: LinkArea, outer: LinkArea, slack: float = 0.5) -> bool:
    x1, y1, x2, y2 = _corners(inner)
    left, low, right, high = _corners(outer)
    return x1 >= left - slack and x2 <= right + slack and y1 >= low - slack and y2 <= high + slack


def _corners(area: LinkArea) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = area.annotation["Rect"]
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def by_element(marks: list[Mark]) -> dict[Element, list[Mark]]:
    """The marks that are content, by their element, in layout order."""
    grouped: dict[Element, list[Mark]] = {}
    for mark in marks:
        if not mark.artifact:
            grouped.setdefault(mark.element, []).append(mark)
    return grouped
