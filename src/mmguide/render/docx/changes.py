"""Render, Word: what came and went between two versions, as changes that Word tracks.

In the tree, words and paragraphs get marks that pandoc passes on; the finishing turns these into `w:ins` and `w:del` around runs, on
paragraph marks and on rows of tables (ISO/IEC 29500-1, 17.13.5), and into `w:moveFrom` and `w:moveTo` where `moves` allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from mmguide.ast import Blocks, Element, Inlines, attr_of, para, rewrite
from mmguide.diff.marks import Change, change_of
from mmguide.diff.trees import merged
from mmguide.render.docx import moves
from mmguide.render.docx.fields import mark, raw_inline
from mmguide.render.docx.ooxml import MARK, NS, local, properties, put, w
from mmguide.render.docx.setting import styled

_NAMES = {"insertion": "ins", "deletion": "del"}
_MOVES = {"insertion": "moveTo", "deletion": "moveFrom"}
_KINDS = {name: change for names in (_NAMES, _MOVES) for change, name in names.items()}
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def words(content: Inlines, change: Change, *, whole: bool = False) -> Inlines:
    """Inlines as a change; `whole` takes the paragraph they stand in with them."""
    lead = [raw_inline(mark("changed", kind=change))] if whole else []
    return [*lead, raw_inline(mark("from", kind=change)), *content, raw_inline(mark("till"))]


def paragraphs(made: Blocks, change: Change, *, row: bool = False, move: str = "") -> Blocks:
    """Blocks, as they go to pandoc, as a change: every paragraph in them, and every row of their tables.

    `row`: the row they stand in changed; `move`: the number of the move that they are one end of.
    """
    lead = raw_inline(mark("changed", kind=change, row="1" if row else "", move=move))
    return [_block(block, lead, change) for block in made]


def _block(block: Element, lead: Element, change: Change) -> Element:
    kind, content = block["t"], block.get("c")
    if kind in ("Para", "Plain"):
        return {**block, "c": [lead, *block["c"]]}
    if kind == "Header":
        return {**block, "c": [*block["c"][:2], [lead, *block["c"][2]]]}
    if kind == "CodeBlock":
        return styled("Source Code", [para([lead, {"t": "Code", "c": block["c"]}])])
    if kind == "LineBlock":
        lines = [inline for line in block["c"] for inline in ({"t": "LineBreak"}, *line)]
        return para([lead, *lines[1:]])
    if kind == "DefinitionList":
        return {**block, "c": [[[lead, *term], [_inside(m, lead, change) for m in meanings]] for term, meanings in block["c"]]}
    if kind == "Table":
        return {**block, "c": [*block["c"][:3], *(_rows(part, change) for part in block["c"][3:])]}
    return block if content is None else {**block, "c": _inside(content, lead, change)}


def _inside(node: Any, lead: Element, change: Change) -> Any:
    if isinstance(node, list):
        return [_inside(item, lead, change) for item in node]
    return _block(node, lead, change) if isinstance(node, dict) and "t" in node and node["t"] in _BLOCKS else node


_BLOCKS = frozenset(
    {"Para", "Plain", "Header", "CodeBlock", "LineBlock", "Table", "Div", "BlockQuote", "Figure"}
    | {"BulletList", "OrderedList", "DefinitionList"}
)


def _rows(part: Any, change: Change) -> Any:
    """Head, bodies or foot of a table with each of its rows as a change."""
    if (
        isinstance(part, list)
        and len(part) == 2
        and isinstance(part[1], list)
        and all(_is_cell(cell) for cell in part[1])
        and part[1]
    ):
        return cells(part, change)
    return [_rows(item, change) for item in part] if isinstance(part, list) else part


def _is_cell(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 5 and isinstance(item[1], dict)


def cells(row: list[Any], change: Change) -> list[Any]:
    """A row as a change; an empty cell gets a paragraph to say so."""
    return [row[0], [[*cell[:4], paragraphs(cell[4] or [{"t": "Plain", "c": []}], change, row=True)] for cell in row[1]]]


def compared(old: Blocks, new: Blocks) -> Blocks:
    """Two versions of blocks as they go to pandoc as one, with what came and went as changes."""

    def action(element: Element) -> list[Element] | None:
        change = change_of(attr_of(element))
        if change is None:
            return None
        content = element["c"][1]
        return words(content, change) if element["t"] == "Span" else paragraphs(content, change)

    made: Blocks = rewrite(merged(old, new), action)
    return made


def track(roots: Sequence[Any], author: str, date: str) -> None:
    """Turn the marks in these parts into tracked changes by `author` at `date` (ISO 8601, '' for none)."""
    if all(next(root.iter(f"{{{MARK}}}changed", f"{{{MARK}}}from"), None) is None for root in roots):
        return
    tracker = _Tracker(roots, author, date)
    for root in roots:
        # The schema asks for the date of a move, and for that of no other change.
        moves.settle(root, possible=bool(date))
        tracker.rows(root)
        for paragraph in list(root.iter(w("p"))):
            tracker.paragraph(paragraph)
        tracker.ends(root)
        moves.name_ranges(root, tracker.made)
    tracker.notes(roots)


class _Tracker:
    """Writes tracked changes, each with a number of its own."""

    def __init__(self, roots: Sequence[Any], author: str, date: str) -> None:
        self._next = sum(1 for root in roots for _ in root.iter(w("bookmarkStart")))
        self._by = {w("author"): author, **({w("date"): date} if date else {})}

    def made(self, name: str) -> Any:
        """The element `w:name` of a change."""
        from lxml import etree

        self._next += 1
        return etree.Element(w(name), {w("id"): str(self._next), **self._by})

    def rows(self, root: Any) -> None:
        """Rows that came or went."""
        for wish in list(root.iter(f"{{{MARK}}}changed")):
            if not wish.get("row"):
                continue
            holder = properties(next(wish.iterancestors(w("tr"))), "trPr")
            if holder.find(w("ins")) is None and holder.find(w("del")) is None:
                holder.append(self.made(_NAMES[wish.get("kind")]))

    def paragraph(self, paragraph: Any) -> None:
        """The runs of a paragraph, and its mark where it is a change as a whole."""
        wish = next((e for e in paragraph.iter(f"{{{MARK}}}changed")), None)
        whole = "" if wish is None else (_MOVES if wish.get("move") else _NAMES)[wish.get("kind")]
        current, found = "", []
        for element in paragraph.iter():
            if element.tag == f"{{{MARK}}}from":
                current = _NAMES[element.get("kind")]
            elif element.tag == f"{{{MARK}}}till":
                current = ""
            elif (whole or current) and _is_run(element) and not _is_sign(element):
                found.append((element, whole or current))
        for run, name in found:
            self._around(run, name)
        if whole:
            _mark_properties(paragraph).insert(0, self.made(whole))

    def _around(self, run: Any, name: str) -> None:
        before, parent = run.getprevious(), run.getparent()
        if before is not None and before.tag == w(name):
            before.append(run)
        else:
            holder = self.made(name)
            parent.replace(run, holder)
            holder.append(run)
        if name == "del":
            for text in list(run.iter(w("t"), w("instrText"))):
                text.tag = w("delText" if local(text) == "t" else "delInstrText")
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def ends(self, root: Any) -> None:
        """A cell, a note and the text itself keep their last mark: where the last paragraph is a change, the mark before it is that.

        Not where the two look different, since a paragraph's look goes with its mark: there an empty one stays behind.
        """
        for holder in root.iter(w("tc"), w("footnote"), w("body")):
            row = next(holder.iterancestors(w("tr")), None) if local(holder) == "tc" else None
            if row is not None and any(_mark_of(row, "trPr", name) is not None for name in _NAMES.values()):
                continue
            last = [e for e in holder if local(e) not in ("sectPr", "bookmarkStart", "bookmarkEnd")]
            for before, after in reversed(list(pairwise(last))):
                kind = _changed(after)
                if not kind or local(before) != "p":
                    break
                if _changed(before) != kind:
                    if not _changed(before) and _look(before) == _look(last[-1]):
                        self._shift(before, last[-1], kind)
                    break

    def _shift(self, before: Any, last: Any, kind: str) -> None:
        holder = last.find("w:pPr/w:rPr", NS)
        holder.remove(holder.find(w(_NAMES[kind])))
        _mark_properties(before).insert(0, self.made(_NAMES[kind]))

    def notes(self, roots: Sequence[Any]) -> None:
        """The words of a note whose call came or went."""
        called: dict[str, str] = {}
        for root in roots:
            for call in root.iter(w("footnoteReference")):
                above = next((local(a) for a in call.iterancestors(*map(w, _KINDS))), "")
                if above:
                    called[call.get(w("id"))] = _NAMES[_KINDS[above]]
        for note in [n for root in roots for n in root.iter(w("footnote"))]:
            if name := called.get(note.get(w("id"))):
                for run in [e for e in note.iter() if _is_run(e) and not _is_sign(e)]:
                    self._around(run, name)


def _mark_properties(paragraph: Any) -> Any:
    """The properties of a paragraph's mark, made where the schema wants them."""
    holder = properties(paragraph, "pPr")
    found = holder.find(w("rPr"))
    return put(holder, "rPr") if found is None else found


