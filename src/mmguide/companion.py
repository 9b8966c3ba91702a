"""Stage handout, evidence sheet: what another handout rests on: recommendations with their certainty, each number with its source."""

from __future__ import annotations

from collections.abc import Iterator

from mmguide.approvals import explained
from mmguide.assemble import crossrefs
from mmguide.assemble.recommendations import summary_item
from mmguide.assemble.values import Options, unconfirmed_note, value_span
from mmguide.ast import (
    SPACE,
    Attr,
    Blocks,
    Element,
    Inlines,
    attr_of,
    citation,
    div,
    header,
    iterate,
    para,
    plain,
    plain_text,
    string,
    words,
)
from mmguide.grading import scheme_of
from mmguide.labels import label
from mmguide.model.data import Fact
from mmguide.model.manuscript import Manuscript

_SENTENCE_ENDS = (".", "!", "?", "؟")
_REFERENCE = "reference"
_PRIMARY = "primary_reference"


def evidence_title(title: str, language: str) -> str:
    """The title of the evidence sheet for the handout with this title."""
    return label("evidence-title", language).format(title=title)


def evidence_sheet(manuscript: Manuscript, of: str, title: str) -> Blocks:
    """What stands behind the handout `of`, which has a text of its own and this title."""
    settings = manuscript.project.settings
    language = settings.language
    section = manuscript.text_of(of)
    if section is None:
        return []
    wanted = set(explained(section))
    scheme = scheme_of(settings.grading, language)
    items = [
        summary_item(one, scheme, language, linked=False, cited=True) for one in manuscript.recommendations if one.id in wanted
    ]
    advice = crossrefs.resolve(items, crossrefs.index(manuscript.targets), language)
    made = [para(words(label("evidence-note", language).format(title=title)))]
    if advice:
        made.append(header(2, words(label("evidence-advice", language)), Attr("evidence-advice", ("unnumbered",))))
        made.append(div(advice, Attr(classes=("recommendations",))))
    return [*made, *_numbers(manuscript, section.blocks, language)]


def _numbers(manuscript: Manuscript, blocks: Blocks, language: str) -> Blocks:
    """Each sentence of the handout that prints a number of the data, with that number in full and its source."""
    rows: list[list[object]] = []
    doubtful = False
    for said in _said(blocks):
        facts = [fact for name in _cells(said) if (fact := manuscript.data.fact(name)) is not None]
        doubtful = doubtful or any(fact.cell.unconfirmed or fact.interval_unconfirmed for fact in facts)
        rows.append(_row([[plain(said)], [plain(_in_full(manuscript, fact, language)) for fact in facts]]))
    if not rows:
        return []
    head = _row([[plain(words(label(name, language)))] for name in ("evidence-printed", "evidence-data")])
    bare = Attr().raw()
    widths = [[{"t": "AlignLeft"}, {"t": "ColWidth", "c": width}] for width in (0.5, 0.5)]
    table = {"t": "Table", "c": [bare, [None, []], widths, [bare, [head]], [[bare, 0, [], rows]], [bare, []]]}
    title = header(2, words(label("evidence-numbers", language)), Attr("evidence-numbers", ("unnumbered",)))
    return [title, table, *([unconfirmed_note(language)] if doubtful else [])]


def _in_full(manuscript: Manuscript, fact: Fact, language: str) -> Inlines:
    """The value as the data has it, with its interval, and the references it comes from."""
    shown: Inlines = [value_span(fact, Options(ci=fact.low is not None), language, in_table=True)]
    for key in sources(fact):
        shown += [SPACE, citation(key)] if key in manuscript.bibliography.by_key else [SPACE, string(f"({key})")]
    return shown


def sources(fact: Fact) -> tuple[str, ...]:
    """The references of a value: the column `…_reference` whose name begins as the value's does, else `reference`, else
    `primary_reference`.
    """
    table = fact.table
    beginnings = fact.column.name.split("_")
    own = ("_".join((*beginnings[:end], _REFERENCE)) for end in range(len(beginnings), 0, -1))
    for name in (*own, _REFERENCE, _PRIMARY):
        cell = table.cell(fact.row, name)
        if cell is not None and cell.text:
            return tuple(part.split()[0] for part in cell.text.split(";") if part.strip())
    return ()


def _said(blocks: Blocks) -> Iterator[Inlines]:
    """The sentences, and rows of tables, in which a value of the data is printed."""
    for element in blocks:
        if element["t"] in ("Para", "Plain"):
            yield from (sentence for sentence in _sentences(element["c"]) if _cells(sentence))
        elif element["t"] == "Table":
            yield from (row for row in _rows(element) if _cells(row))
        else:
            for inner in element.get("c", []) if isinstance(element.get("c"), list) else []:
                yield from _inside(inner)


def _inside(node: object) -> Iterator[Inlines]:
    """The same in what a block holds: blocks, or items that are lists of blocks."""
    if isinstance(node, list) and node and isinstance(node[0], dict) and "t" in node[0]:
        yield from _said(node)
    elif isinstance(node, list):
        for inner in node:
            yield from _inside(inner)


def _sentences(inlines: Inlines) -> Iterator[Inlines]:
    sentence: Inlines = []
    for element in inlines:
        if not sentence and element["t"] in ("Space", "SoftBreak"):
            continue
        sentence.append(element)
        if element["t"] in ("Str", "Strong") and plain_text(element).rstrip("”’\"'»)").endswith(_SENTENCE_ENDS):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _rows(table: Element) -> Iterator[Inlines]:
    """The rows of a table as one line each."""
    for body in table["c"][4]:
        for row in (*body[2], *body[3]):
            line: Inlines = []
            for cell in row[1]:
                inner = [inline for block in cell[4] if block["t"] in ("Para", "Plain") for inline in block["c"]]
                line += [*([SPACE, string("·"), SPACE] if line and inner else []), *inner]
            yield line


def _cells(inlines: Inlines) -> list[str]:
    """The names of the values printed in a line."""
    names = (attr_of(element).get("data-cell") for element in iterate(inlines) if element["t"] == "Span")
    return [name for name in names if name]


def _row(cells: list[Blocks]) -> list[object]:
    return [Attr().raw(), [[Attr().raw(), {"t": "AlignDefault"}, 1, 1, blocks] for blocks in cells]]
