"""Render, Word: contents, list of tables and list of figures: real fields, already filled with their lines and page numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from mmguide.ast import Blocks, Element, attr_of, plain_text
from mmguide.diff.marks import change_of, words_of
from mmguide.labels import label
from mmguide.render.docx.captions import SEQUENCES, title_and_rest
from mmguide.render.docx.fields import FIELD_END, field, field_begin, raw_block
from mmguide.render.docx.names import Names
from mmguide.render.docx.ooxml import TAB, attribute, run

BOXES = {"recommendation", "statement", "panel-note"}
_HOLDERS = frozenset({"BlockQuote", "BulletList", "OrderedList", "DefinitionList"})
_LOOKED_AT = _HOLDERS | {"Div", "Header", "Figure", "Table"}
# A list of one figure helps nobody.
_LEAST = 2
_TITLES = {"tbl": "list-of-tables", "fig": "list-of-figures"}


class Line(Struct, frozen=True):
    """One line of a list: where it leads, what it says, its level."""

    id: str
    number: str
    title: str
    level: int = 1


def outline(blocks: Blocks) -> Iterator[Element]:
    """The headings that are no part of a box or table."""
    for block in block_elements(blocks):
        if block["t"] == "Header":
            yield block


def block_elements(node: Any, *, boxes: bool = False) -> Iterator[Element]:
    """The blocks below `node` in order, parents first; what stands inside boxes only if asked for."""
    for item in node:
        if isinstance(item, list):
            yield from block_elements(item, boxes=boxes)
        elif isinstance(item, dict) and (kind := item.get("t")) in _LOOKED_AT:
            if change_of(attr_of(item)) == "deletion":
                continue
            if kind == "Div":
                yield item
                if boxes or not BOXES & set(attr_of(item).classes):
                    yield from block_elements(item["c"][1], boxes=boxes)
            elif kind in _HOLDERS:
                yield item
                yield from block_elements(item["c"], boxes=boxes)
            else:
                yield item


def headings(blocks: Blocks, depth: int) -> tuple[Line, ...]:
    """The headings down to a level, in order; those inside boxes are no part of the outline."""
    found = []
    for element in outline(blocks):
        attr = attr_of(element)
        if element["c"][0] <= depth and "unlisted" not in attr.classes:
            found.append(Line(attr.id, attr.get("number"), plain_text(words_of(element["c"][2], "insertion")), element["c"][0]))
    return tuple(found)


def captions_of(blocks: Blocks, kind: str) -> tuple[Line, ...]:
    """The numbered figures or tables, with their whole captions."""
    found = []
    for element in block_elements(blocks, boxes=True):
        attr = attr_of(element)
        if not attr.get("number"):
            continue
        if kind == "fig" and element["t"] == "Figure":
            found.append(Line(attr.id, attr.get("number"), _caption(element)))
        elif kind == "tbl" and element["t"] == "Div" and "table" in attr.classes:
            table = next((e for e in element["c"][1] if e["t"] == "Table"), None)
            if table is not None:
                found.append(Line(attr.id, attr.get("number"), _caption(table)))
    return tuple(found)


def _caption(element: Element) -> str:
    _, blocks = element["c"][1]
    first = blocks[0]["c"] if blocks and blocks[0]["t"] in ("Plain", "Para") else blocks[:1]
    return plain_text(title_and_rest(words_of(first, "insertion"))[0])


def present(blocks: Blocks, depth: int) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """The lists that stand in front of the text, by the kind of what they list."""
    found = (("sec", headings(blocks, depth)), *((kind, captions_of(blocks, kind)) for kind in ("tbl", "fig")))
    return tuple((kind, lines) for kind, lines in found if kind == "sec" or len(lines) >= _LEAST)


def lists(blocks: Blocks, names: Names, depth: int, language: str, pages: Mapping[str, str] | None) -> Blocks:
    """Contents, then the lists of tables and figures where there are several."""
    switch = "" if pages is not None else " \\n"
    outline = f'TOC \\o "1-{depth}" \\h \\z{switch}'
    out: Blocks = []
    for kind, lines in present(blocks, depth):
        if kind == "sec":
            inside = _title(label("contents", language), "TOCHeading") + _list(lines, outline, "TOC", names, pages)
            gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
            out.append(raw_block(f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"))
        else:
            title = _title(label(_TITLES[kind], language), "FrontHeading2")
            instruction = f'TOC \\h \\z \\c "{SEQUENCES[kind]}"{switch}'
            out.append(raw_block(title + _list(lines, instruction, "TableofFigures", names, pages)))
    return out


def _title(words: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{TAB if style == "TOCHeading" else ""}{run(words)}</w:p>'


def _list(lines: tuple[Line, ...], instruction: str, style: str, names: Names, pages: Mapping[str, str] | None) -> str:
    if not lines:
        return f'<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr>{field(instruction, " ")}</w:p>'
    out = []
    for i, line in enumerate(lines):
        begin = field_begin(instruction) if i == 0 else ""
        end = FIELD_END if i == len(lines) - 1 else ""
        named = f"TOC{line.level}" if style == "TOC" else style
        out.append(f'<w:p><w:pPr><w:pStyle w:val="{named}"/></w:pPr>{begin}{_line(line, style, names, pages)}{end}</w:p>')
    return "".join(out)


def _line(line: Line, style: str, names: Names, pages: Mapping[str, str] | None) -> str:
    name = names.get(line.id)
    number = TAB if style == "TOC" else ""
    if line.number and style == "TOC":
        number = run(line.number, "ContentsNumber") + TAB
    page = ""
    if pages is not None and (found := pages.get(line.id)) is not None:
        page = TAB + field(f"PAGEREF {name} \\h", found, "ContentsPage")
    inside = number + run(line.title) + page
    return f'<w:hyperlink w:anchor={attribute(name)} w:history="1">{inside}</w:hyperlink>' if name else inside
