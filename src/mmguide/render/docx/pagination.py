"""Render, Word: page numbers for the lists in front, from the layout of the PDF.

The text is set alike in both; what stands before it is not, since the Word file has lists of tables and figures. So all numbers are
moved by as many pages as the text begins later or earlier.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from mmguide.ast import Blocks
from mmguide.model.settings import Settings
from mmguide.render.docx.contents import headings, present
from mmguide.render.docx.front import has_about
from mmguide.render.docx.look import Look

# The width of an average letter of the heading font, as a part of its size; what number and dots leave of a line.
_LETTER, _FREE = 0.47, 0.9


def in_word(pages: Mapping[str, int] | None, blocks: Blocks, settings: Settings, look: Look) -> Mapping[str, int] | None:
    """The page of each identifier in the Word file."""
    first = next((pages[line.id] for line in headings(blocks, 1) if pages and line.id in pages), None)
    if pages is None or first is None:
        return pages
    before = 1 + has_about(settings) + contents_pages(blocks, settings, look)
    return {name: max(page + before + 1 - first, 1) for name, page in pages.items()}


def contents_pages(blocks: Blocks, settings: Settings, look: Look) -> int:
    """How many pages contents and lists are reckoned to take."""
    sizes, line, gap = look.theme.sizes, look.line, look.gap
    room = (look.measure - look.hang) * _FREE / (sizes.text * 20 * _LETTER)
    height = sizes.h1 * 24 + 180 + line
    for kind, lines in present(blocks, settings.contents_depth):
        height += 0 if kind == "sec" else line * 1.5 + sizes.h3 * 24 + gap / 2
        for entry in lines:
            height += line * max(1, ceil(len(entry.title) / room)) + (gap if kind == "sec" and entry.level == 1 else 0)
    return max(1, ceil(height / (look.sheet[1] - look.margins[0] - look.margins[2])))
