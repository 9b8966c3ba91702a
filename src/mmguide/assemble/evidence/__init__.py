"""Stage assemble, evidence: plots, evidence tables and pathways become ordinary figures and tables, so that all outputs print the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from mmguide.assemble.evidence import forest, icons, pathway, tables
from mmguide.assemble.evidence.desk import Desk, Drawing
from mmguide.assemble.evidence.drawing import PIXELS_PER_MM
from mmguide.assemble.evidence.request import OPTIONS, Request, read_request, unknown_columns, unknown_options
from mmguide.ast import SPACE, Attr, Blocks, Element, Inlines, attr_of, div, para, plain_text, rewrite, strong, words
from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import evidence as rules
from mmguide.grading import scheme_of
from mmguide.labels import label
from mmguide.model.data import Data
from mmguide.model.picture import Picture
from mmguide.model.settings import Settings
from mmguide.model.source import Container, Scan
from mmguide.theme import Theme

KINDS = tuple(OPTIONS)
# The marks of a section in which there is something to make.
EVIDENCE = frozenset(f".{kind}" for kind in (*KINDS, icons.CLASS))


class Expanded(NamedTuple):
    """The blocks with everything made from data, the drawings by path, and what could not be made."""

    blocks: Blocks
    pictures: Mapping[str, Picture]
    diagnostics: tuple[Diagnostic, ...]


def expand_evidence(
    blocks: Blocks,
    scan: Scan,
    data: Data,
    settings: Settings,
    theme: Theme,
    known: Iterable[str] = (),
    drawn: bool = True,
    cache: Cache = NOTHING,
) -> Expanded:
    """Everything that one section asks to be made from data; `known` are the keys of the bibliography.

    Where nothing will be printed, `drawn` false saves the drawing: its faults are the same. Drawings are kept in `cache`.
    """
    maker = _Maker(scan, data, settings, theme, frozenset(known), Desk(theme, drawn, cache), _asked(scan))
    return Expanded(rewrite(blocks, maker.visit, {"Div"}), maker.pictures, tuple(maker.diagnostics))


def _asked(scan: Scan) -> Mapping[str, list[Container]]:
    """The divs that ask for something, by its kind, in the order of the text."""
    return {kind: [c for c in scan.containers if kind in c.classes] for kind in (*KINDS, icons.CLASS)}


class _Maker(Struct):
    scan: Scan
    data: Data
    settings: Settings
    theme: Theme
    known: frozenset[str]
    desk: Desk
    places: Mapping[str, list[Container]]
    pictures: dict[str, Picture] = {}
    diagnostics: list[Diagnostic] = []

    def visit(self, element: Element) -> Element | list[Element] | None:
        attr = attr_of(element)
        kind = next((k for k in KINDS if k in attr.classes), None)
        if icons.CLASS in attr.classes:
            return self._icons(attr)
        if kind is None:
            return None
        place = self.places[kind].pop(0).span if self.places[kind] else Span(self.scan.source.path)
        if kind != "pathway" and not plain_text(element["c"][1]):
            self.diagnostics.append(rules.NO_CAPTION.at(place, kind=kind))
            return []
        if kind == "pathway":
            return self._pathway(attr, element["c"][1], place)
        request, faults = read_request(kind, attr, self.data, place)
        self.diagnostics += faults
        if request is None:
            return []
        return (
            self._forest(request, element["c"][1], place)
            if kind == "forest"
            else self._table(kind, request, element["c"][1], place)
        )

    def _icons(self, attr: Attr) -> list[Element]:
        places = self.places[icons.CLASS]
        place = places.pop(0).span if places else Span(self.scan.source.path)
        made = icons.icon_array(attr, self.data, self.theme, self.settings.language, place)
        if isinstance(made, Diagnostic):
            self.diagnostics.append(made)
            return []
        self.pictures[made.picture.path] = made.picture
        return [made.block]

    def _forest(self, request: Request, caption: Blocks, place: Span) -> Blocks:
        outcome = request.attr.get("outcome")
        column = request.attr.get("value") or (f"{outcome}_hr" if outcome else "")
        if not column:
            self.diagnostics.append(rules.NO_VALUE_COLUMN.at(place))
            return []
        if faults := unknown_columns([column, *request.attr.get("columns").split()], request.table, place):
            self.diagnostics += faults
            return []
        plot = forest.forest_of(request, column, self.settings.language)
        if not plot.drawn:
            self.diagnostics.append(rules.NOTHING_TO_DRAW.at(place, path=request.table.path, column=column))
            return []
        if len(plot.rows) > forest.MOST_ROWS:
            self.diagnostics.append(rules.TOO_MANY_ROWS.at(place, rows=len(plot.rows), most=forest.MOST_ROWS))
            return []
        notes = [label("forest-hollow", self.settings.language)] if any(r.unconfirmed for r in plot.rows) else []
        notes += [label("forest-listed", self.settings.language)] if plot.listed else []
        bare = forest.without_source(plot)
        drawing = self.desk.drawing("forest", repr(bare), forest.words(bare), lambda: forest.draw(bare, self.theme))
        return [self._figure(request.attr, drawing, forest.alternative_text(plot), _with_notes(caption, notes), "forest", place)]

    def _table(self, kind: str, request: Request, caption: Blocks, place: Span) -> Blocks:
        columns, unknown = tables.asked_columns(request, kind)
        if unknown:
            self.diagnostics += unknown_columns(unknown, request.table, place)
            return []
        language = self.settings.language
        return tables.evidence_table(request, columns, caption, scheme_of(self.settings.grading, language), language, self.known)

    def _pathway(self, attr: Attr, content: Blocks, place: Span) -> Blocks:
        self.diagnostics += unknown_options("pathway", attr, place)
        steps_at = [b for b in content if b["t"] in ("BulletList", "OrderedList")]
        caption = [b for b in content if b not in steps_at]
        if not plain_text(caption):
            self.diagnostics.append(rules.NO_CAPTION.at(place, kind="pathway"))
            return []
        try:
            steps = pathway.read_steps(steps_at)
        except pathway.Unreadable as problem:
            self.diagnostics.append(rules.PATHWAY.at(place, problem=problem))
            return []
        language = self.settings.language
        words_of_it = pathway.words(steps)
        drawing = self.desk.drawing("pathway", json.dumps(steps_at), words_of_it, lambda: pathway.draw(steps, self.theme))
        figure = self._figure(attr, drawing, label("pathway-alt", language), caption, "pathway", place)
        lead = para([strong(words(label("steps", language)))])
        return [figure, div([lead, *steps_at], Attr(classes=("pathway-steps",)))]

    def _figure(self, attr: Attr, drawing: Drawing, alternative: str, caption: Blocks, kind: str, place: Span) -> Element:
        name = attr.id.replace(":", "-") or f"{self.scan.source.path.rsplit('/', 1)[-1]}-{len(self.pictures) + 1}"
        path = f"generated/{name}.svg"
        if drawing.missing:
            self.diagnostics.append(rules.NO_GLYPH.at(place, characters=" ".join(drawing.missing)))
        width, height = (side and side * PIXELS_PER_MM for side in (drawing.width, drawing.height))
        self.pictures[path] = Picture(path, drawing.svg, "image/svg+xml", width, height)
        image: Element = {"t": "Image", "c": [Attr().raw(), words(alternative), [path, ""]]}
        made = Attr(attr.id, (kind,), tuple((k, v) for k, v in attr.attributes if k == "audience"))
        return {"t": "Figure", "c": [made.raw(), [None, caption], [{"t": "Plain", "c": [image]}]]}


def _with_notes(caption: Blocks, notes: list[str]) -> Blocks:
    """The caption's last paragraph with the notes behind it."""
    if not notes or caption[-1]["t"] not in ("Para", "Plain"):
        return caption
    more: Inlines = [e for note in notes for e in (SPACE, *words(note))]
    return [*caption[:-1], {**caption[-1], "c": [*caption[-1]["c"], *more]}]
