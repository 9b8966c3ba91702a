"""Render, Word: finishing of the direction of writing: paragraphs and runs that go the other way than the document, or must say that
they go its way (ISO/IEC 29500-1, 17.3.1.6 and 17.3.2.30)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from itertools import groupby
from typing import Any
from unicodedata import bidirectional

from mmguide.render.docx.awaited import as_number
from mmguide.render.docx.ooxml import MARK, local, properties, put, w

# The styles that have a sibling for paragraphs that run the other way, and its name.
_TURNED: Mapping[str, str] = {"BodyText": "BodyTextTurned", "Bibliography": "BibliographyTurned"}
_FROM_RIGHT = ("R", "AL")


def turn(root: Any, *, from_right: bool) -> None:
    """Give the document's paragraphs and runs their direction; `from_right` is that of the document."""
    turned = set(_paragraphs(root, from_right))
    for paragraph in turned:
        _turn(paragraph, from_right)
    if from_right:
        for paragraph in root.iter(w("p")):
            _turn_runs(paragraph, from_right=paragraph not in turned)
        _keep_sides(root)


def _paragraphs(root: Any, from_right: bool) -> Iterator[Any]:
    """The paragraphs that run the other way: pandoc tells those from the right, our mark those from the left."""
    if from_right:
        for mark in list(root.iter(f"{{{MARK}}}turned")):
            yield next(mark.iterancestors(w("p")))
            mark.getparent().remove(mark)
    else:
        yield from (p for p in root.iter(w("p")) if p.find(f"{w('pPr')}/{w('bidi')}") is not None)


def _turn(paragraph: Any, from_right: bool) -> None:
    holder = properties(paragraph, "pPr")
    style = holder.find(w("pStyle"))
    name = "" if style is None else style.get(w("val"))
    if name not in _TURNED:
        put(holder, "bidi", val=int(not from_right))
        return
    put(holder, "pStyle", val=_TURNED[name])
    for direct in holder.findall(w("bidi")):
        holder.remove(direct)


def _turn_runs(paragraph: Any, *, from_right: bool) -> None:
    """Runs are divided where the direction of their signs changes, as Word itself would have written them."""
    runs = [run for run in paragraph.iter(w("r")) if next(run.iterancestors(w("p"))) is paragraph]
    texts = [run.find(w("t")).text or "" if _only_text(run) else "" for run in runs]
    # What is no text stands between words as an object does.
    ways = iter(directions(as_number("".join(text or "\ufffc" for text in texts)), from_right=from_right))
    for run, text in zip(runs, texts, strict=True):
        here = [next(ways) for _ in text or "\ufffc"]
        if text:
            _divide(run, text, here)


def _only_text(run: Any) -> bool:
    return [local(child) for child in run if local(child) != "rPr"] == ["t"]


def _divide(run: Any, text: str, ways: Iterable[bool]) -> None:
    """A run as one for each stretch of one direction."""
    parts = [
        ("".join(sign for sign, _ in part), way) for way, part in groupby(zip(text, ways, strict=True), lambda pair: pair[1])
    ]
    pieces = [run, *(deepcopy(run) for _ in parts[1:])]
    for piece in reversed(pieces[1:]):
        run.addnext(piece)
    for at, (words, way) in zip(pieces, parts, strict=True):
        at.find(w("t")).text = words
        holder = properties(at, "rPr")
        for old in holder.findall(w("rtl")):
            holder.remove(old)
        if way:
            put(holder, "rtl")
        elif len(holder) == 0:
            at.remove(holder)


def directions(text: str, *, from_right: bool) -> list[bool]:
    """For each sign whether it runs from the right: letters by themselves, signs between two of one direction with these, others as the
    paragraph does. Numbers are signs too, but for those behind a letter from the left (Unicode Annex 9, W7)."""
    out: list[bool | None] = []
    strong: bool | None = None
    for sign in text:
        kind = bidirectional(sign)
        if kind == "L" or kind in _FROM_RIGHT:
            strong = kind in _FROM_RIGHT
            out.append(strong)
        else:
            out.append(False if kind == "EN" and strong is False else None)
    return _filled(out, from_right)


def _filled(given: list[bool | None], base: bool) -> list[bool]:
    """Signs of no direction get that of their neighbours where both have the same, else `base`."""
    out: list[bool] = []
    before = base
    stretches = [(way, len(list(part))) for way, part in groupby(given)]
    for number, (way, length) in enumerate(stretches):
        after = stretches[number + 1][0] if number + 1 < len(stretches) else base
        found = way if way is not None else before if before == after else base
        out += [found] * length
        before = found if way is not None else before
    return out


def _keep_sides(root: Any) -> None:
    """Where lines begin at the right, Word's `left` is the side they begin at: columns set to a side stay at that side of the page."""
    for aligned in root.iter(w("jc")):
        holder = aligned.getparent()
        in_cell = local(holder) == "pPr" and next(aligned.iterancestors(w("tc")), None) is not None
        if in_cell and holder.find(w("bidi")) is None:
            aligned.set(w("val"), {"left": "right", "right": "left"}.get(aligned.get(w("val")), aligned.get(w("val"))))
