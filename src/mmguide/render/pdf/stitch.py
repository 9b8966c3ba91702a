"""Stage render, PDF: files of single chapters and the margins of all pages become one file with one tree of each kind.

The first file carries what belongs to the whole (metadata, output intent); from the others come pages, named places, bookmarks and
structure. Attached files are put in last, so that a part stays the same when they change. Numbers of structure parents are shifted,
equal streams (profiles, pictures) are kept once.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from mmguide.render.pdf.metadata import AssociatedFile
from mmguide.render.pdf.tags.destinations import ANCHOR


def stitch(parts: Sequence[bytes], margins: bytes | None, files: Sequence[AssociatedFile] = ()) -> bytes:
    """One PDF of the pages of `parts` in order (an empty part is a blank page), with the pages of `margins` laid over them one by one.

    `files` are carried inside.
    """
    import pikepdf

    whole = pikepdf.open(io.BytesIO(parts[0]))
    merged = _Merged(whole)
    for part in parts[1:]:
        if part:
            merged.add(pikepdf.open(io.BytesIO(part)))
        else:
            merged.add_blank()
    merged.finish()
    if margins is not None:
        _lay_over(whole, pikepdf.open(io.BytesIO(margins)))
    _share_streams(whole)
    if files:
        _carry(whole, files)
    return saved(whole)


def _carry(whole: Any, files: Sequence[AssociatedFile]) -> None:
    """Embed the files and declare how each relates to the document, as `metadata.complete` does for a document in one piece."""
    from pikepdf import Array, Dictionary, Name, Stream, String

    found: list[tuple[str, Any]] = []
    for each in sorted(files, key=lambda file: file.name):
        checksum = String(hashlib.md5(each.content, usedforsecurity=False).digest())
        parameters = Dictionary(Size=len(each.content), CheckSum=checksum, ModDate=whole.docinfo["/ModDate"])
        kind = Name(f"/{each.media_type}")
        stream = whole.make_indirect(Stream(whole, each.content, Type=Name.EmbeddedFile, Subtype=kind, Params=parameters))
        specification = Dictionary(
            Type=Name.Filespec,
            F=String(each.name),
            UF=String(each.name),
            Desc=String(each.description),
            AFRelationship=Name(f"/{each.relationship}"),
            EF=Dictionary(F=stream, UF=stream),
        )
        found.append((each.name, whole.make_indirect(specification)))
    if "/Names" not in whole.Root:
        whole.Root.Names = Dictionary()
    whole.Root.Names.EmbeddedFiles = Dictionary(Names=Array([part for name, one in found for part in (String(name), one)]))
    whole.Root.AF = Array([one for _, one in found])


# The end of a stream's data, if it is a carriage return, is read by some as part of the line's end behind it.
_AMBIGUOUS_END = b"\r\nendstream"


def saved(whole: Any) -> bytes:
    """The bytes of the file, such that the length of each stream is beyond doubt."""
    import pikepdf

    for each in whole.objects:
        if isinstance(each, pikepdf.Stream):
            _end_clearly(each)
    for mode in (pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable):
        out = io.BytesIO()
        whole.save(out, object_stream_mode=mode, deterministic_id=True)
        content = out.getvalue()
        if _AMBIGUOUS_END not in content:
            break
    return content


def _end_clearly(stream: Any) -> None:
    """A compressed stream ends with the checksum of its data, so that only other data can end otherwise."""
    import pikepdf

    filters = stream.get("/Filter")
    if filters not in (None, pikepdf.Name.FlateDecode) or "/DecodeParms" in stream:
        return
    raw = stream.read_raw_bytes()
    last = zlib.adler32(raw) & 0xFF if filters is None else (raw or b"\0")[-1]
    if last != ord("\r"):
        return
    data = stream.read_bytes()
    if "/Length1" in stream:
        stream.Length1 = len(data) + 1
        # The checksum ends with the low byte of the sum of all bytes: a zero would leave it as it is.
        stream.write(data + b"\1")
    elif stream.get("/Subtype") == "/Form" or not {"/Type", "/Subtype", "/N"} & set(stream.keys()):
        stream.write(data + b"\n")


class _Merged:
    """The growing file, with the entries of its name trees, bookmarks and parent tree."""

    def __init__(self, whole: Any) -> None:
        self.whole = whole
        self.names: dict[bytes, Any] = dict(_names(whole, "/Dests"))
        self.identifiers: dict[bytes, Any] = dict(_identifiers(whole))
        self.bookmarks = list(_bookmarks(whole))
        self.parents: list[Any] = []
        self.next_parent = 0
        if "/StructTreeRoot" in whole.Root:
            self._take_parents(whole.Root.StructTreeRoot, 0)
            self.next_parent = int(whole.Root.StructTreeRoot.ParentTreeNextKey)

    def add(self, part: Any) -> None:
        """Append the pages of a part, and with them everything that points at them."""
        root = part.Root
        tagged = "/StructTreeRoot" in root
        if tagged:
            _shift_parents(part, self.next_parent)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.whole.pages.extend(part.pages)
        carried = {"names": part.make_indirect(_array(value for pair in _names(part, "/Dests") for value in pair))}
        if "/Outlines" in root:
            carried["bookmarks"] = root.Outlines
        if tagged:
            carried["tree"] = root.StructTreeRoot
        copied = {name: self.whole.copy_foreign(value) for name, value in carried.items()}
        names = list(copied["names"])
        for name, place in zip(names[::2], names[1::2], strict=True):
            self.names.setdefault(bytes(name), place)
        if "bookmarks" in copied:
            self.bookmarks += _chain(copied["bookmarks"])
        if tagged:
            self._add_structure(copied["tree"])

    def add_blank(self) -> None:
        """Append a page with nothing on it, of the size of the first."""
        import pikepdf

        left, bottom, right, top = self.whole.pages[0].mediabox
        self.whole.add_blank_page(page_size=(right - left, top - bottom))
        self.whole.pages[-1].obj.Tabs = pikepdf.Name.S

    def _add_structure(self, tree: Any) -> None:
        document = self.whole.Root.StructTreeRoot.K[0]
        for kid in list(tree.K[0].K):
            kid.P = document
            document.K.append(kid)
        for name, element in _identifier_pairs(tree):
            self.identifiers.setdefault(name, element)
        self._take_parents(tree, self.next_parent)
        self.next_parent += int(tree.ParentTreeNextKey)

    def _take_parents(self, tree: Any, shift: int) -> None:
        numbers = list(tree.ParentTree.Nums)
        for number, owner in zip(numbers[::2], numbers[1::2], strict=True):
            self.parents += [int(number) + shift, owner]

    def finish(self) -> None:
        """Write the trees anew."""
        import pikepdf

        root, whole = self.whole.Root, self.whole
        if self.names:
            pairs = _array(v for name in sorted(self.names) for v in (pikepdf.String(name), self.names[name]))
            if "/Names" not in root:
                root.Names = pikepdf.Dictionary()
            root.Names.Dests = whole.make_indirect(pikepdf.Dictionary(Names=pairs))
        if self.bookmarks:
            _hang(whole, self.bookmarks)
        if "/StructTreeRoot" in root:
            tree = root.StructTreeRoot
            tree.ParentTree = whole.make_indirect(pikepdf.Dictionary(Nums=_array(self.parents)))
            tree.ParentTreeNextKey = self.next_parent
            if self.identifiers:
                names = sorted(self.identifiers)
                pairs = _array(v for name in names for v in (pikepdf.String(name), self.identifiers[name]))
                limits = _array([pikepdf.String(names[0]), pikepdf.String(names[-1])])
                leaf = whole.make_indirect(pikepdf.Dictionary(Limits=limits, Names=pairs))
                tree.IDTree = whole.make_indirect(pikepdf.Dictionary(Kids=_array([leaf])))
                self._tie_contents(tree.K[0])

    def _tie_contents(self, document: Any) -> None:
        """An entry of the contents names the element it leads to, which stood in another file."""
        for entry in _elements(document, "/TOCI"):
            place = next(
                (a.Obj.Dest for link in _elements(entry, "/Link") for a in _kids(link) if a.get("/Type") == "/OBJR"), None
            )
            target = None if place is None else self.identifiers.get(ANCHOR.encode() + bytes(place))
            if target is not None:
                for element in (entry, *list(_elements(entry, "/Reference"))[:1]):
                    element.Ref = _array([target])


def _kids(element: Any) -> Iterator[Any]:
    """The dictionaries among an element's kids."""
    import pikepdf

    kids = element.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else () if kids is None else (kids,):
        if isinstance(kid, pikepdf.Dictionary):
            yield kid


