"""Stage render, PDF: which HTML element becomes which structure type, for PDF/UA-1 (PDF 1.7) and PDF/UA-2 (PDF 2.0)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from mmguide.render.pdf.tags.dom import Element, Tree, classes, language, local_name, role_attribute

# Types that hold other elements only; text that stands in them directly gets a paragraph of its own.
GROUPING = frozenset({"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Aside", "TOCI", "NonStruct"})
# Types that stand within a line.
INLINE = frozenset({"Span", "Link", "Em", "Strong", "Code", "Quote", "Reference", "Note", "FENote", "Figure", "Formula", "Lbl"})
# Types that hold text and inline types only: a block within them opens no element of its own.
TEXT_ONLY = frozenset(
    {"P", "H1", "H2", "H3", "H4", "H5", "H6", "Title", "Span", "Link", "Em", "Strong", "Code", "Quote", "Reference", "Lbl"}
)
# Types that PDF 2.0 knows only from PDF 1.7: they are written with the namespace of PDF 1.7.
FROM_PDF_17 = frozenset({"TOC", "TOCI", "Reference", "Quote", "Code", "BlockQuote", "Art"})

_PLAIN: Mapping[str, str] = MappingProxyType(
    {
        "article": "Art",
        "section": "Sect",
        "nav": "Sect",
        "aside": "Div",
        "blockquote": "BlockQuote",
        "p": "P",
        "pre": "P",
        "ul": "L",
        "ol": "L",
        "dl": "L",
        "li": "LI",
        "dt": "Lbl",
        "dd": "LBody",
        "table": "Table",
        "caption": "Caption",
        "thead": "THead",
        "tbody": "TBody",
        "tfoot": "TFoot",
        "tr": "TR",
        "th": "TH",
        "td": "TD",
        "figure": "Div",
        "figcaption": "Caption",
        "img": "Figure",
        "svg": "Figure",
        "a": "Link",
        "code": "Code",
        "q": "Quote",
        "math": "Formula",
        **{f"h{level}": f"H{level}" for level in range(1, 7)},
    }
)
_MODERN: Mapping[str, str] = MappingProxyType({"aside": "Aside", "em": "Em", "i": "Em", "strong": "Strong", "b": "Strong"})
_BY_ROLE: Mapping[str, str] = MappingProxyType(
    {
        "list": "L",
        "listitem": "LI",
        "heading": "H1",
        "math": "Formula",
        "group": "Sect",
        "region": "Sect",
        "doc-footnote": "Note",
        "doc-endnote": "Note",
        "doc-noteref": "Reference",
        "figure": "Div",
        "img": "Figure",
    }
)
_BY_CLASS: Mapping[str, str] = MappingProxyType(
    {"csl-left-margin": "Lbl", "csl-right-inline": "LBody", "recommendation": "Sect", "statement": "Sect"}
)
_BLOCKS = frozenset(
    {"div", "header", "footer", "main", "hgroup", "address", "details", "summary", "fieldset", "form", "center", "body"}
)
_CONTENTS_LISTS = frozenset({"doc-toc"})
_CONTENTS_IDS = frozenset({"toc"})


def is_contents(element: Element) -> bool:
    """True for the element that holds a table of contents (or of figures, or of tables)."""
    by_name = (element.get("id") or "").lower() in _CONTENTS_IDS or bool({"toc", "contents"} & classes(element))
    return local_name(element) in ("nav", "div", "section") and (role_attribute(element) in _CONTENTS_LISTS or by_name)


def is_unit(element: Element) -> bool:
    """True for a recommendation or statement: one unit with its label."""
    return local_name(element) in ("div", "section", "aside") and bool({"recommendation", "statement"} & classes(element))


def heading_level(element: Element) -> int | None:
    """1 to 6 for headings, also those made by role; None for everything else."""
    found = re.fullmatch(r"h([1-6])", local_name(element))
    if found:
        return int(found[1])
    if role_attribute(element) == "heading":
        level = element.get("aria-level") or "2"
        return min(6, max(1, int(level))) if level.isdecimal() else 2
    return None


def named_role(element: Element, tree: Tree, modern: bool) -> str | None:
    """The structure type an element has by its name, role or class alone; None where it is transparent."""
    name = local_name(element)
    if name in ("ul", "ol", "li") and any(is_contents(each) for each in tree.ancestors(element)):
        return "TOCI" if name == "li" else "TOC"
    by_role = _BY_ROLE.get(role_attribute(element))
    if by_role and not (name in ("li", "a") and by_role in ("Note", "Reference")):
        return by_role
    if name == "abbr":
        return "Span" if element.get("title") else None
    if modern and name in _MODERN:
        return _MODERN[name]
    by_class = next((role for each, role in _BY_CLASS.items() if each in classes(element)), None)
    if by_class and name in ("div", "section", "aside"):
        return by_class
    if name in _PLAIN:
        return _PLAIN[name]
    if language(element) and name not in ("html", "body"):
        return "Div" if name in _BLOCKS else "Span"
    return None


def is_unit_label(element: Element) -> bool:
    """True for the printed label of a recommendation or statement."""
    return bool({"recommendation-label", "statement-label"} & classes(element))
