"""bibliography: EndNote's XML export. Each record is parsed by itself, without entities, so that a broken one harms no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from mmguide.bibliography import fields
from mmguide.bibliography.items import Found, words
from mmguide.diagnostics.rules import references as rules
from mmguide.model.source import Source

_RECORD = re.compile(r"<record(?:\s[^>]*)?>")
_BOOKS = words("book chapter report thesis pamphlet")
_TYPES: Mapping[str, str] = {
    "audiovisual material": "motion_picture",
    "bill": "bill",
    "blog": "post-weblog",
    "book": "book",
    "book section": "chapter",
    "case": "legal_case",
    "conference paper": "paper-conference",
    "conference proceedings": "paper-conference",
    "dataset": "dataset",
    "dictionary": "entry-dictionary",
    "edited book": "book",
    "electronic article": "article-journal",
    "electronic book": "book",
    "electronic book section": "chapter",
    "encyclopedia": "entry-encyclopedia",
    "government document": "report",
    "journal article": "article-journal",
    "legal rule or regulation": "legislation",
    "magazine article": "article-magazine",
    "manuscript": "manuscript",
    "newspaper article": "article-newspaper",
    "pamphlet": "pamphlet",
    "patent": "patent",
    "personal communication": "personal_communication",
    "report": "report",
    "standard": "standard",
    "statute": "legislation",
    "thesis": "thesis",
    "unpublished work": "manuscript",
    "web page": "webpage",
}
_FACES: Mapping[str, str] = {"italic": "i", "bold": "b", "superscript": "sup", "subscript": "sub"}


def read(source: Source, found: Found) -> None:
    """Add the records of an EndNote XML file to `found`."""
    text = source.text
    dtd = re.search(r"<!(?:DOCTYPE|ENTITY)", text)
    if dtd:
        span = source.span(dtd.start(), dtd.end())
        found.diagnostics.append(
            rules.UNREADABLE_FILE.at(span, reason="it holds a document type or entities, which are not allowed")
        )
        return
    if not _RECORD.search(text):
        found.diagnostics.append(
            rules.UNREADABLE_FILE.at(source.span(0), reason="it is not an EndNote export: it holds no records")
        )
        return
    keys = fields.Keys()
    for start, record in _records(source, found):
        item, guessed = _item(record)
        key = keys.given(_text(record.find("label")))
        label = text.find(key, text.find("<label", start)) if key else -1
        span = source.span(label, label + len(key)) if label >= 0 else source.span(start, start + len("<record"))
        found.add({"id": key or keys.made(item), **item}, span, "endnote")
        found.diagnostics += [rules.GUESSED_NAME.at(span, name=name) for name in guessed]


def _records(source: Source, found: Found) -> Iterator[tuple[int, Element]]:
    """Each record with the offset it begins at."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    text = source.text
    starts = [m.start() for m in _RECORD.finditer(text)]
    for start, following in zip(starts, [*starts[1:], len(text)], strict=True):
        end = text.find("</record>", start, following)
        if end < 0:
            reason = "the record has no end (</record> is missing)"
            found.diagnostics.append(rules.UNREADABLE_ENTRY.at(source.span(start, start + len("<record")), reason=reason))
            continue
        try:
            yield start, fromstring(text[start : end + len("</record>")].encode("utf-8", "replace"), forbid_dtd=True)
        except ParseError as error:
            line, column = error.position
            at = start + column if line == 1 else _offset(text, start, line) + column
            span = source.span(min(at, len(text)))
            reason = f"the XML is not well-formed ({str(error).split(':')[0]})"
            found.diagnostics.append(rules.UNREADABLE_ENTRY.at(span, reason=reason))
        except (DefusedXmlException, RecursionError):
            reason = "it holds entities, which are not allowed, or is nested too deeply"
            found.diagnostics.append(rules.UNREADABLE_ENTRY.at(source.span(start), reason=reason))


