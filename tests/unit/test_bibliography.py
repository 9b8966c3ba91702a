"""Reading CSL-JSON, CSL-YAML and BibTeX: entries, places, and what is said about broken ones."""

from __future__ import annotations

import json
import time

import pytest

from mmguide import bibliography
from mmguide.diagnostics import Diagnostic
from mmguide.model.reference import Bibliography
from mmguide.model.source import Source


def read(path: str, text: str) -> tuple[Bibliography, tuple[Diagnostic, ...]]:
    return bibliography.read([Source(path, text)])


def shown(source: str, bib: Bibliography) -> list[str]:
    """What stands in the file at the place of each reference."""
    lines = source.split("\n")
    return [lines[r.span.line - 1][r.span.column - 1 : r.span.end_column - 1] for r in bib.references]


def reports(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in diagnostics if d.span]


def test_csl_json_gives_each_entry_with_the_place_of_its_id() -> None:
    text = '[\n {"id": "a", "title": "A"},\n {"custom": {"id": "no"}, "type": "book",\n  "id":"ü2"}, {"id": 7, "title": "x"}]\n'
    bib, found = read("r.json", text)
    assert not found
    assert [r.key for r in bib.references] == ["a", "ü2", "7"]
    assert shown(text, bib) == ["a", "ü2", "7"]


def test_a_broken_json_entry_does_not_take_the_others_with_it() -> None:
    text = """[
 {"id":"a","title":"A"},
 {"id":"b","type":"book" "title":"B"},
 {"id":"c","author":[{"family":"x"},{"family":"y"}]},
 {"title":"no key"},
 {"id":"e","author":"Smith"},
 {"id":"g","title":"unterminated},
 {"id":"h","title":"x"}
 {"id":7,"title":NaN},
 {"id":"i","title":"x"},
]
"""
    bib, found = read("r.json", text)
    assert [r.key for r in bib.references] == ["a", "c", "h", "i"]
    assert reports(found) == [
        ("MMG303", 3, 26),
        ("MMG304", 5, 2),
        ("MMG303", 6, 9),
        ("MMG303", 7, 35),
        ("MMG302", 9, 2),
        ("MMG303", 9, 2),
        ("MMG302", 10, 24),
    ]


@pytest.mark.parametrize(
    "text", ["", "{}", "null", '"x"', "[", "[1", "[[", '{"items": 3}', "[]x", "[{]", "[" * 50_000, '[{"a":' * 20_000]
)
def test_no_json_text_stops_the_reader(text: str) -> None:
    bib, found = read("r.json", text)
    assert not bib.references
    assert found


def test_what_citeproc_cannot_take_is_an_entry_left_out() -> None:
    good = {
        "id": "good",
        "title": "T",
        "volume": 1.5,
        "keyword": ["a", "b"],
        "issue": None,
        "issued": {"date-parts": [["2012", 3]]},
    }
    bad: list[dict[str, object]] = [
        {"id": "1", "title": ["x"]},
        {"id": "2", "issued": 2012},
        {"id": "3", "author": [{"family": 3}]},
        {"id": "4", "issued": {"date-parts": [2012]}},
        {"id": "5", "issued": {"date-parts": [["x"]]}},
        {"id": "6", "DOI": True},
    ]
    bib, found = read("r.json", json.dumps([good, *bad]))
    assert [r.key for r in bib.references] == ["good"]
    assert bib.references[0].csl["volume"] == "1.5"
    assert bib.references[0].csl["keyword"] == "a, b"
    assert "issue" not in bib.references[0].csl
    assert [d.code for d in found] == ["MMG303"] * len(bad)


def test_keys_are_in_form_c_and_invisible_characters_are_reported() -> None:
    bib, found = read("r.json", json.dumps([{"id": "mu\u0308ller", "title": "a\u202eb\u0000c", "URL": "javascript:alert(1)"}]))
    assert bib.references[0].key == "m\u00fcller"
    assert bib.references[0].csl["title"] == "abc"
    assert "URL" not in bib.references[0].csl
    assert {d.code for d in found} == {"MMG308", "MMG309"}


def test_csl_yaml_with_dates_and_markup() -> None:
    text = """---
references:
- id: a
  title: "About *H. pylori*, x^2^ and [mRNA]{.nocase}"
  issued:
  - year: 2012
    month: 3
- title: second
  id: 'b'
  author: [{family: Ö, given: A}]
...
"""
    bib, found = read("r.yaml", text)
    assert not found
    assert shown(text, bib) == ["a", "b"]
    first = bib.references[0]
    assert first.csl["title"] == 'About <i>H. pylori</i>, x<sup>2</sup> and <span class="nocase">mRNA</span>'
    assert first.year == 2012


@pytest.mark.parametrize(
    ("written", "year"), [("2001", 2001), ("'2001-05-31'", 2001), ("{date-parts: [[1999]]}", 1999), ("soon", None)]
)
def test_the_year_is_known_however_the_date_is_written(written: str, year: int | None) -> None:
    found, _ = read("refs.yaml", f"references:\n- {{id: a, type: book, title: T, issued: {written}}}\n")
    assert found.references[0].year == year


