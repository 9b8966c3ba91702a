"""Stage assemble, numbering: headings, figures and tables get their numbers, captions their labels, and all become targets."""

from __future__ import annotations

from mmguide.ast import (
    Attr,
    Blocks,
    Element,
    Inlines,
    attr_of,
    classes_of,
    div,
    iterate,
    plain_text,
    rewrite,
    span,
    string,
    with_attr,
)
from mmguide.labels import label
from mmguide.model.manuscript import Target
from mmguide.model.settings import Settings
from mmguide.walks import elements_of, rewrite_where

NO_BREAK_SPACE = "\u00a0"
_BOXES = frozenset({"recommendation", "statement", "panel-note"})
_NUMBERED = frozenset({"Header", "Figure", "Table", "Div"})
CAPTION_KINDS = {"fig": "figure", "tbl": "table"}


def raised(blocks: Blocks) -> Blocks:
    """Headings moved up so that the highest is level 1: a file written below a title of its own begins with level 2."""
    levels = [e["c"][0] for e in elements_of(blocks) if e["t"] == "Header"]
    down = min(levels, default=1) - 1
    if not down:
        return blocks

    def action(element: Element) -> Element:
        return {"t": "Header", "c": [element["c"][0] - down, *element["c"][1:]]}

    made: Blocks = rewrite(blocks, action, {"Header"})
    return made


class Numbering:
    """Counts through one manuscript. `blocks` gives the numbered tree, `targets` afterwards what can be pointed at."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._headings = [0] * 6
        self._captions = {"fig": 0, "tbl": 0}
        self._boxes = 0
        self.targets: list[Target] = []

    def blocks(self, blocks: Blocks) -> Blocks:
        return rewrite_where(blocks, _NUMBERED, self._action, _NUMBERED)

    def _action(self, element: Element) -> Element | None:
        kind = element["t"]
        if kind == "Header":
            return self._heading(element)
        if kind == "Figure" and _caption_of(element):
            return self._figure(element)
        if kind == "Table" and _caption_of(element):
            return self._table(element)
        if kind == "Div" and not _BOXES.isdisjoint(classes_of(element)):
            self._boxes += 1
            made = {**element, "c": [element["c"][0], rewrite(element["c"][1], self._action, _NUMBERED)]}
            self._boxes -= 1
            return made
        return None

    def _heading(self, element: Element) -> Element:
        level, attr = element["c"][0], attr_of(element)
        title = plain_text(element["c"][2])
        if self._boxes or "unnumbered" in attr.classes or not self._settings.numbering:
            self.targets.append(Target(attr.id, "sec", "", title, level))
            return element
        self._headings[level - 1] += 1
        self._headings[level:] = [0] * (6 - level)
        number = ".".join(str(n) for n in self._headings[:level])
        self.targets.append(Target(attr.id, "sec", number, title, level))
        return with_attr(element, attr.having(number=number))

    def _figure(self, element: Element) -> Element:
        attr, number = attr_of(element), self._next("fig")
        identifier = attr.id or _inner_id(element) or f"fig-{number}"
        caption = self._labelled(element["c"][1], "fig", number)
        self.targets.append(Target(identifier, "fig", number, plain_text(_caption_of(element))))
        inner = _without_id(element["c"][2], identifier)
        return {"t": "Figure", "c": [attr.having(id=identifier, number=number).raw(), caption, inner]}

    def _table(self, element: Element) -> Element:
        attr, number = attr_of(element), self._next("tbl")
        identifier = attr.id or f"tbl-{number}"
        caption = self._labelled(element["c"][1], "tbl", number)
        self.targets.append(Target(identifier, "tbl", number, plain_text(_caption_of(element))))
        bare = {"t": "Table", "c": [Attr("", attr.classes, attr.attributes).raw(), caption, *element["c"][2:]]}
        return div([bare], Attr(identifier, ("table", *attr.classes), (("number", number),)))

    def _next(self, kind: str) -> str:
        self._captions[kind] += 1
        return str(self._captions[kind])

    def _labelled(self, caption: list[Blocks], kind: str, number: str) -> list[Blocks]:
        """The caption with "Figure 2" and a full stop before its first words."""
        word = label(CAPTION_KINDS[kind], self._settings.language)
        lead: Inlines = [
            span([string(f"{word}{NO_BREAK_SPACE}{number}")], Attr("", ("caption-label",))),
            span([string("."), {"t": "Space"}], Attr("", ("caption-separator",))),
        ]
        short, blocks = caption
        first = {**blocks[0], "c": lead + blocks[0]["c"]} if blocks[0]["t"] in ("Plain", "Para") else blocks[0]
        return [short, [first, *blocks[1:]]]


def _caption_of(element: Element) -> Blocks:
    caption: Blocks = element["c"][1][1]
    return caption if plain_text(caption) else []


def _inner_id(figure: Element) -> str:
    return next((attr_of(e).id for e in iterate(figure["c"][2]) if attr_of(e).id), "")


def _without_id(blocks: Blocks, identifier: str) -> Blocks:
    def action(element: Element) -> Element | None:
        attr = attr_of(element)
        return with_attr(element, Attr("", attr.classes, attr.attributes)) if attr.id == identifier else None

    made: Blocks = rewrite(blocks, action)
    return made
