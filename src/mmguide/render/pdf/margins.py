"""Stage render, PDF: the margins of pages, with their running lines and page numbers, apart from the text between them.

The text of a chapter stays the same when the pages before it become more; only its margins do not. So chapters are laid out without
margins, each page's running strings are noted, and the margins of all pages are laid out in one go as pages without text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

from msgspec import Struct


class PageLook(Struct, frozen=True):
    """What the margins of a page depend on: the name of its kind of page, its named strings, and whether it is blank."""

    name: str
    strings: tuple[tuple[str, str], ...]


@contextmanager
def without_margins() -> Iterator[list[PageLook]]:
    """Pages laid out meanwhile get no margins; the list gets what these would depend on, page by page, for the last layout made."""
    from weasyprint import layout

    looks: dict[int, PageLook] = {}
    found: list[PageLook] = []
    original = layout.make_margin_boxes

    def note(context: Any, page: Any, state: Any) -> Iterator[Any]:
        names = sorted(context.string_set)
        values = ((name, context.get_string_set_for(page, name, "first") or "") for name in names)
        strings = tuple((name, value if isinstance(value, str) else "".join(value)) for name, value in values)
        looks[context.current_page] = PageLook(page.page_type.name or "", strings)
        found[:] = [looks[number] for number in sorted(looks)]
        return iter(())

    layout.make_margin_boxes = note
    try:
        yield found
    finally:
        layout.make_margin_boxes = original


def margins_html(looks: Sequence[PageLook], language: str, css: str = "") -> str:
    """Pages without text whose margins are those of the pages that look so; `css` is for what depends on the side a page lies on."""
    pages = "".join(f'<section style="{escape(_style(look), quote=True)}"></section>' for look in looks)
    style = "@page{background:none !important}section{break-before:page;display:block;height:1px}section:first-child{break-before:auto}"
    style += css
    return f'<!DOCTYPE html><html lang="{escape(language)}"><head><style>{style}</style></head><body>{pages}</body></html>'


def _style(look: PageLook) -> str:
    strings = ",".join(f"{name} {_quoted(text)}" for name, text in look.strings)
    name = f"page:{look.name};" if look.name else ""
    return name + (f"string-set:{strings}" if strings else "")


def _quoted(text: str) -> str:
    escaped = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)
    return f'"{escaped}"'
