"""Stage assemble, numbers: how the languages of the catalogues write numbers, kept beside this module, so that few texts need Babel.

Babel takes longer to load its languages than a check takes for anything else. What it says stands in `shapes.json`, which
`python -m mmguide.assemble.cldr` writes anew; tests hold each number against Babel itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_suffix(".json")
# Units by the names that data give them, with the names that CLDR has.
UNITS = {
    "months": "duration-month",
    "years": "duration-year",
    "weeks": "duration-week",
    "days": "duration-day",
    "hours": "duration-hour",
}
LANGUAGES = ("en", "en-GB", "en-US", "ar", "de", "es", "fr")


class Shape(NamedTuple):
    """The signs of a language's numbers, what stands behind a percentage, and its units by plural category, with `{}` for the number."""

    language: str
    decimal: str
    group: str
    percent: str
    units: Mapping[str, Mapping[str, str]]

    def number(self, value: Decimal) -> str:
        """A number with as many decimals as it has."""
        signs = {",": self.group, ".": self.decimal}
        return "".join(signs.get(sign, sign) for sign in f"{value:,f}")

    def percentage(self, value: Decimal) -> str:
        """A number with the percent sign as the language has it."""
        return self.number(value) + self.percent

    def amount(self, value: Decimal, unit: str) -> str:
        """A number with its unit in the form that goes with it."""
        forms = self.units[unit]
        return forms.get(category(self.language, abs(value)), forms["other"]).format(self.number(value))


@cache
def shape_of(language: str) -> Shape | None:
    """How a language (BCP 47) writes numbers; None where only Babel knows."""
    if language not in LANGUAGES:
        return None
    return Shape(language.partition("-")[0], **json.loads(FILE.read_text(encoding="utf-8"))[language])


def category(language: str, value: Decimal) -> str:
    """The plural category of a number that is not negative (CLDR)."""
    whole, exponent = int(value), value.as_tuple().exponent
    decimals = isinstance(exponent, int) and exponent < 0
    if language == "ar":
        rest = value % 100
        if value in (0, 1, 2):
            return ("zero", "one", "two")[whole]
        return "other" if value != whole else "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"
    if language in ("es", "fr") and whole and whole % 1_000_000 == 0 and not decimals:
        return "many"
    one = {"es": value == 1, "fr": whole in (0, 1)}.get(language, whole == 1 and not decimals)
    return "one" if one else "other"
