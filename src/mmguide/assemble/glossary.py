"""Stage assemble, glossary: in what patients get, each term is explained in plain words where the text first uses it.

Explained is the first use in running text: headings, tables, captions and notes are no place for it. A term that the author
explains by hand, in brackets, is left as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from mmguide.ast import SPACE, Attr, Blocks, Element, Node, attr_of, span, string, words

_UNTOUCHED = frozenset(
    ["Header", "Cite", "Code", "CodeBlock", "Math", "RawInline", "RawBlock", "Image", "Table", "Note", "Figure", "Link"]
)
_UNTOUCHED_CLASSES = frozenset(["recommendation-label", "caption-label", "unconfirmed-mark", "value", "abbr", "handout-head"])
_WORDS = frozenset(["Str", "Space", "SoftBreak"])


def with_glossary(blocks: Blocks, glossary: Mapping[str, str]) -> Blocks:
    """The blocks with `(what it means)` behind the first use of each term."""
    if not glossary:
        return blocks
    made: Blocks = _Writer(glossary).nodes(blocks)
    return made


def terms_in(text: str, terms: Iterable[str]) -> list[str]:
    """Those of the terms that `term_pattern` can find in a text: their words stand in it, be it inside other words."""
    searched = " ".join(text.lower().split())
    return [term for term in terms if " ".join(term.lower().split()) in searched]


def term_pattern(terms: Sequence[str]) -> re.Pattern[str]:
    """What finds any of the terms, whatever their case, also in the plural; the longest that fits."""
    # By their first letter, so that few of them are tried at each place.
    endings: dict[str, list[str]] = defaultdict(list)
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        endings[term[0].lower()].append(re.escape(term[1:]).replace(r"\ ", r"\s+"))
    either = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in endings.items())
    return re.compile(rf"(?<![\w-])({either})s?(?![\w-])", re.IGNORECASE)


class _Writer:
    """Goes through the text once, in the order of reading."""

    def __init__(self, glossary: Mapping[str, str]) -> None:
        self.met: set[str] = set()
        self.pattern = term_pattern(tuple(glossary))
        self.meanings = {" ".join(term.lower().split()): meaning for term, meaning in glossary.items()}

    def nodes(self, node: Node) -> Node:
        if isinstance(node, list):
            return self._list(node)
        if isinstance(node, dict) and "c" in node:
            if node["t"] in _UNTOUCHED or _UNTOUCHED_CLASSES & set(attr_of(node).classes):
                return node
            return {**node, "c": self.nodes(node["c"])}
        return node

    def _list(self, items: list[Element]) -> list[Element]:
        made: list[Element] = []
        at = 0
        while at < len(items):
            end = at
            while end < len(items) and isinstance(items[end], dict) and items[end].get("t") in _WORDS:
                end += 1
            if end > at:
                made += self._run(items[at:end])
            else:
                made.append(self.nodes(items[at]))
                end = at + 1
            at = end
        return made

    def _run(self, run: list[Element]) -> list[Element]:
        """Words side by side, with the meanings of terms that they are the first to use."""
        text = "".join(element.get("c", " ") for element in run)
        behind: dict[int, str] = {}
        for match in self.pattern.finditer(text):
            term = " ".join(match[1].lower().split())
            by_hand = text[match.end() :].lstrip().startswith("(") or text[: match.start()].endswith("(")
            if term not in self.met and not by_hand:
                behind[match.end()] = self.meanings[term]
            self.met.add(term)
        return _with_meanings(run, behind) if behind else run


def _with_meanings(run: list[Element], behind: Mapping[int, str]) -> list[Element]:
    """The words with a meaning behind each of these offsets of their text."""
    made: list[Element] = []
    start = 0
    for element in run:
        text = element.get("c", " ")
        cuts = sorted(offset for offset in behind if start < offset <= start + len(text))
        done = start
        for cut in cuts:
            meaning = words(f"({behind[cut]})")
            made += [string(text[done - start : cut - start]), SPACE, span(meaning, Attr(classes=("gloss",)))]
            done = cut
        if not cuts:
            made.append(element)
        elif done < start + len(text):
            made.append(string(text[done - start :]))
        start += len(text)
    return made
