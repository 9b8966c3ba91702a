"""Render, Word: finishing of lists: bullets and numbers that stand in the text's column, or at the edge of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from mmguide.render.docx.body import boxed
from mmguide.render.docx.look import Look
from mmguide.render.docx.ooxml import local, properties, put, w
from mmguide.render.docx.styles import HEADING_NUMBERS, LIST_LEVELS, NO_NUMBERS, STEP, TYPED_NUMBERS

_HEADINGS = (str(HEADING_NUMBERS), str(NO_NUMBERS), str(TYPED_NUMBERS))
_BULLETS = ("•", "–", "•", "–", "•", "–", "•", "–", "•")
# pandoc's list without a sign, for further paragraphs of an item.
_CONTINUED = "1000"
_PLAIN = ("Compact", "BodyText", "ListParagraph", "FirstParagraph", "TableText", "RecommendationText", "RecommendationSummary")


def finish_lists(numbering: Any, roots: Mapping[str, Any], look: Look) -> None:
    """Give each list the indent of the place it stands at; drop what no paragraph uses."""
    abstracts = {a.get(w("abstractNumId")): a for a in numbering.findall(w("abstractNum"))}
    lists = {n.get(w("numId")): n for n in numbering.findall(w("num"))}
    used: dict[str, int] = {}
    for root in roots.values():
        for paragraph in root.iter(w("p")):
            found = paragraph.find(f"{w('pPr')}/{w('numPr')}/{w('numId')}")
            if found is None or found.get(w("val")) in _HEADINGS:
                continue
            base = _base(paragraph, look)
            if found.get(w("val")) == _CONTINUED:
                _continued(paragraph, base, look)
            else:
                used.setdefault(found.get(w("val")), base)
    made: dict[tuple[str, int], str] = {}
    for number, item in lists.items():
        if number in _HEADINGS:
            continue
        if number not in used:
            numbering.remove(item)
            continue
        link = item.find(w("abstractNumId"))
        key = (link.get(w("val")), used[number])
        if key not in made:
            made[key] = str(TYPED_NUMBERS + 1 + len(made))
            _variant(numbering, abstracts[key[0]], made[key], key[1], lists)
        link.set(w("val"), made[key])
    for name, old in abstracts.items():
        if name not in _HEADINGS:
            numbering.remove(old)
    _in_order(numbering)


def _base(paragraph: Any, look: Look) -> int:
    """Where lists begin: in the text's column, in a box's, or at the edge of a cell or note."""
    cell = next(paragraph.iterancestors(w("tc")), None)
    if cell is not None:
        return look.box_hang if boxed(cell) else 0
    style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    if style is not None and style.get(w("val")) == "PathwaySteps":
        return 0
    return 0 if paragraph.getroottree().getroot().tag == w("footnotes") else look.hang


def _continued(paragraph: Any, base: int, look: Look) -> None:
    """A further paragraph of a list item: its indent, without a sign of its own."""
    holder = paragraph.find(w("pPr"))
    level = int(holder.find(f"{w('numPr')}/{w('ilvl')}").get(w("val")))
    holder.remove(holder.find(w("numPr")))
    kind = {look.hang: "", look.box_hang: "Box"}.get(base, "Cell")
    named = holder.find(w("pStyle"))
    if named is None or named.get(w("val")) in _PLAIN:
        put(holder, "pStyle", val=f"{kind}ListContinue{min(level + 1, LIST_LEVELS) if level else ''}")


def _variant(numbering: Any, abstract: Any, number: str, base: int, lists: Mapping[str, Any]) -> None:
    copy = deepcopy(abstract)
    copy.set(w("abstractNumId"), number)
    nsid = copy.find(w("nsid"))
    if nsid is not None:
        nsid.set(w("val"), f"{0x4D4D4740 + int(number):08X}")
    for level in copy.findall(w("lvl")):
        depth = int(level.get(w("ilvl")))
        holder = properties(level, "pPr") if level.find(w("pPr")) is not None else None
        if holder is not None:
            put(holder, "ind", left=base + STEP * (depth + 1), hanging=STEP)
        form = level.find(w("numFmt"))
        sign = level.find(w("lvlText"))
        if form is not None and form.get(w("val")) == "bullet" and sign.get(w("val")) not in ("☐", "☒"):
            sign.set(w("val"), _BULLETS[depth])
            for old in level.findall(w("rPr")):
                level.remove(old)
    numbering.insert(0, copy)


def _in_order(numbering: Any) -> None:
    """All abstract lists, by number, then all lists."""

    def rank(element: Any) -> tuple[int, int]:
        kind = local(element)
        key = {"abstractNum": "abstractNumId", "num": "numId"}.get(kind, "")
        return ({"numPicBullet": 0, "abstractNum": 1, "num": 2}.get(kind, 3), int(element.get(w(key)) or 0) if key else 0)

    children = sorted(numbering, key=rank)
    for child in children:
        numbering.append(child)
