"""Render, Word: finishing of the text: named styles for every paragraph and run, bookmarks, links, pictures and the tree's wishes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmguide.render.docx.ooxml import ADEC, MARK, NS, A, W, drop, local, properties, put, w
from mmguide.render.docx.styles import NO_NUMBERS, TYPED_NUMBERS

# pandoc's direct formatting of a run, and the style that says the same.
_LOOKS: Mapping[frozenset[str], str] = {
    frozenset({"b", "bCs"}): "Strong",
    frozenset({"i", "iCs"}): "Emphasis",
    frozenset({"b", "bCs", "i", "iCs"}): "StrongEmphasis",
    frozenset({"smallCaps"}): "SmallCapitals",
    frozenset({"strike"}): "Deleted",
    frozenset({"u"}): "Underlined",
}
_SHIFTS: Mapping[str, str] = {"superscript": "Superscript", "subscript": "Subscript"}
_DECORATIVE = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
_BESIDE = frozenset({"rtl", "lang"})


def name_runs(root: Any) -> None:
    """Runs get a character style in place of pandoc's direct formatting."""
    for holder in root.iter(w("rPr")):
        if local(holder.getparent()) != "r" or holder.find(w("rStyle")) is not None:
            continue
        direct = frozenset(local(child) for child in holder) - _BESIDE
        shift = holder.find(w("vertAlign"))
        style = _SHIFTS.get(shift.get(w("val")), "") if direct == {"vertAlign"} else _LOOKS.get(direct, "")
        if style:
            drop(holder, *direct)
            put(holder, "rStyle", val=style)


def merge_runs(root: Any) -> None:
    """Neighbouring runs of text with the same properties become one, as Word itself would have written them."""
    for paragraph in list(root.iter(w("p"), w("hyperlink"))):
        previous = None
        for run in list(paragraph):
            if local(run) != "r" or not _only_text(run):
                previous = None
                continue
            if previous is not None and _look(previous) == _look(run):
                target = previous.find(w("t"))
                target.text = (target.text or "") + (run.find(w("t")).text or "")
                paragraph.remove(run)
            else:
                previous = run


def _only_text(run: Any) -> bool:
    return [local(c) for c in run if local(c) != "rPr"] == ["t"]


def _look(run: Any) -> bytes:
    from lxml import etree

    found = run.find(w("rPr"))
    return b"" if found is None else etree.tostring(found, method="c14n")


def name_paragraphs(root: Any, default: str) -> None:
    """Every paragraph gets a style: by where it stands, where pandoc gave none."""
    for paragraph in root.iter(w("p")):
        holder = properties(paragraph, "pPr")
        style = holder.find(w("pStyle"))
        name = style.get(w("val")) if style is not None else ""
        cell = next((a for a in paragraph.iterancestors(w("tc"))), None)
        numbered = holder.find(w("numPr")) is not None and not name.startswith("Heading")
        if cell is not None and name in ("", "Compact", "BodyText", "FirstParagraph"):
            put(holder, "pStyle", val="RecommendationText" if boxed(cell) else "TableText")
        elif name in ("", "FirstParagraph") or (numbered and name in ("Compact", "BodyText")):
            put(holder, "pStyle", val="ListParagraph" if numbered and default == "BodyText" else default)


def boxed(cell: Any) -> bool:
    """Whether a cell is the box of a recommendation."""
    table = next(cell.iterancestors(w("tbl")))
    style = table.find("w:tblPr/w:tblStyle", NS)
    return style is not None and str(style.get(w("val"))).startswith("Recommendation")


def apply_heading_marks(root: Any, hang: int) -> None:
    """Headings that Word must not number: those without a number, and those whose number Word would count otherwise."""
    for mark in list(root.iter(f"{{{MARK}}}unnumbered")):
        paragraph = next(mark.iterancestors(w("p")))
        holder = properties(paragraph, "pPr")
        numbering = put(holder, "numPr")
        level = holder.find(w("pStyle")).get(w("val")).removeprefix("Heading")
        for name, value in (("ilvl", int(level) - 1), ("numId", TYPED_NUMBERS if mark.get("typed") else NO_NUMBERS)):
            numbering.append(numbering.makeelement(w(name), {w("val"): str(value)}))
        if mark.get("typed"):
            put(holder, "ind", left=hang, hanging=hang)
        mark.getparent().remove(mark)


