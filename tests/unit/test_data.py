"""The data stage: cells with places, status and diagnostics."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmguide.data import read
from mmguide.data.csvfile import records
from mmguide.model.source import Source

TRIALS = """id,name,hr,hr_low,hr_high,hr_status,n
a,"Trial, A",0.57,0.46,0.71,verified,10
b,Trial B,0.5 (from memory),,,,20
"""


def tables(text: str, schema: str = ""):
    files = [Source("data/t.csv", text)]
    if schema:
        files.append(Source("data/t.schema.yaml", schema))
    return read(files)


def faults(text: str, schema: str = "") -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in tables(text, schema)[1]]


def test_cells_have_places_and_status():
    data, diagnostics = tables(TRIALS)
    assert diagnostics == ()
    hr = data.find("a", "hr")
    assert (hr.text, hr.status, hr.unconfirmed) == ("0.57", "verified", False)
    assert (hr.span.path, hr.span.line, hr.span.column, hr.span.end_column) == ("data/t.csv", 2, 14, 18)
    from_memory = data.find("b", "hr")
    assert (from_memory.text, from_memory.unconfirmed) == ("0.5", True)
    fact = data.fact("a.hr")
    assert (fact.low.text, fact.high.text, fact.column.kind) == ("0.46", "0.71", "ratio")
    assert data.fact("a.nothing") is None


def test_positions_after_a_quoted_line_end():
    data, _ = tables('id,note,x_pct\na,"one\ntwo",5\nb,,7\n')
    assert data.find("a", "note").text == "one two"
    assert (data.find("a", "x_pct").span.line, data.find("a", "x_pct").span.column) == (3, 6)
    assert data.find("b", "x_pct").span.line == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("MMG621", 1, 1)]),
        ("id,a,a\nx,1,2\n", [("MMG622", 1, 6)]),
        ('id,a\nx,"1\n', [("MMG623", 2, 3)]),
        ("id,a\nx,1,2\n", [("MMG624", 2, 1)]),
        ("id,a\nx,1\nx,2\n", [("MMG625", 3, 1)]),
        ("id,os_hr\nx,about 1\n", [("MMG626", 2, 3)]),
        ("id,os_pct\nx,101\n", [("MMG626", 2, 3)]),
        ("id,os_months\nx,-1\n", [("MMG626", 2, 3)]),
        ("id,hr\nx,0\n", [("MMG626", 2, 3)]),
        ("id,p\nx,small\n", [("MMG626", 2, 3)]),
        ("id,p\nx,<0.001\ny,0.90; 0.09 at 72 months\nz,<0.009 (3 arms)\n", []),
        ("id,x_ok\nx,maybe\n", [("MMG626", 2, 3)]),
        ("id,hr,hr_status\nx,1,checked\n", [("MMG627", 2, 5)]),
        ("id,hr,hr_low,hr_high\nx,1.2,0.4,1.1\n", [("MMG628", 2, 3)]),
        ("id,hr,hr_low,hr_high\nx,1.2,1.4,1.1\n", [("MMG628", 2, 3)]),
        ("id,hr,hr_low,hr_high\nx,1.2,,1.4\n", [("MMG629", 2, 8)]),
    ],
)
def test_what_is_wrong_is_found_at_its_place(text, expected):
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("columns:\n  hr: {kind: colour}\n", [("MMG630", 2, 8)]),
        ("colums: {}\n", [("MMG630", 1, 1)]),
        ("columns:\n  xx: {label: X}\n", [("MMG631", 2, 3)]),
        ("key: [id, arm]\n", [("MMG631", 1, 1)]),
        ("a: [\n", [("MMG630", 2, 1)]),
    ],
)
def test_faults_of_the_schema(schema, expected):
    assert faults(TRIALS, schema) == expected


def test_an_unknown_status_counts_as_unconfirmed():
    data, _ = tables("id,hr,hr_status\nx,1,half verified\n")
    assert data.find("x", "hr").unconfirmed


def test_a_table_of_facts_is_cited_by_its_rows():
    text = "trial,fact,arm,value,unit,ci95_low,ci95_high,status\nt,pfs,A arm,46,months,,,verified\nt,hr,,0.5,ratio,0.4,0.6,from memory\n"
    data, diagnostics = tables(text, "key: [trial, fact, arm]\nvalue: value\nunit: unit\n")
    assert diagnostics == ()
    months, ratio = data.fact("t.pfs.A-arm"), data.fact("t.hr")
    assert (months.cell.text, months.column.kind, months.column.unit) == ("46", "months", "months")
    assert (ratio.low.text, ratio.high.text, ratio.cell.unconfirmed, ratio.interval_unconfirmed) == ("0.4", "0.6", True, True)


def test_status_columns_by_stem_and_interval():
    data, _ = tables("id,pfs_hr,pfs_hr_low,pfs_hr_high,pfs_hr_status,pfs_ci_status\nx,0.46,0.41,0.53,verified,from memory\n")
    fact = data.fact("x.pfs_hr")
    assert (fact.cell.status, fact.low.status, fact.interval_unconfirmed) == ("verified", "from memory", True)


@pytest.mark.parametrize("cell", ["=1+1", "+5", "-5", "@x", '=HYPERLINK("x")'])
def test_cells_that_a_spreadsheet_would_run_are_text(cell):
    quoted = '"' + cell.replace('"', '""') + '"'
    data, diagnostics = tables(f"id,a\nx,{quoted}\n")
    assert data.find("x", "a").text == cell
    assert diagnostics == ()


def test_semicolons_separate_where_there_is_no_comma():
    data, diagnostics = tables("id;os_hr\nx;0.7\n")
    assert diagnostics == ()
    assert data.find("x", "os_hr").text == "0.7"


CELL = st.text(st.sampled_from('ab, "\n;1'), max_size=6)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=5))
def test_fields_are_those_of_the_csv_module(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    found = records("," + text.getvalue())[:]
    assert [[f.value for f in r] for r in found] == list(csv.reader(io.StringIO("," + text.getvalue())))


@given(st.text(st.sampled_from('ab,"\n'), max_size=30))
def test_any_text_gives_the_fields_of_the_csv_module(text):
    text = "x,y\n" + text
    ours = [[f.value for f in r] for r in records(text)]
    assert ours == [row for row in csv.reader(io.StringIO(text, newline="")) if row]
