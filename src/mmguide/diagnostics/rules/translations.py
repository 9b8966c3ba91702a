"""The rules of group MMG7xx about translations of handouts."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

OUT_OF_DATE = Rule(
    "MMG730",
    "translation-out-of-date",
    Severity.WARNING,
    "{place} was {what} after this was translated ({language})",
    "bring the translation up to date, then record it: `mmguide handout translated {name}.{language} --by …`",
    "A translation is made from one state of its original. The record holds a digest of each paragraph it was made from, so that a "
    "later change is reported at both places, the paragraph of the translation and that of the original. In a published "
    "guideline it is an error.",
)
NOT_RECORDED = Rule(
    "MMG731",
    "translation-not-recorded",
    Severity.WARNING,
    "nothing is recorded about this translation of handout '{name}' ({language}), so nobody sees when it is out of date",
    "record what it was made from: `mmguide handout translated {name}.{language} --by …`",
    "The record says who made a translation and from which state of the original. Without it a change of the original would leave the "
    "translation behind without a word.",
)
DIFFERS = Rule(
    "MMG732",
    "translation-differs",
    Severity.WARNING,
    "here the translation ({language}) has {here}, the original has {there} at {place}",
    "give the translation the same headings, paragraphs, items and rows in the same order as the original",
    "A translation says what its original says, block for block. A paragraph too many or too few is often a warning that was left out or "
    "an advice that nobody approved. Only what stands block for block can be followed when the original changes.",
)
NUMBER = Rule(
    "MMG733",
    "translation-number-differs",
    Severity.ERROR,
    "the translation ({language}) has the numbers {here}, the original {there} at {place}",
    "write the same numbers as in the original, in digits, or allow it here with the reason",
    "A dose, a chance or a telephone number that differs between two languages harms those who can read only one of them. Numbers are "
    "compared paragraph by paragraph, whatever digits and separators the language uses.",
)
TRANSLATIONS = Rule(
    "MMG734",
    "translations-unreadable",
    Severity.ERROR,
    "handouts/translations.yaml cannot be used: {problem}",
    "mend this entry or remove it, and record the translation again with `mmguide handout translated`",
    "The file is written by `mmguide handout translated` and holds who made each translation, and from what. An entry that cannot be read "
    "would hide that a translation is out of date, so nothing is made until it is mended.",
)
WORDS_MISSING = Rule(
    "MMG735",
    "words-not-translated",
    Severity.WARNING,
    "handout '{name}' in {language} prints the {what} of guideline.yaml, which is in {own}",
    "give it under `translations: {{{language}: {{{what}: …}}}}` in guideline.yaml",
    "The standing notice of the guideline is printed on every sheet of every handout. A reader of the translation can neither "
    "read nor heed what stands there in another language.",
)
