"""Stage check: abbreviations: used before they are explained, explained twice, or listed and never used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmguide.ast import attr_of, plain_text
from mmguide.check.running import Prose, prose
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import language as rules
from mmguide.model.manuscript import Manuscript

_SHORT = re.compile(r"\s\(([A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9-]*)s?\)")
_WORDS = re.compile(r"(?:[A-Za-z][\w'’]*[- ]){1,8}[A-Za-z][\w'’]*$")
# Nine words are shorter than this; looking back from the bracket spares trying every word of the text.
_FARTHEST = 400


def check_abbreviations(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Abbreviations of guideline.yaml are explained by the compiler at their first use; all others must be explained in the text."""
    listed = manuscript.project.settings.abbreviations
    texts = list(prose(manuscript))
    expansions: dict[str, list[tuple[int, int, Span]]] = {}
    for at, text in enumerate(texts):
        for match in _SHORT.finditer(text.text):
            words = _WORDS.search(text.text, max(match.start() - _FARTHEST, 0), match.start())
            if words and _spells(match[1], words[0]):
                expansions.setdefault(match[1], []).append((at, match.start(1), text.place(*match.span(1))))
    for short, found in expansions.items():
        if short in listed:
            yield from (rules.EXPANDED_AND_LISTED.at(place, short=short) for _, _, place in found)
            continue
        first = found[0]
        yield from (rules.EXPANDED_TWICE.at(place, short=short, related=(first[2],)) for _, _, place in found[1:])
        if (early := _use_before(texts, short, first[0], first[1])) is not None:
            yield rules.USED_BEFORE_EXPANDED.at(early, short=short, related=(first[2],))
    # What comes from the data stands in the tree only, where assembling marked it.
    printed = {plain_text(e) for e in manuscript.elements if e["t"] == "Span" and "abbr" in attr_of(e).classes}
    everything = "\n".join(text.text for text in texts)
    for short in listed:
        if short not in printed and not _use(short).search(everything):
            yield rules.NEVER_USED.at(manuscript.project.place("abbreviations", short), short=short)


def _use(short: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(short)}s?(?![\w])")


def _use_before(texts: list[Prose], short: str, paragraph: int, offset: int) -> Span | None:
    for at, text in enumerate(texts[: paragraph + 1]):
        match = _use(short).search(text.text)
        if match and (at, match.start()) < (paragraph, offset):
            return text.place(*match.span())
    return None


def _spells(short: str, words: str) -> bool:
    """Whether the letters of the abbreviation stand, in order, in the words before it, the first one at the beginning of a word."""
    letters = [c.lower() for c in short if c.isalpha()]
    parts = re.split(r"[- ]", words.lower())
    for start in range(len(parts) - 1, -1, -1):
        if (
            parts[start][:1] == letters[0]
            and _in_order(letters, "".join(parts[start:]))
            and len(parts) - start <= len(letters) + 3
        ):
            return sum(p[:1] in letters for p in parts[start:]) * 2 >= len(letters)
    return False


def _in_order(letters: list[str], text: str) -> bool:
    at = 0
    for letter in letters:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True