def _offset(text: str, start: int, line: int) -> int:
    """The offset where the given line begins, counted from 1 at `start`."""
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start


def _item(record: Element) -> tuple[dict[str, Any], list[str]]:
    kind_element = record.find("ref-type")
    kind = _TYPES.get((kind_element.get("name", "") if kind_element is not None else "").strip().lower(), "document")
    authors, unsure_authors = fields.people(_texts(record, "contributors/authors/author"))
    editors, unsure_editors = fields.people(_texts(record, "contributors/secondary-authors/author"))
    second = _text(record.find("titles/secondary-title"))
    full = _text(record.find("periodical/full-title")) or second
    serial = _text(record.find("isbn"))
    item = {
        "type": kind,
        "title": _marked(record.find("titles/title")),
        "title-short": _text(record.find("titles/short-title")),
        "author": authors,
        "editor": editors,
        "container-title": full,
        "container-title-short": _short(record, full),
        "collection-title": _text(record.find("titles/tertiary-title")),
        "issued": _issued(record),
        "accessed": fields.date(_text(record.find("access-date"))),
        "volume": _text(record.find("volume")),
        "issue": _text(record.find("number")),
        "page": _text(record.find("pages")),
        "publisher": _text(record.find("publisher")),
        "publisher-place": _text(record.find("pub-location")),
        "edition": _text(record.find("edition")),
        "ISBN" if kind in _BOOKS else "ISSN": serial if kind in _BOOKS else fields.issns([serial]),
        "DOI": fields.doi(_text(record.find("electronic-resource-num"))),
        "URL": fields.web_address(_texts(record, "urls/related-urls/url") + _texts(record, "urls/web-urls/url")),
        "abstract": _text(record.find("abstract")),
        "keyword": ", ".join(_texts(record, "keywords/keyword")),
        "language": _text(record.find("language")),
        "note": _text(record.find("notes")),
        **_pubmed(record),
    }
    return fields.without_empty(item), [*unsure_authors, *unsure_editors]


def _text(element: Element | None) -> str:
    """All text of an element, in one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _texts(record: Element, path: str) -> list[str]:
    return [text for element in record.iterfind(path) if (text := _text(element))]


def _marked(element: Element | None) -> str:
    """A title with its italics, raised and lowered letters as CSL writes them."""
    if element is None:
        return ""
    out = element.text or ""
    for style in element:
        inner = "".join(style.itertext())
        tag = next((_FACES[face] for face in style.get("face", "").split() if face in _FACES), "")
        stripped = inner.strip()
        if tag and stripped:
            before, after = inner[: inner.index(stripped)], inner[inner.index(stripped) + len(stripped) :]
            inner = f"{before}<{tag}>{stripped}</{tag}>{after}"
        out += inner + (style.tail or "")
    return " ".join(out.split())


def _short(record: Element, full: str) -> str:
    names = _texts(record, "periodical/abbr-1") + _texts(record, "titles/alt-title")
    return next((name for name in names if name != full and len(name) <= len(full)), "")


def _issued(record: Element) -> fields.Date | None:
    year = _text(record.find("dates/year"))
    day = _text(record.find("dates/pub-dates/date"))
    return fields.date(f"{year} {day}") or fields.date(year)


def _pubmed(record: Element) -> dict[str, str]:
    """PMID and PMCID: the accession number counts where the record says that it is PubMed's."""
    number = _text(record.find("accession-num"))
    origin = " ".join([_text(record.find("remote-database-name")), *_texts(record, "urls/related-urls/url")]).lower()
    from_pubmed = re.fullmatch(r"\d{1,8}", number) and ("pubmed" in origin or "medline" in origin)
    own = (_text(e) for e in record if re.fullmatch(r"(?:custom|user)\d*", e.tag))
    return {"PMID": number if from_pubmed else "", "PMCID": next((v for v in own if re.fullmatch(r"PMC\d+", v)), "")}
