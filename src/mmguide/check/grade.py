"""Stage check, helper: the reading grade of English text by Flesch-Kincaid and SMOG, and what costs most of it.

The formulas and the counting of syllables are those of the `readability` library. Measured are the sentences of paragraphs and lists:
headings and cells of tables are no sentences and would make a text look easier than it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import NamedTuple

from mmguide.check.sentences import WORD, Sentence
from mmguide.diagnostics import Span
from mmguide.labels import primary

MEASURED = ("en",)
# SMOG was made on samples of thirty sentences and says nothing about fewer.
SMOG_SENTENCES = 30
_LONG_WORD = 3


class Counted(NamedTuple):
    """A sentence with its words, syllables and words of three syllables or more."""

    sentence: Sentence
    words: int
    syllables: int
    long_words: int


class Grade(NamedTuple):
    """Years of school that a text asks for, by two formulas; `smog` is None where the text is too short for it."""

    kincaid: float
    smog: float | None

    @property
    def highest(self) -> float:
        return max(self.kincaid, self.smog or 0.0)


def load_formulas() -> None:
    """Load the library, which takes longer than to measure some texts with it."""
    import_module("readability")


def is_measured(language: str) -> bool:
    """Whether the formulas were made for this language."""
    return primary(language) in MEASURED


def counted(sentences: Sequence[Sentence]) -> list[Counted]:
    """The sentences with what the formulas count in them."""
    found = []
    for sentence in sentences:
        syllables = [_syllables(word.lower()) for word in sentence.words()]
        if syllables:
            found.append(Counted(sentence, len(syllables), sum(syllables), sum(n >= _LONG_WORD for n in syllables)))
    return found


def grade(text: Sequence[Counted]) -> Grade:
    """The grade of these sentences, of which there is at least one."""
    from readability import KincaidGradeLevel, SMOGIndex

    words, syllables = sum(c.words for c in text), sum(c.syllables for c in text)
    smog = SMOGIndex(sum(c.long_words for c in text), len(text)) if len(text) >= SMOG_SENTENCES else None
    return Grade(KincaidGradeLevel(syllables, words, len(text)), smog)


def costliest_sentences(text: Sequence[Counted], above: float, most: int) -> list[tuple[Counted, float]]:
    """The sentences that read above a grade on their own, those that raise the whole most first, with their grade."""
    ranked = [(one, alone) for one in text if (alone := grade([one]).kincaid) > above]
    return sorted(ranked, key=lambda pair: (above - pair[1]) * pair[0].words)[:most]


def costliest_words(text: Sequence[Counted], most: int) -> list[tuple[str, int, list[Span]]]:
    """The long words with their syllables and places, first those that bring most syllables into the text."""
    places: dict[str, list[Span]] = defaultdict(list)
    for one in text:
        for match, place in one.sentence.find(WORD):
            if _syllables(match[0].lower()) >= _LONG_WORD:
                places[match[0].lower()].append(place)
    cost = Counter({word: (_syllables(word) - 1) * len(found) for word, found in places.items()})
    return [(word, _syllables(word), places[word]) for word, _ in cost.most_common(most)]


@cache
def _syllables(word: str) -> int:
    from readability.langdata import LANGDATA

    return 1 if word[:1].isdigit() else max(1, int(LANGDATA["en"]["syllables"](word)))
