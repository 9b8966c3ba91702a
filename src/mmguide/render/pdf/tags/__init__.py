"""Stage render, PDF: the structure of the file as a screen reader needs it, built from the HTML elements."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mmguide.render.pdf.tags.build import Builder
from mmguide.render.pdf.tags.content import Harvest, Mark, drop_doubled_areas, harvest
from mmguide.render.pdf.tags.contract import Captured, capture, require_weasyprint
from mmguide.render.pdf.tags.destinations import lead_to_structure, name_for_joining, name_links, remove_areas, tie_contents
from mmguide.render.pdf.tags.dom import Tree
from mmguide.render.pdf.tags.profiles import ARCHIVE, MODERN, PROFILES, Profile
from mmguide.render.pdf.tags.source_text import align
from mmguide.render.pdf.tags.streams import font_texts, read, rewrite, streams_of
from mmguide.render.pdf.tags.tree import Node
from mmguide.render.pdf.tags.write import Writer

__all__ = ["ARCHIVE", "MODERN", "PROFILES", "Captured", "Profile", "Tagged", "capture", "require_weasyprint", "tag"]


class Tagged(Struct, frozen=True):
    """What later steps ask for: the tree and what the pages hold."""

    document: Node
    found: Harvest


def tag(captured: Captured, profile: Profile, piece: str = "") -> Tagged:
    """Add the structure to a file that WeasyPrint has drawn; `piece` names the part of a document that it is, if it is one."""
    found = harvest(captured, Tree(captured.document._html.etree_element))
    drop_doubled_areas(found)
    align(found)
    fonts = font_texts(captured.document.fonts)
    streams = _read_streams(captured, found, fonts)
    builder = Builder(found, profile)
    document = builder.build()
    in_tree = {id(mark) for mark in document.marks()}
    for marks in streams:
        rewrite([mark for mark in marks if mark.drawn is not None and (mark.artifact or id(mark) in in_tree)], fonts)
        for stream in {id(mark.drawn.stream): mark.drawn.stream for mark in marks if mark.drawn is not None}.values():
            stream.stream = [operator for operator in stream.stream if operator != b""]
    name_links(document)
    kept = {id(area) for node in document.nodes() for area in node.kids}
    remove_areas(captured, [*found.dropped, *(area for area in found.areas if id(area) not in kept)])
    tie_contents(found, document, builder.node_of)
    if piece:
        name_for_joining(found, document, builder.node_of, piece)
    writer = Writer(captured, profile)
    writer.write(document)
    if profile.modern:
        lead_to_structure(captured, found, builder.node_of, writer.objects)
    return Tagged(document, found)


def _read_streams(captured: Captured, found: Harvest, fonts: Any) -> list[list[Mark]]:
    """The marks of each stream, in the order of their drawing."""
    result: list[list[Mark]] = []
    by_page: dict[int, dict[int, Mark]] = {}
    for mark in found.marks:
        by_page.setdefault(mark.page, {})[mark.mcid] = mark
    for number, page_stream in enumerate(captured.page_streams):
        marks = by_page.get(number, {})
        for stream in streams_of(captured.pdf, page_stream):
            read(stream, marks, fonts)
            result.append([mark for mark in marks.values() if mark.drawn is not None and mark.drawn.stream is stream])
    return result
