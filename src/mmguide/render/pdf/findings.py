"""Stage render, PDF: what only the finished pages show and no rule of layout could mend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

_MILLIMETRE = 96 / 25.4
# Less than this is rounding, or the side bearing of a letter.
_SLACK = 1.0 * _MILLIMETRE
# Fewer letters tell nobody where they stand: the number of a heading, a bullet.
_TELLING = 4
# A page filled less than this is nearly empty.
_LEAST_FILLED = 0.1


class Finding(Struct, frozen=True):
    """`kind` is overflow, wide or empty; `words` and `anchor` (the nearest id) say where in the text, `amount` is in millimetres."""

    kind: str
    page: int
    words: str
    anchor: str = ""
    amount: float = 0.0


def findings(document: Any) -> tuple[Finding, ...]:
    """All findings of a document that WeasyPrint laid out, page by page."""
    tree = _Anchors(document._html.etree_element)
    found: list[Finding] = []
    for number, page in enumerate(document.pages, start=1):
        walk = _Page(page._page_box, number, tree)
        found += walk.found
        found += walk.nearly_empty()
    return tuple(dict.fromkeys(found))


def filled(document: Any) -> float:
    """How much of the last page its text fills, as a share of the height between its margins."""
    from weasyprint.formatting_structure import boxes

    page = document.pages[-1]._page_box
    texts = (
        child for child in page.children if isinstance(child, boxes.BlockLevelBox) and not isinstance(child, boxes.MarginBox)
    )
    lowest = max((child.position_y + child.margin_height() for child in texts), default=0.0)
    return float((lowest - page.content_box_y()) / page.height) if page.height else 1.0


class _Anchors:
    """The nearest identifier of each element."""

    def __init__(self, root: Any) -> None:
        self.parent = {child: element for element in root.iter() for child in element}

    def of(self, element: Any) -> str:
        while element is not None:
            if element.get("id"):
                return str(element.get("id"))
            element = self.parent.get(element)
        return ""

    def in_title(self, element: Any) -> bool:
        """True within a heading of the highest level, and in the contents."""
        while element is not None:
            if element.tag in ("h1", "nav"):
                return True
            element = self.parent.get(element)
        return False


class _Page:
    """One page: its boxes are walked once."""

    def __init__(self, box: Any, number: int, anchors: _Anchors) -> None:
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        self.boxes, self.placeholder, self.number, self.anchors = boxes, AbsolutePlaceholder, number, anchors
        self.top, self.height = box.content_box_y(), box.height
        self.left, self.right = box.content_box_x(), box.content_box_x() + box.width
        self.lowest, self.first, self.begins_chapter = self.top, "", False
        self.found: list[Finding] = []
        for child in box.children:
            if not isinstance(child, boxes.MarginBox):
                self._visit(child, self.right, not isinstance(child, boxes.FootnoteAreaBox), None)

    def _visit(self, box: Any, bound: float, in_flow: bool, owner: Any) -> None:
        """`bound` is the right edge that text must keep to, `owner` the element whose box set it."""
        if isinstance(box, self.placeholder):
            return  # placed by hand, where the style sheet wants it
        if isinstance(box, self.boxes.TextBox) and box.text.strip():
            self._text(box, bound, in_flow)
        elif isinstance(box, self.boxes.TableBox):
            self._wide(box, box.border_box_x() + box.border_width(), _words(box))
        elif isinstance(box, self.boxes.ReplacedBox):
            self._wide(box, box.content_box_x() + box.width, (box.element.get("alt") or "") if box.element is not None else "")
            self._reached(box, in_flow)
        if isinstance(box, self.boxes.BlockContainerBox) and box.element is not None:
            edge = box.border_box_x() + box.border_width()
            # A box that only holds lines together lies within another one of its element, which has the padding.
            bound, owner = (max(bound, edge) if box.element is owner else edge), box.element
        for child in box.children:
            self._visit(child, bound, in_flow, owner)

    def _text(self, box: Any, bound: float, in_flow: bool) -> None:
        self._reached(box, in_flow)
        over = max(box.position_x + box.width - bound, self.left - box.position_x)
        pushed = box.position_x >= bound  # by what stands before it in the line, which is reported
        if over > _SLACK and not pushed and box.style["visibility"] == "visible":
            self.found.append(
                Finding("overflow", self.number, box.text.strip(), self.anchors.of(box.element), round(over / _MILLIMETRE, 1))
            )

    def _wide(self, box: Any, edge: float, words: str) -> None:
        over = edge - self.right
        if over > _SLACK and box.element is not None:
            self._add("wide", box, words, over)

    def _add(self, kind: str, box: Any, words: str, over: float) -> None:
        self.found.append(Finding(kind, self.number, words, self.anchors.of(box.element), round(over / _MILLIMETRE, 1)))

    def _reached(self, box: Any, in_flow: bool) -> None:
        if in_flow:
            text = getattr(box, "text", "").strip()
            self.begins_chapter = self.begins_chapter or (not self.first and self.anchors.in_title(box.element))
            self.first = text if len(self.first) < _TELLING else self.first
            self.lowest = max(self.lowest, box.position_y + box.height)

    def nearly_empty(self) -> Iterator[Finding]:
        """A page with hardly anything on it. One that begins a chapter is as short as its author wants it."""
        filled = (self.lowest - self.top) / self.height if self.height else 1.0
        if self.first and 0 < filled < _LEAST_FILLED and not self.begins_chapter:
            yield Finding("empty", self.number, self.first)


def _words(box: Any) -> str:
    """The first words of a box."""
    for each in box.descendants():
        text = getattr(each, "text", "")
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""