def test_a_broken_yaml_entry_does_not_take_the_others_with_it() -> None:
    text = "- id: a\n  title: A\n- id: b\n  title: foo: bar\n- id: c\n  title: *x\n- id: d\n  title: D\n"
    bib, found = read("r.yaml", text)
    assert [r.key for r in bib.references] == ["a", "d"]
    assert reports(found) == [("MMG303", 4, 13), ("MMG307", 6, 10)]
    assert shown(text, bib) == ["a", "d"]


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    start = time.perf_counter()
    _, found = read("r.yaml", bomb)
    assert time.perf_counter() - start < 2
    assert [d.code for d in found] == ["MMG307"]


def test_bibtex_with_macros_latex_and_places() -> None:
    text = """@string{jco = "J Clin Oncol"}
@comment{jabref-meta: x}
@Article{a2012,
  author = {M{\\"u}ller, A. and {WHO Group}},
  title = {Effect of {HIV} on \\emph{bacteria}}, journal = jco, year = 2012, month = mar, pages = {12--15},
  eprinttype = {pubmed}, eprint = {444}
}
@article{ü:2, title = "Two"}
"""
    bib, found = read("r.bib", text)
    assert not found
    assert shown(text, bib) == ["a2012", "ü:2"]
    csl = bib.references[0].csl
    assert csl["author"] == [{"family": "Müller", "given": "A."}, {"literal": "WHO Group"}]
    assert csl["title"] == "Effect of HIV on <i>bacteria</i>"
    assert csl["container-title"] == "J Clin Oncol"
    assert csl["issued"] == {"date-parts": [[2012, 3]]}
    assert csl["page"] == "12-15"
    assert csl["PMID"] == "444"


def test_bibtex_inheritance() -> None:
    text = """@incollection{child, crossref = {parent}, title = {Child}, xdata = {shared}}
@collection{parent, title = {Parent}, subtitle = {Sub}, shorttitle = {no}, publisher = {House}, date = {2001}}
@xdata{shared, editor = {Doe, Jane}}
"""
    bib, found = read("r.bib", text)
    assert not found
    assert [r.key for r in bib.references] == ["child", "parent"]
    child = bib.references[0].csl
    assert (child["title"], child["container-title"], child["publisher"]) == ("Child", "Parent: Sub", "House")
    assert child["editor"] == [{"family": "Doe", "given": "Jane"}]
    assert "title-short" not in child


def test_bibtex_circles_and_missing_parents_are_reported() -> None:
    text = """@book{self, crossref={self}, title={S}}
@inbook{c, crossref={d}, title={C}}
@book{d, crossref={c}, title={D}}
@article{x, crossref={gone}, title={X}}
"""
    bib, found = read("r.bib", text)
    assert [r.key for r in bib.references] == ["self", "c", "d", "x"]
    assert reports(found) == [("MMG305", 1, 13), ("MMG305", 3, 10), ("MMG306", 4, 13)]


def test_a_long_chain_of_crossrefs_ends() -> None:
    chain = "".join(f"@book{{b{n}, crossref={{b{n + 1}}}, title={{T{n}}}}}\n" for n in range(3000))
    start = time.perf_counter()
    bib, found = read("r.bib", chain)
    assert time.perf_counter() - start < 10
    assert len(bib.references) == 3000
    assert {d.code for d in found} == {"MMG305", "MMG306"}


def test_broken_bibtex_entries_do_not_take_the_others_with_them() -> None:
    text = """@article{open, title={T
@book{fine, title={Fine}}
@article{twice, title={one}, title={two}}
@article{macro, title={\\newcommand{\\a}{\\a\\a}\\a}}
@article{fine, title={Second}}
@article{, title={No key}}
"""
    bib, found = read("r.bib", text)
    assert [(r.key, r.csl["title"]) for r in bib.references] == [("fine", "Fine"), ("fine", "Second")]
    assert sorted(reports(found)) == [("MMG303", 1, 10), ("MMG303", 3, 10), ("MMG303", 4, 10), ("MMG304", 6, 1)]


def test_several_files_keep_their_order_and_unknown_endings_are_refused() -> None:
    files = [
        Source("z.bib", "@book{one, title={One}}\n"),
        Source("a.json", '[{"id": "two"}]'),
        Source("notes.docx", ""),
        Source("b.bib", "@book{three, title={T}}\n"),
    ]
    bib, found = bibliography.read(files)
    assert [r.key for r in bib.references] == ["one", "two", "three"]
    assert [(d.code, d.span.path if d.span else "") for d in found] == [("MMG301", "notes.docx")]


def test_two_thousand_json_entries_are_read_fast() -> None:
    people = [{"family": f"Family{n}", "given": "G."} for n in range(12)]
    items = [{"id": f"key{n}", "type": "article-journal", "title": f"Title {n}", "author": people} for n in range(2000)]
    text = json.dumps(items, indent=1)
    best = min(_seconds(text) for _ in range(5))
    assert best < 1.0, "0.15 s of processor time where nothing else runs"


def _seconds(text: str) -> float:
    start = time.process_time()
    bib, _ = read("r.json", text)
    assert len(bib.references) == 2000
    return time.process_time() - start
