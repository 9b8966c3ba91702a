"""Stage render, PDF: gatherings of single chapters and the margins of all pages become one file with one tree of each kind.

The first gathering carries what belongs to the whole (metadata, output intent); from the others come pages, named places, bookmarks
and structure. Attached files are put in last, so that a piece stays the same when they change. Objects get new numbers, streams stay
as they were packed; equal ones (profiles, pictures) are kept once.
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from mmguide.render.pdf.gathering import Gathering, Texts, unpacked
from mmguide.render.pdf.metadata import AssociatedFile, carry
from mmguide.render.pdf.packing import packed
from mmguide.render.pdf.tags.destinations import ANCHOR
from mmguide.render.pdf.tags.profiles import ARCHIVE
from mmguide.render.pdf.writing import compress


def stitch(parts: Sequence[bytes], margins: Sequence[bytes], files: Sequence[AssociatedFile] = ()) -> bytes:
    """One PDF of the pages of `parts` in order, each a packed gathering, with the pages of all `margins` laid over them one by one.

    An empty part is a blank page. `files` are carried inside.
    """
    return _Book(map(unpacked, margins)).bound([unpacked(part) if part else None for part in parts], files)


# pydyf's own first objects are nothing, the page tree and the catalog; the highest element of the structure stands behind them.
_PAGES, _DOCUMENT = 1, 3


class _Book:
    """The growing file: its objects' texts by number, the data of its streams, and the entries of its trees."""

    def __init__(self, margins: Iterable[Gathering]) -> None:
        self._texts: list[bytes] = [b""] * (_DOCUMENT + 1)
        self._data: dict[int, bytes] = {}
        self._seen: dict[str, int] = {}
        self._pages: list[int] = []
        self._kids: list[int] = []
        self._owners: list[int] = []
        self._bookmarks: list[tuple[int, int]] = []
        self._places: dict[bytes, bytes] = {}
        self._identifiers: dict[bytes, int] = {}
        self._entries: list[tuple[int, str]] = []
        self._begin = self._add(b"<</Length 1>>", b"q")
        self._drawing: dict[int, int] = {}
        self._margins: list[int | None] = []
        for some in margins:
            numbers, _ = self._taken(some, some.facts.objects)
            self._margins += [None if form < 0 else numbers[form] for form in some.facts.forms]

    def bound(self, parts: Sequence[Gathering | None], files: Sequence[AssociatedFile]) -> bytes:
        """The file of these parts."""
        first, *others = parts
        assert first is not None
        of_whole = self._add_part(first, front=True)
        for part in others:
            if part is None:
                self._add_blank(first.facts.size)
            else:
                self._add_part(part)
        assert len(self._pages) == len(self._margins)
        return self._written(of_whole, files)

    # -- objects -----------------------------------------------------------------------------------------------------------

    def _add(self, text: bytes, data: bytes | None = None) -> int:
        self._texts.append(text)
        if data is not None:
            self._data[len(self._texts) - 1] = data
        return len(self._texts) - 1

    def _taken(self, part: Gathering, count: int) -> tuple[list[int], Texts]:
        """The first `count` objects of a part put into the file: the number of each, and the part's texts."""
        streams = {number: (data, digest) for number, data, digest in part.streams() if number < count}
        numbers, following = [], len(self._texts)
        for at in range(count):
            digest = streams[at][1] if at in streams else ""
            known = self._seen.setdefault(digest, following) if digest else following
            numbers.append(known)
            following += known == following
        names = [b"%d 0 R" % number for number in numbers]
        texts = part.texts([*names, *[b"null"] * (part.facts.objects - count)], len(self._owners))
        for at, number in enumerate(numbers):
            if number == len(self._texts):
                self._add(texts.objects[at], streams[at][0] if at in streams else None)
        return numbers, texts

    def _more(self, number: int, entries: bytes) -> None:
        """Further entries for a dictionary."""
        self._texts[number] = self._texts[number][:-2] + entries + b">>"

    # -- parts -------------------------------------------------------------------------------------------------------------

    def _add_part(self, part: Gathering, front: bool = False) -> Texts:
        facts = part.facts
        numbers, texts = self._taken(part, facts.objects if front else facts.common)
        for at, (page, content, drawings) in enumerate(facts.pages):
            margin = self._margins[len(self._pages)]
            if margin is not None:
                self._more(numbers[drawings], b"/Margins%d %d 0 R" % (at, margin))
            self._page(numbers[page], _reference(numbers[content]) if margin is None else self._lay_over(at, numbers[content]))
        for kid in facts.kids:
            self._more(numbers[kid], b"/P %d 0 R" % _DOCUMENT)
            self._kids.append(numbers[kid])
        self._entries += [(numbers[element], anchor) for element, anchor in facts.entries]
        self._bookmarks += [(numbers[each], shown) for each, shown in facts.bookmarks]
        self._owners += [numbers[owner] for owner in facts.owners]
        for name, element in facts.identifiers:
            self._identifiers.setdefault(_as_read(name), numbers[element])
        for name, place in zip(facts.anchors, texts.places, strict=True):
            self._places.setdefault(_as_read(name), place)
        return texts

    def _page(self, number: int, contents: bytes) -> None:
        self._more(number, b"/Parent %d 0 R/Contents %s" % (_PAGES, contents))
        self._pages.append(number)

    def _lay_over(self, at: int, content: int) -> bytes:
        """What a page draws with its margin over it, as what repeats on pages and is no content."""
        # What a page draws stays as it was packed: the state around it stands in streams of their own.
        if at not in self._drawing:
            drawing = b"Q\nq /Artifact <</Type /Pagination>> BDC /Margins%d Do EMC Q" % at
            self._drawing[at] = self._add(b"<</Length %d>>" % len(drawing), drawing)
        return b"[%d 0 R %d 0 R %d 0 R]" % (self._begin, content, self._drawing[at])

    def _add_blank(self, size: Sequence[float]) -> None:
        """A page with nothing on it but its margins."""
        margin = self._margins[len(self._pages)]
        drawings = b"" if margin is None else b"/XObject <</Margins0 %d 0 R>>" % margin
        width, height = size
        page = self._add(b"<</Type /Page/MediaBox [0 0 %.6f %.6f]/Tabs /S/Resources <<%s>>>>" % (width, height, drawings))
        empty = self._add(b"<</Length 0>>", b"")
        self._page(page, _reference(empty) if margin is None else self._lay_over(0, empty))

    # -- trees -------------------------------------------------------------------------------------------------------------

    def _written(self, of_whole: Texts, files: Sequence[AssociatedFile]) -> bytes:
        import pydyf

        places = b" ".join(b"%s %s" % (_as_text(name), self._places[name]) for name in sorted(self._places))
        catalog: dict[str, Any] = {
            **of_whole.catalog,
            "Names": pydyf.Dictionary({"Dests": b"<</Names [%s]>>" % places} if places else {}),
            **self._outlines(),
            **self._structure(of_whole),
        }
        pdf = pydyf.PDF()
        pdf.pages.update({"Kids": b"[%s]" % _references(self._pages), "Count": len(self._pages)})
        pdf.catalog.update(catalog)
        pdf.info.update(of_whole.information)
        for number in range(_DOCUMENT, len(self._texts)):
            pdf.add_object(_Object(self._texts[number], self._data.get(number)))
        if files:
            carry(pdf, files, pdf.info["ModDate"])
            compress(pdf)
        return packed(pdf, ARCHIVE.pdf_version)

    def _outlines(self) -> Mapping[str, Any]:
        """The bookmarks of the highest level in one row under one root."""
        if not self._bookmarks:
            return {"PageMode": "/UseNone"}
        numbers = [number for number, _ in self._bookmarks]
        count = sum(shown for _, shown in self._bookmarks)
        root = self._add(b"<</Type /Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (numbers[0], numbers[-1], count))
        for before, after in pairwise(numbers):
            self._more(before, b"/Next %d 0 R" % after)
            self._more(after, b"/Prev %d 0 R" % before)
        for number in numbers:
            self._more(number, b"/Parent %d 0 R" % root)
        return {"Outlines": _reference(root), "PageMode": "/UseOutlines"}

    def _structure(self, of_whole: Texts) -> Mapping[str, Any]:
        """The parent tree, the tree of identifiers, and above all elements one root with one document."""
        self._tie_contents()
        owners = b" ".join(b"%d %d 0 R" % pair for pair in enumerate(self._owners))
        parents = self._add(b"<</Nums [%s]>>" % owners)
        root = len(self._texts) + 2
        names = sorted(self._identifiers)
        pairs = b" ".join(b"%s %d 0 R" % (_as_text(name), self._identifiers[name]) for name in names)
        limits = b" ".join(_as_text(name) for name in (*names[:1], *names[-1:]))
        leaf = self._add(b"<</Limits [%s]/Names [%s]>>" % (limits, pairs))
        identifiers = self._add(b"<</Kids [%d 0 R]>>" % leaf)
        self._add(
            b"<<%s/K [%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d%s>>"
            % (of_whole.tree, _DOCUMENT, parents, len(self._owners), b"/IDTree %d 0 R" % identifiers if names else b"")
        )
        self._texts[_DOCUMENT] = b"<<%s/P %d 0 R/K [%s]>>" % (of_whole.document, root, _references(self._kids))
        return {"StructTreeRoot": _reference(root)}

    def _tie_contents(self) -> None:
        """An entry of the contents names the element it leads to, which stood in another piece."""
        for element, anchor in self._entries:
            target = self._identifiers.get(_as_read(ANCHOR + anchor))
            if target is not None:
                self._more(element, b"/Ref [%d 0 R]" % target)


class _Object:
    """An object among those of pydyf: its text, and the data of a stream."""

    number = 0

    def __init__(self, text: bytes, data: bytes | None) -> None:
        self.compressible = data is None
        self.data = text if data is None else b"%s\nstream\n%s\nendstream" % (text, data)


def _reference(number: int) -> bytes:
    return b"%d 0 R" % number


def _references(numbers: Sequence[int]) -> bytes:
    return b" ".join(map(_reference, numbers))


def _as_read(name: str) -> bytes:
    """The bytes of a name in the file, by which trees of names are sorted."""
    return name.encode() if name.isascii() else BOM_UTF16_BE + name.encode("utf-16-be")


def _as_text(name: bytes) -> bytes:
    return b"<%s>" % name.hex().encode()
