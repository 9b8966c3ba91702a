"""Stage render, PDF: a guideline laid out chapter by chapter, several at once, from the cache where nothing changed, then made one file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import astuple, replace

from mmguide.cache import Cache, Entry, key_of
from mmguide.model.settings import Binding
from mmguide.render.html.paper import Pieces
from mmguide.render.pdf.engine import engine
from mmguide.render.pdf.findings import Finding
from mmguide.render.pdf.margins import PageLook, margins_html
from mmguide.render.pdf.metadata import AssociatedFile
from mmguide.render.pdf.numbering import FRONT_BLANK, all_printed
from mmguide.render.pdf.prepress import BoundPage, ready_for_printing
from mmguide.render.pdf.press import Ink, PdfResult
from mmguide.render.pdf.shop import Shop, Task, open_shop
from mmguide.render.pdf.stitch import stitch

# Styles by which a page depends on what stands before it: such a document is laid out in one piece.
_DEPENDENT = re.compile(
    r":(first|left|right|nth)\b|target-(counter|counters|text)\(|@page\s+:|break-(before|after)\s*:\s*(left|right|recto|verso)"
)

# An even number: the first page of each lot is a right-hand one, as page 1 is.
_PAGES_AT_ONCE = 64


def name_of(html: str) -> str:
    """A name for a piece that stands in the file: it depends on the text alone, not on where the program is installed, as keys do."""
    return "p" + hashlib.sha256(html.encode()).hexdigest()[:8]


def divisible(pieces: Pieces, own_css: str) -> bool:
    """Whether the document gives the same pages in pieces as in one."""
    return bool(pieces.front) and len(pieces.chapters) > 1 and not _DEPENDENT.search(own_css)


class Setting(Struct, frozen=True):
    """What all pieces share: what they are set with, what every key depends on, and where they are set."""

    ink: Ink
    base: tuple[str | bytes, ...]
    language: str
    cache: Cache
    hands: int
    printing: Binding = Binding()
    left_css: str = ""
    shop: Shop | None = None


def _blank(name: str) -> PdfResult:
    """A page with nothing on it, so that what follows lies on the right."""
    return PdfResult(b"", 1, {}, looks=(PageLook(name, ()),), front=int(name == FRONT_BLANK), sides=(BoundPage(name),))


class Whole:
    """A document laid out in one piece, by the same questions."""

    def __init__(self, make: Callable[[], PdfResult]) -> None:
        self._make = make
        self._made: PdfResult | None = None

    def printed(self) -> Mapping[str, str]:
        """The number printed on the page of each anchor."""
        return self.finish().printed()

    def finish(self) -> PdfResult:
        """The whole document."""
        self._made = self._made or self._make()
        return self._made


class Typesetting:
    """A document being laid out: chapters begin at once in other processes; `finish` waits for them and makes the one file."""

    def __init__(self, pieces: Pieces, setting: Setting, files: tuple[AssociatedFile, ...]) -> None:
        self._pieces, self._setting, self._files = pieces, setting, files
        self._shop = setting.shop
        self._parts: list[PdfResult] = []
        self._set_already: dict[str, PdfResult] = {}
        tasks = [Task(html, name_of(html)) for html in map(pieces.piece, pieces.chapters)]
        self._keys = [self._key("chapter", task) for task in tasks]
        entries = [setting.cache.get(key) for key in self._keys]
        self._chapters = [kept(entry) if entry else None for entry in entries]
        self._missing = [number for number, chapter in enumerate(self._chapters) if chapter is None]
        self._coming = self._set([tasks[number] for number in self._missing])

    def _key(self, kind: str, task: Task) -> str:
        return key_of(kind, engine(), *self._setting.base, f"{task.first} {task.last}", task.html)

    def _set(self, tasks: Sequence[Task]) -> Iterator[tuple[int, PdfResult]]:
        """Begin to set these, the longest first."""
        if not tasks:
            return iter(())
        self._shop = self._shop or open_shop()
        return self._shop.do(self._setting.ink, tasks, [len(task.html) for task in tasks], self._setting.hands)

    def _all_parts(self) -> list[PdfResult]:
        """Front and chapters, once all are laid out."""
        if not self._parts:
            for at, result in self._coming:
                number = self._missing[at]
                self._chapters[number] = result
                keep(self._setting.cache, self._keys[number], result)
            chapters = [chapter for chapter in self._chapters if chapter is not None]
            self._at_once(chapters)
            self._parts = self._bound(*self._with_pages(self._front(chapters), chapters))
        return self._parts

    def _at_once(self, chapters: list[PdfResult]) -> None:
        """Set the front, the chapters that name pages, and the margins of the text at the same time.

        Should a number change after all, they are set again.
        """
        text = self._bound(None, chapters)
        numbers = _printed(text)
        pages = [("front", self._front_task(numbers))]
        pages += [("chapter", self._chapter_task(n, numbers)) for n in range(len(chapters)) if self._pieces.needs_pages(n)]
        pages += [("margins", task) for task in self._margin_tasks(_looks(text))]
        keys = [self._key(kind, task) for kind, task in pages]
        todo = [(key, task) for key, (_, task) in zip(keys, pages, strict=True) if not self._setting.cache.get(key)]
        for at, result in self._set([task for _, task in todo]):
            self._set_already[todo[at][0]] = result
            keep(self._setting.cache, todo[at][0], result)

    def _front_task(self, numbers: Mapping[str, str]) -> Task:
        return Task(self._pieces.front_with_pages(numbers), "front")

    def _chapter_task(self, number: int, numbers: Mapping[str, str]) -> Task:
        html = self._pieces.chapter_with_pages(number, numbers)
        return Task(html, name_of(html))

    def printed(self) -> Mapping[str, str]:
        """The number printed on the page of each anchor, known before the file is finished."""
        return _printed(self._all_parts())

    def finish(self) -> PdfResult:
        """The whole document."""
        parts = self._all_parts()
        looks, front = _looks(parts), sum(part.front for part in parts)
        margins = [self._laid_out("margins", task).content for task in self._all_margin_tasks(looks, front)]
        sides = tuple(side for part in parts for side in part.sides)
        stitched = stitch([part.content for part in parts], margins, self._files)
        return PdfResult(
            content=ready_for_printing(stitched, sides, self._setting.printing),
            pages=len(looks),
            anchors=_anchors(parts),
            refused=tuple(dict.fromkeys(address for part in parts for address in part.refused)),
            complaints=tuple(dict.fromkeys(told for part in parts for told in part.complaints)),
            looks=tuple(looks),
            findings=_findings(parts),
            missing=tuple(dict.fromkeys(character for part in parts for character in part.missing)),
            front=front,
            sides=sides,
        )

    def _bound(self, front: PdfResult | None, chapters: list[PdfResult]) -> list[PdfResult]:
        """All parts in order, with blank pages between them where what follows has to lie on a right-hand page."""
        wanted = self._setting.printing
        parts = [] if front is None else [front]
        if front is not None and wanted.sided and front.pages % 2:
            parts.append(_blank(FRONT_BLANK))
        pages = 0
        for chapter in chapters:
            if wanted.chapters == "right" and pages % 2:
                parts.append(_blank("blank"))
                pages += 1
            parts.append(chapter)
            pages += chapter.pages
        return parts

    def _with_pages(self, front: PdfResult, chapters: list[PdfResult]) -> tuple[PdfResult, list[PdfResult]]:
        """Chapters that name pages, laid out again with the numbers in them; room was left for none, so their length is looked at."""
        for number in range(len(chapters)):
            if not self._pieces.needs_pages(number):
                continue
            made = self._laid_out("chapter", self._chapter_task(number, _printed(self._bound(front, chapters))))
            if made.pages != chapters[number].pages:
                front = self._front([*chapters[:number], made, *chapters[number + 1 :]])
                chapters = [*chapters[:number], made, *chapters[number + 1 :]]
                made = self._laid_out("chapter", self._chapter_task(number, _printed(self._bound(front, chapters))))
            chapters = [*chapters[:number], made, *chapters[number + 1 :]]
        return front, chapters

    def _front(self, chapters: list[PdfResult]) -> PdfResult:
        """Cover and contents; the contents name the pages of the text, which are counted from its beginning."""
        return self._laid_out("front", self._front_task(_printed(self._bound(None, chapters))))

    def _laid_out(self, kind: str, task: Task) -> PdfResult:
        key = self._key(kind, task)
        if key in self._set_already:
            return self._set_already[key]
        entry = self._setting.cache.get(key)
        if entry:
            return kept(entry)
        ((_, result),) = self._set([task])
        keep(self._setting.cache, key, result)
        return result

    def _all_margin_tasks(self, looks: list[PageLook], front: int) -> list[Task]:
        text = looks[front:]
        return [Task(self._margins(looks[:front]), last=len(text)), *self._margin_tasks(text)]

    def _margin_tasks(self, looks: list[PageLook]) -> list[Task]:
        """The margins of the text, so many pages at once that several can be set at the same time."""
        starts = range(0, len(looks), _PAGES_AT_ONCE)
        return [Task(self._margins(looks[at : at + _PAGES_AT_ONCE]), first=at + 1, last=len(looks)) for at in starts]

    def _margins(self, looks: list[PageLook]) -> str:
        return margins_html(looks, self._setting.language, self._setting.left_css)


def _looks(parts: list[PdfResult]) -> list[PageLook]:
    return [look for part in parts for look in part.looks]


def _anchors(parts: list[PdfResult]) -> Mapping[str, int]:
    """The page in the whole document of each anchor, the first one of a name."""
    found: dict[str, int] = {}
    before = 0
    for part in parts:
        for name, page in part.anchors.items():
            found.setdefault(name, before + page)
        before += part.pages
    return found


def _printed(parts: list[PdfResult]) -> Mapping[str, str]:
    """The number printed on the page of each anchor."""
    return all_printed(_anchors(parts), sum(part.front for part in parts))


def _findings(parts: list[PdfResult]) -> tuple[Finding, ...]:
    """What the parts' pages show, with the page in the whole document."""
    starts = accumulate((part.pages for part in parts), initial=0)
    return tuple(
        replace(found, page=found.page + before) for part, before in zip(parts, starts, strict=False) for found in part.findings
    )


def keep(cache: Cache, key: str, result: PdfResult) -> None:
    """Keep what was laid out under this key."""
    facts = {
        "pages": result.pages,
        "anchors": dict(result.anchors),
        "refused": result.refused,
        "complaints": result.complaints,
        "looks": [[look.name, look.strings] for look in result.looks],
        "findings": [astuple(found) for found in result.findings],
        "missing": result.missing,
        "front": result.front,
        "sides": [astuple(side) for side in result.sides],
    }
    cache.put(key, facts, result.content)


def kept(entry: Entry) -> PdfResult:
    """What was laid out, as it was kept."""
    facts = entry.facts
    looks = tuple(PageLook(name, tuple((k, v) for k, v in strings)) for name, strings in facts["looks"])
    return PdfResult(
        entry.content,
        facts["pages"],
        facts["anchors"],
        refused=tuple(facts["refused"]),
        complaints=tuple(facts["complaints"]),
        looks=looks,
        findings=tuple(Finding(*found) for found in facts["findings"]),
        missing=tuple(facts["missing"]),
        front=facts["front"],
        sides=tuple(BoundPage(*side) for side in facts["sides"]),
    )
