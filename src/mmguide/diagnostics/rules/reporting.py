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
