"""bibliography: PubMed's Medline format (.nbib): tagged lines, records separated by empty lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from mmguide.bibliography import fields
from mmguide.bibliography.items import Found
from mmguide.diagnostics import Span
from mmguide.diagnostics.rules import references as rules
from mmguide.model.source import Source

_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: ?)(.*)")
_TYPES: Mapping[str, str] = {
    "book": "book",
    "book chapter": "chapter",
    "technical report": "report",
    "preprint": "article",
    "dataset": "dataset",
    "dissertation": "thesis",
    "academic dissertation": "thesis",
    "legal case": "legal_case",
    "legislation": "legislation",
    "newspaper article": "article-newspaper",
}
_LANGUAGES: Mapping[str, str] = {
    **{"eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "spa": "es", "ita": "it", "por": "pt", "dut": "nl"},
    **{"nld": "nl", "rus": "ru", "jpn": "ja", "chi": "zh", "zho": "zh", "pol": "pl", "cze": "cs", "ces": "cs", "hun": "hu"},
    **{"swe": "sv", "nor": "no", "dan": "da", "fin": "fi", "tur": "tr", "kor": "ko", "ukr": "uk", "gre": "el", "ell": "el"},
}
# What PubMed says about the life of an article after it appeared, in the words of the check that reports it.
_NOTICES: Mapping[str, str] = {
    "RIN": "retraction",
    "ROF": "retraction-notice",
    "RPI": "retraction",
    "ECI": "expression-of-concern",
    "EIN": "correction",
    "CRI": "correction",
}


class _Record(Struct):
    span: Span
    values: dict[str, list[list[str]]] = {}
    pmid: Span | None = None
    last: str = ""

    def all(self, *tags: str) -> list[str]:
        return [text for tag in tags for lines in self.values.get(tag, ()) if (text := " ".join(filter(None, lines)))]

    def first(self, *tags: str) -> str:
        return next(iter(self.all(*tags)), "")


def read(source: Source, found: Found) -> None:
    """Add the records of a PubMed file to `found`; their keys are `pmid:` and the number, or made from author and year."""
    keys = fields.Keys()
    for record in _records(source, found):
        if not record.values:
            continue
        item, guessed = _item(record)
        key = f"pmid:{item['PMID']}" if item.get("PMID") else keys.made(item)
        found.add({"id": key, **item}, record.pmid or record.span, "nbib")
        found.diagnostics += [rules.GUESSED_NAME.at(record.span, name=name) for name in guessed]


def _records(source: Source, found: Found) -> Iterator[_Record]:
    record: _Record | None = None
    for number, line in enumerate(source.text.split("\n"), start=1):
        span = Span(source.path, number, 1, number, len(line) + 1)
        match = _LINE.match(line)
        if not line.strip():
            if record is not None:
                yield record
            record = None
        elif match:
            tag, value = match[1], match[2].strip()
            if tag == "PMID" and record is not None and "PMID" in record.values:
                yield record
                record = None
            record = record or _Record(span)
            record.values.setdefault(tag, []).append([value])
            record.last = tag
            if tag == "PMID":
                at = line.index(value, match.start(2)) + 1 if value else 1
                record.pmid = Span(source.path, number, at, number, at + len(value))
        elif line[0] in " \t" and record is not None:
            record.values[record.last][-1].append(line.strip())
        else:
            found.diagnostics.append(rules.UNREADABLE_ENTRY.at(span, reason="this line has no tag such as `TI  - `"))
    if record is not None:
        yield record


def _item(record: _Record) -> tuple[dict[str, Any], list[str]]:
    kinds = [v.lower() for v in record.all("PT")]
    kind = next((_TYPES[k] for k in kinds if k in _TYPES), "article-journal")
    authors, unsure_authors = fields.people(record.all("FAU") or record.all("AU"))
    editors, unsure_editors = fields.people(record.all("FED") or record.all("ED"))
    book = record.first("BTI")
    title = _joined(record.all("TI")) or (book if kind == "book" else "") or record.first("TT").strip("[]")
    dated = record.first("DP")
    identifiers = record.all("LID", "AID")
    item = {
        "type": kind,
        "genre": "Preprint" if "preprint" in kinds else "",
        "title": _without_stop(title),
        "author": authors + [{"literal": name} for name in record.all("CN")],
        "editor": editors,
        "container-title": (book if title != book else "") or record.first("JT", "TA"),
        "container-title-short": record.first("TA"),
        "collection-title": record.first("CTI"),
        "issued": _issued(dated),
        "available-date": fields.date(re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1/\2/\3", record.first("DEP"))),
        "volume": record.first("VI"),
        "issue": record.first("IP"),
        "page": record.first("PG"),
        "publisher": record.first("PB"),
        "publisher-place": record.first("PL") if kind in ("book", "chapter", "report", "thesis") else "",
        "edition": record.first("EN"),
        "ISSN": fields.issns(record.all("IS")),
        "ISBN": re.sub(r"^ISBN[:\s]*|\s*\(.*\)$", "", record.first("ISBN")),
        "DOI": next((fields.doi(v) for v in identifiers if v.lower().endswith("[doi]") or v.lower().startswith("doi")), ""),
        "PMID": (re.match(r"\d*", record.first("PMID")) or [""])[0],
        "PMCID": next((m[0] for v in record.all("PMC") if (m := re.match(r"PMC\d+", v))), ""),
        "abstract": "\n".join(record.all("AB")),
        "keyword": ", ".join(record.all("MH", "OT")),
        "language": _LANGUAGES.get(record.first("LA").lower(), record.first("LA")),
        "custom": fields.without_empty({"notices": _notices(record, kinds), "trial-ids": _trials(record)}),
    }
    return fields.without_empty(item), [*unsure_authors, *unsure_editors]


def _issued(text: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = fields.date(text)
    if found is not None and (season := fields.season(text)) is not None:
        found["season"] = season
    return found


def _joined(titles: list[str]) -> str:
    """One title out of several lines; a line that does not end a sentence goes on after a colon."""
    out = ""
    for title in titles:
        out += title if not out else (" " if out[-1] in ".:?!" else ": ") + title
    return out


def _without_stop(title: str) -> str:
    """PubMed ends every title with a full stop, which styles set themselves; one in brackets is a translation."""
    title = title.strip()
    if title.endswith(".") and not title.endswith(".."):
        title = title[:-1]
    return title


def _notices(record: _Record, kinds: list[str]) -> list[dict[str, str]]:
    found = [{"kind": kind, "where": where} for tag, kind in _NOTICES.items() for where in record.all(tag)]
    if "retracted publication" in kinds and not any(n["kind"] == "retraction" for n in found):
        found.append({"kind": "retraction", "where": "PubMed"})
    if "retraction of publication" in kinds and not any(n["kind"] == "retraction-notice" for n in found):
        found.append({"kind": "retraction-notice", "where": "PubMed"})
    return found


def _trials(record: _Record) -> list[str]:
    """Numbers of trial registers, which PubMed gives as databank numbers (`ClinicalTrials.gov/NCT00114101`)."""
    return list(dict.fromkeys(m for v in record.all("SI") for m in re.findall(r"\bNCT\d{8}\b|\bISRCTN\d{8}\b", v)))
