"""Stage render: the cited tree as HTML chapter by chapter, so that one that stays the same is not made anew.

Whatever counts through the document (notes, tables, citations) is told to a chapter as what stands `Before` it.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from mmguide import pandoc
from mmguide.ast import Blocks, Element
from mmguide.cache import NOTHING, Cache, key_of
from mmguide.converting import html_all
from mmguide.memory import Known
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.picture import Picture
from mmguide.render.html.tree import parse, with_class

# Enough for all chapters of the longest guideline, on paper and on the web.
KEPT = 256


class Before(Struct, frozen=True):
    """How many notes, tables and citations stand before a chapter, and whether no section has begun yet."""

    notes: int = 0
    tables: int = 0
    citations: int = 0
    opening: bool = True


class Counted(Struct, frozen=True):
    """What a chapter adds to counts and lists of the whole.

    `citations` has the identifier of its own, if any, and the keys of each; `entries` are the keys in its part of the reference
    list, `pictures` the paths that it shows.
    """

    notes: int
    tables: int
    sections: int
    citations: tuple[tuple[str, tuple[str, ...]], ...]
    entries: tuple[str, ...]
    pictures: tuple[str, ...]


class Chapter(Struct, frozen=True):
    """A chapter as pandoc writes it, what stands before it, and all that its HTML depends on besides: pictures and language."""

    written: bytes
    before: Before
    pictures: tuple[Picture, ...]
    language: str

    @property
    def counted(self) -> Counted:
        return counted(self.written)

    def key(self, kind: str, *more: str) -> str:
        """The key of what is made of the chapter and of nothing else but `more`."""
        pictures = (part for each in self.pictures for part in (_drawn(each), each.content))
        return key_of(kind, self.written, repr(self.before), self.language, *more, *pictures)


def _drawn(picture: Picture) -> str:
    """What HTML says of a picture besides its bytes."""
    return repr((picture.path, picture.media_type, picture.width, picture.height))


# What pandoc wrote of chapters.
_written: Known[bytes] = Known(KEPT)
# The text that was written last: pages and web page are made of the same.
_latest: list[tuple[weakref.ref[CitedManuscript], tuple[Chapter, ...]]] = []


def chapters(cited: CitedManuscript, cache: Cache = NOTHING) -> tuple[Chapter, ...]:
    """The chapters of the text in order; what pandoc writes of each is kept in `cache`."""
    if not (_latest and _latest[0][0]() is cited):
        _latest[:] = [(weakref.ref(cited), tuple(_chapters(cited, cache)))]
    return _latest[0][1]


def _chapters(cited: CitedManuscript, cache: Cache) -> Iterator[Chapter]:
    settings, pictures = cited.project.settings, cited.manuscript.pictures
    limits, language = pandoc.Limits(settings.limits.seconds, settings.limits.memory_mb), settings.language
    trees = divided(cited.blocks)

    def written_of(numbers: Sequence[int]) -> Sequence[bytes]:
        return html_all([trees[number] for number in numbers], language, limits, cache)

    before = Before()
    for written in _written.each(trees, written_of, (language, limits)):
        found = counted(written)
        yield Chapter(written, before, _shown(found, pictures), settings.language)
        before = Before(
            before.notes + found.notes,
            before.tables + found.tables,
            before.citations + len(found.citations),
            before.opening and not found.sections,
        )


def _shown(found: Counted, pictures: Mapping[str, Picture]) -> tuple[Picture, ...]:
    return tuple(pictures[path] for path in found.pictures if path in pictures)


def divided(blocks: Blocks) -> list[Blocks]:
    """The blocks divided before each heading of level 1, as pandoc divides a text into sections."""
    found: list[Blocks] = []
    for block in blocks:
        if not found or _begins(block):
            found.append([])
        found[-1].append(block)
    return found


def _begins(block: Element) -> bool:
    while block["t"] == "Div" and block["c"][1]:
        block = block["c"][1][0]
    return bool(block["t"] == "Header" and block["c"][0] == 1)


@lru_cache(KEPT)
def counted(written: bytes) -> Counted:
    """What there is in a chapter as pandoc writes it."""
    root = parse(written)
    citations = ((each.get("id") or "", tuple((each.get("data-cites") or "").split())) for each in with_class(root, "citation"))
    notes = next(with_class(root, "footnotes"), None)
    return Counted(
        notes=0 if notes is None else len(notes.findall("ol/li")),
        tables=sum(1 for _ in root.iter("table")),
        sections=len(root.findall("section")) - (notes is not None and notes.getparent() is root),
        citations=tuple(citations),
        entries=tuple((each.get("id") or "").removeprefix("ref-") for each in with_class(root, "csl-entry")),
        pictures=tuple(dict.fromkeys(each.get("src") or "" for each in root.iter("img", "embed"))),
    )


Places = tuple[tuple[str, tuple[str, ...]], ...]


def places_of_citations(all_of_them: Sequence[Chapter]) -> Mapping[str, tuple[str, ...]]:
    """By key of a reference, the identifiers of the places where it is cited."""
    places: dict[str, list[str]] = {}
    for chapter in all_of_them:
        for number, (own, keys) in enumerate(chapter.counted.citations, chapter.before.citations + 1):
            for key in () if own else keys:
                places.setdefault(key, []).append(place(number))
    return {key: tuple(found) for key, found in places.items()}


def place(number: int) -> str:
    """The identifier of a citation, counted through the text."""
    return f"cited-{number}"
