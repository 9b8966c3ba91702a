"""RIS, PubMed and EndNote files of the JabRef project against the entries that stand beside them.

Every field that the `.bib` gives must come out of the reader, but for what ACCEPTED lists with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mmguide import bibliography
from mmguide.bibliography.fields import month_number
from mmguide.diagnostics import Diagnostic
from mmguide.model.reference import Bibliography
from mmguide.model.source import Source

_UNPRINTED = {
    "file": "a path on somebody's machine",
    "refid": "the key, see test_an_id_is_the_key",
    "database": "where the record was found is not part of a reference",
    "owner": "book-keeping of PubMed",
    "completed": "book-keeping of PubMed",
    "date-created": "book-keeping of PubMed",
    "revised": "book-keeping of PubMed",
    "status": "book-keeping of PubMed",
    "publication-status": "book-keeping of PubMed",
    "subset": "book-keeping of PubMed",
    "source": "the reference as PubMed prints it; its parts are read from their own fields",
    "other-id": "another library's number",
    "manuscript-id": "another library's number",
    "nlm-unique-id": "the journal's number, not the article's",
    "grantno": "a funder's number",
    "caption": "no such part in a reference",
}
# (file, number of the record or None for all, field): why the reader gives something else.
ACCEPTED: Mapping[tuple[str, int | None, str], str] = {
    ("RisImporterTest5a", None, "number"): "M1 holds a copyright notice, not an issue",
    ("RisImporterTest6", None, "number"): "the accession number is the PMCID, and is read as one",
    ("RisImporterTestDOI", None, "number"): "the accession number is the PMID, and is read as one",
    ("RisImporterTestDOI", None, "url"): "L2 is a link to the full text; UR is the address of the record",
    ("RisImporterTestDOI", None, "edition"): "the date of the electronic version is not an edition of an article",
    ("RisImporterTest6", None, "comment"): "the user's field holds the PMID, and is read as one",
    ("RisImporterTestDOI", None, "comment"): "the user's fields hold PMID and PMCID, and are read as such",
    ("RisImporterTestScience", None, "url"): "an address without https: gets it, so that it works as a link",
    ("RisImporterTestScopus", None, "address"): "an author's address is not a place of publication",
    ("RisImporterTestDoiAndJournalTitle", None, "edition"): "a patent has no edition",
    (
        "RisImporterTest7",
        None,
        "author",
    ): "RIS gives the editors of a book in A2",
    ("MedlinePlainImporterStringOutOfBounds", 0, "pmid"): "the broken line behind the number is reported, not made part of it",
    ("MedlinePlainImporterStringOutOfBounds", 1, "pmid"): "SO is a field of its own",
    ("MedlinePlainImporterStringOutOfBounds", None, "type"): "what PubMed holds is an article unless it says otherwise",
    ("MedlinePlainImporterTestCompleteEntry", None, "address"): "the journal's country is not printed",
    ("MedlinePlainImporterTestCompleteEntry", None, "keywords"): "keywords stand as written, not sorted and split",
    ("MedlinePlainImporterTestInproceeding", None, "type"): "an editorial is an article of a journal",
    ("MedlinePlainImporterTestMultiAbstract", None, "type"): "PubMed's clinical conference is an article of a journal",
    ("MedlinePlainImporterTestMultiAbstract", None, "editor"): "`Some test data` is read as the name of a body",
    ("MedlinePlainImporterTestMultiAbstract", None, "comment"): "CON names a comment on the article, not a note of it",
    ("EndnoteXmlImporterTestArticle", None, "address"): "an author's address is not a place of publication",
    ("EndnoteXmlImporterTest_WithoutUrlStyle", None, "address"): "an author's address is not a place of publication",
    ("EndnoteXmlImporterTest_EmptyKeywordStyle", None, "address"): "an author's address is not a place of publication",
    ("EndnoteXmlImporterTestArticle2", None, "address"): "an author's address is not a place of publication",
    ("EndnoteXmlImporterTest_WithoutUrlStyle2", None, "address"): "an author's address is not a place of publication",
    ("EndnoteXmlImporterTestLabelAndMultiTitle", None, "address"): "an author's address is not a place of publication",
    ("EndnoteXmlImporterTestArticle2", None, "url"): "`<Go to ISI>://…` is not an address",
    ("EndnoteXmlImporterTest_WithoutUrlStyle2", None, "url"): "`<Go to ISI>://…` is not an address",
    ("EndnoteXmlImporterTestLabelAndMultiTitle", None, "url"): "`<Go to ISI>://…` is not an address",
}
# A record with nine types, several titles and lines without tags: it is split and reported, not guessed at.
_HOPELESS = {"RisImporterTest1"}
_TYPES = {
    "article": {"article-journal"},
    "book": {"book"},
    "incollection": {"chapter"},
    "techreport": {"report"},
    "patent": {"patent"},
    "misc": {"document"},
}
_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "journal": ("container-title", "container-title-short"),
    "booktitle": ("container-title",),
    "title-abbreviation": ("container-title-short",),
    "volume": ("volume",),
    "number": ("issue",),
    "issue": ("issue",),
    "pages": ("page",),
    "publisher": ("publisher",),
    "address": ("publisher-place",),
    "series": ("collection-title",),
    "edition": ("edition",),
    "doi": ("DOI",),
    "pmid": ("PMID",),
    "url": ("URL",),
    "language": ("language",),
    "abstract": ("abstract",),
    "keywords": ("keyword",),
    "comment": ("note",),
    "note": ("note",),
}


@pytest.fixture(scope="session")
def jabref(shared: Path) -> Path:
    return shared / "corpora" / "jabref"


def read(path: Path) -> tuple[Bibliography, tuple[Diagnostic, ...]]:
    name = path.stem + (".nbib" if path.suffix == ".txt" else path.suffix)
    return bibliography.read([Source(name, path.read_text(encoding="utf-8-sig"))])


def files(folder: Path) -> list[Path]:
    """The files with entries beside them."""
    return [
        p for p in sorted(folder.iterdir()) if p.suffix != ".bib" and p.with_suffix(".bib").exists() and p.stem not in _HOPELESS
    ]


def expected(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Type and fields of each entry of a `.bib`."""
    from bibtexparser.splitter import Splitter

    for block in Splitter(path.read_text(encoding="utf-8")).split().blocks:
        entry = getattr(block, "ignore_error_block", None) or block
        if hasattr(entry, "entry_type"):
            yield entry.entry_type.lower(), {f.key.lower(): f.value.strip('{}"') for f in entry.fields}


