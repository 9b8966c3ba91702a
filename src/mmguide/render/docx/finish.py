"""Render, Word: the finishing of chapters that pandoc wrote, as the list of its steps."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from msgspec import Struct

from mmguide.render.docx import body
from mmguide.render.docx.direction import turn
from mmguide.render.docx.look import Look
from mmguide.render.docx.numbering import List, finish_lists, lists_of
from mmguide.render.docx.ooxml import BOUNDARY, inner, local, parse, w
from mmguide.render.docx.tablework import finish_tables


class Chapter(Struct, frozen=True):
    """A finished chapter: XML of its blocks and of its notes in the order of their calls, and its lists.

    What is counted through the whole file has no number yet; links and pictures name what they lead to.
    """

    body: bytes
    notes: bytes
    lists: tuple[List, ...]


def finished(written: bytes, count: int, look: Look) -> list[Chapter]:
    """So many chapters from pandoc's file of them."""
    with zipfile.ZipFile(BytesIO(written)) as archive:
        parts = {name: parse(archive.read(name)) for name in archive.namelist() if name.startswith("word/") and _is_read(name)}
    document, notes = parts["word/document.xml"], parts["word/footnotes.xml"]
    for root in (document, notes):
        body.text_runs_inside(root)
        body.apply_heading_marks(root, look.hang)
        body.unlist_headings(root)
        body.join_headings(root, 2 * look.line)
        body.set_styles(root)
        finish_tables(root)
    lists = finish_lists(parts["word/numbering.xml"], (document, notes), look)
    for root, style, name in ((document, "BodyText", "document"), (notes, "FootnoteText", "footnotes")):
        body.name_paragraphs(root, style)
        body.name_runs(root)
        body.name_links(root, _addresses(parts.get(f"word/_rels/{name}.xml.rels")))
        turn(root, from_right=look.right_to_left)
        body.merge_runs(root)
    return list(_divided(document[0], notes, lists))[:count]


def _is_read(name: str) -> bool:
    return name.removeprefix("word/").removeprefix("_rels/").removesuffix(".rels") in (
        "document.xml",
        "footnotes.xml",
        "numbering.xml",
    )


def _addresses(relationships: Any) -> Mapping[str, str]:
    return {} if relationships is None else {relation.get("Id"): relation.get("Target") for relation in relationships}


def _divided(text: Any, notes: Any, lists: Mapping[str, List]) -> Iterator[Chapter]:
    by_number = {note.get(w("id")): note for note in notes}
    for piece in list(_pieces(text)):
        called = [by_number[call.get(w("id"))] for element in piece for call in element.iter(w("footnoteReference"))]
        found = lists_of([*piece, *called], lists)
        yield Chapter(inner(piece), inner(called), found)


def _pieces(text: Any) -> Iterator[list[Any]]:
    """The elements between the marks of chapters."""
    piece: list[Any] = []
    for element in text:
        if element.tag == BOUNDARY:
            yield piece
            piece = []
        elif local(element) != "sectPr":
            piece.append(element)
    yield piece
