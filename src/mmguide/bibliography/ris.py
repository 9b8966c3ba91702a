"""bibliography: RIS, the exchange format of reference managers; a record runs from `TY  -` to `ER  -`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from mmguide.bibliography import fields
from mmguide.bibliography.items import Found, words
from mmguide.diagnostics import Span
from mmguide.diagnostics.rules import references as rules
from mmguide.model.source import Source

_LINE = re.compile(r"([A-Z][A-Z0-9]) {0,2}- ?(.*)")
_TYPES: Mapping[str, str] = {
    "ABST": "article-journal",
    "AGGR": "dataset",
    "ART": "graphic",
    "BILL": "bill",
    "BLOG": "post-weblog",
    "BOOK": "book",
    "CASE": "legal_case",
    "CHAP": "chapter",
    "CLSWK": "book",
    "COMP": "software",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
    "DATA": "dataset",
    "DICT": "entry-dictionary",
    "EBOOK": "book",
    "ECHAP": "chapter",
    "EDBOOK": "book",
    "EJOUR": "article-journal",
    "ELEC": "webpage",
    "ENCYC": "entry-encyclopedia",
    "GOVDOC": "report",
    "HEAR": "hearing",
    "ICOMM": "personal_communication",
    "INPR": "article-journal",
    "JFULL": "periodical",
    "JOUR": "article-journal",
    "LEGAL": "legislation",
    "MANSCPT": "manuscript",
    "MAP": "map",
    "MGZN": "article-magazine",
    "MPCT": "motion_picture",
    "MUSIC": "musical_score",
    "NEWS": "article-newspaper",
    "PAMP": "pamphlet",
    "PAT": "patent",
    "PCOMM": "personal_communication",
    "RPRT": "report",
    "SER": "book",
    "SLIDE": "speech",
    "SOUND": "song",
    "STAND": "standard",
    "STAT": "legislation",
    "THES": "thesis",
    "UNPB": "manuscript",
    "UNPD": "manuscript",
    "VIDEO": "motion_picture",
    "WEB": "webpage",
}
_BOOKS = words("book chapter report thesis pamphlet entry-dictionary entry-encyclopedia paper-conference")
_PARTS = words("chapter paper-conference entry-dictionary entry-encyclopedia")


class _Record(Struct):
    """The lines of one record: by tag, in order, each value as the lines it goes over."""

    span: Span
    kind: str
    values: dict[str, list[list[str]]] = {}
    key: tuple[str, Span] | None = None
    last: str = ""

    def all(self, *tags: str) -> list[str]:
        return [text for tag in tags for lines in self.values.get(tag, ()) if (text := " ".join(filter(None, lines)))]

    def first(self, *tags: str) -> str:
        return next(iter(self.all(*tags)), "")


def read(source: Source, found: Found) -> None:
    """Add the records of a RIS file to `found`."""
    keys = fields.Keys()
    for record in _records(source, found):
        item, guessed = _item(record)
        key = keys.given(record.key[0]) if record.key else ""
        span = record.key[1] if record.key and key else record.span
        found.add({"id": key or keys.made(item), **item}, span, "ris")
        found.diagnostics += [rules.GUESSED_NAME.at(record.span, name=name) for name in guessed]


def _records(source: Source, found: Found) -> Iterator[_Record]:
    record: _Record | None = None
    for number, line in enumerate(source.text.split("\n"), start=1):
        match = _LINE.match(line.lstrip("\ufeff \t") if record is None else line)
        span = Span(source.path, number, 1, number, len(line) + 1)
        tag, value = (match[1], match[2].strip()) if match else ("", line.strip())
        if tag == "TY":
            if record is not None and record.values:
                found.diagnostics.append(
                    rules.UNREADABLE_ENTRY.at(span, reason="the record before this line is not closed by ER")
                )
                yield record
            record = _Record(span, value.upper())
        elif tag == "ER":
            if record is not None:
                yield record
            record = None
        elif record is None:
            if tag:
                found.diagnostics.append(
                    rules.UNREADABLE_ENTRY.at(span, reason=f"{tag} stands outside a record, which begins with TY")
                )
                record = _Record(span, "")
        elif tag:
            record.last = tag
            record.values.setdefault(tag, []).append([value])
            if tag == "ID":
                at = len(line) - len(line[match.start(2) :].lstrip()) if match else 0
                record.key = (value, Span(source.path, number, at + 1, number, at + len(value) + 1))
        elif value and record.last:
            record.values[record.last][-1].append(value)
    if record is not None and record.values:
        found.diagnostics.append(rules.UNREADABLE_ENTRY.at(record.span, reason="this record is not closed by ER"))
        yield record


def _item(record: _Record) -> tuple[dict[str, Any], list[str]]:
    kind = _TYPES.get(record.kind, "document")
    authors, unsure_authors = fields.people(record.all("A1", "AU"))
    editors, unsure_editors = fields.people(record.all("ED", "A2"))
    full, short = _journal(record)
    title = record.first("TI", "T1", "CT") or ("" if kind in _PARTS else record.first("BT"))
    serial = record.all("SN")
    item = {
        "type": kind,
        "title": " ".join(title.split()),
        "author": authors,
        "editor": editors,
        "container-title": record.first("BT", "T2", "JF") if kind in _PARTS else full,
        "container-title-short": short,
        "collection-title": record.first("T3"),
        "issued": _issued(record),
        "accessed": fields.date(record.first("Y2")),
        "volume": record.first("VL"),
        "issue": record.first("IS", "CP") or next((m for m in record.all("M1") if len(m) <= 12), ""),
        "page": fields.pages(record.first("SP"), record.first("EP")) or record.first("C7"),
        "publisher": record.first("PB"),
        "publisher-place": record.first("CY", "PP"),
        "edition": record.first("ET") if kind in _BOOKS else "",
        "ISBN" if kind in _BOOKS else "ISSN": (serial[0] if serial else "") if kind in _BOOKS else fields.issns(serial),
        "DOI": next(filter(None, map(fields.doi, record.all("DO", "M3", "L3"))), ""),
        "URL": fields.web_address(record.all("UR", "L1", "LK")),
        "abstract": "\n".join(dict.fromkeys(record.all("AB", "N2"))),
        "keyword": ", ".join(record.all("KW")),
        "language": record.first("LA"),
        "note": "; ".join(dict.fromkeys(record.all("N1", "RN"))),
        **_pubmed(record),
    }
    return fields.without_empty(item), [*unsure_authors, *unsure_editors]


def _journal(record: _Record) -> tuple[str, str]:
    """Full and short name of the journal; JO holds either."""
    full = record.first("JF", "T2", "JO", "JA", "J2", "J1")
    short = next((name for name in record.all("JA", "J2", "J1", "JO") if name != full), "")
    return full, short


def _issued(record: _Record) -> fields.Date | None:
    """The most exact of the dates that agree on the year; those of submission and acceptance are not meant."""
    plain = [v for v in record.all("PY", "Y1", "DA") if not re.search(r"received|accepted|revised", v, re.IGNORECASE)]
    dates = [d for d in map(fields.date, plain) if d]
    if not dates:
        return None
    year = dates[0]["date-parts"][0][0]
    return max((d for d in dates if d["date-parts"][0][0] == year), key=lambda d: len(d["date-parts"][0]))


def _pubmed(record: _Record) -> dict[str, str]:
    """PMID and PMCID, which exports of PubMed put into the user's fields."""
    marked = record.all("U1", "U2", "U3", "C2", "AN")
    pmid = next((m[1] for v in marked if (m := re.fullmatch(r"(\d{1,8})\s*\[pmid\]", v, re.IGNORECASE))), "")
    if not pmid and record.first("DB").lower() in ("pubmed", "medline"):
        pmid = next((v for v in record.all("AN") if re.fullmatch(r"\d{1,8}", v)), "")
    pmcid = next((m[1].upper() for v in marked if (m := re.fullmatch(r"(PMC\d+)(?:\s*\[pmcid\])?", v, re.IGNORECASE))), "")
    return {"PMID": pmid, "PMCID": pmcid}