def set_styles(root: Any) -> None:
    """Paragraphs whose place in the tree gave them a style."""
    for mark in list(root.iter(f"{{{MARK}}}style")):
        put(properties(next(mark.iterancestors(w("p"))), "pPr"), "pStyle", val=mark.get("id"))
        mark.getparent().remove(mark)


def join_headings(root: Any, distance: int) -> None:
    """A heading that goes on below what stands before it, at this distance, where its section still fits on the page."""
    for mark in list(root.iter(f"{{{MARK}}}joined")):
        holder = properties(next(mark.iterancestors(w("p"))), "pPr")
        put(holder, "pageBreakBefore", val=0)
        put(holder, "spacing", before=distance)
        mark.getparent().remove(mark)


def unlist_headings(root: Any) -> None:
    """Headings that the contents leave out have a style of their own, which Word does not collect either."""
    for mark in list(root.iter(f"{{{MARK}}}unlisted")):
        style = next(mark.iterancestors(w("p"))).find(f"{w('pPr')}/{w('pStyle')}")
        style.set(w("val"), style.get(w("val")) + "Unlisted")
        mark.getparent().remove(mark)


def number_bookmarks(roots: list[Any]) -> None:
    """Bookmarks get their numbers, counted through the whole file; a name that stands twice keeps its first place."""
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


def name_links(root: Any) -> None:
    """Links inside the file look like citations or cross-references, not like addresses."""
    for link in root.iter(w("hyperlink")):
        anchor = link.get(w("anchor"))
        if not anchor:
            continue
        link.set(w("history"), "1")
        style = "Citation" if anchor.startswith("ref_") else "CrossReference"
        for found in link.iter(w("rStyle")):
            if found.get(w("val")) == "Hyperlink":
                found.set(w("val"), style)


def number_pictures(roots: list[Any]) -> None:
    """Drawing ids counted through the whole file, and names that say nothing of where a picture came from."""
    number = 0
    for root in roots:
        for element in root.iter(f"{{{NS['wp']}}}docPr"):
            number += 1
            element.set("id", str(number))
            element.set("name", f"Picture {number}")
            if not element.get("descr"):
                _decorative(element)
            if "title" in element.attrib:
                del element.attrib["title"]
            # Unless told, LibreOffice keeps the words of a line three millimetres away.
            for side in ("distT", "distB", "distL", "distR"):
                element.getparent().set(side, "0")
            for inner in element.getparent().iter(f"{{{NS['pic']}}}cNvPr"):
                inner.set("id", str(number))
                inner.set("name", f"Picture {number}")
                inner.attrib.pop("descr", None)


def _decorative(element: Any) -> None:
    """A picture without words is ornament, and says so to screen readers."""
    from lxml import etree

    holder = etree.SubElement(element, f"{{{A}}}extLst")
    extension = etree.SubElement(holder, f"{{{A}}}ext", uri=_DECORATIVE)
    made = etree.SubElement(extension, f"{{{ADEC}}}decorative", nsmap={"adec": ADEC})
    made.set("val", "1")


def remove_marks(root: Any) -> None:
    """Wishes that were granted, or that have no place to be granted at, go."""
    for mark in list(root.iter(f"{{{MARK}}}*")):
        mark.getparent().remove(mark)


def text_runs_inside(root: Any) -> None:
    """pandoc indents its XML; white space between elements carries nothing."""
    for element in root.iter():
        if (
            isinstance(element.tag, str)
            and element.tag.startswith(f"{{{W}}}")
            and local(element) not in ("t", "instrText", "delText")
        ):
            if element.text and not element.text.strip():
                element.text = None
            if element.tail and not element.tail.strip():
                element.tail = None
