"""Render, Word: the finishing of pandoc's package, as the list of its steps."""

from __future__ import annotations

from collections.abc import Mapping

from mmguide.render.docx import body, contents
from mmguide.render.docx.awaited import last_page
from mmguide.render.docx.changes import track
from mmguide.render.docx.direction import turn
from mmguide.render.docx.drawings import beside_pixels
from mmguide.render.docx.fonts import embed
from mmguide.render.docx.numbering import finish_lists
from mmguide.render.docx.options import DocxOptions
from mmguide.render.docx.package import Package
from mmguide.render.docx.properties import finish_properties, stamp
from mmguide.render.docx.sections import Sections
from mmguide.render.docx.setting import Setting
from mmguide.render.docx.tablework import finish_tables


def finish(written: bytes, setting: Setting, options: DocxOptions, pages: Mapping[str, str] | None) -> Package:
    """The finished file, to be written."""
    settings = setting.cited.project.settings
    package = Package.read(written)
    document, notes = package.xml["word/document.xml"], package.xml["word/footnotes.xml"]
    roots = {"word/document.xml": document, "word/footnotes.xml": notes}
    for root in roots.values():
        body.text_runs_inside(root)
        body.apply_heading_marks(root, setting.look.hang)
        body.unlist_headings(root)
        body.join_headings(root, 2 * setting.look.line)
        body.set_styles(root)
        finish_tables(root)
    finish_lists(package.xml["word/numbering.xml"], roots, setting.look)
    chapters = contents.headings(setting.cited.blocks, 1)
    last = last_page(pages or {})
    sheet = setting.cited.manuscript.sheet
    first = chapters[0].title if chapters and not sheet else ""
    sections = Sections(package, settings, setting.look, options, first, last, sheet=sheet)
    sections.finish(document[0])
    for root, style in ((document, "BodyText"), (notes, "FootnoteText")):
        body.name_paragraphs(root, style)
        body.name_runs(root)
        body.name_links(root)
        turn(root, from_right=setting.look.right_to_left)
        body.merge_runs(root)
    for name, edge in package.xml.items():
        if name.startswith(("word/header", "word/footer")):
            turn(edge, from_right=setting.look.right_to_left)
    body.number_bookmarks([document, notes])
    track([document, notes], options.author, stamp(settings))
    for root in (document, notes):
        body.remove_marks(root)
    body.number_pictures([document, notes])
    beside_pixels(package, setting.drawings)
    package.drop_unused()
    if setting.look.embedded:
        embed(package, setting.look, setting.cache)
    finish_properties(package, settings, setting.look, options)
    return package
