"""Stage handout, forms: places for the pen, and the same places as fields of a form to fill in on a screen.

A place for the pen is written `[]{.field label="Name"}`, with `width` in characters or `lines`, or `[]{.field .tick label="Yes"}`.
Rows of underscores, ☐ and empty cells of a table are places for the pen too: a form names them after the words beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mmguide.ast import Attr, Blocks, Element, Inlines, attr_of, para, plain_text, rewrite, span, string
from mmguide.labels import label
from mmguide.model.manuscript import CitedManuscript

# The class in the sources, and that of a field which renderers draw.
FIELD, FORM_FIELD = "field", "form-field"
TICK = "☐"
_LINE, _WIDTH, _LONGEST = "_" * 62, 26, 62
_RULE = re.compile(r"_{5,}")
_MOST_LINES = 30


def for_the_pen(blocks: Blocks) -> Blocks:
    """The blocks with each field of the sources shown as a line or a box for the pen."""

    def action(element: Element) -> Element | None:
        attr = attr_of(element)
        if element["t"] != "Span" or FIELD not in attr.classes:
            return None
        return span(_pen(attr), attr)

    made: Blocks = rewrite(blocks, action)
    return made


def _pen(attr: Attr) -> Inlines:
    if "tick" in attr.classes:
        return [string(TICK)]
    lines = min(_number(attr.get("lines"), 1), _MOST_LINES)
    if lines == 1:
        return [string("_" * min(_number(attr.get("width"), _WIDTH), _LONGEST))]
    return [part for _ in range(lines) for part in ({"t": "LineBreak"}, string(_LINE))][1:]


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and int(text) else otherwise


def as_form(cited: CitedManuscript) -> CitedManuscript:
    """The handout with a field at each place for the pen: `Span.form-field` with name, label and kind (text, area or tick)."""
    form = _Form(cited.project.settings.language)
    return replace(cited, blocks=form.blocks(cited.blocks))


class _Form(Struct):
    """The fields of one handout, each with a name of its own; `before` are the last words that can name a field."""

    language: str
    before: str = ""
    names: set[str] = set()

    def blocks(self, blocks: Blocks) -> Blocks:
        out: Blocks = []
        for block in blocks:
            made = self._block(block)
            # Lines for the pen below one another are one area to write in.
            if made["t"] == "Para" and out and _is_line(made) and _is_line(out[-1]):
                out[-1] = para([_more(out[-1]["c"][0])])
            else:
                out.append(made)
        return out

    def _block(self, block: Element) -> Element:
        kind = block["t"]
        if kind in ("Para", "Plain"):
            return {"t": kind, "c": self._inlines(block["c"])}
        if kind == "Table":
            return self._table(block)
        if kind == "Div":
            return {"t": "Div", "c": [block["c"][0], self.blocks(block["c"][1])]}
        if kind == "BulletList":
            return {"t": kind, "c": [self.blocks(item) for item in block["c"]]}
        if kind == "OrderedList":
            return {"t": kind, "c": [block["c"][0], [self.blocks(item) for item in block["c"][1]]]}
        return block

    def _inlines(self, inlines: Inlines) -> Inlines:
        out: Inlines = []
        said: Inlines = []
        for at, element in enumerate(inlines):
            made = self._inline(element, plain_text(said), inlines[at + 1 :])
            out.append(made)
            said = [] if made is not element else [*said, element]
        if words := plain_text(said).strip(" :"):
            self.before = words
        return out

    def _inline(self, element: Element, said: str, behind: Inlines) -> Element:
        attr = attr_of(element)
        if element["t"] == "Span" and FIELD in attr.classes:
            kind = "tick" if "tick" in attr.classes else "area" if _number(attr.get("lines"), 1) > 1 else "text"
            size = {"tick": 0, "area": _number(attr.get("lines"), 1), "text": _number(attr.get("width"), _WIDTH)}[kind]
            return self.field(attr.get("label") or said or self.before, kind, size, attr.get("name"))
        if element["t"] == "Str" and _RULE.fullmatch(element["c"]):
            return self.field(said.strip(" :") or self.before, "text", len(element["c"]))
        if element["t"] == "Str" and element["c"] == TICK:
            follow = next((n for n, one in enumerate(behind) if one == element), len(behind))
            return self.field(plain_text(behind[:follow]) or said, "tick")
        return element

    def field(self, words: str, kind: str, size: int = 0, name: str = "") -> Element:
        words = " ".join(words.split()).strip(" :") or label("form-field", self.language)
        slug = re.sub(r"[^a-z0-9]+", "-", (name or words).lower()).strip("-") or "field"
        unique, count = slug, 1
        while unique in self.names:
            count += 1
            unique = f"{slug}-{count}"
        self.names.add(unique)
        attributes = (("name", unique), ("label", words), ("kind", kind), ("size", str(size)))
        return span([], Attr(classes=(FORM_FIELD, kind), attributes=attributes))

    def _table(self, table: Element) -> Element:
        attr, caption, columns, head, bodies, foot = table["c"]
        heads = [plain_text(cell[4]) for cell in head[1][-1][1]] if head[1] else []
        made = [[b[0], b[1], b[2], [self._row(row, n, heads) for n, row in enumerate(b[3], 1)]] for b in bodies]
        return {"t": "Table", "c": [attr, caption, columns, head, made, foot]}

    def _row(self, row: Any, number: int, heads: Sequence[str]) -> Any:
        attr, cells = row
        first = plain_text(cells[0][4]).strip() if cells else ""
        name = (
            f"{heads[0]} {first}".strip()
            if heads and first.isdigit()
            else first or f"{label('form-row', self.language)} {number}"
        )
        out = []
        for at, cell in enumerate(cells):
            words = ", ".join(part for part in (name, heads[at] if at < len(heads) else "") if part)
            text = plain_text(cell[4]).strip()
            if text in ("", TICK):
                cell = [*cell[:4], [{"t": "Plain", "c": [self.field(words, "tick" if text else "text")]}]]
            out.append(cell)
        return [attr, out]


def _is_line(block: Element) -> bool:
    content = block["c"] if block["t"] == "Para" else []
    return len(content) == 1 and FORM_FIELD in attr_of(content[0]).classes and attr_of(content[0]).get("kind") in ("text", "area")


def _more(line: Element) -> Element:
    """A line to write on, one line higher."""
    attr = attr_of(line)
    lines = int(attr.get("size")) + 1 if attr.get("kind") == "area" else 2
    kept = tuple((k, v) for k, v in attr.attributes if k in ("name", "label"))
    return span([], Attr(classes=(FORM_FIELD, "area"), attributes=(*kept, ("kind", "area"), ("size", str(lines)))))
