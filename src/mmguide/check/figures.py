"""Stage check: figures and tables: mentioned in the text, with caption, alternative text and head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mmguide.assemble.crossrefs import canonical, pointed_at
from mmguide.ast import Element, attr_of, iterate, plain_text
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import figures as rules
from mmguide.model.manuscript import Manuscript, Section
from mmguide.model.source import Scan
from mmguide.pictures import picture_paths

_WORD = {"fig": "figure", "tbl": "table"}


def check_mentioned(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Figures and tables with an identifier that nothing in the text points at."""
    mentioned = {canonical(name) for name in pointed_at(manuscript.elements)}
    mentioned |= {name for r in manuscript.recommendations for name in r.evidence}
    places = {anchor.id: anchor.span for scan in manuscript.scans for anchor in scan.anchors}
    for target in manuscript.targets:
        if target.kind in _WORD and target.id in places and canonical(target.id) not in mentioned:
            yield rules.NEVER_MENTIONED.at(
                places[target.id], word=_WORD[target.kind], number=target.number, id=canonical(target.id)
            )


def check_alternative_text(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Pictures that say nothing to somebody who cannot see them, or only repeat their caption."""
    for section in (*manuscript.sections, *manuscript.included):
        captions = {
            id(image): plain_text(e["c"][1])
            for e in section.elements
            if e["t"] == "Figure"
            for image in _images(iterate(e["c"][2]))
        }
        places = [link for link in section.scan.links if link.picture]
        for image in _images(section.elements):
            if not any(path in manuscript.pictures for path in picture_paths(section.path, image["c"][2][0])):
                continue
            link = next((one for one in places if one.target == image["c"][2][0]), None)
            if link is not None:
                places.remove(link)
            place = link.span if link else Span(section.path)
            text, caption = plain_text(image["c"][1]), captions.get(id(image))
            if attr_of(image).get("alt") or "decorative" in attr_of(image).classes:
                continue
            if not text and not caption:
                yield rules.NO_ALTERNATIVE.at(place)
            elif caption is not None and (not text or text == caption):
                yield rules.ALTERNATIVE_IS_CAPTION.at(place)


def _images(elements: Iterable[Element]) -> list[Element]:
    return [e for e in elements if e["t"] == "Image"]


def check_captions(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Tables without caption or head, and pictures of their own paragraph without caption."""
    for section in (*manuscript.sections, *manuscript.included):
        for table, place in _tables(section):
            if not plain_text(table["c"][1]):
                yield rules.TABLE_WITHOUT_CAPTION.at(place)
            if not plain_text(table["c"][3]):
                yield rules.TABLE_WITHOUT_HEAD.at(place)
        for block in section.elements:
            alone = block["t"] == "Para" and len(block["c"]) == 1 and block["c"][0]["t"] == "Image"
            if alone and not plain_text(block["c"][0]["c"][1]):
                target = block["c"][0]["c"][2][0]
                links = [x.span for x in section.scan.links if x.picture and x.target == target and not x.text]
                alone_at = [p.span.line for p in section.scan.paragraphs if p.text.startswith("![](")]
                yield rules.FIGURE_WITHOUT_CAPTION.at(next((x for x in links if x.line in alone_at), Span(section.path)))


def _tables(section: Section) -> list[tuple[Element, Span]]:
    """The tables of a section with their first lines, as far as the scan and pandoc see the same tables."""
    tables = [e for e in section.elements if e["t"] == "Table"]
    places = _first_lines(section.scan)
    if len(places) != len(tables):
        places = [Span(section.path)] * len(tables)
    return list(zip(tables, places, strict=True))


def _first_lines(scan: Scan) -> list[Span]:
    found: list[Span] = []
    last = 0
    for paragraph in scan.paragraphs:
        if paragraph.kind == "table":
            between = (scan.source.line(n) for n in range(last + 1, paragraph.span.line))
            if not last or any(not line.strip() for line in between):
                found.append(paragraph.span)
            last = paragraph.span.end_line
    return found
