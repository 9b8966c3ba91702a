"""Render, Word: chapters joined in one file; what is counted through the whole of it gets its numbers here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmguide.render.docx import contents
from mmguide.render.docx.awaited import last_page
from mmguide.render.docx.changes import track
from mmguide.render.docx.direction import turn
from mmguide.render.docx.drawings import TYPES
from mmguide.render.docx.fields import mark
from mmguide.render.docx.finish import Chapter
from mmguide.render.docx.fonts import embed
from mmguide.render.docx.numbering import join_lists
from mmguide.render.docx.ooxml import ASVG, BOUNDARY, CHAPTER, MARK, PIC, WP, A, R, local, w, whole
from mmguide.render.docx.options import DocxOptions
from mmguide.render.docx.package import Package
from mmguide.render.docx.properties import finish_properties, stamp
from mmguide.render.docx.reference import base
from mmguide.render.docx.sections import Sections
from mmguide.render.docx.setting import Setting

_DOCUMENT, _NOTES = "word/document.xml", "word/footnotes.xml"
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def joined(chapters: Sequence[Chapter], setting: Setting, options: DocxOptions, pages: Mapping[str, str] | None) -> Package:
    """The finished file, to be written."""
    settings = setting.cited.project.settings
    package = base(setting.look)
    roots = document, notes = _text(chapters), _notes(chapters)
    package.xml[_DOCUMENT] = document
    package.add(_NOTES, notes, _NOTES_TYPE)
    package.relate(_DOCUMENT, "footnotes", "footnotes.xml")
    join_lists(package.xml["word/numbering.xml"], roots, [chapter.lists for chapter in chapters], BOUNDARY)
    _remove(roots, BOUNDARY)
    _number_notes(document, notes)
    _sections(package, setting, options, pages).finish(document[0])
    for name, edge in package.xml.items():
        if name.startswith(("word/header", "word/footer")):
            turn(edge, from_right=setting.look.right_to_left)
    _number_bookmarks(roots)
    track(roots, options.author, stamp(settings))
    _remove(roots, f"{{{MARK}}}*")
    _number_pictures(roots)
    for part, root in ((_DOCUMENT, document), (_NOTES, notes)):
        _relate(package, part, root, setting.media)
    if setting.look.embedded:
        embed(package, setting.look, setting.cache)
    finish_properties(package, settings, setting.look, options)
    return package


def _text(chapters: Sequence[Chapter]) -> Any:
    return whole("document", ("<w:body>", mark(CHAPTER).encode().join(chapter.body for chapter in chapters), "</w:body>"))


def _notes(chapters: Sequence[Chapter]) -> Any:
    """Word's two lines between text and notes, then all notes."""
    lines = (
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:{kind}/></w:r></w:p>'
        "</w:footnote>"
        for kind, number in (("separator", -1), ("continuationSeparator", 0))
    )
    return whole("footnotes", (*lines, mark(CHAPTER).encode().join(chapter.notes for chapter in chapters)))


def _remove(roots: Sequence[Any], tag: str) -> None:
    for root in roots:
        for found in list(root.iter(tag)):
            found.getparent().remove(found)


def _number_notes(document: Any, notes: Any) -> None:
    """Notes stand in the order of their calls."""
    for number, call in enumerate(document.iter(w("footnoteReference")), 1):
        call.set(w("id"), str(number))
    for number, note in enumerate(notes, -1):
        note.set(w("id"), str(number))


def _sections(package: Package, setting: Setting, options: DocxOptions, pages: Mapping[str, str] | None) -> Sections:
    headings = contents.headings(setting.cited.blocks, 1)
    sheet = setting.cited.manuscript.sheet
    first = headings[0].title if headings and not sheet else ""
    return Sections(package, setting.cited.project.settings, setting.look, options, first, last_page(pages or {}), sheet=sheet)


def _number_bookmarks(roots: Sequence[Any]) -> None:
    """Bookmarks get their numbers; a name that stands twice keeps its first place."""
    number, seen = 0, set()
    for root in roots:
        numbers: dict[str, str] = {}
        for element in list(root.iter(w("bookmarkStart"), w("bookmarkEnd"))):
            key = element.get(w("id"))
            if local(element) == "bookmarkEnd":
                if key in numbers:
                    element.set(w("id"), numbers.pop(key))
                else:
                    element.getparent().remove(element)
                continue
            name = element.get(w("name"))
            if name in seen:
                element.getparent().remove(element)
                continue
            seen.add(name)
            numbers[key] = str(number)
            element.set(w("id"), str(number))
            number += 1


def _number_pictures(roots: Sequence[Any]) -> None:
    """Pictures get their numbers, and names that say nothing of where they came from."""
    number = 0
    for root in roots:
        for element in root.iter(f"{{{WP}}}docPr", f"{{{PIC}}}cNvPr"):
            number += element.tag == f"{{{WP}}}docPr"
            element.set("id", str(number))
            element.set("name", f"Picture {number}")


def _relate(package: Package, part: str, root: Any, media: Mapping[str, bytes]) -> None:
    """Links and pictures get the ids of relationships in place of the addresses and names that they bear."""
    for element in root.iter(w("hyperlink"), f"{{{A}}}blip", f"{{{ASVG}}}svgBlip"):
        if element.tag == w("hyperlink"):
            if address := element.get(f"{{{R}}}id"):
                element.set(f"{{{R}}}id", package.relate(part, "hyperlink", address, external=True))
        else:
            name = element.get(f"{{{R}}}embed")
            package.add(f"word/{name}", media[name], TYPES[name.rpartition(".")[2]])
            element.set(f"{{{R}}}embed", package.relate(part, "image", name))
