"""Stage assemble, abbreviations: each is written out where the text first uses it, carries its meaning wherever it stands, and is
listed at the end.

Written out is the first use in running text only: headings, tables, captions, notes and printed values are no place for it. An
abbreviation that the author brings in by hand, in brackets behind its meaning, is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mmguide.ast import (
    SPACE,
    Attr,
    Blocks,
    Element,
    Inlines,
    Node,
    classes_of,
    div,
    header,
    plain,
    plain_text,
    span,
    string,
    words,
)
from mmguide.labels import label

_UNTOUCHED = frozenset(["Header", "Cite", "Code", "CodeBlock", "Math", "RawInline", "RawBlock", "Image"])
_MARKED_ONLY = frozenset(["Table", "Note", "Link"])
_UNTOUCHED_CLASSES = frozenset(["recommendation-label", "caption-label", "unconfirmed-mark", "crossref"])
_MARKED_CLASSES = frozenset(["value", "table-note"])


def with_abbreviations(blocks: Blocks, abbreviations: Mapping[str, str], language: str) -> Blocks:
    """The blocks with abbreviations written out and marked, and the list of those that stand in them behind the last block."""
    if not abbreviations:
        return blocks
    writer = _Writer(abbreviations)
    made: Blocks = writer.nodes(blocks, expand=True)
    return [*made, *_list({a: abbreviations[a] for a in abbreviations if a in writer.used}, language)]


def pattern(abbreviations: Mapping[str, str]) -> re.Pattern[str]:
    """What finds any of them as a word; the longest one that fits."""
    longest_first = sorted(abbreviations, key=lambda a: (-len(a), a))
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(a) for a in longest_first) + r")(?!\w)")


class _Writer:
    """Goes through the text once, in the order of reading."""

    def __init__(self, abbreviations: Mapping[str, str]) -> None:
        self.abbreviations = abbreviations
        self.introduced: set[str] = set()
        self.used: set[str] = set()
        self.pattern = pattern(abbreviations)
        self.capital = all(any(map(str.isupper, name)) for name in abbreviations)

    def nodes(self, node: Node, *, expand: bool) -> Node:
        if type(node) is list:
            return self._list(node, expand)
        if type(node) is dict and "c" in node:
            content = self.nodes(node["c"], expand=expand)
            return node if content is node["c"] else {**node, "c": content}
        return node

    def _list(self, node: list[Any], expand: bool) -> list[Any]:
        """A list with what became of each of its elements; itself where nothing did."""
        out: list[Any] | None = None
        for at, item in enumerate(node):
            made = item
            if type(item) is list:
                made = self._list(item, expand)
            elif type(item) is dict and "c" in item:
                if item["t"] != "Str":
                    made = self._element(item, expand)
                elif not (self.capital and item["c"].islower()):  # most words are in small letters, and then they hold none
                    made = self._words(node, at, expand)
            if made is not item and out is None:
                out = node[:at]
            if out is not None and item is not made and type(item) is dict and type(made) is list:
                out += made
            elif out is not None:
                out.append(made)
        return node if out is None else out

    def _element(self, element: Element, expand: bool) -> Element:
        kind, classes = element["t"], classes_of(element)
        if kind in _UNTOUCHED or not _UNTOUCHED_CLASSES.isdisjoint(classes):
            return element
        if kind == "Figure":
            # Its caption stands apart from the text.
            return {**element, "c": [element["c"][0], self.nodes(element["c"][1], expand=False), element["c"][2]]}
        inside = expand and kind not in _MARKED_ONLY and _MARKED_CLASSES.isdisjoint(classes)
        made: Element = self.nodes(element, expand=inside)
        return made

    def _words(self, among: list[Element], number: int, expand: bool) -> Element | Inlines:
        """A word among others, or what stands in its place where there are abbreviations in it."""
        word, out, at = among[number], [], 0
        text = word["c"]
        for found in self.pattern.finditer(text):
            name = found[0]
            self.used.add(name)
            if found.start() > at:
                out.append(string(text[at : found.start()]))
            at = found.end()
            meaning = self.abbreviations[name]
            mark = span([string(name)], Attr(classes=("abbr",), attributes=(("title", meaning),)))
            first = expand and name not in self.introduced
            if first:
                self.introduced.add(name)
            if first and not _by_hand(text, found, among[:number]):
                out += [*words(meaning), SPACE, string("("), mark, string(")")]
            else:
                out.append(mark)
        if not out:
            return word
        return [*out, string(text[at:])] if at < len(text) else out


def _by_hand(text: str, found: re.Match[str], before: list[Element]) -> bool:
    """Whether the author explains it in this place: "… melphalan and prednisone (MP)", "(continuous Rd)"."""
    if not text[found.end() :].startswith(")"):
        return False
    lead = plain_text(before)[-60:] + (" " if before and before[-1]["t"] != "Str" else "") + text[: found.start()]
    opened = lead.rfind("(")
    return opened > lead.rfind(")") and len(lead[opened:].split()) <= 3


def _list(used: Mapping[str, str], language: str) -> Blocks:
    if not used:
        return []
    terms: list[list[object]] = [
        [_term(name), [[plain(words(used[name]))]]] for name in sorted(used, key=lambda a: (a.lower(), a))
    ]
    title = header(1, words(label("abbreviations", language)), Attr("abbreviations", ("unnumbered",)))
    return [title, div([{"t": "DefinitionList", "c": terms}], Attr(classes=("abbreviations",)))]


def _term(name: str) -> Inlines:
    return [string(name)]
