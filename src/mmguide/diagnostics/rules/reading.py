"""The rules of group MMG7xx about plain language in what patients get."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

READING_GRADE = Rule(
    "MMG705",
    "reading-grade",
    Severity.WARNING,
    "handout '{name}' reads at grade {grade}, above {most}",
    "shorten the sentences and replace the words named below, or set `readability: {{grade: …}}` in guideline.yaml",
    "The grade counts years of school, from the length of sentences and of words. Many adults read at the level of a child of eleven, and "
    "nobody reads better when ill. Headings and tables are not measured; SMOG is given from thirty sentences on, for which it was made.",
)
COSTLY_SENTENCE = Rule(
    "MMG706",
    "costly-sentence",
    Severity.WARNING,
    "this is among the sentences that cost most: {words} words, {syllables} syllables, grade {grade} on its own",
    "say one thing in a sentence: divide it, or leave out what the reader need not know",
    "Where a text reads above the grade it should have, the sentences that add most to it are named. They are the ones worth the work of "
    "writing them anew.",
)
COSTLY_WORD = Rule(
    "MMG707",
    "costly-word",
    Severity.WARNING,
    "'{word}' ({syllables} syllables, {times}) is among the words that cost most",
    "write a shorter word where there is one",
    "Where a text reads above the grade it should have, the long words that add most to it are named at their first place. A name that "
    "nothing can replace may stay: then shorter sentences around it bring the grade down.",
)
LONG_SENTENCE = Rule(
    "MMG708",
    "long-sentence",
    Severity.WARNING,
    "{words} words in one sentence, more than {most}",
    "divide it, or set `readability: {{sentence: …}}` in guideline.yaml",
    "A reader has to keep the beginning of a sentence in mind until its end. This is told in every language, since it needs no formula.",
)
PASSIVE = Rule(
    "MMG709",
    "passive-voice",
    Severity.WARNING,
    "passive voice: '{words}'",
    "say who does it: 'your doctor will change the dose', not 'the dose will be changed'",
    "A patient needs to know who acts: they themselves, the nurse, the drug. The passive voice leaves that out. It is looked for in "
    "English only.",
)
JARGON = Rule(
    "MMG710",
    "jargon-without-gloss",
    Severity.WARNING,
    "'{term}' is a word of the trade that nothing explains",
    "write plain words ({plain}), or explain the term under `glossary:` in guideline.yaml, which prints that at its first use",
    "Words that are plain to those who treat are not plain to those who are treated. A term that has to be learnt is listed under "
    "`glossary:` and explained where the reader first meets it, or in the text in brackets. The list of terms is English; the guideline's "
    "own abbreviations belong to it.",
)
PERCENTAGE = Rule(
    "MMG711",
    "percentage-alone",
    Severity.WARNING,
    "'{number}' is a percentage, and nothing here counts it in people",
    "say it as people out of 100, or draw it with `::: {{.icon-array …}}`",
    "Many readers do not see what 7% means for them; 7 of 100 people they do. A percentage may stand where the same paragraph or row "
    "also counts people out of 10, 100 or 1000.",
)
DOUBLE_NEGATION = Rule(
    "MMG712",
    "double-negation",
    Severity.WARNING,
    "two negatives in one statement: '{words}'",
    "say what is so: 'common' for 'not uncommon', 'only if' for 'not unless'",
    "Two negatives have to be worked out before they are understood, and some readers take one of them away only. It is looked for in "
    "English only.",
)
NOT_MEASURED = Rule(
    "MMG713",
    "reading-grade-not-measured",
    Severity.NOTE,
    "the reading grade of handout '{name}' in {language} is not measured: the formulas were made for English",
    "let people who speak the language read it before it is handed out",
    "Flesch-Kincaid and SMOG count syllables of English and were fitted to English readers. Their numbers would mean nothing in another "
    "language, so none is given. Long sentences and bare percentages are reported all the same.",
)
GLOSSARY_UNUSED = Rule(
    "MMG714",
    "glossary-term-never-used",
    Severity.WARNING,
    "'{term}' ({language}) is in the glossary and stands in no handout for patients in that language",
    "take it out of `glossary:`, or write it there as it stands in the text",
    "The glossary explains terms where a patient first meets them. An entry that is never met is left over from an earlier version or is "
    "spelt otherwise in the text.",
)
ITEMS_MISSING = Rule(
    "MMG740",
    "patient-version-items-missing",
    Severity.WARNING,
    "handout '{name}' does not answer {standard} items {items}",
    "name the heading that answers each under `handouts: {{{name}: {{reporting: …}}}}`, or why it is absent; "
    "`mmguide check --reporting right-pvg` lists what each asks",
    "RIGHT-PVG says what readers of a patient version should be able to find: whom it is for, what the illness is, benefits and harms, "
    "what to do oneself, how sure the advice is, where to find help. For leaflets each item is answered by a heading of the text, by what "
    "stands on every sheet, or by a reason why it is left out.",
)
UNKNOWN_ANCHOR = Rule(
    "MMG741",
    "patient-version-anchor",
    Severity.ERROR,
    "item {item} points at '{anchor}', which the text of handout '{name}' does not have",
    "name the identifier of one of its headings, as `{{#how-well}}`",
    "The answers to RIGHT-PVG name headings of the handout's own text. A name that is not there answers nothing.",
)
