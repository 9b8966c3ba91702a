"""The rules of group MMG5xx Recommendations."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

EMPTY = Rule(
    "MMG501",
    "empty-recommendation",
    Severity.ERROR,
    "this recommendation has no words",
    "write the recommendation inside the div, or take the div out",
    "The div is marked as a recommendation or statement, but its own words are missing; what the panel weighed does not count. It would be "
    "printed, numbered and listed as an empty box.",
)
NO_GRADE = Rule(
    "MMG502",
    "ungraded-recommendation",
    Severity.ERROR,
    "this recommendation has no {what}",
    '{what} is one of {names}: {what}="…"; what is not graded is a `.statement`',
    "A graded recommendation says how strong it is and how certain its evidence is; readers act on both. What the panel deliberately "
    "does not grade, such as good practice, is written as a `.statement`, so that nobody takes it for an omission.",
)
UNKNOWN_GRADE = Rule(
    "MMG503",
    "unknown-grade",
    Severity.ERROR,
    "'{written}' is no {what} in {scheme}",
    "use one of {names}, or describe the guideline's own scheme under `grading:`",
    "Strength and certainty are levels of one grading scheme. A level from another scheme, or a misspelt one, cannot be printed with its "
    "symbol and cannot be compared with the others.",
)
NO_DIRECTION = Rule(
    "MMG504",
    "no-direction",
    Severity.ERROR,
    "this recommendation does not say whether it is for or against",
    'write direction="for" or direction="against"',
    "The same strength means the opposite in the other direction. The direction is printed in the label, so that nobody has to find the "
    "word “not” in a long sentence.",
)
WORDING = Rule(
    "MMG505",
    "wording-unlike-strength",
    Severity.WARNING,
    "a {kind} is worded with {found}",
    "use one of {phrases}, or change the strength or direction; the phrases can be set under `grading:`",
    "Readers hear the strength in the verb: “we recommend” or “offer” is strong, “we suggest” or “consider” is conditional. A sentence "
    "that says one thing under a label that says the other leaves the reader to choose.",
)
SECOND_ACTION = Rule(
    "MMG506",
    "second-action",
    Severity.WARNING,
    "this recommendation makes a second one: “{phrase}”",
    "write a recommendation of its own for it, with its own strength and certainty",
    "One recommendation says one thing. Two actions in one box share a strength that was weighed for only one of them, and cannot be "
    "cited, audited or updated apart.",
)
INCOMPLETE = Rule(
    "MMG507",
    "recommendation-incomplete",
    Severity.WARNING,
    "this recommendation does not say {missing}",
    'say it in the sentence, or in the attribute population="…"',
    "A recommendation is read alone, in a list or on a card, far from its section. It has to say itself who it is for, what is to be done "
    "and when.",
)
NO_EVIDENCE = Rule(
    "MMG508",
    "recommendation-without-evidence",
    Severity.WARNING,
    "this recommendation cites nothing",
    'cite its evidence in the box or in the parts below it, or write basis="expert opinion"',
    "Each recommendation shows what it rests on. Where there are no studies and the panel relied on experience, the guideline says so "
    "openly instead of leaving a gap.",
)
UNKNOWN_BASIS = Rule(
    "MMG509",
    "unknown-basis",
    Severity.ERROR,
    "'{basis}' is no basis of a recommendation",
    'write basis="expert opinion", or cite the evidence and leave the attribute out',
    "The attribute says that a recommendation rests on the experience of the panel. Any other basis is given by citing it.",
)
STRONG_ON_LOW = Rule(
    "MMG510",
    "strong-on-low-certainty",
    Severity.ERROR,
    "a strong recommendation whose evidence is '{certainty}' needs a reason",
    'give it: reason="…", for instance a life-threatening situation or certain harm',
    "When the evidence is uncertain, most well-informed patients may still choose differently, so a strong one is the exception. "
    "GRADE names the few situations that justify it; the guideline has to name which one it is.",
)
NO_IDENTIFIER = Rule(
    "MMG511",
    "recommendation-without-identifier",
    Severity.WARNING,
    "this recommendation has no identifier",
    "give it one that it keeps for good, for example {{.recommendation #rec:dose …}}",
    "Numbers change when a section is added; the identifier stays. Cross-references, the register, releases and other systems recognise "
    "a recommendation by it.",
)
GRADED_STATEMENT = Rule(
    "MMG512",
    "graded-statement",
    Severity.ERROR,
    "a good practice statement is not graded",
    "take out strength and certainty, or make it a `.recommendation`",
    "A statement says what any careful clinician would do and was not derived from a review of evidence. With a strength beside it, it "
    "claims a weighing that did not take place.",
)
UNKNOWN_EVIDENCE = Rule(
    "MMG513",
    "unknown-evidence",
    Severity.ERROR,
    "there is nothing called '{name}' in this guideline",
    'name identifiers of tables, figures or sections: evidence="tbl:trials fig:pfs"',
    "The attribute `evidence` links a recommendation with the tables and figures it rests on. An identifier that does not exist leads the "
    "reader nowhere.",
)
NOT_REGISTERED = Rule(
    "MMG515",
    "not-registered",
    Severity.WARNING,
    "'{id}' is not in the register of recommendations",
    "add it to {file}",
    "The register lists every identifier that the guideline ever gave to a recommendation, with the version that brought it. It is what "
    "keeps an identifier from being used again for something else years later.",
)
IDENTIFIER_REUSED = Rule(
    "MMG516",
    "identifier-reused",
    Severity.ERROR,
    "'{id}' was withdrawn in version {version} and must not be used again",
    "give the new recommendation an identifier of its own",
    "Readers, electronic records and other guidelines may still point at the withdrawn one. A new one under its identifier would "
    "silently change what they point at.",
)
VANISHED = Rule(
    "MMG517",
    "recommendation-vanished",
    Severity.ERROR,
    "the recommendation '{id}' is in the register and no longer in the text",
    "put it back, or write in the register in which version it was withdrawn: withdrawn: {version}",
    "A recommendation that disappears without a word is the worst kind of change for those who followed it. The register records the "
    "version that withdrew it.",
)
REGISTER = Rule(
    "MMG518",
    "register-invalid",
    Severity.ERROR,
    "the register of recommendations cannot be used: {problem}",
    "write a list of entries such as `- {{id: rec:dose, since: 1.0.0}}`",
    "The register is a YAML list. Each entry has the identifier, the version that brought it, and for withdrawn ones the version "
    "that withdrew it. What cannot be read cannot protect identifiers.",
)
TRAILING_ZERO = Rule(
    "MMG521",
    "trailing-zero",
    Severity.WARNING,
    "the dose '{written}' ends with a nought that can be misread",
    "write {better}",
    "When the point is overlooked, 1.0 mg is read as 10 mg. Whole doses are therefore written without decimals.",
)
NAKED_DECIMAL = Rule(
    "MMG522",
    "naked-decimal",
    Severity.WARNING,
    "the dose '{written}' has no nought before its point",
    "write {better}",
    "When the point is overlooked, .5 mg is read as 5 mg. A nought before the point makes it visible.",
)
DOSE_WITHOUT_UNIT = Rule(
    "MMG523",
    "dose-without-unit",
    Severity.WARNING,
    "the dose '{written}' has no unit",
    "write the unit behind the number, for example {written} mg",
    "A number alone leaves the unit to memory, and many drugs come in more than one. Every dose is written with its unit.",
)
UNSAFE_ABBREVIATION = Rule(
    "MMG524",
    "unsafe-abbreviation",
    Severity.WARNING,
    "'{written}' has been misread with harm to patients",
    "write {instead}",
    "The Institute for Safe Medication Practices lists abbreviations that were mistaken for others: U for 0, QD for QID, µg for mg. Spelt "
    "out, they cannot be.",
)
