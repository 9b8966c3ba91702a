"""bibliography: what makes a CSL item usable, the same for all formats. Shape, key and characters are checked here, once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import name as unicode_name
from unicodedata import normalize

from msgspec import Struct

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import references as rules
from mmguide.model.reference import Reference


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set to look names up in."""
    return frozenset(text.split())


NAMES = words(
    "author chair collection-editor compiler composer container-author contributor curator director editor editor-translator "
    "editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author performer "
    "producer recipient reviewed-author script-writer series-creator translator"
)
DATES = words("accessed available-date event-date issued original-date submitted")
TEXTS = words(
    "type abstract annote archive archive-place archive_collection archive_location authority call-number chapter-number "
    "citation-key citation-label citation-number collection-number collection-title container-title container-title-short "
    "dimensions division DOI edition event event-place event-title first-reference-note-number genre ISBN ISSN issue "
    "journalAbbreviation jurisdiction keyword language license locator medium note number number-of-pages number-of-volumes "
    "original-publisher original-publisher-place original-title page page-first part-number part-title PMCID PMID "
    "printing-number publisher publisher-place references reviewed-genre reviewed-title scale section shortTitle source "
    "status supplement-number title title-short URL version volume volume-title volume-title-short year-suffix"
)
_NAME_PARTS = ("family", "given", "literal", "non-dropping-particle", "dropping-particle", "suffix")

_SWITCHES = frozenset({"comma-suffix", "static-ordering", "parse-names"})

# Characters that no engine can set or that make a text read other than it is stored. Tab and line feed are white space.
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_ADDRESS_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.\-\s]*):")
_SCHEMES = frozenset({"http", "https", "ftp"})


class Found(Struct):
    """What a reader gathers while it goes through its files."""

    references: list[Reference] = []
    diagnostics: list[Diagnostic] = []

    def add(self, item: Any, span: Span, format: str) -> None:
        """Take a CSL item as a reference, or say why it cannot be one."""
        reference, reports = as_reference(item, span, format)
        self.diagnostics += reports
        if reference is not None:
            self.references.append(reference)


def as_reference(item: Any, span: Span, format: str) -> tuple[Reference | None, list[Diagnostic]]:
    """The reference of a CSL item whose key stands at `span`, and what is wrong with it."""
    if not isinstance(item, Mapping):
        return None, [rules.UNREADABLE_ENTRY.at(span, reason="it is not a list of fields")]
    given = item.get("id")
    if isinstance(given, bool) or not isinstance(given, (str, int)) or not str(given).strip():
        return None, [rules.NO_KEY.at(span)]
    if (reason := misshapen(item)) is not None:
        return None, [rules.UNREADABLE_ENTRY.at(span, reason=f"{given}: {reason}")]
    cleaned, bad = _without_bad_characters(item)
    key = normalize("NFC", str(cleaned["id"]).strip())
    reports = [rules.BAD_CHARACTER.at(span, field=f, key=key, character=_shown(c)) for f, c in bad]
    csl = _settled(cleaned, key)
    address = str(csl.get("URL", ""))
    scheme = _ADDRESS_SCHEME.match(address)
    if scheme and scheme[1].lower() not in _SCHEMES:
        reports.append(rules.UNSAFE_LINK.at(span, key=key, address=address[:80]))
        del csl["URL"]
    return Reference(key, csl, span, format), reports


def misshapen(item: Mapping[str, Any]) -> str | None:
    """Why citeproc could not take this item, or None. One such item would make it refuse all others too."""
    for name, value in item.items():
        if value is None:
            continue
        if name in NAMES:
            reason = _names(value)
        elif name in DATES:
            reason = _date(value)
        elif name in TEXTS:
            reason = _text(name, value)
        else:
            continue
        if reason is not None:
            return f"{name} {reason}"
    return None


def _names(value: Any) -> str | None:
    if not isinstance(value, list):
        return "must be a list of names"
    for person in value:
        if isinstance(person, str):
            continue
        if not isinstance(person, Mapping):
            return "must be a list of names"
        if any(person.get(part) is not None and not isinstance(person[part], str) for part in _NAME_PARTS):
            return "has a name whose parts are not text"
    return None


def _date(value: Any) -> str | None:
    if isinstance(value, str):
        return None
    if not isinstance(value, Mapping):
        return 'must be a date, such as {"date-parts": [[2012, 5, 10]]}'
    if any(isinstance(value.get(name), (list, Mapping)) for name in ("raw", "literal", "season", "circa")):
        return "has a part that is neither text nor a number"
    parts = value.get("date-parts")
    if parts is None:
        return None
    if not isinstance(parts, list) or not all(isinstance(p, list) and all(_is_number(n) for n in p) for p in parts):
        return "has date-parts that are not lists of numbers"
    return None


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    return re.fullmatch(r"\s*-?\d{1,6}\s*", _number_text(value)) is not None


def _number_text(value: int | float | str) -> str:
    """`366.0` as 366, other numbers as they are."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _text(name: str, value: Any) -> str | None:
    if name == "keyword" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return "must be text"
    return None


def _settled(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The item with its key, numbers as text, without empty values and without what names hold beside their parts."""
    csl: dict[str, Any] = {}
    for name, value in item.items():
        if value is None:
            continue
        if name == "keyword" and isinstance(value, list):
            value = ", ".join(value)
        elif name in TEXTS and not isinstance(value, str):
            value = _number_text(value)
        elif name in DATES and isinstance(value, Mapping):
            value = {k: _number_text(v) if k in ("raw", "literal") else v for k, v in value.items() if v is not None}
        elif name in NAMES:
            value = [_person(p) if isinstance(p, Mapping) else p for p in value]
        csl[name] = value
    csl["id"] = key
    return csl


def _person(name: Mapping[str, Any]) -> dict[str, Any]:
    """A name with the parts that have a value; switches that are neither true nor false would stop citeproc."""
    kept = {part: value for part, value in name.items() if value is not None}
    return {part: value for part, value in kept.items() if part not in _SWITCHES or isinstance(value, bool)}


def _without_bad_characters(item: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[tuple[str, str]]]:
    if not _BAD.search("\n".join(_strings(item))):
        return item, []
    bad = [(name, found) for name, value in item.items() for text in _strings(value) if (found := _BAD.search(text))]
    cleaned = {name: _cleaned(value) for name, value in item.items()}
    return cleaned, list(dict.fromkeys((name, found[0]) for name, found in bad))


def _strings(value: Any) -> list[str]:
    """All texts in a value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for one in inner for text in ([one] if type(one) is str else _strings(one))]


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _BAD.sub("", value)
    if isinstance(value, Mapping):
        return {name: _cleaned(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return value


def _shown(character: str) -> str:
    return f"U+{ord(character):04X} ({unicode_name(character, 'a control character').lower()})"
