"""bibliography: when two entries are one work. Used by the checks, and by the stage cite so that one work is printed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from unicodedata import combining, normalize

from msgspec import Struct

from mmguide.bibliography import identifiers
from mmguide.bibliography.items import words
from mmguide.model.reference import Bibliography, Reference

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ARXIV = re.compile(r"arxiv(?:\.org/(?:abs|pdf)/|:\s*|\.)(\d{4}\.\d{4,5}|[a-z.-]+/\d{7})", re.IGNORECASE)
# Prefixes and names under which only preprints appear. 10.1101 is Cold Spring Harbor's: its journals have words behind the slash.
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/(?:\d{6}|\d{4}\.\d\d\.\d\d\.)|48550/|26434/|21203/rs|20944/|2139/ssrn|31219/|31234/|35542/|7287/peerj\.preprints)"
)
_PREPRINT_PLACE = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|preprints?(?:\.org)?|ssrn|research square)\b", re.IGNORECASE
)
# Titles that many different works have.
_COMMON = words(
    """
    abstract abstracts comment commentary conclusion conclusions contents correction corrigendum discussion editorial editorialcomment
    erratum foreword guidelines inreply index inthisissue introduction lettertotheeditor methods multiplemyeloma news overview
    perspective preface references reply response results retraction review summary theauthorsreply
    """
)
_SHORTEST = 8
_KEPT = "_work"


class Work(Struct, frozen=True, dict=True):
    """What tells one work from another: identifiers in one spelling, title and first author with their typography folded."""

    reference: Reference

    @cached_property
    def doi(self) -> str:
        value = identifiers.plain_doi(self.reference.text("DOI")).lower()
        return value if identifiers.doi(value) is None else ""

    @cached_property
    def pmid(self) -> str:
        value = self.reference.text("PMID").strip()
        return value if identifiers.pmid(value) is None else ""

    @cached_property
    def pmcid(self) -> str:
        value = self.reference.text("PMCID").strip().upper().split(".")[0]
        return value if identifiers.pmcid(value) is None else ""

    @cached_property
    def arxiv(self) -> str:
        texts = (self.reference.text(name) for name in ("URL", "DOI", "number", "archive_location"))
        return next((m[1].lower() for t in texts if (m := _ARXIV.search(t))), "")

    @cached_property
    def title(self) -> str:
        return fold(self.reference.text("title"))

    @cached_property
    def author(self) -> str:
        """The first author's family name, or the body's name."""
        people = self.reference.csl.get("author") or self.reference.csl.get("editor") or [{}]
        first = people[0]
        return fold(first if isinstance(first, str) else first.get("family") or first.get("literal") or "")

    @cached_property
    def preprint(self) -> bool:
        """Whether the entry is a preprint and nothing more: one with the DOI of a journal is the article."""
        if self.doi:
            return _PREPRINT_DOI.match(self.doi) is not None
        csl = self.reference.csl
        if "preprint" in self.reference.text("genre").lower() or _PREPRINT_PLACE.search(self.reference.text("container-title")):
            return True
        return bool(self.arxiv) and not (csl.get("volume") or csl.get("issue"))

    @cached_property
    def identified(self) -> tuple[str, ...]:
        """The identifiers as one list of names."""
        return tuple(f"{kind}:{value}" for kind in ("doi", "pmid", "pmcid") if (value := getattr(self, kind)))

    @property
    def distinctive(self) -> bool:
        """Whether the title is long enough to mean only this work."""
        return len(self.title) >= _SHORTEST and self.title not in _COMMON


def work_of(reference: Reference) -> Work:
    """The Work of a reference. Several checks and the stage cite ask: it is kept on the value, as a cached_property would keep it."""
    kept: Work | None = reference.__dict__.get(_KEPT)
    if kept is None:
        kept = reference.__dict__[_KEPT] = Work(reference)
    return kept


def fold(text: str) -> str:
    """A text without markup, accents, case, spaces and punctuation: `β-Cell` and `<i>β</i> cell` are alike."""
    plain = normalize("NFKD", _TAG.sub("", text))
    return "".join(c for c in plain if c.isalnum() and not combining(c)).casefold()


def contradict(one: Work, other: Work) -> bool:
    """Whether identifiers, volumes or kinds show that two entries with one title are two works."""
    if one.preprint != other.preprint:
        return True
    pairs = ((one.doi, other.doi), (one.pmid, other.pmid), (one.pmcid, other.pmcid))
    if any(a and b and a != b for a, b in pairs):
        return True
    volumes, pages = ((one.reference.text(n), other.reference.text(n)) for n in ("volume", "page"))
    return bool(volumes[0] and volumes[1] and volumes[0] != volumes[1]) or bool(
        pages[0] and pages[1] and _first_page(pages[0]) != _first_page(pages[1])
    )


def _first_page(text: str) -> str:
    return re.split(r"[\u2010-\u2015-]", text.strip(), maxsplit=1)[0].strip().lower()


def alike(one: Work, other: Work) -> bool:
    """Whether two titles can be meant for the same work: one may be cut short or lack its subtitle."""
    a, b = sorted((one.title, other.title), key=len)
    if not a or b.startswith(a) or a in b:
        return True
    from difflib import SequenceMatcher

    return SequenceMatcher(None, a, b, autojunk=False).ratio() > 0.7


def groups(references: Iterable[Reference]) -> list[list[Work]]:
    """The works that stand under more than one key, the first entry of each group first."""
    works = [work_of(r) for r in _one_per_key(references)]
    root = list(range(len(works)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    first: dict[object, int] = {}
    titles: dict[tuple[str, str, int | None], list[int]] = {}
    for i, work in enumerate(works):
        for name in work.identified:
            j = first.setdefault(name, i)
            if j != i and alike(works[j], work):
                root[find(i)] = find(j)
        if work.distinctive and work.author:
            same = titles.setdefault((work.title, work.author, work.reference.year), [])
            j = next((j for j in same if not contradict(works[j], work)), i)
            if j != i:
                root[find(i)] = find(j)
            same.append(i)
    made: dict[int, list[Work]] = {}
    for i, work in enumerate(works):
        made.setdefault(find(i), []).append(work)
    return [group for group in made.values() if len(group) > 1]


def _one_per_key(references: Iterable[Reference]) -> list[Reference]:
    """Each key once, the first entry of it."""
    return list({r.key: r for r in reversed(list(references))}.values())[::-1]


def canonical(bibliography: Bibliography, cited: Sequence[str]) -> Mapping[str, str]:
    """For each cited key whose work was cited before under another key: that other key. `cited` is in the order of the text."""
    found = dict.fromkeys(r.key for key in cited if (r := bibliography.get(key)) is not None)
    references = [bibliography.by_key[key] for key in found]
    return {w.reference.key: group[0].reference.key for group in groups(references) for w in group[1:]}


def clashes(references: Iterable[Reference]) -> Iterator[tuple[str, Work, Work]]:
    """Identifiers that two different works claim: the identifier, the first work and the other."""
    first: dict[str, Work] = {}
    for work in map(work_of, _one_per_key(references)):
        for name in work.identified:
            other = first.setdefault(name, work)
            if other is not work and not alike(other, work):
                yield name, other, work


def preprints(references: Iterable[Reference]) -> Iterator[tuple[Work, Work]]:
    """Preprints that stand beside the article they became: preprint and article."""
    works = [w for w in map(work_of, _one_per_key(references)) if w.distinctive]
    articles: dict[tuple[str, str], Work] = {}
    for work in works:
        if not work.preprint:
            articles.setdefault((work.title, work.author), work)
    for work in works:
        article = articles.get((work.title, work.author)) if work.preprint else None
        if article is not None and abs((article.reference.year or 0) - (work.reference.year or 0)) <= 4:
            yield work, article
