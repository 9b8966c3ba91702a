"""Stage assemble: how values from the data are printed in a language: separators, units, intervals, p values."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, Literal

from mmguide.labels import label
from mmguide.model.data import Column, Fact, number

NBSP = "\u00a0"

_BABEL_UNITS = {
    "months": "duration-month",
    "years": "duration-year",
    "weeks": "duration-week",
    "days": "duration-day",
    "hours": "duration-hour",
}


@cache
def _locale(language: str) -> Any:
    """Babel's locale of a BCP 47 language, English where it knows none."""
    from babel import Locale, UnknownLocaleError

    for name in (language, language.split("-", maxsplit=1)[0], "en"):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel knows English")


def long_date(day: date, language: str) -> str:
    """A date in words: 22 November 2027."""
    from babel.dates import format_date

    return str(format_date(day, "long", locale=_locale(language)))


def decimal_text(value: Decimal, language: str, decimals: int | None = None) -> str:
    """A number with the language's separators; with as many decimals as it has, or rounded to `decimals`."""
    from babel.numbers import format_decimal

    return str(format_decimal(_rounded(value, decimals), format=_pattern(value, decimals), locale=_locale(language))).replace(
        "-", "−"
    )


def _rounded(value: Decimal, decimals: int | None) -> Decimal:
    return value if decimals is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _pattern(value: Decimal, decimals: int | None) -> str:
    exponent = _rounded(value, decimals).as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return "#,##0" + ("." + "0" * places if places else "")


def quantity(text: str, column: Column, language: str, *, unit: bool = True, decimals: int | None = None) -> str:
    """The text of a cell as it is printed: a number by the language with its unit, any other text as written."""
    value = number(text)
    if column.kind == "p":
        return _p_text(text, language)
    if value is None or column.kind in ("text", "reference", "flag", "status"):
        return text + _unit_behind(column.unit, language) if unit and text[-1:].isdigit() and value is None else text
    places = column.decimals if decimals is None else decimals
    shown = decimal_text(value, language, places)
    if not unit:
        return shown
    if column.kind == "percent" or column.unit == "%":
        return _percent(value, language, places)
    name = "months" if column.kind == "months" and not column.unit else column.unit
    if name in _BABEL_UNITS:
        from babel.units import format_unit

        rounded, unit_name, form = _rounded(value, places), _BABEL_UNITS[name], _pattern(value, places)
        # Some languages (Arabic) have the forms of a unit only under its short name; Babel then prints the unit's key.
        lengths: tuple[Literal["long", "short"], ...] = ("long", "short")
        made = (format_unit(rounded, unit_name, length, format=form, locale=_locale(language)) for length in lengths)
        return next((text for text in made if unit_name not in text), shown).replace(" ", NBSP)
    return f"{shown}{NBSP}{name}" if name and column.kind != "ratio" else shown


def _unit_behind(unit: str, language: str) -> str:
    """A unit as it follows a text such as "50.5 v 18.8": a percent sign stands as the language has it."""
    if unit == "%":
        return str(_locale(language).percent_formats[None].pattern.rpartition("0")[2])
    return f"{NBSP}{unit}" if unit else ""


def _percent(value: Decimal, language: str, decimals: int | None) -> str:
    from babel.numbers import format_percent

    locale = _locale(language)
    form = _pattern(value, decimals) + _unit_behind("%", language)
    return str(format_percent(_rounded(value, decimals) / 100, format=form, locale=locale))


def _p_text(text: str, language: str) -> str:
    """A p value as written, with the language's decimal sign in its leading number."""
    sign = decimal_text(Decimal("0.1"), language)[1:2]
    head, dot, rest = text.partition(".")
    return head + sign + rest if dot and head.lstrip("<>=≤≥ ").isdigit() else text


def interval(fact: Fact, language: str, decimals: int | None = None) -> str:
    """`95% CI 0.46 to 0.71`, without brackets; '' where the limits are not given."""
    if fact.low is None or fact.high is None:
        return ""
    places = fact.column.decimals if decimals is None else decimals
    percent = fact.column.kind == "percent"
    low, high = (quantity(c.text, _limit(fact.column), language, unit=percent, decimals=places) for c in (fact.low, fact.high))
    return f"{label('ci', language)} {low} {label('to', language)} {high}"


def _limit(column: Column) -> Column:
    return Column(column.low, kind=column.kind, unit=column.unit, decimals=column.decimals)


def printed(fact: Fact, language: str, *, ci: bool = False, unit: bool = True, decimals: int | None = None) -> str:
    """The whole printed value without any mark: `0.57 (95% CI 0.46 to 0.71)`."""
    value = quantity(fact.cell.text, fact.column, language, unit=unit, decimals=decimals)
    limits = interval(fact, language, decimals) if ci else ""
    return f"{value} ({limits})" if limits else value
