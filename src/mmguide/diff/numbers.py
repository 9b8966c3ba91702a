"""Stage diff, numbers: the old version under the numbers of the new, so that nothing counts as changed because something before it was.

Headings, figures, tables, recommendations and references that both have bear their new number in both; what only the old has keeps its
own, references behind the last of the new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from mmguide.ast import Blocks, Element, Node, attr_of, iterate, rewrite, rewrite_lists, string, with_attr
from mmguide.diff.trees import key_of
from mmguide.model.manuscript import CitedManuscript, Manuscript
from mmguide.model.reference import Bibliography

_LABELS = frozenset({"caption-label", "recommendation-number"})


def together(old: Manuscript, new: Manuscript) -> Manuscript:
    """Both texts in one manuscript, the new first: cited as one, it gives the references of the old their numbers beside the new."""
    known = new.bibliography
    references = {r.key: r for r in (*old.bibliography.references, *known.references)}
    return replace(new, blocks=[*new.blocks, *old.blocks], bibliography=Bibliography(tuple(references.values())))


def renumbered(old: CitedManuscript, new: CitedManuscript, both: CitedManuscript) -> Blocks:
    """The old tree with the numbers of the new one; `both` is `together` cited."""
    numbers = _numbers(old.manuscript, new.manuscript)
    blocks = _renamed(old.blocks, numbers)
    cites = list(_cites(both.blocks))[len(list(_cites(new.blocks))) :]
    if len(cites) != len(list(_cites(blocks))):
        return blocks
    known = {key_of(c): c for c in _cites(new.blocks)}
    queue = iter([known.get(key_of(c), c) for c in cites])
    return _listed_alike(_with_cites(blocks, queue), both)


def _numbers(old: Manuscript, new: Manuscript) -> Mapping[str, tuple[str, str]]:
    """The old and the new number of each target that has another one."""
    now = {t.id: t.number for t in new.targets}
    return {t.id: (t.number, now[t.id]) for t in old.targets if t.number and now.get(t.id, t.number) not in ("", t.number)}


def _renamed(tree: Blocks, numbers: Mapping[str, tuple[str, str]]) -> Blocks:
    """Numbers of headings, labels and cross-references replaced."""

    def action(element: Element) -> Element | None:
        attr = attr_of(element)
        if "crossref" in attr.classes and element["t"] == "Link":
            found = numbers.get(element["c"][2][0].removeprefix("#"))
            return _with_number(element, *found) if found else None
        if attr.id not in numbers or not attr.get("number"):
            return None
        was, now = numbers[attr.id]
        content = rewrite(_relabelled(element["c"], was, now), action)
        return with_attr({**element, "c": content}, attr.having(number=now))

    made: Blocks = rewrite(tree, action)
    return made


def _relabelled(content: Node, was: str, now: str) -> Node:
    """The content with the number in its first label replaced; further labels are of what stands inside."""
    first = next((e for e in iterate(content) if _LABELS & set(attr_of(e).classes)), None)
    return rewrite(content, lambda e: _with_number(e, was, now) if e is first else None)


def _with_number(element: Element, was: str, now: str) -> Element:
    """The element with its number replaced where it stands as the end of a word."""

    def renumbered(inner: Element) -> Element:
        before, found, after = inner["c"].rpartition(was) if inner["t"] == "Str" else ("", "", "")
        alone = found and not before[-1:].isalnum() and not after[:1].isdigit()
        return string(before + now + after) if alone else inner

    return {**element, "c": rewrite_lists(element["c"], lambda words: [renumbered(word) for word in words])}


def _cites(tree: Blocks) -> Iterator[Element]:
    return (e for e in iterate(tree) if e["t"] == "Cite")


def _with_cites(tree: Node, queue: Iterator[Element]) -> Any:
    """The tree with its citations, those of notes too, replaced one after the other."""

    def action(element: Element) -> Element | None:
        if element["t"] != "Cite":
            return None
        made = next(queue)
        for _ in (e for e in iterate(element["c"]) if e["t"] == "Cite"):
            next(queue)
        return made

    return rewrite(tree, action)


def _listed_alike(tree: Blocks, both: CitedManuscript) -> Blocks:
    """The reference list of the old version in the order, and with the numbers, of the list of both."""
    margins: dict[str, Element] = {}
    for entry in (e for e in iterate(both.blocks) if "csl-entry" in attr_of(e).classes):
        margin = next((e for e in iterate(entry) if "csl-left-margin" in attr_of(e).classes), None)
        margins[attr_of(entry).id] = margin or {}
    order = {identifier: at for at, identifier in enumerate(margins)}

    def action(element: Element) -> Element | None:
        if "csl-bib-body" not in attr_of(element).classes:
            return None
        entries = sorted(element["c"][1], key=lambda e: order.get(attr_of(e).id, len(order)))
        return {**element, "c": [element["c"][0], [_with_margin(e, margins.get(attr_of(e).id)) for e in entries]]}

    made: Blocks = rewrite(tree, action)
    return made


def _with_margin(entry: Element, margin: Element | None) -> Element:
    def action(element: Element) -> Element | None:
        return margin if margin and "csl-left-margin" in attr_of(element).classes else None

    made: Element = rewrite([entry], action)[0]
    return made
