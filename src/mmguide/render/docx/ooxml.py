"""Render, Word: names of WordprocessingML, and elements put where the schema wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
ASVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
ADEC = "http://schemas.microsoft.com/office/drawing/2017/decorative"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"
CT = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Elements of this namespace carry a wish from the tree through pandoc to the finishing, which removes them.
MARK = "urn:mmguide:mark"
# The wish that stands behind each chapter but the last.
CHAPTER = "chapter"
BOUNDARY = f"{{{MARK}}}{CHAPTER}"

NS: Mapping[str, str] = {"w": W, "r": R, "a": A, "wp": WP, "pic": PIC, "x": MARK}
DECLARED = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_NOT_XML: Mapping[int, None] = dict.fromkeys((*(n for n in range(32) if n not in (9, 10)), 0xFFFE, 0xFFFF))
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# The prefixes that pandoc's parts know, and that of marks.
_SPACES: Mapping[str, str] = {
    "w": W,
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "r": R,
    "o": "urn:schemas-microsoft-com:office:office",
    "v": "urn:schemas-microsoft-com:vml",
    "w10": "urn:schemas-microsoft-com:office:word",
    "a": A,
    "pic": PIC,
    "wp": WP,
    "x": MARK,
}

# The order of children that the schema prescribes; an element's place is found by its name.
_PPR = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens "
    "kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
    "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
    "rPr sectPr pPrChange"
)
_RPR = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden "
    "color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish"
)
_TBLPR = (
    "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd "
    "tblLayout tblCellMar tblLook tblCaption tblDescription"
)
_TRPR = "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc hidden"
_TCPR = "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"
_ORDER: Mapping[str, Mapping[str, int]] = {
    name: {child: i for i, child in enumerate(order.split())}
    for name, order in (("pPr", _PPR), ("rPr", _RPR), ("tblPr", _TBLPR), ("trPr", _TRPR), ("tcPr", _TCPR))
}


def w(name: str) -> str:
    """`w:name` in lxml's spelling."""
    return f"{{{W}}}{name}"


def local(element: Any) -> str:
    """An element's name without its namespace, '' for comments and the like."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def parse(content: bytes) -> Any:
    """XML bytes as an lxml element, without entities, DTD or network."""
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True))


def whole(name: str, content: Iterable[str | bytes]) -> Any:
    """`w:name` with this content, which may use every prefix that pandoc's parts know."""
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
    inside = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in content)
    return parse(f"<w:{name}{spaces}>".encode() + inside + f"</w:{name}>".encode())


def inner(elements: Iterable[Any]) -> bytes:
    """Elements as XML that `whole` reads again; they are taken out of the tree they stood in."""
    from lxml import etree

    holder = etree.Element(w("x"), nsmap=dict(_SPACES))
    holder.extend(elements)
    written: bytes = etree.tostring(holder, encoding="UTF-8")
    return written[written.index(b">") + 1 : written.rindex(b"<")] if len(holder) else b""


def fragment(xml: str) -> Any:
    """One element written with the usual prefixes."""
    name_end = min(i for i in (xml.find(" "), xml.find(">"), xml.find("/")) if i > 0)
    from lxml import etree

    element = etree.fromstring(f"{xml[:name_end]} {DECLARED}{xml[name_end:]}")
    etree.cleanup_namespaces(element)
    return element


def serialize(root: Any) -> bytes:
    """An XML part, the same bytes for the same tree."""
    from lxml import etree

    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r", "m"])
    body: bytes = etree.tostring(root, encoding="UTF-8")
    return HEAD.encode() + body


def properties(parent: Any, name: str) -> Any:
    """The properties element (`pPr`, `rPr`, `tblPr` …) of `parent`, made as its first child when absent."""
    found = parent.find(w(name))
    if found is None:
        from lxml import etree

        found = etree.Element(w(name))
        parent.insert(1 if name == "trPr" and parent.find(w("tblPrEx")) is not None else 0, found)
    return found


def put(holder: Any, name: str, **attributes: object) -> Any:
    """Set the child `w:name` of a properties element, replacing one that is there, at the place the schema wants."""
    from lxml import etree

    order = _ORDER[local(holder)]
    for old in holder.findall(w(name)):
        holder.remove(old)
    made = etree.Element(w(name))
    for key, value in attributes.items():
        made.set(w(key), str(value))
    rank = order[name]
    at = next((i for i, child in enumerate(holder) if order.get(local(child), 99) > rank), len(holder))
    holder.insert(at, made)
    return made


def drop(holder: Any, *names: str) -> None:
    """Remove the children `w:name` of a properties element."""
    for name in names:
        for old in holder.findall(w(name)):
            holder.remove(old)


def text(value: str) -> str:
    """Text for XML, without the characters that XML cannot hold."""
    return escape(value.translate(_NOT_XML), quote=False)


def attribute(value: str) -> str:
    """A quoted attribute value."""
    return f'"{escape(" ".join(value.translate(_NOT_XML).split()))}"'


def run(value: str, style: str = "") -> str:
    """A run of text."""
    return f'<w:r>{named(style)}<w:t xml:space="preserve">{text(value)}</w:t></w:r>'


def named(style: str) -> str:
    """The properties of a run in a character style, '' for none."""
    return f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""


TAB = "<w:r><w:tab/></w:r>"


def children_xml(kind: str, parts: Iterable[tuple[str, str]]) -> str:
    """`<w:kind>` with these (name, xml) children in the schema's order; '' when there are none."""
    order = _ORDER[kind]
    inside = "".join(xml for _, xml in sorted(parts, key=lambda part: order[part[0]]))
    return f"<w:{kind}>{inside}</w:{kind}>" if inside else ""
