"""The rules of group MMG2xx Citations."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

UNDEFINED_CITATION = Rule(
    "MMG201",
    "undefined-citation",
    Severity.ERROR,
    "no reference has the key '{key}'",
    "add the reference to a file under `bibliography:`, or correct the key",
    "A citation names a reference by its key. When no reference file has this key, the reader would find a bare key or a question mark "
    "in the text and nothing in the reference list, so no output is written.",
)
KEY_SPELLED_OTHERWISE = Rule(
    "MMG202",
    "key-spelled-otherwise",
    Severity.ERROR,
    "the key '{key}' is spelled '{other}' in the references: {difference}",
    "write `@{other}`",
    "Keys are compared letter by letter: capitals count, and letters of other alphabets that look the same are other letters. The "
    "citation therefore finds no reference, although one is there. Copy the key from the reference file.",
)
CITATION_CUT_SHORT = Rule(
    "MMG203",
    "citation-cut-short",
    Severity.ERROR,
    "the citation ends at '{key}', and '{cut}' is left over as text",
    "put the whole key in braces: `@{{{key}{cut}}}`",
    "A key in the text ends at the first sign that keys may not hold, such as a bracket or an equals sign in a DOI or address. What "
    "follows is printed as text and the citation names the wrong key. In braces a key can hold anything but spaces.",
)
CITED_TWICE_IN_GROUP = Rule(
    "MMG204",
    "cited-twice-in-group",
    Severity.WARNING,
    "'{key}' stands twice in one citation",
    "delete one of the two, or give each its page",
    "The same reference twice between one pair of brackets is a slip of copying. In a list of numbers it is printed once or twice "
    "according to the style, and a reader of the source cannot tell which reference was meant instead.",
)
NEIGHBOURING_CITATIONS = Rule(
    "MMG205",
    "neighbouring-citations",
    Severity.WARNING,
    "two citations stand side by side",
    "join them into one: `[@{first}; @{second}]`",
    "Citations in separate brackets are printed separately, [1] [2] for [1,2], and neither sorted nor joined into a range. Without a "
    "space between them the first is even taken for text and printed with its authors' names. One pair of brackets with semicolons "
    "is one citation.",
)
UNSORTED_GROUP = Rule(
    "MMG206",
    "unsorted-group",
    Severity.WARNING,
    "'{key}' stands behind '{before}', which the guideline cites later for the first time",
    "order the keys as they first appear in the text",
    "Styles that number references in the order of the text and do not sort print [7,3] for such a citation. Most medical styles sort "
    "by themselves, so this check is off until guideline.yaml switches it on under `checks`.",
    off=True,
)
CITATION_BEHIND_STOP = Rule(
    "MMG207",
    "citation-misplaced-at-stop",
    Severity.WARNING,
    "this citation stands {here} the full stop, {most} others in the guideline stand {there} it",
    "move it {there} the full stop",
    "A citation before the full stop belongs to its sentence; behind it, it can be taken for the whole paragraph's. Styles with raised "
    "numbers want one, styles with brackets the other. Whichever the guideline uses, it should use throughout.",
)
NUMBERS_WITHOUT_CITATION = Rule(
    "MMG208",
    "numbers-without-citation",
    Severity.WARNING,
    "this paragraph gives numbers and cites nothing",
    "cite where they come from, or allow it here with a reason",
    "In a section of evidence every number comes from somewhere. The check reads paragraphs inside `::: evidence` and below headings "
    "with the class `.evidence`. It is off until guideline.yaml switches it on under `checks`.",
    off=True,
)
REFERENCE_AS_EXAMPLE = Rule(
    "MMG210",
    "citation-read-as-example",
    Severity.ERROR,
    "'@{key}' at the beginning of this paragraph makes a numbered example, not a citation",
    "write `[@{key}]`, or begin the sentence with another word",
    "A paragraph that begins with a key in round brackets, or a key with a full stop or closing bracket behind it, is pandoc's form of "
    "a numbered example. The citation and all others with this key vanish from the text and are printed as the number of the example.",
)
LOOK_ALIKE_KEYS = Rule(
    "MMG211",
    "look-alike-keys",
    Severity.WARNING,
    "the keys '{key}' and '{other}' can be taken for each other: {difference}",
    "give one of them another key, or delete one entry if both are the same work",
    "Two references whose keys differ only in capitals or in letters that look the same will sooner or later be confused, and the wrong "
    "paper is cited without any report. At least one of the two is cited in the guideline.",
)
