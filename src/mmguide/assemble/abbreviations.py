"""Stage assemble, abbreviations: each is written out where the text first uses it, carries its meaning wherever it stands, and is
listed at the end.

Written out is the first use in running text only: headings, tables, captions, notes and printed values are no place for it. An
abbreviation that the author brings in by hand, in brackets behind its meaning, is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mmguide.ast import SPACE, Attr, Blocks, Element, Inlines, Node, attr_of, div, header, plain, plain_text, span, string, words
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


@dataclass
class _Writer:
    """Goes through the text once, in the order of reading."""

    abbreviations: Mapping[str, str]
    introduced: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self.pattern = pattern(self.abbreviations)

    def nodes(self, node: Node, *, expand: bool) -> Node:
        if isinstance(node, list):
            if node and all(isinstance(item, dict) and "t" in item for item in node):
                return [made for at, item in enumerate(node) for made in self._element(item, node[:at], node[at + 1 :], expand)]
            return [self.nodes(item, expand=expand) for item in node]
        if isinstance(node, dict) and "c" in node:
            return {**node, "c": self.nodes(node["c"], expand=expand)}
        return node

    def _element(self, element: Element, before: list[Element], behind: list[Element], expand: bool) -> Iterator[Element]:
        kind, classes = element["t"], set(attr_of(element).classes)
        if kind == "Str":
            yield from self._words(element, before, behind, expand)
        elif kind in _UNTOUCHED or classes & _UNTOUCHED_CLASSES:
            yield element
        elif kind == "Figure":
            # Its caption stands apart from the text.
            yield {**element, "c": [element["c"][0], self.nodes(element["c"][1], expand=False), element["c"][2]]}
        else:
            inside = expand and kind not in _MARKED_ONLY and not classes & _MARKED_CLASSES
            yield self.nodes(element, expand=inside)

    def _words(self, element: Element, before: list[Element], behind: list[Element], expand: bool) -> Iterator[Element]:
        text, at = element["c"], 0
        for found in self.pattern.finditer(text):
            name = found[0]
            self.used.add(name)
            if found.start() > at:
                yield string(text[at : found.start()])
            meaning = self.abbreviations[name]
            mark = span([string(name)], Attr(classes=("abbr",), attributes=(("title", meaning),)))
            if expand and name not in self.introduced:
                self.introduced.add(name)
                if not _by_hand(text, found, before):
                    yield from (*words(meaning), SPACE, string("("), mark, string(")"))
                    at = found.end()
                    continue
            yield mark
            at = found.end()
        if at < len(text) or not text:
            yield string(text[at:]) if at else element


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