def _elements(element: Any, role: str) -> Iterator[Any]:
    """The structure elements of a role below an element, in order."""
    for kid in _kids(element):
        if "/S" in kid:
            if role == kid.S:
                yield kid
            yield from _elements(kid, role)


def _array(values: Any) -> Any:
    import pikepdf

    return pikepdf.Array(list(values))


def _names(pdf: Any, kind: str) -> Iterator[tuple[Any, Any]]:
    tree = pdf.Root.get("/Names", {}).get(kind)
    names = list(tree.Names) if tree is not None and "/Names" in tree else []
    for name, value in zip(names[::2], names[1::2], strict=True):
        yield bytes(name), value


def _identifiers(pdf: Any) -> Iterator[tuple[bytes, Any]]:
    if "/StructTreeRoot" in pdf.Root:
        yield from _identifier_pairs(pdf.Root.StructTreeRoot)


def _identifier_pairs(tree: Any) -> Iterator[tuple[bytes, Any]]:
    for leaf in tree.IDTree.Kids if "/IDTree" in tree else ():
        names = list(leaf.Names)
        for name, element in zip(names[::2], names[1::2], strict=True):
            yield bytes(name), element


def _bookmarks(pdf: Any) -> Iterator[Any]:
    if "/Outlines" in pdf.Root:
        yield from _chain(pdf.Root.Outlines)


