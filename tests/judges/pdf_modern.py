"""What PDF/UA-2 asks beyond PDF/UA-1, since no independent judge of it can be installed with pip: read with pikepdf, like the other judge.

The table says in which elements of PDF 2.0 an element may not stand (ISO 32005, annex L of ISO 32000-2); Part, Div and NonStruct are
looked through, as there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pikepdf

from judges.pdf import Content, Element, Reading

_LINE = frozenset({"P", "H", "Lbl", "Em", "Strong", "Span", "Quote", "Link", "Reference", "Code", "Title"})
_GRID = frozenset({"Table", "TR", "THead", "TBody", "TFoot"})
_ROWS = frozenset({"L", *_GRID})
_SECTIONS = frozenset({"Document", "Art", "Sect", "TOC", "TOCI", "Aside", "BlockQuote"})
NOT_IN: dict[str, frozenset[str]] = {
    "Art": frozenset({"Art", "TOC", "TOCI", "LI", "Formula"}) | _ROWS | (_LINE - {"H", "Link"}),
    "Sect": frozenset({"TOC", "TOCI", "LI", "Formula"}) | _ROWS | (_LINE - {"H", "Link"}),
    "Aside": frozenset({"TOC", "TOCI", "Aside", "BlockQuote", "LI", "TH", "TD"}) | _ROWS | (_LINE - {"Title"}),
    "BlockQuote": frozenset({"TOC", "TOCI", "LI", "TH", "TD"}) | _ROWS | _LINE,
    "TOC": frozenset({"FENote", "LI", "LBody", "TH", "TD", "Caption", "Figure", "Formula"}) | _ROWS | _LINE,
    "P": frozenset({"TOC", "LI"}) | _ROWS | (_LINE - {"Title"}),
    "H": frozenset({"TOC", "TOCI", "FENote", "LI"}) | _ROWS | _LINE,
    "L": frozenset({"TOC", "TOCI", "LI"}) | _GRID | (_LINE - {"P", "Title"}),
    "Table": frozenset({"TOC", "TOCI", "L", "LI"}) | _GRID | (_LINE - {"P", "Title"}),
    "Caption": frozenset({"Document", "TOCI", "FENote", "LI", "TR", "TH", "TD", "Caption"}) | (_LINE - {"Title"}),
    "Figure": frozenset({"TOC", "TOCI", "Code", "LI"}) | _ROWS,
    "Formula": frozenset({"TOC", "TOCI", "Code", "Reference", "LI"}) | _ROWS,
    "Lbl": frozenset({"Document", "TOC", "Code", "Lbl", "LBody", "L"}) | _GRID,
    "Em": frozenset({"LI"}) | _ROWS | _SECTIONS,
    "Strong": frozenset({"LI"}) | _ROWS | _SECTIONS,
    "Span": frozenset({"LI"}) | _ROWS | _SECTIONS,
    "Quote": frozenset({"Code", "Reference", "LI"}) | _ROWS | _SECTIONS,
    "Code": frozenset({"TOC", "TOCI", "Code", "Reference", "LI"}) | _ROWS,
    "Link": frozenset({"TOC", "TOCI", "Link", "LI"}) | _ROWS,
    "Reference": frozenset({"Document", "Art", "Sect", "TOC", "Reference", "LI"}) | _ROWS,
    "FENote": frozenset({"TOC", "TOCI", "LI"}) | _ROWS,
}
ONLY_IN: dict[str, frozenset[str]] = {
    "TOCI": frozenset({"TOC"}),
    "LI": frozenset({"L"}),
    "LBody": frozenset({"LI"}),
    "TR": frozenset({"Table", "THead", "TBody", "TFoot"}),
    "TH": frozenset({"TR"}),
    "TD": frozenset({"TR"}),
    "THead": frozenset({"Table"}),
    "TBody": frozenset({"Table"}),
    "TFoot": frozenset({"Table"}),
}
_NO_TEXT = frozenset({"Document", "Art", "Sect", "Part", "Div", "TOC", "TOCI", "L"}) | _GRID
_PDF_17 = frozenset({"TOC", "TOCI", "Reference", "Quote", "Code", "BlockQuote", "Art"})
_PDF_20 = "http://iso.org/pdf2/ssn"


def _role(element: Element) -> str:
    return "H" if element.role in ("H1", "H2", "H3", "H4", "H5", "H6") else element.role


def _holder(element: Element) -> str:
    above = element.parent
    while above is not None and above.role in ("Div", "Part", "NonStruct"):
        above = above.parent
    return "" if above is None else _role(above)


def containment(reading: Reading) -> list[str]:
    faults = []
    for element in reading.elements():
        role, holder = _role(element), _holder(element)
        known = role in NOT_IN or role in ONLY_IN or role in ("Document", "Div", "Part", "Title", "NonStruct")
        if not known:
            faults.append(f"{role} is no type of PDF 2.0 that is expected here")
        if holder in NOT_IN.get(role, ()) or (role in ONLY_IN and holder not in ONLY_IN[role]):
            faults.append(f"{role} stands in {holder}: {element.text()[:60]!r}")
        if role in _NO_TEXT and any(isinstance(kid, Content) for kid in element.kids):
            faults.append(f"{role} holds text of its own")
    return faults


def namespaces(reading: Reading) -> list[str]:
    faults = []
    for element in reading.elements():
        wanted = "http://iso.org/pdf/ssn" if element.role in _PDF_17 else _PDF_20
        if "/NS" not in element.object or str(element.object.NS.NS) != wanted:
            faults.append(f"{element.role} is not of {wanted}")
        if "/P" not in element.object:
            faults.append(f"{element.role} does not name its parent")
    return faults


def captions(reading: Reading) -> list[str]:
    """A caption is the first or the last in what it belongs to."""
    faults = []
    for element in reading.elements():
        roles = [kid.role for kid in element.kids if isinstance(kid, Element)]
        if any(role == "Caption" and 0 < at < len(roles) - 1 for at, role in enumerate(roles)):
            faults.append(f"a caption stands in the midst of {element.role}")
    return faults


def labelled_lists(reading: Reading) -> list[str]:
    """A list with labels says how it counts."""
    faults = []
    for element in reading.elements("L"):
        items = [kid for kid in element.kids if isinstance(kid, Element)]
        labelled = any(isinstance(kid, Element) and kid.role == "Lbl" for item in items for kid in item.kids)
        if labelled and str(element.attribute("/ListNumbering") or "/None") == "/None":
            faults.append(f"a list with labels does not say how it counts: {element.text()[:60]!r}")
    return faults


def note_kinds(reading: Reading) -> list[str]:
    found = (str(each.attribute("/NoteType")) for each in reading.elements("FENote"))
    return [f"a note of the kind {kind}" for kind in found if kind not in ("/Footnote", "/Endnote", "/None")]


def destinations(reading: Reading) -> list[str]:
    """Every place within the file that something leads to is an element of the structure."""
    known = {each.object.objgen for each in reading.elements()}
    faults = []

    def look(holder: Any, what: str) -> None:
        action = holder.get("/A", {})
        if "/URI" in action:
            return
        target = action.get("/SD")
        if "/Dest" in holder or target is None or target[0].objgen not in known:
            faults.append(f"{what} does not lead to an element of the structure")

    for number, page in enumerate(reading.pdf.pages, 1):
        for annotation in page.obj.get("/Annots", []):
            look(annotation, f"a link on page {number}")
    waiting = [reading.pdf.Root.Outlines.First] if "/Outlines" in reading.pdf.Root else []
    while waiting:
        item = waiting.pop()
        look(item, f"the bookmark {item.Title}")
        waiting += [item[key] for key in ("/Next", "/First") if key in item]
    return faults


def declarations(reading: Reading) -> list[str]:
    pdf = reading.pdf
    checks = [
        (pdf.pdf_version == "2.0", "the file is not of PDF 2.0"),
        ("/Info" not in pdf.trailer or "/PieceInfo" in pdf.Root, "the file has an information dictionary"),
        (str(reading.document.object.NS.NS) == _PDF_20, "the document is not of PDF 2.0"),
        (all("/Desc" in each for each in pdf.Root.get("/AF", [])), "a file that is carried has no description"),
    ]
    with pdf.open_metadata() as meta:
        checks += [
            ((meta.get("pdfuaid:part"), meta.get("pdfuaid:rev")) == ("2", "2024"), "PDF/UA-2 is not declared"),
            ((meta.get("pdfaid:part"), meta.get("pdfaid:rev")) == ("4", "2020"), "PDF/A-4 is not declared"),
        ]
        carries = "/EmbeddedFiles" in pdf.Root.get("/Names", pikepdf.Dictionary())
        checks.append((meta.get("pdfaid:conformance") == ("F" if carries else None), "PDF/A-4f is declared wrongly"))
    return [sentence for kept, sentence in checks if not kept]


MODERN_JUDGES: tuple[Callable[[Reading], list[str]], ...] = (
    containment,
    namespaces,
    captions,
    labelled_lists,
    note_kinds,
    destinations,
    declarations,
)


def modern_faults(reading: Reading) -> list[str]:
    return [f"{judge.__name__}: {fault}" for judge in MODERN_JUDGES for fault in judge(reading)]
