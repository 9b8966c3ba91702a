"""Stage assemble: how values from the data are printed in a language: separators, units, intervals, p values."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING

from mmguide.assemble.shapes import UNITS, Shape, shape_of
from mmguide.labels import label
from mmguide.model.data import Column, Fact, number

if TYPE_CHECKING:
    from mmguide.assemble.cldr import ByBabel

NBSP = "\u00a0"


def long_date(day: date, language: str) -> str:
    """A date in words: 22 November 2027."""
    from babel.dates import format_date

    from mmguide.assemble.cldr import locale_of

    return str(format_date(day, "long", locale=locale_of(language)))


def decimal_text(value: Decimal, language: str, decimals: int | None = None) -> str:
    """A number with the language's separators; with as many decimals as it has, or rounded to `decimals`."""
    return _writing(language).number(_rounded(value, decimals)).replace("-", "−")


@cache
def _writing(language: str) -> Shape | ByBabel:
    """What writes the numbers of a language."""
    if shape := shape_of(language):
        return shape
    from mmguide.assemble.cldr import ByBabel

    return ByBabel(language)


def _rounded(value: Decimal, decimals: int | None) -> Decimal:
    return value if decimals is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def quantity(text: str, column: Column, language: str, *, unit: bool = True, decimals: int | None = None) -> str:
    """The text of a cell as it is printed: a number by the language with its unit, any other text as written."""
    value = number(text)
    if column.kind == "p":
        return _p_text(text, language)
    if value is None or column.kind in ("text", "reference", "flag", "status"):
        return text + _unit_behind(column.unit, language) if unit and text[-1:].isdigit() and value is None else text
    places = column.decimals if decimals is None else decimals
    writing, rounded = _writing(language), _rounded(value, places)
    shown = decimal_text(value, language, places)
    if not unit:
        return shown
    if column.kind == "percent" or column.unit == "%":
        return writing.percentage(rounded)
    name = "months" if column.kind == "months" and not column.unit else column.unit
    if name in UNITS:
        return writing.amount(rounded, name).replace(" ", NBSP)
    return f"{shown}{NBSP}{name}" if name and column.kind != "ratio" else shown


def _unit_behind(unit: str, language: str) -> str:
    """A unit as it follows a text such as "50.5 v 18.8": a percent sign stands as the language has it."""
    if unit == "%":
        return _writing(language).percent
    return f"{NBSP}{unit}" if unit else ""


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