def plain(text: str) -> str:
    """A text with dashes, spaces and the separators of lists made alike, without markup and the full stop at its end."""
    text = re.sub(r"</?(?:i|b|sup|sub)>", "", re.sub(r"-{2,}|[\u2012-\u2015]", "-", text))
    return " ".join(re.sub(r"[;,]", " ", text).split()).rstrip(".").lower()


def names(csl: Mapping[str, Any], variable: str) -> str:
    people = [f"{p.get('family', p.get('literal', ''))}, {p.get('given', '')}".strip(", ") for p in csl.get(variable, ())]
    return plain(" and ".join(people)).replace(".", "")


def agrees(field: str, wanted: str, csl: Mapping[str, Any]) -> bool:
    issued = (csl.get("issued") or {}).get("date-parts", [[]])[0]
    if field in ("author", "editor"):
        turned = re.sub(r"^(\w+) (\w+)$", r"\2 \1", plain(wanted))
        return names(csl, field) in (plain(wanted).replace(".", ""), turned)
    if field == "year":
        return bool(issued) and str(issued[0]) == wanted
    if field in ("month", "date"):
        month, *day = re.findall(r"\w+", wanted)
        number = int(month) if month.isdigit() else month_number(month)
        return list(issued[1:2]) == [number] and all(list(issued[2:3]) == [int(d)] for d in day)
    if field in ("issn", "isbn", "print-issn", "linking-issn"):
        given = re.findall(r"[\dXx-]{9,}", csl.get("ISSN", "") + " " + csl.get("ISBN", ""))
        return set(re.findall(r"[\dXx-]{9,}", wanted)) <= set(given)
    if field == "language":
        return plain(wanted)[:2] == plain(str(csl.get("language", "")))[:2]
    return any(plain(str(csl.get(variable, ""))) == plain(wanted) for variable in _VARIABLES[field])


