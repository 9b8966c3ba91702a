"""Render, Word: which paragraphs of a redline Word shows as moved, and the ranges that name both ends (ISO/IEC 29500-1, 17.13.5.21 to 28).

Word moves paragraphs of the text. Rows, and with them boxes, only come and go; and the last mark of the text stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mmguide.render.docx.ooxml import MARK, local, w

_BESIDE = ("bookmarkStart", "bookmarkEnd")
_RANGES = {"deletion": "moveFrom", "insertion": "moveTo"}


def settle(root: Any, *, possible: bool) -> None:
    """Leave the number of a move only on marks of paragraphs that Word can show as moved, at both ends alike."""
    body = root.find(w("body"))
    last = None if body is None else next((e for e in reversed(body) if local(e) not in ("sectPr", *_BESIDE)), None)
    sides: dict[str, dict[str, list[Any]]] = {}
    for wish in root.iter(f"{{{MARK}}}changed"):
        if number := wish.get("move"):
            paragraph = next(wish.iterancestors(w("p")), None)
            if not possible or paragraph is None or paragraph.getparent() is not body:
                del wish.attrib["move"]
            else:
                sides.setdefault(number, {"deletion": [], "insertion": []})[wish.get("kind")].append(paragraph)
    for number, found in sides.items():
        shapes = [[len(group) for group in _groups(paragraphs)] for paragraphs in found.values()]
        if shapes[0] != shapes[1] or any(p is last for paragraphs in found.values() for p in paragraphs):
            for wish in [e for e in root.iter(f"{{{MARK}}}changed") if e.get("move") == number]:
                del wish.attrib["move"]


def name_ranges(root: Any, made: Callable[[str], Any]) -> None:
    """Put the start and the end of each move around its paragraphs; `made` gives an element of that name with number, author and date."""
    ends: dict[tuple[str, str], list[Any]] = {}
    for wish in root.iter(f"{{{MARK}}}changed"):
        if number := wish.get("move"):
            ends.setdefault((number, wish.get("kind")), []).append(next(wish.iterancestors(w("p"))))
    for (number, kind), paragraphs in ends.items():
        for part, group in enumerate(_groups(paragraphs)):
            start, end = made(f"{_RANGES[kind]}RangeStart"), made(f"{_RANGES[kind]}RangeEnd")
            start.set(w("name"), f"move{number}" if not part else f"move{number}-{part + 1}")
            for name in [name for name in end.attrib if name != w("id")]:
                del end.attrib[name]
            end.set(w("id"), start.get(w("id")))
            group[0].insert(0 if group[0].find(w("pPr")) is None else 1, start)
            group[-1].addnext(end)


def _groups(paragraphs: list[Any]) -> Iterator[list[Any]]:
    """Paragraphs that follow each other."""
    place = {paragraph: at for at, paragraph in enumerate(paragraphs)}
    begins = 0
    for at, paragraph in enumerate(paragraphs):
        following = paragraph.getnext()
        while following is not None and local(following) in _BESIDE:
            following = following.getnext()
        if place.get(following) != at + 1:
            yield paragraphs[begins : at + 1]
            begins = at + 1
