"""Stage assemble, numbers: how any language (BCP 47) writes numbers and their units, as Babel has it from CLDR.

`python -m mmguide.assemble.cldr` writes what `shapes.py` knows without it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from mmguide.assemble import shapes


@cache
def locale_of(language: str) -> Any:
    """Babel's locale of a language, English where it knows none."""
    from babel import Locale, UnknownLocaleError

    for name in (language, language.split("-", maxsplit=1)[0], "en"):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel knows English")


class ByBabel:
    """Writes numbers as `shapes.Shape` does."""

    def __init__(self, language: str) -> None:
        self._locale = locale_of(language)
        self.percent = str(self._locale.percent_formats[None].pattern.rpartition("0")[2])

    def number(self, value: Decimal) -> str:
        from babel.numbers import format_decimal

        return str(format_decimal(value, format=_pattern(value), locale=self._locale))

    def percentage(self, value: Decimal) -> str:
        from babel.numbers import format_percent

        return str(format_percent(value / 100, format=_pattern(value) + self.percent, locale=self._locale))

    def amount(self, value: Decimal, unit: str) -> str:
        from babel.units import format_unit

        name, form = shapes.UNITS[unit], _pattern(value)
        # Some languages (Arabic) have the forms of a unit only under its short name; Babel then prints the unit's key.
        lengths: tuple[Literal["long", "short"], ...] = ("long", "short")
        made = (format_unit(value, name, length, format=form, locale=self._locale) for length in lengths)
        return next((text for text in made if name not in text), self.number(value))


def _pattern(value: Decimal) -> str:
    exponent = value.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return "#,##0" + ("." + "0" * places if places else "")


def shapes_file() -> str:
    """What the file of `shapes.py` holds: signs, percent sign and the forms of each unit in its languages."""
    probes = [Decimal(text) for text in ("0", "1", "2", "3", "11", "100", "1000000", "0.5")]
    found = {}
    for language in shapes.LANGUAGES:
        locale, writing = locale_of(language), ByBabel(language)
        units = {
            unit: {shapes.category(locale.language, n): writing.amount(n, unit).replace(writing.number(n), "{}") for n in probes}
            for unit in shapes.UNITS
        }
        signs = locale.number_symbols["latn"]
        found[language] = {"decimal": signs["decimal"], "group": signs["group"], "percent": writing.percent, "units": units}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    shapes.FILE.write_text(shapes_file(), encoding="utf-8")
