"""RIS, PubMed and EndNote: what each reader makes of a record, written here; the corpus has its own test."""

from __future__ import annotations

import pytest

from mmguide import bibliography
from mmguide.bibliography import fields
from mmguide.model.source import Source

RIS = """TY  - CHAP
ID  - barata2015
A1  - Barata, Catarina
AU  - World Health Organization
ED  - Celebi, M. E.
TI  - A chapter
BT  - The book
PY  - 2015
DA  - 2015/09/10
Y2  - 2016/01/02
SP  - 12
EP  - 19
SN  - 978-1-4822-5326-9
DO  - https://doi.org/10.1201/b19107-2
N1  - First
  half
ER  -

TY  - JOUR
AU  - Barata, Catarina
TI  - The second work
JF  - Journal of Something
JA  - J Some
PY  - 2015
ER  -
TY  - JOUR
AU  - Barata, Catarina
TI  - A third work
PY  - 2015
"""

NBIB = """PMID- 12345678
TI  - A title that goes on over
      two lines.
FAU - Long, Vicky
FAU - Selvamani
CN  - Some Study Group
JT  - Journal of something
TA  - J Some
IS  - 0955-2359 (Print)
IS  - 1234-5679 (Electronic)
DP  - 2012 May 10
VI  - 366
IP  - 19
PG  - 1782-91
LID - 10.1000/xyz [doi]
PMC - PMC3744390
SI  - ClinicalTrials.gov/NCT00000001
PT  - Journal Article
PT  - Retracted Publication
RIN - J Some. 2014;1:1. PMID: 1
LA  - eng
"""

ENDNOTE = """<?xml version="1.0"?><xml><records>
<record><ref-type name="Journal Article">17</ref-type><label>ahmad2015</label>
<contributors><authors><author><style>Ahmad, A</style></author></authors></contributors>
<titles><title><style>About </style><style face="italic">H. pylori</style><style> and x</style><style face="superscript">2</style></title>
<secondary-title>J Some</secondary-title></titles><dates><year>2015</year><pub-dates><date>Mar 3</date></pub-dates></dates>
<accession-num>25647015</accession-num><urls><related-urls><url>https://pubmed.ncbi.nlm.nih.gov/25647015</url></related-urls></urls></record>
<record><ref-type name="Report">27</ref-type><titles><title>Broken & </title></titles></record>
<record><ref-type name="Report">27</ref-type><titles><title>Fine</title></titles></record>
<record><titles><title>No end
</records></xml>
"""


def test_ris() -> None:
    bib, found = bibliography.read([Source("x.ris", RIS)])
    assert [r.key for r in bib.references] == ["barata2015", "barata2015second", "barata2015third"]
    assert [(d.code, d.span.line if d.span else 0) for d in found] == [("MMG303", 26)]
    assert (bib.references[0].span.line, bib.references[0].span.column, bib.references[0].span.end_column) == (2, 7, 17)
    csl = dict(bib.references[0].csl)
    assert csl == {
        "id": "barata2015",
        "type": "chapter",
        "title": "A chapter",
        "author": [{"family": "Barata", "given": "Catarina"}, {"literal": "World Health Organization"}],
        "editor": [{"family": "Celebi", "given": "M. E."}],
        "container-title": "The book",
        "issued": {"date-parts": [[2015, 9, 10]]},
        "accessed": {"date-parts": [[2016, 1, 2]]},
        "page": "12-19",
        "ISBN": "978-1-4822-5326-9",
        "DOI": "10.1201/b19107-2",
        "note": "First half",
    }
    journal = bib.references[1].csl
    assert (journal["container-title"], journal["container-title-short"]) == ("Journal of Something", "J Some")


def test_pubmed() -> None:
    bib, found = bibliography.read([Source("x.nbib", NBIB)])
    assert not found
    reference = bib.references[0]
    assert (reference.key, reference.span.line, reference.span.column) == ("pmid:12345678", 1, 7)
    assert dict(reference.csl) == {
        "id": "pmid:12345678",
        "type": "article-journal",
        "title": "A title that goes on over two lines",
        "author": [{"family": "Long", "given": "Vicky"}, {"family": "Selvamani"}, {"literal": "Some Study Group"}],
        "container-title": "Journal of something",
        "container-title-short": "J Some",
        "issued": {"date-parts": [[2012, 5, 10]]},
        "volume": "366",
        "issue": "19",
        "page": "1782-91",
        "ISSN": "0955-2359, 1234-5679",
        "DOI": "10.1000/xyz",
        "PMID": "12345678",
        "PMCID": "PMC3744390",
        "language": "en",
        "custom": {"notices": [{"kind": "retraction", "where": "J Some. 2014;1:1. PMID: 1"}], "trial-ids": ["NCT00000001"]},
    }


def test_endnote() -> None:
    bib, found = bibliography.read([Source("x.xml", ENDNOTE)])
    assert [r.key for r in bib.references] == ["ahmad2015", "anonymous"]
    assert [(d.code, d.span.line if d.span else 0) for d in found] == [("MMG303", 7), ("MMG303", 9)]
    csl = bib.references[0].csl
    assert csl["title"] == "About <i>H. pylori</i> and x<sup>2</sup>"
    assert csl["issued"] == {"date-parts": [[2015, 3, 3]]}
    assert csl["PMID"] == "25647015"
    assert (bib.references[0].span.line, bib.references[0].span.column) == (2, 62)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not xml",
        "<xml></xml>",
        '<!DOCTYPE x [<!ENTITY a "b">]><xml><records><record>&a;</record></records></xml>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><record>&a;</record></xml>',
        "<xml><record>" + "<a>" * 100_000 + "</record></xml>",
        "<xml><record>&undefined;</record></xml>",
    ],
)
def test_no_endnote_file_stops_the_reader(text: str) -> None:
    bib, found = bibliography.read([Source("x.xml", text)])
    assert not bib.references
    assert found


@pytest.mark.parametrize(
    ("text", "name", "unsure"),
    [
        ("Attal, Michel", {"family": "Attal", "given": "Michel"}, False),
        ("King, Martin Luther, Jr", {"family": "King", "given": "Martin Luther", "suffix": "Jr"}, False),
        ("Michel Attal", {"family": "Attal", "given": "Michel"}, True),
        ("Myeloma Trialists Group", {"literal": "Myeloma Trialists Group"}, False),
        ("Selvamani", {"family": "Selvamani"}, False),
        ("HOVON 50", {"literal": "HOVON 50"}, False),
        (" , ", None, False),
    ],
)
def test_names(text: str, name: dict[str, str] | None, unsure: bool) -> None:
    assert fields.person(text) == (name, unsure)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2012", [2012]),
        ("2012///", [2012]),
        ("2012/05/", [2012, 5]),
        ("2012/05/10/print", [2012, 5, 10]),
        ("2012 May 10", [2012, 5, 10]),
        ("2012 May-Jun", [2012, 5]),
        ("2012/october", [2012, 10]),
        ("2012 Winter", [2012]),
        ("2013 06 10", [2013, 6, 10]),
        ("2013/00/00", [2013]),
        ("2013/02/45", [2013, 2]),
    ],
)
def test_dates(text: str, parts: list[int]) -> None:
    assert fields.date(text) == {"date-parts": [parts]}


@pytest.mark.parametrize("text", ["", "99", "YEAR/MONTH/DAY/", "///", "12345"])
def test_what_is_no_date(text: str) -> None:
    assert fields.date(text) is None
