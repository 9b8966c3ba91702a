"""Render, Word: finishing of the text of chapters: named styles for every paragraph and run, links and the tree's wishes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmguide.render.docx.ooxml import MARK, NS, R, W, drop, local, properties, put, w
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


def name_links(root: Any, addresses: Mapping[str, str]) -> None:
    """Links to elsewhere bear their address in place of pandoc's relationship to it; those inside the file look like citations or
    cross-references, not like addresses."""
    for link in root.iter(w("hyperlink")):
        anchor = link.get(w("anchor"))
        if not anchor:
            link.set(f"{{{R}}}id", addresses[link.get(f"{{{R}}}id")])
            continue
        link.set(w("history"), "1")
        style = "Citation" if anchor.startswith("ref_") else "CrossReference"
        for found in link.iter(w("rStyle")):
            if found.get(w("val")) == "Hyperlink":
                found.set(w("val"), style)


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
