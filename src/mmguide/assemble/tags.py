"""Stage assemble, raw HTML: a tag as HTML reads it. A module of its own, since few texts have raw HTML."""

from __future__ import annotations

from html.parser import HTMLParser


class Tag(HTMLParser):
    """Reads the one tag of a raw inline."""

    def __init__(self) -> None:
        super().__init__()
        self.opens, self.closes = "", ""
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opens = self.opens or tag
        self.attributes = {k: v or "" for k, v in attrs}

    def handle_endtag(self, tag: str) -> None:
        self.closes = self.closes or tag


def tag_of(html: str) -> Tag:
    """The tag in this HTML."""
    found = Tag()
    found.feed(html)
    found.close()
    return found
