"""Stage render, PDF: HTML that is well-formed XML too, as our own always is, read by a parser in C instead of one in Python."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Where HTML's parser would move elements about, or put in some that are not written, it is left to do so.
_IN_TABLE = frozenset({"caption", "colgroup", "thead", "tbody", "tfoot"})
_NO_PARAGRAPH_HOLDS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "div",
        "dl",
        "figure",
        "footer",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
    }
    | {"section", "table", "ul"}
    | _HEADINGS
)
_NOT_IN_ITSELF = {"a": {"a"}, "button": {"button"}, "form": {"form"}, "option": {"option"}, **dict.fromkeys(_HEADINGS, _HEADINGS)}


def tree(html: str) -> Any:
    """The root of the document; None where only a parser of HTML knows what it is."""
    if not html.startswith("<!DOCTYPE html>") or html.count("<!") != 1 or "\r" in html:
        return None
    try:
        root = ElementTree.fromstring(html)
    except ElementTree.ParseError:
        return None
    plain = [child.tag for child in root] == ["head", "body"] and not any(map(_rearranged, root.iter()))
    return root if plain else None


def _rearranged(element: Any) -> bool:
    tag = element.tag
    if tag == "table":
        return any(child.tag not in _IN_TABLE for child in element)
    if tag == "pre":
        return (element.text or "").startswith("\n")
    refused = _NO_PARAGRAPH_HOLDS if tag == "p" else _NOT_IN_ITSELF.get(tag)
    return refused is not None and any(below.tag in refused for below in element.iter() if below is not element)


def source(html: str, base_url: str, fetcher: Any) -> Any:
    """A document to render, as `weasyprint.HTML(string=html, …)` makes it."""
    import weasyprint

    root = tree(html)
    if root is None:
        return weasyprint.HTML(string=html, base_url=base_url, url_fetcher=fetcher)
    made = weasyprint.HTML.__new__(weasyprint.HTML)
    made.base_url, made.url_fetcher, made.media_type = base_url, fetcher, "print"
    made.wrapper_element = weasyprint.cssselect2.ElementWrapper.from_html_root(root, content_language=None)
    made.etree_element = made.wrapper_element.etree_element
    return made