def _chain(outlines: Any) -> Iterator[Any]:
    item = outlines.get("/First")
    while item is not None:
        yield item
        item = item.get("/Next")


def _hang(whole: Any, items: Sequence[Any]) -> None:
    """The bookmarks of the highest level in one row under one root."""
    import pikepdf

    shown = sum(1 + max(0, int(item.get("/Count", 0))) for item in items)
    root = whole.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Outlines, First=items[0], Last=items[-1], Count=shown))
    for before, after in pairwise(items):
        before.Next, after.Prev = after, before
    for item in items:
        item.Parent = root
    whole.Root.Outlines = root
    whole.Root.PageMode = pikepdf.Name.UseOutlines


def _shift_parents(part: Any, shift: int) -> None:
    """Numbers that point into the parent tree, moved past those of the pages before."""
    import pikepdf

    for each in part.objects:
        if not isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        for key in ("/StructParents", "/StructParent"):
            if key in each:
                each[key] = int(each[key]) + shift


def _lay_over(whole: Any, margins: Any) -> None:
    """Each page of `margins` drawn over the page of the same number, as what repeats on pages and is no content."""
    import pikepdf

    # What a page draws stays as it was packed: the state around it stands in streams of their own.
    begin = whole.make_stream(b"q")
    for number, (page, margin) in enumerate(zip(whole.pages, margins.pages, strict=True)):
        form = whole.copy_foreign(margin.as_form_xobject())
        if not form.read_bytes().strip():
            continue
        # Pages of one part share their resources, so that each needs a name of its own; pikepdf's own names are random.
        name = page.add_resource(form, pikepdf.Name.XObject, name=pikepdf.Name(f"/Margins{number}"))
        drawing = f"Q\nq /Artifact <</Type /Pagination>> BDC {name} Do EMC Q".encode()
        page.Contents = _array([begin, *_streams(page), whole.make_stream(drawing)])


def _streams(page: Any) -> list[Any]:
    import pikepdf

    contents = page.obj.Contents
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def page_content(page: Any) -> bytes:
    """All that is drawn on a page."""
    return b"\n".join(stream.read_bytes() for stream in _streams(page))


def _share_streams(whole: Any) -> None:
    """Streams of the same bytes and dictionary (profiles, marks across pages, pictures) kept once."""
    import pikepdf

    seen: dict[bytes, Any] = {}
    replaced: dict[tuple[int, int], Any] = {}
    for each in whole.objects:
        if not isinstance(each, pikepdf.Stream) or "/StructParents" in each or len(each.read_raw_bytes()) < 200:
            continue
        digest = hashlib.sha256(each.read_raw_bytes() + repr(sorted((k, repr(v)) for k, v in each.items())).encode()).digest()
        if digest in seen:
            replaced[each.objgen] = seen[digest]
        else:
            seen[digest] = each
    if not replaced:
        return
    for each in whole.objects:
        # Most objects are elements of the structure, which point at pages and one another, never at a stream.
        if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)) and not _is_element(each):
            _point_at(each, replaced, 0)


def _is_element(container: Any) -> bool:
    import pikepdf

    return isinstance(container, pikepdf.Dictionary) and "/S" in container and "/P" in container


def _point_at(container: Any, replaced: dict[tuple[int, int], Any], depth: int) -> None:
    import pikepdf

    items = enumerate(list(container)) if isinstance(container, pikepdf.Array) else list(container.items())
    for key, value in items:
        if not isinstance(value, pikepdf.Object):
            continue
        if value.is_indirect:
            if value.objgen in replaced:
                container[key] = replaced[value.objgen]
        elif isinstance(value, (pikepdf.Array, pikepdf.Dictionary)) and depth < 8:
            _point_at(value, replaced, depth + 1)
