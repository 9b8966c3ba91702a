"""Faults of entries: what is reported, and above all what is not."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from mmguide.check import entries
from mmguide.check.cited import cited
from mmguide.diagnostics import Diagnostic, Span
from mmguide.model.manuscript import Manuscript, Section
from mmguide.model.reference import Bibliography, Reference
from mmguide.model.settings import Project, Settings
from mmguide.model.source import Source
from mmguide.scan import scan

ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "title": "A title",
    "author": [{"family": "Ames", "given": "A."}],
    "container-title": "A journal",
    "issued": {"date-parts": [[2001]]},
    "volume": "1",
    "page": "1-2",
}


def manuscript(*items: dict[str, Any], **settings: Any) -> Manuscript:
    """A text that cites each item."""
    references = [Reference(f"k{n}", {"id": f"k{n}", **ARTICLE, **item}, Span("r.json", n + 1)) for n, item in enumerate(items)]
    text = "".join(f"[@{r.key}]\n\n" for r in references)
    project = Project(Path(), convert({"title": "T", "sections": ["a.md"], **settings}, Settings))
    return Manuscript(project, (Section(scan(Source("a.md", text)), []),), [], Bibliography(tuple(references)))


def told(found: Any) -> list[str]:
    diagnostics: list[Diagnostic] = list(found)
    return [f"{d.rule.name} {d.subject}" for d in diagnostics]


def volumes(*pairs: tuple[int, int]) -> list[str]:
    made = manuscript(*({"volume": str(v), "issued": {"date-parts": [[y]]}} for v, y in pairs))
    return [name.split()[-1] for name in told(entries.check_years(made)) if name.startswith("year-against")]


def test_years_go_with_volumes() -> None:
    assert volumes((1, 2001), (2, 2002), (3, 2003), (3, 2002), (4, 2004)) == []
    assert volumes((366, 2012), (367, 2012), (368, 2013), (367, 2013)) == []
    assert volumes((1, 2001), (2, 2002), (3, 1993), (4, 2004), (5, 2005)) == ["k2"]
    assert volumes((30, 2010), (31, 2005)) != []


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(2000, 2012)), max_size=12))
def test_of_all_entries_the_first_that_contradicts_is_told(pairs: list[tuple[int, int]]) -> None:
    known = [(v, y, Reference(f"k{n}", ARTICLE, Span("r.json"))) for n, (v, y) in enumerate(sorted(pairs))]
    orderly = entries._longest_order(known)
    against = [
        (entry[2].key, next((o[2].key for o in orderly if entries._contradict(entry[:2], o[:2])), None)) for entry in known
    ]
    wanted = [pair for pair in against if pair[1]] if len(known) <= 2 or len(orderly) >= 0.6 * len(known) else []
    told = zip(entries._out_of_order(known), wanted, strict=True)
    assert [(d.subject, f"but {other} is" in d.message) for d, (_, other) in told] == [(key, True) for key, _ in wanted]


def test_a_journal_without_order_is_left_alone() -> None:
    chance = random.Random(1)
    assert volumes(*((chance.randint(1, 400), chance.randint(1990, 2025)) for _ in range(100))) == []


@pytest.mark.parametrize(
    ("pages", "wrong"),
    [
        ("1-2", False),
        ("1782–91", False),
        ("e431-e442", False),
        ("S1–S5", False),
        ("12, 15-19", False),
        ("123-e4", False),
        ("iv-x", False),
        ("1040.e1-1040.e9", False),
        ("500-491", True),
        ("e442-e431", True),
        ("99-8", True),
        ("1-5, 9-7", True),
    ],
)
def test_pages(pages: str, wrong: bool) -> None:
    assert bool(told(entries.check_pages(manuscript({"page": pages})))) == wrong


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        ({}, False),
        ({"volume": None, "page": None}, True),
        ({"volume": None, "page": None, "DOI": "10.1000/x"}, False),
        ({"author": []}, True),
        ({"issued": {"date-parts": [[]]}}, True),
        ({"issued": {"raw": "in press"}}, False),
        ({"issued": "2001"}, False),
        ({"type": "webpage", "URL": "https://example.org", "author": []}, False),
        ({"type": "webpage", "issued": None, "URL": "https://example.org"}, True),
        ({"type": "book"}, True),
        ({"type": "book", "publisher": "P"}, False),
        ({"type": "legislation", "author": []}, False),
        ({"type": "", "title": " "}, True),
    ],
)
def test_completeness(item: dict[str, Any], missing: bool) -> None:
    given = {k: v for k, v in item.items() if v is not None}
    made = manuscript(given)
    reference = made.bibliography.references[0]
    kept = {k: v for k, v in reference.csl.items() if k not in item or item[k] is not None}
    bare = Bibliography((Reference(reference.key, kept, reference.span),))
    made = Manuscript(made.project, made.sections, [], bare)
    assert bool(told(entries.check_incomplete(made))) == missing


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("<i>H. pylori</i> and x<sup>2</sup>", False),
        ("p < 0.05 and n > 30", False),
        ("Costs of $5 to $10", False),
        ("R&D and Q&A", False),
        ("A <em>title</em>", True),
        ("A &amp; B", True),
        ("The $\\beta$ subunit", True),
        ("The {HIV} virus", True),
        ('M\\"uller', True),
        ("5\\textsuperscript{th}", True),
    ],
)
def test_markup(title: str, wrong: bool) -> None:
    assert bool(told(entries.check_markup(manuscript({"title": title})))) == wrong


@pytest.mark.parametrize(
    ("author", "rule"),
    [
        ({"family": "LEE"}, ""),
        ({"family": "SMITH"}, "capitals-in-reference"),
        ({"literal": "ECOG-ACRIN"}, ""),
        ({"family": "O'NEIL"}, "capitals-in-reference"),
        ({"literal": "et al."}, "et-al-as-author"),
        ({"family": "Smith", "given": "J., et al"}, "et-al-as-author"),
        ({"literal": "others"}, "et-al-as-author"),
        ({"family": "Etalon"}, ""),
        ({"family": "al-Hakim"}, ""),
    ],
)
def test_names(author: dict[str, str], rule: str) -> None:
    assert [name.split()[0] for name in told(entries.check_names(manuscript({"author": [author]})))] == ([rule] if rule else [])


def test_years_in_the_future() -> None:
    later = {"issued": {"date-parts": [[2022]]}}
    assert told(entries.check_years(manuscript(later, dates={"updated": "2020-05-01"}))) == ["year-in-the-future k0"]
    assert told(entries.check_years(manuscript(later, dates={"updated": "2021-05-01"}))) == []
    assert told(entries.check_years(manuscript(later))) == []


def test_what_only_a_table_of_the_data_cites_is_looked_at_too() -> None:
    made = manuscript({}, {"pages": "1"})
    silent = Manuscript(made.project, (Section(scan(Source("a.md", "No citation.")), []),), [], made.bibliography)
    assert not cited(silent)
    cite = {"t": "Cite", "c": [[{"citationId": "k1", "citationPrefix": [], "citationSuffix": []}], []]}
    table = Manuscript(silent.project, silent.sections, [{"t": "Para", "c": [cite]}], made.bibliography)
    assert [(key, span.path, span.line) for key, (_, span) in cited(table).items()] == [("k1", "r.json", 2)]