def disagreements(path: Path) -> Iterator[tuple[int, str, str]]:
    """Number of the record, field, and what stands there instead, for each field that is not as the `.bib` has it."""
    for number, (reference, (kind, fields)) in enumerate(
        zip(read(path)[0].references, expected(path.with_suffix(".bib")), strict=True)
    ):
        if reference.csl["type"] not in _TYPES.get(kind, {kind}):
            yield number, "type", f"{kind} is not {reference.csl['type']}"
        for name, value in fields.items():
            if name not in _UNPRINTED and not agrees(name, value, reference.csl):
                yield number, name, f"{value!r} is not in {dict(reference.csl)}"


def differences(path: Path) -> list[str]:
    return [
        f"{path.name}[{number}] {name}: {what}"
        for number, name, what in disagreements(path)
        if not {(path.stem, number, name), (path.stem, None, name)} & set(ACCEPTED)
    ]


def test_every_readable_record_gives_its_fields(jabref: Path) -> None:
    found = files(jabref)
    assert len(found) >= 25
    assert [difference for path in found for difference in differences(path)] == []


def test_every_accepted_difference_is_one(jabref: Path) -> None:
    """The list does not outlive its reasons: each line of it is met."""
    met = {(path.stem, number, name) for path in files(jabref) for number, name, _ in disagreements(path)}
    met |= {(stem, None, name) for stem, _, name in met}
    assert [key for key in ACCEPTED if key not in met] == []


@pytest.mark.parametrize(
    ("name", "codes", "records"),
    [
        ("RisImporterCorrupted.ris", ["MMG303"], 1),
        ("RisImporterTest1.ris", ["MMG303", "MMG303"], 3),
        ("MedlinePlainImporterStringOutOfBounds.txt", ["MMG303"], 2),
        ("MedlinePlainImporterTestMultipleEntries.txt", ["MMG303", "MMG310"], 7),
    ],
)
def test_broken_files_are_reported(jabref: Path, name: str, codes: list[str], records: int) -> None:
    bib, found = read(jabref / name)
    assert [d.code for d in found] == codes
    assert all(d.span is not None and d.span.line > 1 for d in found)
    assert len(bib.references) == records


def test_an_id_is_the_key(jabref: Path) -> None:
    assert [r.key for r in read(jabref / "RisImporterTest4a.ris")[0].references] == ["berkman"]
    assert [r.key for r in read(jabref / "NbibImporterTest.nbib")[0].references] == ["pmid:27169098"]
    assert [r.key for r in read(jabref / "EndnoteXmlImporterTestReport.xml")[0].references] == ["B1040"]


def test_cut_files_never_stop_the_readers(jabref: Path) -> None:
    """Each file, cut at many places and with bytes turned, gives records and diagnostics, never an exception."""
    for path in sorted(jabref.iterdir()):
        text = path.read_text(encoding="utf-8-sig")
        name = path.stem + (".nbib" if path.suffix == ".txt" else path.suffix)
        if path.suffix == ".bib":
            continue
        for at in range(0, len(text), max(len(text) // 23, 1)):
            bibliography.read([Source(name, text[:at])])
            bibliography.read([Source(name, text[at:])])
            bibliography.read([Source(name, text[:at] + "<\x00&{\n" + text[at:])])
