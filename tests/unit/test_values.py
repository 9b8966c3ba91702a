"""Values from the data in the text: how they are printed, marked, and reported when they cannot be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmguide.assemble import cldr, shapes
from mmguide.assemble.numbers import decimal_text, quantity
from mmguide.assemble.values import resolve_values
from mmguide.ast import Attr, attr_of, iterate, para, plain_text, span, string
from mmguide.data import read
from mmguide.diagnostics import Span
from mmguide.model.data import Column
from mmguide.model.source import MarkedSpan, Scan, Source

CSV = """id,name,hr,hr_low,hr_high,hr_status,ci_status,t_months,y_pct,n,p,empty
a,Trial A,0.57,0.46,0.71,verified,verified,46,36,1234,<0.001,
b,Trial B,0.46,0.41,0.53,verified,from memory,1,50.5,20,0.30,
c,Trial C,0.582,0.4,0.7,from memory,from memory,7.5,0,5,0.04,
"""
DATA = read([Source("data/t.csv", CSV)])[0]


def resolved(name: str, language: str = "en", table: bool = False, **attributes: str):
    element = span([string(name)], Attr(classes=("value",), attributes=tuple(attributes.items())))
    blocks = [para([element])]
    if table:
        cell = [["", [], []], {"t": "AlignDefault"}, 1, 1, blocks]
        body = [["", [], []], 0, [], [[["", [], []], [cell]]]]
        ends = [["", [], []], []]
        spec = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}]]
        blocks = [{"t": "Table", "c": [["", [], []], [None, []], spec, ends, [body], ends]}]
    scan = Scan(Source("s.md", ""), "", marked=(MarkedSpan(name, ("value",), Span("s.md", 7, 3)),))
    return resolve_values(blocks, scan, DATA, language)


def text(name: str, language: str = "en", **attributes: str) -> str:
    blocks, diagnostics = resolved(name, language, **attributes)
    assert diagnostics == ()
    return letters(blocks)


def letters(node) -> str:
    """The text to the letter, where `plain_text` would fold its no-break spaces."""
    if isinstance(node, list):
        return "".join(letters(item) for item in node)
    if not isinstance(node, dict):
        return ""
    return node["c"] if node["t"] == "Str" else " " if node["t"] == "Space" else letters(node["c"])


@pytest.mark.parametrize(
    ("name", "attributes", "printed"),
    [
        ("a.hr", {}, "0.57"),
        ("a.hr", {"ci": "true"}, "0.57 (95%\u00a0CI 0.46 to 0.71)"),
        ("a.t_months", {}, "46\u00a0months"),
        ("b.t_months", {}, "1\u00a0month"),
        ("a.t_months", {"unit": "false"}, "46"),
        ("a.y_pct", {}, "36%"),
        ("b.y_pct", {}, "50.5%"),
        ("b.hr", {"ci": "true"}, "0.46 (95%\u00a0CI 0.41 to 0.53, unconfirmed)"),
        ("b.hr", {}, "0.46"),
        ("c.hr", {"decimals": "2"}, "0.58 (unconfirmed)"),
        ("c.hr", {"ci": "true"}, "0.582 (95%\u00a0CI 0.4 to 0.7) (unconfirmed)"),
        ("a.p", {}, "<0.001"),
        ("a.n", {}, "1234"),
        ("a.name", {}, "Trial A"),
    ],
)
def test_printed_in_english(name, attributes, printed):
    assert text(name, **attributes) == printed


def test_printed_in_german_and_french():
    assert text("a.hr", "de-AT") == "0,57"
    assert text("a.y_pct", "de") == "36\u00a0%"
    assert text("a.t_months", "de") == "46\u00a0Monate"
    assert text("a.p", "fr") == "<0,001"
    assert text("a.t_months", "fr") == "46\u00a0mois"


def test_numbers_of_every_size():
    column = Column("n", kind="number")
    assert quantity("12345", column, "en") == "12,345"
    assert quantity("-0.5", column, "en") == "−0.5"
    assert quantity("0.50", column, "en") == "0.50"
    assert quantity("16", Column("d", kind="number", unit="mg/kg"), "en") == "16\u00a0mg/kg"


def test_the_element_names_its_cell_and_its_doubt():
    blocks, _ = resolved("c.hr")
    element = next(e for e in iterate(blocks) if e["t"] == "Span")
    assert attr_of(element).get("data-cell") == "c.hr"
    assert attr_of(element).classes == ("value", "unconfirmed")


def test_in_a_table_a_dagger_and_one_note():
    blocks, diagnostics = resolved("c.hr", table=True)
    assert diagnostics == ()
    assert plain_text(blocks[0]) == "0.582†"
    assert plain_text(blocks[1]) == "† not confirmed against the source"
    assert attr_of(blocks[1]).classes == ("table-note",)
    assert len(resolved("a.hr", table=True)[0]) == 1


@pytest.mark.parametrize(
    ("name", "attributes", "code"),
    [
        ("a.hrr", {}, "MMG632"),
        ("nobody.hr", {}, "MMG632"),
        ("a.empty", {}, "MMG633"),
        ("a.n", {"ci": "true"}, "MMG634"),
        ("a.hr", {"CI": "true"}, "MMG635"),
        ("a.hr", {"decimals": "many"}, "MMG635"),
    ],
)
def test_what_cannot_be_printed_is_reported_where_it_is_asked_for(name, attributes, code):
    _, diagnostics = resolved(name, **attributes)
    assert [(d.code, d.span.line, d.span.column) for d in diagnostics] == [(code, 7, 3)]


def test_a_near_name_is_suggested():
    assert resolved("a.hrr")[1][0].hint == "did you mean a.hr?"


@pytest.mark.parametrize(("language", "printed"), [("en", "50.5 v 18.8%"), ("de", "50.5 v 18.8\u00a0%")])
def test_two_percentages_in_one_cell_carry_one_sign(language, printed):
    assert quantity("50.5 v 18.8", Column("value", kind="percent", unit="%"), language) == printed


numerals = st.one_of(
    st.integers(-2_000_000, 2_000_000).map(Decimal),
    st.integers(-130, 1200).map(Decimal),
    st.sampled_from(["0", "1", "1.0", "2.0", "-1", "1E+3", "1000000", "2000000", "1000000.0", "0.0", "-0.0", "1.5", "1e-7"]).map(
        Decimal
    ),
    st.decimals(-10_000, 10_000, allow_nan=False, places=1),
    st.decimals(-1000, 1000, allow_nan=False, places=3),
)


@settings(max_examples=300, deadline=None)
@given(numerals, st.sampled_from(shapes.LANGUAGES))
def test_numbers_written_without_babel_are_those_that_babel_writes(value, language):
    shape, babel = shapes.shape_of(language), cldr.ByBabel(language)
    assert shape.number(value) == babel.number(value)
    assert shape.percentage(value) == babel.percentage(value)
    assert [shape.amount(value, unit) for unit in shapes.UNITS] == [babel.amount(value, unit) for unit in shapes.UNITS]


def test_the_shapes_kept_are_those_of_babel_today():
    assert shapes.FILE.read_text(encoding="utf-8") == cldr.shapes_file()


def test_a_language_without_a_shape_is_left_to_babel():
    assert shapes.shape_of("es-MX") is None
    assert decimal_text(Decimal("1234.5"), "es-MX") == "1,234.5"
    assert decimal_text(Decimal("1234.5"), "es") == "1.234,5"
