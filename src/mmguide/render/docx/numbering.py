"""Render, Word: lists: bullets and numbers that stand in the text's column, or at the edge of a cell; in a chapter, then in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from mmguide.render.docx.body import boxed
from mmguide.render.docx.look import Look
from mmguide.render.docx.ooxml import inner, local, properties, put, w, whole
from mmguide.render.docx.styles import HEADING_NUMBERS, LIST_LEVELS, NO_NUMBERS, STEP, TYPED_NUMBERS

_HEADINGS = (str(HEADING_NUMBERS), str(NO_NUMBERS), str(TYPED_NUMBERS))
_BULLETS = ("•", "–", "•", "–", "•", "–", "•", "–", "•")
# pandoc's list without a sign, for further paragraphs of an item.
_CONTINUED = "1000"
_PLAIN = ("Compact", "BodyText", "ListParagraph", "FirstParagraph", "TableText", "RecommendationText", "RecommendationSummary")
# A list whose number in the file is not known yet: `list0`, `list1` … of its chapter.
_LIST = "list"
_FIRST = TYPED_NUMBERS + 1

# A list: the form of its levels, and where they begin to count; XML of `w:abstractNum`, and of what stands in `w:num`.
List = tuple[str, str]


def finish_lists(numbering: Any, roots: Sequence[Any], look: Look) -> dict[str, List]:
    """Give each list the indent of the place it stands at; the lists that are used, by pandoc's numbers."""
    abstracts = {a.get(w("abstractNumId")): a for a in numbering.findall(w("abstractNum"))}
    lists = {n.get(w("numId")): n for n in numbering.findall(w("num"))}
    used: dict[str, int] = {}
    for root in roots:
        for found in list(root.iter(w("numId"))):
            number = found.get(w("val"))
            if number in _HEADINGS:
                continue
            paragraph = next(found.iterancestors(w("p")))
            base = _base(paragraph, look)
            if number == _CONTINUED:
                _continued(paragraph, base, look)
            else:
                used.setdefault(number, base)
    forms: dict[tuple[str, int], str] = {}
    made = {}
    for number, base in used.items():
        kind = lists[number].find(w("abstractNumId"))
        key = (kind.get(w("val")), base)
        if key not in forms:
            forms[key] = inner(_variant(abstracts[key[0]], base)).decode()
        made[number] = (forms[key], inner(e for e in list(lists[number]) if e is not kind).decode())
    return made


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


def _variant(abstract: Any, base: int) -> list[Any]:
    """What stands in pandoc's form of a list, for lists that begin at `base`."""
    copy = deepcopy(abstract)
    for level in copy.findall(w("lvl")):
        depth = int(level.get(w("ilvl")))
        if level.find(w("pPr")) is not None:
            put(properties(level, "pPr"), "ind", left=base + STEP * (depth + 1), hanging=STEP)
        form = level.find(w("numFmt"))
        sign = level.find(w("lvlText"))
        if form is not None and form.get(w("val")) == "bullet" and sign.get(w("val")) not in ("☐", "☒"):
            sign.set(w("val"), _BULLETS[depth])
            for old in level.findall(w("rPr")):
                level.remove(old)
    return [e for e in copy if local(e) != "nsid"]


def lists_of(elements: Iterable[Any], lists: Mapping[str, List]) -> tuple[List, ...]:
    """The lists of one chapter in order; their paragraphs are given their place among these."""
    order: dict[str, str] = {}
    for element in elements:
        for found in element.iter(w("numId")):
            number = found.get(w("val"))
            if number not in _HEADINGS:
                found.set(w("val"), order.setdefault(number, f"{_LIST}{len(order)}"))
    return tuple(lists[number] for number in order)


def join_lists(numbering: Any, roots: Sequence[Any], chapters: Sequence[Sequence[List]], boundary: str) -> None:
    """Write the lists of all chapters, in the order of their first paragraphs; elements `boundary` in `roots` stand between chapters."""
    numbers: dict[tuple[int, int], str] = {}
    for root in roots:
        at = 0
        for found in root.iter(w("numId"), boundary):
            if found.tag == boundary:
                at += 1
            elif found.get(w("val")).startswith(_LIST):
                key = at, int(found.get(w("val")).removeprefix(_LIST))
                found.set(w("val"), numbers.setdefault(key, str(_FIRST + len(numbers))))
    forms: dict[str, str] = {}
    items = []
    for (at, place), number in numbers.items():
        form, start = chapters[at][place]
        kind = forms.setdefault(form, str(_FIRST + len(forms)))
        items.append(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{start}</w:num>')
    kinds = [
        f'<w:abstractNum w:abstractNumId="{kind}"><w:nsid w:val="{0x4D4D4740 + int(kind):08X}"/>{form}</w:abstractNum>'
        for form, kind in forms.items()
    ]
    # All forms stand before all lists.
    headings = numbering.findall(w("num"))
    for element in list(whole("numbering", kinds)):
        headings[0].addprevious(element)
    numbering.extend(list(whole("numbering", items)))
