"""The compiler's own words, by language: everything it prints that does not stand in the sources.

English stands here and is what every other language is held against; the others are files in `catalogues/`, one for each language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from unicodedata import bidirectional

_EN = {
    "contents": "Contents",
    "list-of-tables": "Tables",
    "list-of-figures": "Figures",
    "figure": "Figure",
    "table": "Table",
    "section": "Section",
    "recommendation": "Recommendation",
    "statement": "Good practice statement",
    "direction-for": "for",
    "direction-against": "against",
    "part-justification": "Justification",
    "part-benefits-harms": "Benefits and harms",
    "part-certainty": "Certainty of the evidence",
    "part-values": "Values and preferences",
    "part-resources": "Resources",
    "part-equity": "Equity",
    "part-acceptability": "Acceptability",
    "part-feasibility": "Feasibility",
    "part-implementation": "Implementation",
    "part-monitoring": "Monitoring",
    "part-research": "Research needed",
    "references": "References",
    "abbreviations": "Abbreviations",
    "footnotes": "Notes",
    "version": "Version",
    "status": "Status",
    "status-draft": "Draft",
    "status-review": "In review",
    "status-published": "Published",
    "status-superseded": "Superseded",
    "status-withdrawn": "Withdrawn",
    "date-search": "Evidence searched",
    "date-approved": "Approved",
    "date-published": "Published",
    "date-updated": "Updated",
    "date-review_by": "Review by",
    "quick-reference": "Quick reference",
    "quick-reference-note": "Reasons, evidence and references stand in the whole guideline.",
    "handout-from": "From the guideline",
    "handout-patients": "For patients and those close to them",
    "handout-call": "Whom to call",
    "handout-day": "Telephone by day",
    "handout-night": "Telephone at night and at weekends",
    "handout-current": "Is this the current version?",
    "form-field": "To fill in",
    "form-row": "Line",
    "print-booklet": "sheets for print only, to fold: both sides, flipped on the short edge",
    "print-two-up": "sheets for print only",
    "handout-uncontrolled": "Uncontrolled when printed",
    "evidence-title": "The evidence behind “{title}”",
    "evidence-note": "For those who want to check “{title}”: what the guideline says, how sure it is, and where each number comes from.",
    "evidence-advice": "What the guideline says",
    "evidence-numbers": "Where the numbers come from",
    "evidence-printed": "On the sheet",
    "evidence-data": "In the data, with its source",
    "feedback-question": "Did this answer your question?",
    "translation-machine": "A machine made this translation and nobody has checked it. Do not use it in care.",
    "translation-unapproved": "Nobody has approved this translation yet. Do not use it in care.",
    "translation-mark": "Unchecked translation",
    "reporting-item": "Item",
    "reporting-asks": "What is asked",
    "reporting-where": "Where",
    "and-others": "and others",
    "reporting-front": "Front matter",
    "reporting-changes": "What changed (of this release)",
    "reporting-missing": "Not reported",
    "reporting-absent": "Absent",
    "reporting-not-applicable": "Not applicable",
    "version-withdrawn": "Withdrawn on {date}: {reason}",
    "version-superseded": "Superseded by version {version} of {date}",
    "dated-new": "new {year}",
    "dated-amended": "{year}, amended {amended}",
    "changes-title": "What changed from version {old} to version {new}",
    "changes-step-major": "This is a major step: what a recommendation asks for has changed.",
    "changes-step-minor": "This is a minor step: recommendations, evidence or data are new or amended.",
    "changes-step-patch": "This is a patch: only the wording has changed.",
    "changes-step-none": "Nothing has changed.",
    "changes-legend": "Words that went and came are marked so:",
    "changes-gone": "gone",
    "changes-come": "come",
    "changes-recommendations": "Recommendations",
    "changes-text": "Text",
    "changes-references": "References",
    "changes-data": "Data",
    "changes-new": "new",
    "changes-amended": "amended",
    "changes-wording": "worded otherwise, with the same meaning",
    "changes-evidence": "unchanged, on other references",
    "changes-deleted": "withdrawn",
    "changes-moved": "moved",
    "changes-why": "Why:",
    "changes-references-added": "References added:",
    "changes-references-removed": "References removed:",
    "changes-moved-from": "Moved here from “{section}”:",
    "changes-reporting": "Reporting standards",
    "review-overdue": "Review overdue since {date}",
    "page": "Page",
    "of": "of",
    "draft-mark": "DRAFT",
    "contributors": "Contributors",
    "role": "Role",
    "affiliation": "Affiliation",
    "interests": "Interests",
    "funding": "Funding",
    "contact": "Contact",
    "feedback": "Feedback",
    "unconfirmed": "unconfirmed",
    "unconfirmed-note": "not confirmed against the source",
    "ci": "95%\u00a0CI",
    "estimate": "Estimate",
    "no-interval": "no interval",
    "not-drawn": "not drawn",
    "forest": "Forest plot",
    "forest-log": "logarithmic scale",
    "forest-linear": "linear scale",
    "forest-left": "Values to the left favour",
    "forest-right": "Values to the right favour",
    "favours": "favours",
    "forest-hollow": "Hollow marks and †: not confirmed against the source.",
    "forest-listed": "Listed without a mark: no confidence interval in the data.",
    "pathway": "Decision pathway",
    "pathway-alt": "Decision pathway; its steps follow as a list.",
    "steps": "Steps",
    "months": "months",
    "finding-outcome": "Outcome",
    "finding-studies": "Studies",
    "finding-participants": "Participants",
    "finding-effect": "Relative effect",
    "finding-control": "Without",
    "finding-intervention": "With",
    "finding-difference": "Difference",
    "finding-certainty": "Certainty",
    "finding-comment": "What it means",
    "finding-reference": "Sources",
    "of-100": "{count} of 100 people",
    "to": "to",
    "skip-to-content": "Skip to the text",
    "back-to-text": "Back to the text",
    "panel-note": "Note to the panel",
    "about": "About this guideline",
    "summary": "Summary",
    "name": "Name",
    "web": "Web",
    "mail": "Mail",
    "qr-code": "QR code of the address",
    "citations-of": "Cited",
    "redline-note": "Changes from version {old} to version {new}. {inserted} {deleted} {moved} Changes have a bar in the margin. Numbers "
    "of sections, figures, tables, recommendations and references are those of the new version.",
    "redline-inserted": "New text is underlined.",
    "redline-deleted": "Deleted text is struck through.",
    "redline-moved": "Text that moved unchanged stands at both places, and each says where the other one is.",
    "moved-to-begin": "[moved to {where}: ",
    "moved-to-end": "]",
    "moved-from-begin": "[moved from {where}: ",
    "moved-from-end": "]",
    "moved-near": "elsewhere in this section",
    "inserted-begin": "[inserted: ",
    "inserted-end": "]",
    "deleted-begin": "[deleted: ",
    "deleted-end": "]",
    "scrollable-table": "Table, can be scrolled",
    "scrollable-figure": "Figure, can be scrolled",
}

LABELS: Mapping[str, str] = _EN
LANGUAGES = ("en", "ar", "de", "es", "fr")
RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))


def primary(language: str) -> str:
    """The language without region or script: `en` of `en-GB`."""
    return language.split("-", maxsplit=1)[0].lower()


def label(name: str, language: str = "en") -> str:
    """The word in the language (by its primary subtag), in English where the catalogue has none."""
    return catalogue(primary(language)).get(name, _EN[name])


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All words in a language (a primary subtag); none where there is no catalogue of it."""
    if language == "en":
        return _EN
    if language not in LANGUAGES:
        return {}
    words: Mapping[str, str] = json.loads((Path(__file__).parent / "catalogues" / f"{language}.json").read_text(encoding="utf-8"))
    return words


def right_to_left(language: str) -> bool:
    """Whether the language is written from the right."""
    return primary(language) in RIGHT_TO_LEFT


def apart(text: str, language: str) -> str:
    """A name, address or number in a line of this language: where that runs from the right, in an isolate of its own (UAX #9), so that its
    parts stay in their order whatever stands beside it.
    """
    return f"\u2068{text}\u2069" if text and right_to_left(language) else text


def runs_from_left(text: str) -> bool:
    """Whether more of a text's letters run from the left than from the right."""
    ways = [bidirectional(sign) for sign in text]
    return ways.count("L") > ways.count("AL") + ways.count("R")


def is_language(tag: str) -> bool:
    """Whether a tag (BCP 47) names a language that is known."""
    if tag in LANGUAGES:
        return True
    from babel import Locale, UnknownLocaleError

    try:
        return bool(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return False


def long_date(when: date, language: str = "en") -> str:
    """The date as it is read in running text, `22 November 2026`; as ISO 8601 in a language that is not known."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return when.isoformat()
    if locale.language == "en":
        return f"{when.day} {format_date(when, 'MMMM y', locale=locale)}"
    return format_date(when, format="long", locale=locale)
