"""When two entries are one work, what an identifier must look like, what a table of retractions says, how an export is merged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mmguide import bibliography
from mmguide.bibliography import identifiers, merging, retractions, works, writing
from mmguide.diagnostics import Span
from mmguide.errors import UsageError
from mmguide.model.reference import Bibliography, Notice, Reference
from mmguide.model.source import Source


def reference(key: str, **csl: Any) -> Reference:
    item = {"id": key, "type": "article-journal", "title": "A title of some length", "author": [{"family": "Ames"}], **csl}
    item.setdefault("issued", {"date-parts": [[2001]]})
    return Reference(key, {k: v for k, v in item.items() if v is not None}, Span("r.json"))


def grouped(*references: Reference) -> list[list[str]]:
    return [[w.reference.key for w in group] for group in works.groups(references)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"DOI": "10.1000/ABC"},
            {"DOI": "https://doi.org/10.1000/abc", "title": "A title of some length: and a subtitle", "author": []},
        ),
        ({"PMID": "123"}, {"PMID": "123", "issued": {"date-parts": [[2002]]}}),
        ({"PMCID": "PMC12345"}, {"PMCID": "PMC12345.1", "author": []}),
        ({"title": "Über α‑Blocker: eine Prüfung"}, {"title": "<i>Uber</i> α-blocker – Eine Prufung!"}),
        ({"DOI": "10.1000/abc"}, {"DOI": None}),
    ],
)
def test_one_work(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert grouped(reference("a", **one), reference("b", **other)) == [["a", "b"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"DOI": "10.1000/a"}, {"DOI": "10.1000/b"}),
        ({}, {"author": [{"family": "Bell"}]}),
        ({}, {"issued": {"date-parts": [[2002]]}}),
        ({"title": "Editorial"}, {"title": "Editorial"}),
        ({"volume": "1"}, {"volume": "2"}),
        ({"page": "1-2"}, {"page": "15-16"}),
        ({}, {"URL": "https://arxiv.org/abs/1706.01556v2"}),
        ({"DOI": "10.1000/a"}, {"DOI": "10.1000/a", "title": "Quite another thing altogether"}),
    ],
)
def test_two_works(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert grouped(reference("a", **one), reference("b", **other)) == []


def test_the_first_cited_key_is_the_one_that_is_printed() -> None:
    bib = Bibliography((reference("a", DOI="10.1000/x"), reference("b", DOI="10.1000/x"), reference("c", DOI="10.1000/x")))
    assert works.canonical(bib, ["c", "a", "c"]) == {"a": "c"}
    assert works.canonical(bib, ["a", "none"]) == {}


def test_the_works_of_a_long_article_are_counted_as_they_are(shared: Path) -> None:
    """615 works stand behind 635 cited entries."""
    folder = shared / "corpora" / "deep-review"
    from mmguide.scan import scan

    bib, found = bibliography.read([Source("references.json", (folder / "references.json").read_text(encoding="utf-8"))])
    assert not found
    text = scan(Source("manuscript.md", (folder / "manuscript.md").read_text(encoding="utf-8")))
    cited = list(dict.fromkeys(c.key for c in text.citations if bib.get(c.key)))
    other = works.canonical(bib, cited)
    assert (len(cited), len({other.get(key, key) for key in cited})) == (635, 615)


def test_preprints() -> None:
    article = reference("article", DOI="10.1000/x")
    for csl in ({"DOI": "10.1101/2020.01.02.20012345"}, {"URL": "https://arxiv.org/abs/2001.00001"}, {"genre": "Preprint"}):
        preprint = reference("preprint", **csl)
        assert [(a.reference.key, b.reference.key) for a, b in works.preprints((article, preprint))] == [("preprint", "article")]
    journal = reference("journal", DOI="10.1101/gr.200535.115")
    assert not works.Work(journal).preprint


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("DOI", ["10.1056/NEJMoa1114083", "10.1002/(SICI)1097(19980815)17<1661::AID>3.0.CO;2-2", "doi:10.1000/x", "10/gcgk9r"],
         ["10.1056", "11.1056/x", "10.1056/a b", "NEJMoa1114083", "10.12/x"]),
        ("PMID", ["22571201", "1"], ["0123", "PMC123", "123456789", "", "12a"]),
        ("PMCID", ["PMC3744390", "PMC3744390.2"], ["3744390", "PMC0123", "PMC"]),
        ("ISBN", ["978-3-86680-192-9", "0-306-40615-2", "080442957X", "978-3-86680-192-9 (print) 0306406152 (online)"],
         ["978-3-86680-192-8", "0-306-40615-3", "123", "977-3-86680-192-9"]),
        ("ISSN", ["0006-4971", "0006-4971, 1528-0020", "ISSN 1533-7928", "2434-561X", "0028-4793 (Print) 1533-4406 (Electronic)"],
         ["0006-4972", "0006-497", "x"]),
    ],
)  # fmt: skip
def test_identifiers(kind: str, good: list[str], bad: list[str]) -> None:
    check = identifiers.CHECKS[kind]
    assert [value for value in good if check(value) is not None] == []
    assert [value for value in bad if check(value) is None] == []


def test_persons_and_trials() -> None:
    assert identifiers.orcid("https://orcid.org/0000-0002-1825-0097") is None
    assert identifiers.orcid("0000-0002-9079-593X") is None
    assert identifiers.orcid("0000-0002-1825-0098") is not None
    assert identifiers.orcid("0000-0002-1825") is not None
    assert identifiers.nct("NCT00114101") is None
    assert identifiers.nct("NCT0114101") is not None


WATCH = """Record ID,Title,RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason
1,"A, b",2/3/2011 0:00,10.1000/R1,0,10.1000/One,111,Retraction,+Error;
2,c,2/3/2012 0:00,10.1000/r2,0,10.1000/two,0,Expression of concern,
3,d,1/1/2010 0:00,10.1000/r3,0,10.1000/three,0,Retraction,
4,d,1/1/2012 0:00,10.1000/r4,0,10.1000/three,0,Reinstatement,
5,e,1/1/2012 0:00,unavailable,0,unavailable,0,Retraction,
6,f,1/1/2012 0:00,unavailable,0,Unavailable,222,Correction,
"""
TABLE = """doi,pmid,kind,date,notice
,222,correction,2012-01-01,
10.1000/one,111,retraction,2011-02-03,10.1000/r1
10.1000/two,,expression-of-concern,2012-02-03,10.1000/r2
"""


def test_the_table_of_retractions_is_kept_compact() -> None:
    assert retractions.compact(WATCH.encode("utf-8-sig")) == (TABLE, 3)
    assert retractions.compact(WATCH.replace("A, b", "\xe9").encode("latin-1")) == (TABLE, 3)
    with pytest.raises(UsageError, match="lacks"):
        retractions.compact(b"Record ID,Title\n1,x\n")


def test_the_table_is_asked_by_doi_and_pmid() -> None:
    bib = Bibliography(
        (reference("a", DOI="https://doi.org/10.1000/ONE"), reference("b", PMID="222"), reference("c", DOI="10.1000/r1"))
    )
    found, reports = retractions.with_table(bib, Source("retractions.csv", TABLE))
    assert not reports
    assert found.notices == {
        "a": (Notice("retraction", "https://doi.org/10.1000/r1", "2011-02-03"),),
        "b": (Notice("correction", "", "2012-01-01"),),
        "c": (Notice("retraction-notice", "https://doi.org/10.1000/r1", "2011-02-03"),),
    }
    assert [d.code for d in retractions.with_table(bib, Source("retractions.csv", "a,b\n"))[1]] == ["MMG330"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: A trial", "retraction"),
        ("Retracted article: A trial", "retraction"),
        ("A trial [Retracted]", "retraction"),
        ("WITHDRAWN: A review", "retraction"),
        ("Retraction: A trial", "retraction-notice"),
        ("Retraction notice to “A trial”", "retraction-notice"),
        ("Retraction", "retraction-notice"),
        ("Notice of retraction: A trial", "retraction-notice"),
        ("Expression of concern: A trial", "concern-notice"),
        ("Retracted tendons in the foot", None),
        ("Retraction force in surgery", None),
        ("Withdrawal of treatment", None),
        ("Withdrawal from opioids", None),
        ("A study of retracted papers", None),
    ],
)
def test_what_a_title_says(title: str, kind: str | None) -> None:
    assert [n.kind for n in retractions.in_entry(reference("a", title=title))] == ([kind] if kind else [])


def test_an_export_is_merged_without_touching_what_is_there() -> None:
    project = Bibliography((reference("ames2001", DOI="10.1000/one"), reference("bell2002", title="Another long title")))
    export = [
        reference("x1", DOI="10.1000/ONE"),
        reference("bell2002", title="A third long title", DOI="10.1000/three"),
        reference("x3", title="A third long title", DOI="10.1000/three"),
        reference("new", title="A fourth long title"),
    ]
    merge = merging.merge(project, export)
    assert [item["id"] for item in merge.added] == ["bell2002a", "new"]
    assert merge.known == (("x1", "ames2001"), ("x3", "bell2002a"))
    assert merge.renamed == (("bell2002", "bell2002a"),)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("r.json", '[\n  {"id": "a",   "title": "A"}\n]\n'),
        ("r.json", "[]"),
        ("r.json", ""),
        ("r.yaml", "references:\n  - id: a\n    title: A\n"),
        ("r.yaml", "---\nreferences:\n- id: a\n  title: A\n...\n"),
        ("r.bib", "@book{a, title = {A}}\n"),
    ],
)
def test_what_is_added_can_be_read_again(path: str, text: str) -> None:
    item = {
        "id": "new", "type": "book", "title": "About <i>H. pylori</i>: x<sup>2</sup> & “more”", "author": [{"family": "Ö", "given": "A."}],
        "issued": {"date-parts": [[2012]]}, "publisher": "P",
    }  # fmt: skip
    format = bibliography.format_of(path) or ""
    now = writing.appended(text, format, [item])
    kept = text.rstrip().rstrip("]").rstrip().removesuffix("...").rstrip()
    assert now.startswith(kept)
    bib, found = bibliography.read([Source(path, now)])
    assert not found
    before = len(bibliography.read([Source(path, text)])[0].references) if text else 0
    assert len(bib.references) == before + 1
    last = dict(bib.references[-1].csl)
    assert {k: last[k] for k in item} == item if format != "bibtex" else last["author"] == item["author"]


def test_formats_are_read_back_as_they_were(shared: Path) -> None:
    text = (shared / "evidence" / "references.csl.json").read_text(encoding="utf-8")
    bib, _ = bibliography.read([Source("r.json", text)])
    items = [r.csl for r in bib.references]
    for name, write in (("r.json", writing.as_csl_json), ("r.yaml", writing.as_csl_yaml)):
        again, found = bibliography.read([Source(name, write(items))])
        assert not found
        same = [json.loads(json.dumps(r.csl, sort_keys=True)) for r in again.references]
        if name == "r.json":
            assert same == [json.loads(json.dumps(i, sort_keys=True)) for i in items]
        else:
            assert [(i["id"], i["title"], i.get("author"), i.get("DOI")) for i in same] == [
                (i["id"], i["title"], i.get("author"), i.get("DOI")) for i in items
            ]
