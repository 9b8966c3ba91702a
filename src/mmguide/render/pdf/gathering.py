"""Stage render, PDF: the objects of a piece of a document, ready to be stitched to those of others without reading them again.

References are taken out of the objects' text, so that objects get other numbers by putting it together anew; streams stay as they
were packed. What belongs to a whole document (catalog, page tree, name trees, root of bookmarks and structure) is told apart from it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

# A text in brackets can hold anything; outside of texts a reference or a number of the parent tree is what it looks like.
_TOKEN = re.compile(rb"\((?:[^()\\]|\\.)*\)|(\d+) 0 R|(/StructParents? )(\d+)", re.S)
# Neither stands in an object's text, which is ASCII.
_HERE, _NEXT = b"\xfe", b"\xff"
_BEGIN, _END = b"\nstream\n", b"\nendstream"
_SHORT = 200  # a stream up to this long is not looked for in other pieces
_DEEP = 8


class Facts(Struct, frozen=True):
    """What a piece holds; its objects are counted from 0, the first `common` ones are needed wherever it stands, the rest at the front.

    `streams` are (object, length of its data, digest or ''), `pages` (object, its content, the dictionary of drawings it can name),
    `kids` the highest elements of the structure, `entries` elements with the anchor that they lead to, `bookmarks` the highest ones
    with how many each shows, `owners` the entries of the parent tree, `identifiers` elements by name; `anchors` are names whose
    places are among the texts, `catalog` and `information` keys of which the values are. `forms` are drawings that stand for pages,
    -1 for an empty one. `size` is that of the first page.
    """

    objects: int
    common: int
    streams: Sequence[tuple[int, int, str]]
    pages: Sequence[tuple[int, int, int]] = ()
    kids: Sequence[int] = ()
    entries: Sequence[tuple[int, str]] = ()
    bookmarks: Sequence[tuple[int, int]] = ()
    owners: Sequence[int] = ()
    identifiers: Sequence[tuple[str, int]] = ()
    anchors: Sequence[str] = ()
    catalog: Sequence[str] = ()
    information: Sequence[str] = ()
    forms: Sequence[int] = ()
    size: Sequence[float] = (0, 0)


class Texts(Struct, frozen=True):
    """The texts of a piece under the numbers that it gets: those of its objects (of streams, their dictionaries), the places of its
    anchors, and what a first piece says of the whole: catalog, information, and the inside of the root and the top of its structure.
    """

    objects: Sequence[bytes]
    places: Sequence[bytes]
    catalog: Mapping[str, bytes]
    information: Mapping[str, bytes]
    tree: bytes
    document: bytes


class Gathering(Struct, frozen=True):
    """A piece: its facts, the numbers taken out of its texts, the texts, and the data of its streams one after the other."""

    facts: Facts
    numbers: array[int]
    text: bytes
    data: bytes

    def texts(self, names: Sequence[bytes], parent: int) -> Texts:
        """The texts with these references to the objects, and the numbers of the parent tree counted from `parent`."""
        known = [*names, *(b"%d" % (parent + number) for number in range(len(self.facts.owners)))]
        parts = self.text.split(_HERE)
        whole: list[bytes] = [b""] * (2 * len(parts) - 1)
        whole[::2] = parts
        whole[1::2] = [known[number] for number in self.numbers]
        found = iter(b"".join(whole).split(_NEXT))
        facts = self.facts
        return Texts(
            list(islice(found, facts.objects)),
            list(islice(found, len(facts.anchors))),
            dict(zip(facts.catalog, islice(found, len(facts.catalog)), strict=True)),
            dict(zip(facts.information, islice(found, len(facts.information)), strict=True)),
            *found,
        )

    def streams(self) -> Iterator[tuple[int, bytes, str]]:
        """Object, data and digest of each stream."""
        at = 0
        for number, length, digest in self.facts.streams:
            yield number, self.data[at : at + length], digest
            at += length

    def packed(self) -> bytes:
        """As bytes, from which `unpacked` makes it again."""
        numbers = self.numbers if sys.byteorder == "little" else array("I", self.numbers)
        if numbers is not self.numbers:
            numbers.byteswap()
        head = json.dumps({**asdict(self.facts), "lengths": [4 * len(numbers), len(self.text)]}, ensure_ascii=False).encode()
        return b"%d\n" % len(head) + head + numbers.tobytes() + self.text + self.data


def unpacked(content: bytes) -> Gathering:
    """The gathering that was packed."""
    start = content.index(b"\n") + 1
    head = json.loads(content[start : (at := start + int(content[:start]))])
    first, second = head.pop("lengths")
    numbers = array("I", content[at : at + first])
    if sys.byteorder != "little":
        numbers.byteswap()
    return Gathering(Facts(**head), numbers, content[at + first : at + first + second], content[at + first + second :])


def gathered(pdf: Any) -> Gathering:
    """The finished but unwritten `pdf` of pydyf as a piece; it is of no use afterwards."""
    import pydyf

    objects = _Objects(pdf)
    catalog = pdf.catalog
    pages = [objects.at(reference) for reference in pdf.page_references]
    contents, drawings = [], []
    for page in pages:
        del page["Parent"]
        contents.append(_number(page.pop("Contents")))
        resources = objects.at(page["Resources"])
        if isinstance(resources["XObject"], pydyf.Dictionary):
            pdf.add_object(resources["XObject"])
            resources["XObject"] = resources["XObject"].reference
        drawings.append(_number(resources["XObject"]))
    bookmarks = list(_chain(objects, catalog.pop("Outlines", None)))
    for each in bookmarks:
        for name in ("Parent", "Prev", "Next"):
            each.pop(name, None)
    places = _pairs(catalog.pop("Names", {}).get("Dests", {}).get("Names", ()))
    structure = _Structure(objects, catalog.pop("StructTreeRoot", None))
    for name in ("Pages", "PageMode"):
        catalog.pop(name, None)
    values = [_text(value) for _, value in places]
    own = [_text(value) for each in (catalog, pdf.info) for value in each.values()]
    own += [_inside(each) for each in (structure.root, structure.document)]
    roots = [*(each.number for each in (*pages, *structure.kids, *bookmarks)), *contents, *structure.owners]
    gathering = _Gathering(objects, [*roots, *_named(*values)], list(_named(*own)))
    place = gathering.place
    left, bottom, right, top = pages[0]["MediaBox"]
    return gathering.with_texts(
        [*values, *own],
        pages=[(place[page.number], place[c], place[d]) for page, c, d in zip(pages, contents, drawings, strict=True)],
        kids=[place[kid.number] for kid in structure.kids],
        entries=[(place[number], anchor) for number, anchor in structure.entries()],
        bookmarks=[(place[each.number], 1 + max(0, each["Count"])) for each in bookmarks],
        owners=[place[number] for number in structure.owners],
        identifiers=[(name, place[number]) for name, number in structure.identifiers],
        anchors=[name for name, _ in places],
        catalog=list(catalog),
        information=list(pdf.info),
        size=(right - left, top - bottom),
    )


def gathered_as_forms(pdf: Any) -> Gathering:
    """The pages of an unwritten `pdf` of pydyf as drawings that other pages can show; it is of no use afterwards."""
    objects = _Objects(pdf)
    forms = []
    for page in map(objects.at, pdf.page_references):
        content = objects.at(page["Contents"])
        content.extra = {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": page.get("TrimBox", page["MediaBox"]),
            "Resources": page["Resources"],
            **content.extra,
        }
        forms.append(content.number if _unpacked(content).strip() else -1)
    gathering = _Gathering(objects, [number for number in forms if number >= 0], [])
    return gathering.with_texts([b"", b""], forms=[gathering.place.get(number, -1) for number in forms])


class _Objects:
    """The objects of a `pdf` by what refers to them."""

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf

    def at(self, reference: bytes) -> Any:
        return self.pdf.objects[_number(reference)]


class _Structure:
    """The structure of a piece without its roots: what stands highest, the parent tree, the identifiers."""

    def __init__(self, objects: _Objects, reference: bytes | None) -> None:
        self._objects = objects
        self.root: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        self.kids: list[Any] = []
        self.owners: list[int] = []
        self.identifiers: list[tuple[str, int]] = []
        if reference is None:
            return
        self.root = dict(objects.at(reference))
        self.document = dict(objects.at(self.root.pop("K")[0]))
        del self.document["P"]
        self.kids = [objects.at(kid) for kid in self.document.pop("K")]
        for kid in self.kids:
            del kid["P"]
        numbered = objects.at(self.root.pop("ParentTree"))["Nums"]
        self.owners = [_number(owner) for owner in numbered[1::2]]
        assert numbered[::2] == list(range(len(self.owners)))
        assert self.root.pop("ParentTreeNextKey") == len(self.owners)
        if "IDTree" in self.root:
            leaves = map(objects.at, objects.at(self.root.pop("IDTree"))["Kids"])
            self.identifiers = [(name, _number(element)) for leaf in leaves for name, element in _pairs(leaf["Names"])]

    def entries(self) -> Iterator[tuple[int, str]]:
        """The entries of contents that lead out of this piece, and the word of reference in each, with the anchor they lead to."""
        for entry in (each for kid in self.kids for each in self._below(kid, "/TOCI")):
            areas = (
                self._objects.at(kid["Obj"]) for link in self._below(entry, "/Link") for kid in link["K"] if _is(kid, "/OBJR")
            )
            anchor = next((area["Dest"].string for area in areas), None)
            if anchor is not None and "Ref" not in entry:
                yield entry.number, anchor
                yield from ((each.number, anchor) for each in list(self._below(entry, "/Reference"))[:1])

    def _below(self, element: Any, role: str) -> Iterator[Any]:
        """The elements of a role, this one and those below it, in order."""
        if element["S"] == role:
            yield element
        for kid in element["K"]:
            if isinstance(kid, bytes):
                yield from self._below(self._objects.at(kid), role)


def _is(kid: Any, kind: str) -> bool:
    return isinstance(kid, dict) and kid.get("Type") == kind


class _Gathering:
    """The objects that `roots` lead to, and behind them those that only `own` lead to, in the order in which they stood."""

    def __init__(self, objects: _Objects, roots: Iterable[int], own: Iterable[int]) -> None:
        self._objects = objects
        self._texts: dict[int, bytes] = {}
        self._data: dict[int, bytes] = {}
        common = self._reached(roots)
        more = self._reached(own)
        self._order, self._common = [*common, *more], len(common)
        self.place: Mapping[int, int] = {number: at for at, number in enumerate(self._order)}

    def _reached(self, roots: Iterable[int]) -> list[int]:
        found: list[int] = []
        waiting = list(roots)
        while waiting:
            number = waiting.pop()
            if number in self._texts:
                continue
            text, begin, data = self._objects.pdf.objects[number].data.partition(_BEGIN)
            self._texts[number] = text
            if begin:
                self._data[number] = data.removesuffix(_END)
            found.append(number)
            waiting += _named(text)
        return sorted(found)

    def with_texts(self, more: Sequence[bytes], **facts: Any) -> Gathering:
        """The gathering, with these texts that belong to no object."""
        numbers: array[int] = array("I")
        count = len(self._order)

        def taken_out(found: re.Match[bytes]) -> bytes:
            if found[1]:
                numbers.append(self.place[int(found[1])])
                return _HERE
            if found[3]:
                numbers.append(count + int(found[3]))
                return found[2] + _HERE
            return found[0]

        text = _TOKEN.sub(taken_out, _NEXT.join([*(self._texts[number] for number in self._order), *more]))
        streams = [number for number in self._order if number in self._data]
        told = [(self.place[number], len(self._data[number]), self._digest(number)) for number in streams]
        made = Facts(objects=count, common=self._common, streams=told, **facts)
        return Gathering(made, numbers, text, b"".join(self._data[number] for number in streams))

    def _digest(self, number: int) -> str:
        """What is the same for streams that can stand for one another; nothing where none can."""
        text = self._texts[number]
        if len(self._data[number]) < _SHORT or b"/StructParents" in text:
            return ""
        return self._known_by(number, ())

    def _known_by(self, number: int, above: tuple[int, ...]) -> str:
        """A digest of an object and of all that it refers to; nothing where that leads back."""
        parts = [self._texts[number], self._data.get(number, b"")]
        for other in _named(self._texts[number]):
            digest = "" if other in above or len(above) > _DEEP else self._known_by(other, (*above, number))
            if not digest:
                return ""
            parts.append(digest.encode())
        told = b"\0".join((_TOKEN.sub(lambda found: found[0] if not found[1] else b"R", parts[0]), *parts[1:]))
        return hashlib.sha256(told).hexdigest()


def _named(*texts: bytes) -> Iterator[int]:
    """The numbers of the objects that texts refer to."""
    return (int(found[1]) for text in texts for found in _TOKEN.finditer(text) if found[1])


def _chain(objects: _Objects, outlines: bytes | None) -> Iterator[Any]:
    """The highest bookmarks."""
    reference = objects.at(outlines)["First"] if outlines else None
    while reference:
        item = objects.at(reference)
        reference = item.get("Next")
        yield item


def _number(reference: bytes) -> int:
    return int(reference.split(b" ", 1)[0])


def _pairs(names: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(name.string, value) for name, value in zip(names[::2], names[1::2], strict=True)]


def _text(value: Any) -> bytes:
    """A value as it stands in a file."""
    import pydyf

    return bytes(pydyf.Array([value]).data[1:-1])


def _inside(values: Mapping[str, Any]) -> bytes:
    """The entries of a dictionary without its brackets."""
    import pydyf

    return _text(pydyf.Dictionary(values))[2:-2]


def _unpacked(stream: Any) -> bytes:
    content = b"\n".join(stream.stream)
    return zlib.decompress(content) if stream.extra.get("Filter") else content
