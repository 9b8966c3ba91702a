"""Stage check: doses that can be misread. The list of unsafe abbreviations follows that of the Institute for Safe Medication Practices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmguide.check.running import prose
from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import recommendations as rules
from mmguide.model.manuscript import Manuscript

_UNITS = r"(?:mg|g|kg|mcg|µg|μg|ng|ml|mL|l|L|units?|IU|mmol|mg/m2|mg/kg|mg/m²|Gy)\b"
_TRAILING_ZERO = re.compile(rf"(?<![\d.,])\d+\.0+(?=[\s\u00a0]?{_UNITS})")
_NAKED_DECIMAL = re.compile(rf"\.(?<![\d.,\w]\.)\d+(?=[\s\u00a0]?{_UNITS})")
_FREQUENCY = r"(?:once|twice|three times|daily|a day|per day|weekly|every (?:other )?(?:day|week|\d+ (?:hours|days|weeks)))\b"
_DOSE_WITHOUT_UNIT = re.compile(
    rf"\b(?:dose of|dosage of|give|take|start(?:ed|ing)? (?:at|with))[\s\u00a0]+(\d+(?:\.\d+)?)[\s\u00a0]+(?={_FREQUENCY})", re.I
)

# What is written, and what to write instead.
UNSAFE: tuple[tuple[str, str], ...] = (
    (r"(?<=\d)[\s\u00a0]?U\b(?!\.?S)", "units"),
    (r"(?<=\d)[\s\u00a0]?IU\b", "units (international units)"),
    (r"(?<=\d)[\s\u00a0]?[µμ]g\b", "micrograms or mcg"),
    (r"(?<![\w.])(?:QD|q\.d\.|qd|OD|o\.d\.)(?![\w.])", "daily"),
    (r"(?<![\w.])(?:QOD|q\.o\.d\.|qod)(?![\w.])", "every other day"),
    (r"\b(?:BID|TID|QID|b\.i\.d\.|t\.i\.d\.)(?![\w.])", "twice daily, three times daily"),
    (r"\b(?:HS|qhs)\b", "at bedtime"),
    (r"\b(?:TIW|t\.i\.w\.)(?![\w.])", "three times weekly"),
    (r"\b(?:SC|SQ|sub q)\b(?=[\s\u00a0]?(?:inj|every|once|daily|weekly|on day))", "subcutaneously"),
    (r"(?<=\d)[\s\u00a0]?cc\b", "mL"),
    (r"\bMSO4\b", "morphine sulfate"),
    (r"\bMgSO4\b", "magnesium sulfate"),
    (r"\bD/C\b", "discharge or discontinue"),
)
# What every one of them holds: most paragraphs are passed with one look.
_SUSPECT = re.compile(
    r"\d[\s\u00a0]?(?:U|IU|[µμ]g|cc)\b"
    r"|\b(?:[qo]\.[do]|[bt]\.i|(?:QO?D|OD|qo?d|[BTQ]ID|HS|qhs|TIW|S[CQ]|sub q|Mg?SO4|D/C)\b)"
)


def check_doses(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Trailing zeros, naked decimals, doses without unit and abbreviations that have led to errors."""
    for text in prose(manuscript):
        for match, place in text.find(_TRAILING_ZERO) if ".0" in text.text else ():
            yield rules.TRAILING_ZERO.at(place, written=match[0], better=match[0].split(".")[0])
        for match, place in text.find(_NAKED_DECIMAL):
            yield rules.NAKED_DECIMAL.at(place, written=match[0], better="0" + match[0])
        for match in _DOSE_WITHOUT_UNIT.finditer(text.text):
            yield rules.DOSE_WITHOUT_UNIT.at(text.place(*match.span(1)), written=match[1])
        for pattern, instead in UNSAFE if _SUSPECT.search(text.text) else ():
            for match, place in text.find(re.compile(pattern)):
                yield rules.UNSAFE_ABBREVIATION.at(place, written=match[0].strip(), instead=instead)
