"""The rules of group MMG7xx Language and handouts."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

HANDOUT_NAMES_NOTHING = Rule(
    "MMG701",
    "handout-names-nothing",
    Severity.ERROR,
    "handout '{name}' names {kind} '{id}', which the guideline does not have",
    "write the identifier as it stands in the text, for recommendations for example rec:dose, or remove it",
    "A handout takes recommendations and sections from the guideline by their identifiers, and says with `explains` which recommendations "
    "its own text explains. An identifier that the guideline does not have would silently leave something out that readers need.",
)
HANDOUT_OUT_OF_DATE = Rule(
    "MMG702",
    "handout-out-of-date",
    Severity.ERROR,
    "handout '{name}', approved by {role} on {date}, rests on {what} ({place}), which has changed since then",
    "read the handout against the change, mend it, and have it approved again: `mmguide handout approve {name} --role …`",
    "A patient reads the handout and not the guideline. When a recommendation that it explains, a number under it or the handout's own "
    "text changes, what was approved is no longer what is handed out. The approval holds digests of all it rests on, so that every "
    "change is found, at both places, until somebody has looked at it.",
)
HANDOUT_NOT_APPROVED = Rule(
    "MMG703",
    "handout-not-approved",
    Severity.WARNING,
    "nobody has approved handout '{name}', which is for patients",
    "have it read, and record the approval: `mmguide handout approve {name} --role …`",
    "A text for patients puts recommendations into other words, and other words can say something else. Somebody who answers for the "
    "guideline reads it before it is handed out. This is not asked of drafts; in a published guideline it is an error.",
)
APPROVALS = Rule(
    "MMG704",
    "approvals-unreadable",
    Severity.ERROR,
    "handouts/approvals.yaml cannot be used: {problem}",
    "mend this entry or remove it, and approve the handout again with `mmguide handout approve`",
    "The file is written by `mmguide handout approve` and holds who approved each handout, when, and what they saw. An entry that cannot "
    "be read would count as no approval, so nothing is made until it is mended.",
)
USED_BEFORE_EXPANDED = Rule(
    "MMG751",
    "abbreviation-before-expansion",
    Severity.WARNING,
    "{short} is used here and explained only later",
    "explain it at its first use, or list it under `abbreviations:` in guideline.yaml, which does that by itself",
    "A reader who meets an abbreviation before its explanation has to guess. Abbreviations listed in guideline.yaml are explained at their "
    "first use in each output, also in handouts and summaries that begin elsewhere.",
)
EXPANDED_TWICE = Rule(
    "MMG752",
    "abbreviation-expanded-twice",
    Severity.WARNING,
    "{short} is explained a second time",
    "use the abbreviation alone here, or the long form alone",
    "Two explanations of one abbreviation suggest two meanings, and after an edit there may be two. The first one is enough.",
)
EXPANDED_AND_LISTED = Rule(
    "MMG753",
    "abbreviation-expanded-and-listed",
    Severity.WARNING,
    "{short} is explained in the text although guideline.yaml lists it",
    "write the abbreviation alone: it is explained at its first use in each output",
    "Abbreviations listed in guideline.yaml are explained by the compiler where a reader first meets them. An explanation typed in the "
    "text is then printed besides.",
)
NEVER_USED = Rule(
    "MMG754",
    "abbreviation-never-used",
    Severity.WARNING,
    "{short} is listed and never used",
    "take it out of `abbreviations:`",
    "The appendix of abbreviations lists what the reader meets in the text. An entry that is never used is left over from an earlier "
    "version, or is spelt otherwise in the text.",
)
