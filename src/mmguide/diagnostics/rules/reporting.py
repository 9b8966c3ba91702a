"""The rules of group MMG8xx Reporting standards."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

DATES_OUT_OF_ORDER = Rule(
    "MMG801",
    "dates-out-of-order",
    Severity.ERROR,
    "{later} ({second}) is not after {earlier} ({first})",
    "the order is search, approved, published, updated, review_by",
    "Evidence is searched before a guideline is approved, which comes before publication, updates and the next review. Dates in another "
    "order are a slip of the pen in the one place where readers judge how old the guideline is.",
)
REVIEW_OVERDUE = Rule(
    "MMG802",
    "review-overdue",
    Severity.WARNING,
    "the review was due on {day}",
    "review the guideline and set a new date; until then every page says that it is overdue",
    "A guideline promises when it will be looked at again. When that day has passed, every page says so, since new evidence "
    "may have changed what it says.",
)
NO_AFFILIATION = Rule(
    "MMG803",
    "no-affiliation",
    Severity.WARNING,
    "{name} has no affiliation",
    "add a line `affiliation: …`",
    "Readers judge a panel by who sat on it and whom they work for. Every contributor is therefore named with role and affiliation.",
)
NO_INTERESTS = Rule(
    "MMG804",
    "no-interests",
    Severity.WARNING,
    "{name} has no statement of interests",
    "add a line `interests: …`, and write `interests: none` where there are none",
    "An empty field can mean no interests or a question never asked, and readers cannot tell which. The statement is given for everybody, "
    "none being said explicitly.",
)
UNKNOWN_ITEM = Rule(
    "MMG811",
    "unknown-reporting-item",
    Severity.ERROR,
    "{standard} has no item '{item}'",
    "the items are {items}",
    "The reporting standards number what a guideline has to report. An item that the standard does not have would be mapped to nothing.",
)
UNKNOWN_ANCHOR = Rule(
    "MMG812",
    "unknown-reporting-anchor",
    Severity.ERROR,
    "item {item} points at '{anchor}', which the guideline does not have",
    "name the identifier of a heading, table, figure or recommendation, such as sec:methods",
    "The appendix tells the reader on which page and in which section each item is reported. An identifier that does not exist leads "
    "nowhere, so the item would count as reported without being so.",
)
NO_REASON = Rule(
    "MMG813",
    "reporting-without-reason",
    Severity.ERROR,
    "item {item} is called absent or not applicable without a reason",
    'give it: not_applicable: "…", or absent: "…" where it is left out',
    "Absent and not applicable are answers that need an argument; without one they cannot be told from an oversight. The appendix prints "
    "the reason.",
)
ITEM_MISSING = Rule(
    "MMG814",
    "reporting-item-missing",
    Severity.WARNING,
    "{standard} item {item} is not reported: {asks}",
    "write it and map it under `reporting:`, or call it not applicable with a reason",
    "The standard asks for this in every guideline. Nothing in the settings answers it and no place in the text is named for it. The "
    "list says what is missing and never adds up to a score: the items do not weigh the same, and the authors of RIGHT advise against one.",
)