def _is_run(element: Any) -> bool:
    """A run of text or a formula that stands in a paragraph or link and is no part of a change yet."""
    if element.tag not in (w("r"), f"{{{_M}}}oMath", f"{{{_M}}}oMathPara"):
        return False
    return local(element.getparent()) in ("p", "hyperlink", "sdtContent", "smartTag")


def _is_sign(run: Any) -> bool:
    """The number at the head of a note, or the space behind it, which stay with whatever the note says."""
    if run.find(w("footnoteRef")) is not None:
        return True
    before = run.getprevious()
    return before is not None and before.find(w("footnoteRef")) is not None and "".join(run.itertext()) == " "


def _mark_of(element: Any, *path: str) -> Any:
    return element.find("/".join(w(name) for name in path))


def _look(paragraph: Any) -> list[tuple[str, str | None]]:
    """Style and place in a list."""
    found = [paragraph.find(f"w:pPr/{path}", NS) for path in ("w:pStyle", "w:numPr/w:ilvl", "w:numPr/w:numId")]
    return [(local(e), e.get(w("val"))) for e in found if e is not None]


def _changed(element: Any) -> str:
    """The change that a paragraph's mark bears."""
    if local(element) != "p":
        return ""
    return next((kind for name, kind in _KINDS.items() if _mark_of(element, "pPr", "rPr", name) is not None), "")
