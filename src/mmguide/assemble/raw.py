"""Stage assemble, raw HTML: tags with a plain meaning become elements, all others vanish; what stands between them stays.

Reporting is not done here: `check/raw.py` reads the same tags from the scan, where they have lines and columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mmguide.ast import Attr, Blocks, Element, Inlines, rewrite_lists

if TYPE_CHECKING:
    from mmguide.assemble.tags import Tag

# HTML elements that pandoc's tree has its own element for.
INLINE_ELEMENTS: Mapping[str, str] = {
    "sup": "Superscript",
    "sub": "Subscript",
    "em": "Emph",
    "i": "Emph",
    "strong": "Strong",
    "b": "Strong",
    "u": "Underline",
    "ins": "Underline",
    "s": "Strikeout",
    "del": "Strikeout",
}
# Tags that only say how something looks or is grouped: their content is kept, the tags are not.
_TRANSPARENT_NAMES = (
    "small big span div p center font section article header footer main nav details summary figure figcaption blockquote cite abbr "
    "time mark kbd samp var code pre table caption thead tbody tfoot tr th td colgroup col ul ol li dl dt dd hr wbr a q dfn "
    "h1 h2 h3 h4 h5 h6 bdi bdo"
)
TRANSPARENT = frozenset(_TRANSPARENT_NAMES.split())


def _tag(element: Element) -> Tag | None:
    if element["t"] not in ("RawInline", "RawBlock") or element["c"][0] not in ("html", "html4", "html5"):
        return None
    from mmguide.assemble.tags import tag_of

    return tag_of(element["c"][1])


KINDS = ("RawInline", "RawBlock")


def without_raw(blocks: Blocks) -> Blocks:
    """The blocks with no raw element left in them."""
    made: Blocks = rewrite_lists(blocks, _clean)
    return made


def _clean(elements: list[Element]) -> list[Element]:
    if not any(e["t"] in ("RawInline", "RawBlock") for e in elements):
        return elements
    out: Inlines = []
    at = 0
    while at < len(elements):
        element, at = elements[at], at + 1
        if element["t"] not in ("RawInline", "RawBlock"):
            out.append(element)
            continue
        tag = _tag(element)
        if tag is None or element["t"] == "RawBlock":
            continue
        end = _end_of(tag.opens, elements, at) if tag.opens in INLINE_ELEMENTS else None
        if end is not None:
            out.append({"t": INLINE_ELEMENTS[tag.opens], "c": _clean(elements[at:end])})
            at = end + 1
        elif tag.opens == "br":
            out.append({"t": "LineBreak"})
        elif tag.opens == "img" and tag.attributes.get("src"):
            out.append(_image(tag.attributes))
    return out


def _end_of(name: str, elements: list[Element], start: int) -> int | None:
    """Where the tag opened before `start` is closed in the same list."""
    depth = 1
    for at in range(start, len(elements)):
        tag = _tag(elements[at]) if elements[at]["t"] == "RawInline" else None
        if tag is not None:
            depth += (tag.opens == name) - (tag.closes == name)
            if depth == 0:
                return at
    return None


def _image(attributes: Mapping[str, str]) -> Element:
    sizes = tuple((k, attributes[k]) for k in ("width", "height") if attributes.get(k))
    alt: Inlines = [{"t": "Str", "c": attributes["alt"]}] if attributes.get("alt") else []
    return {"t": "Image", "c": [Attr("", (), sizes).raw(), alt, [attributes["src"], attributes.get("title", "")]]}
