"""bibliography: what a BibTeX entry takes from others through `crossref` and `xdata`; circles are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mmguide.bibliography.items import words
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import references as rules

DEEPEST = 20
_LINKS = ("xdata", "crossref")
# These belong to the entry that has them and are not handed down.
_OWN = words(
    "crossref entryset entrysubtype execute ids label options presort related relatedoptions relatedstring relatedtype "
    "shortauthor shorthand shorttitle sortkey sortname sortshorthand sorttitle sortyear xdata xref"
)
_TITLES = {"title": "{}title", "subtitle": "{}subtitle", "titleaddon": "{}titleaddon"}
# How BibLaTeX renames the titles of a parent, by (kind of parent, kind of child).
_RENAMED: Mapping[tuple[str, str], str] = {
    **{
        (parent, child): "book"
        for parent in ("book", "collection", "reference")
        for child in ("inbook", "bookinbook", "incollection", "inreference")
    },
    ("proceedings", "inproceedings"): "book",
    ("proceedings", "conference"): "book",
    ("book", "inproceedings"): "book",
    **{
        (parent, child): "main"
        for parent in ("mvbook", "mvcollection", "mvreference", "mvproceedings")
        for child in ("book", "collection", "reference", "proceedings", "inbook", "incollection", "inproceedings")
    },
    ("periodical", "article"): "journal",
    ("periodical", "suppperiodical"): "journal",
}


class BibEntry(Struct, frozen=True):
    """One entry: `kind` and field names in lower case, values as written with their braces or quotes."""

    key: str
    kind: str
    fields: Mapping[str, str]
    span: Span
    places: Mapping[str, Span] = {}


def inherited(entries: Sequence[BibEntry]) -> tuple[list[BibEntry], list[Diagnostic]]:
    """Every entry with the fields it inherits, without the links themselves."""
    family = _Family(entries)
    complete = [replace(e, fields=family.fields(e, ())) for e in entries]
    return complete, family.reports


class _Family:
    """The entries by key, each resolved once, so that time stays linear however they point at each other."""

    def __init__(self, entries: Iterable[BibEntry]) -> None:
        self.by_key: dict[str, BibEntry] = {}
        for entry in entries:
            self.by_key.setdefault(entry.key.casefold(), entry)
        self.resolved: dict[int, Mapping[str, str]] = {}
        self.reports: list[Diagnostic] = []

    def fields(self, entry: BibEntry, path: tuple[BibEntry, ...]) -> Mapping[str, str]:
        if id(entry) in self.resolved:
            return self.resolved[id(entry)]
        fields = {name: value for name, value in entry.fields.items() if name not in _LINKS}
        for link in _LINKS:
            for parent_key in _keys(entry.fields.get(link, "")):
                parent = self._parent(entry, link, parent_key, (*path, entry))
                if parent is None:
                    continue
                given = self.fields(parent, (*path, entry))
                for name, value in given.items() if link == "xdata" else _handed_down(given, parent.kind, entry.kind):
                    fields.setdefault(name, value)
        self.resolved[id(entry)] = fields
        return fields

    def _parent(self, entry: BibEntry, link: str, key: str, path: tuple[BibEntry, ...]) -> BibEntry | None:
        place = entry.places.get(link, entry.span)
        parent = self.by_key.get(key.casefold())
        if parent is None:
            self.reports.append(rules.CROSSREF_MISSING.at(place, key=entry.key, parent=key, field=link))
        elif parent in path or len(path) > DEEPEST:
            chain = " → ".join([e.key for e in path[-4:]] + [parent.key])
            self.reports.append(rules.CROSSREF_LOOP.at(place, key=entry.key, field=link, chain=chain))
        else:
            return parent
        return None


def _keys(value: str) -> list[str]:
    return [key for part in value.strip().strip('{}"').split(",") if (key := part.strip())]


def _handed_down(fields: Mapping[str, str], parent: str, child: str) -> Iterable[tuple[str, str]]:
    """What a child takes through crossref: the parent's titles under their new names, all else but what is the parent's own."""
    prefix = _RENAMED.get((parent, child))
    for name, value in fields.items():
        if name in _OWN:
            continue
        if prefix is not None and name in _TITLES:
            yield _TITLES[name].format(prefix), value
        else:
            yield name, value
