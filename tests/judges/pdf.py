"""A judge of tagged PDF that shares no code with the compiler: it reads a file with pikepdf and says what a screen reader would miss.

Each function returns the faults it found as sentences; an empty list is a pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf

PAINTING = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Tj", "TJ", "'", '"', "EI", "INLINE IMAGE"})
_WITHIN_A_LINE = frozenset({"Span", "Link", "Em", "Strong", "Code", "Quote", "Reference", "Formula"})


@dataclass
class Content:
    """One marked-content sequence as it stands in a stream."""

    page: int
    text: str = ""
    pictures: int = 0


@dataclass
class Element:
    """One structure element."""

    role: str
    object: Any
    kids: list[Element | Content | tuple[str, Any]] = field(default_factory=list)
    parent: Element | None = None

    def elements(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.elements()

    def text(self, skip: Callable[[Element], bool] = lambda _: False) -> str:
        return " ".join("".join(self._words(skip)).split())

    def _words(self, skip: Callable[[Element], bool]) -> Iterator[str]:
        for kid in self.kids:
            if isinstance(kid, Content):
                yield kid.text
            elif isinstance(kid, Element) and not skip(kid):
                if kid.role == "Figure" and "/Alt" in kid.object:
                    yield f" {kid.object.Alt} "
                elif kid.role not in _WITHIN_A_LINE:
                    yield " " + "".join(kid._words(skip)) + " "
                else:
                    yield from kid._words(skip)

    def pages(self) -> set[int]:
        return {kid.page for each in self.elements() for kid in each.kids if isinstance(kid, Content)}

    def attribute(self, name: str) -> Any:
        given = self.object.get("/A")
        for each in given if isinstance(given, pikepdf.Array) else [given]:
            if isinstance(each, pikepdf.Dictionary) and name in each:
                return each[name]
        return None


@dataclass
class Reading:
    """All that is read of a file once."""

    pdf: pikepdf.Pdf
    document: Element
    contents: dict[tuple[Any, int], Content]
    used: dict[tuple[Any, int], list[Element]]
    stream_faults: list[str]
    artifacts: list[tuple[str, str]]

    def elements(self, *roles: str) -> list[Element]:
        return [each for each in self.document.elements() if not roles or each.role in roles]


# -- reading ---------------------------------------------------------------------------------------------------------------


def read(pdf: pikepdf.Pdf) -> Reading:
    contents: dict[tuple[Any, int], Content] = {}
    faults: list[str] = []
    artifacts: list[tuple[str, str]] = []
    for number, page in enumerate(pdf.pages):
        reader = _StreamReader(number, page.obj.get("/Resources"), contents, faults, artifacts)
        reader.read(page.obj, page.obj.objgen, frozenset())
    used: dict[tuple[Any, int], list[Element]] = {}
    pages = {page.obj.objgen: page for page in pdf.pages}
    top = pdf.Root.StructTreeRoot.K
    first = top[0] if isinstance(top, pikepdf.Array) else top
    document = _element(first, None, contents, used, pages)
    return Reading(pdf, document, contents, used, faults, artifacts)


def _element(given: Any, page: Any, contents: Mapping[Any, Content], used: dict[Any, list[Element]], pages: Any) -> Element:
    made = Element(str(given.S)[1:], given)
    page = given.get("/Pg", page)
    kids = given.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            _use((page.objgen, int(kid)), made, contents, used)
        elif kid.get("/Type") == "/MCR":
            holder = kid.get("/Stm", kid.get("/Pg", page))
            _use((holder.objgen, int(kid.MCID)), made, contents, used)
        elif kid.get("/Type") == "/OBJR":
            made.kids.append(("annotation", kid.Obj))
        else:
            below = _element(kid, page, contents, used, pages)
            below.parent = made
            made.kids.append(below)
    return made


def _use(key: Any, element: Element, contents: Mapping[Any, Content], used: dict[Any, list[Element]]) -> None:
    used.setdefault(key, []).append(element)
    if key in contents:
        element.kids.append(contents[key])


class _StreamReader:
    def __init__(self, page: int, resources: Any, contents: dict[Any, Content], faults: list[str], artifacts: list[Any]) -> None:
        self.page, self.resources, self.contents = page, resources, contents
        self.faults, self.artifacts = faults, artifacts
        self.fonts: dict[Any, dict[int, str]] = {}

    def read(self, stream: Any, key: Any, around: frozenset[str], resources: Any = None) -> None:
        resources = resources if resources is not None else self.resources
        stack: list[tuple[str, Any]] = []
        font = ""
        for operands, operator in pikepdf.parse_content_stream(stream):
            name = str(operator)
            if name in ("BDC", "BMC"):
                self._begin(stack, operands, key, around)
            elif name == "EMC":
                stack.pop()
            elif name == "Tf":
                font = str(operands[0])
            elif name == "Do":
                self._draw(operands, stack, around, resources)
            elif name in PAINTING:
                self._paint(name, operands, stack, around, resources, font)

    def _begin(self, stack: list[tuple[str, Any]], operands: Any, key: Any, around: frozenset[str]) -> None:
        tag = str(operands[0])
        properties = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
        kinds = {kind for kind, _ in stack} | around
        if tag == "/Artifact":
            if "content" in kinds:
                self.faults.append(f"page {self.page + 1}: an artifact stands within content")
            stack.append(("artifact", str(properties.get("/Type", ""))))
        elif "/MCID" in properties:
            if kinds & {"content", "artifact"}:
                self.faults.append(f"page {self.page + 1}: content stands within {sorted(kinds)}")
            made = Content(self.page)
            place = (key, int(properties["/MCID"]))
            if place in self.contents:
                self.faults.append(f"page {self.page + 1}: MCID {place[1]} stands twice")
            self.contents[place] = made
            if "/ActualText" in properties:
                made.text = str(properties["/ActualText"])
                stack.append(("content", None))
            else:
                stack.append(("content", made))
        else:
            stack.append(("other", None))

    def _paint(
        self, name: str, operands: Any, stack: list[tuple[str, Any]], around: frozenset[str], resources: Any, font: str
    ) -> None:
        kinds = {kind for kind, _ in stack} | around
        if not kinds & {"content", "artifact"}:
            self.faults.append(f"page {self.page + 1}: '{name}' paints outside of content and artifacts")
        if name not in ("Tj", "TJ"):
            return
        shown = self._decode(operands, resources, font)
        if "artifact" in kinds:
            self.artifacts.append((next((note for kind, note in stack if kind == "artifact"), ""), shown))
        elif stack and stack[-1][0] == "content" and stack[-1][1] is not None:
            stack[-1][1].text += shown

    def _draw(self, operands: Any, stack: list[tuple[str, Any]], around: frozenset[str], resources: Any) -> None:
        drawn = resources.XObject[operands[0]]
        kinds = frozenset(kind for kind, _ in stack) | around
        if drawn.Subtype == "/Image":
            if not kinds & {"content", "artifact"}:
                self.faults.append(f"page {self.page + 1}: a picture is painted outside of content and artifacts")
        elif drawn.Subtype == "/Form":
            self.read(drawn, drawn.objgen, kinds, drawn.get("/Resources", resources))
        if stack and isinstance(stack[-1][1], Content):
            stack[-1][1].pictures += 1

    def _decode(self, operands: Any, resources: Any, font: str) -> str:
        table = self._to_unicode(resources.Font[font])
        given = operands[0]
        pieces = [given] if isinstance(given, pikepdf.String) else [each for each in given if isinstance(each, pikepdf.String)]
        codes = b"".join(bytes(each) for each in pieces)
        return "".join(table.get(int.from_bytes(codes[at : at + 2], "big"), "\ufffd") for at in range(0, len(codes), 2))

    def _to_unicode(self, font: Any) -> dict[int, str]:
        if font.objgen not in self.fonts:
            table = {}
            for code, text in re.findall(rb"<([0-9a-f]+)> <([0-9a-f]*)>", font.ToUnicode.read_bytes()):
                if text and (code, text) != (b"0000", b"ffff"):
                    table[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
            self.fonts[font.objgen] = table
        return self.fonts[font.objgen]


# -- judging -----------------------------------------------------------------------------------------------------------------


def untagged_content(reading: Reading) -> list[str]:
    """Everything painted is content of one element, or an artifact."""
    faults = list(reading.stream_faults)
    faults += [
        f"content {key[1]} on page {content.page + 1} is in no element: {content.text!r}"
        for key, content in reading.contents.items()
        if key not in reading.used
    ]
    faults += [f"content {key[1]} is in {len(owners)} elements" for key, owners in reading.used.items() if len(owners) > 1]
    faults += [f"an element points to content that is not there: {key}" for key in reading.used if key not in reading.contents]
    return faults


def parent_tree(reading: Reading) -> list[str]:
    """From each piece of content and each annotation the parent tree leads to the element that holds it."""
    faults = []
    tree = pikepdf.NumberTree(reading.pdf.Root.StructTreeRoot.ParentTree)
    holders = {page.obj.objgen: page.obj for page in reading.pdf.pages}
    for (holder, number), owners in reading.used.items():
        given = holders.get(holder) if holder in holders else reading.pdf.get_object(holder)
        key = int(given.get("/StructParents", -1))
        found = tree[key][number] if key in tree and number < len(tree[key]) else None
        if found is None or found.objgen != owners[0].object.objgen:
            faults.append(f"content {number} of {holder}: the parent tree leads elsewhere")
    for element in reading.elements():
        for kid in element.kids:
            if isinstance(kid, tuple) and tree[int(kid[1].StructParent)].objgen != element.object.objgen:
                faults.append(f"a link of {element.role}: the parent tree leads elsewhere")
    return faults


def links(reading: Reading) -> list[str]:
    """Each link area stands in a Link, and is called what the link's text says."""
    faults = []
    tagged = set()
    for element in reading.elements():
        for kid in element.kids:
            if not isinstance(kid, tuple):
                continue
            tagged.add(kid[1].objgen)
            words, shown = " ".join(str(kid[1].get("/Contents", "")).split()), element.text().replace("\u00ad", "")
            if element.role != "Link":
                faults.append(f"a link area stands in {element.role}")
            if words != shown:
                faults.append(f"a link is called {words!r}, its text is {shown!r}")
    for number, page in enumerate(reading.pdf.pages):
        for annotation in page.obj.get("/Annots", []):
            if annotation.objgen not in tagged:
                faults.append(f"page {number + 1}: a link area is in no element: {annotation.get('/Contents')}")
    faults += [
        f"a Link without area: {each.text()!r}"
        for each in reading.elements("Link")
        if not any(isinstance(k, tuple) for k in each.kids)
    ]
    return faults


def tables(reading: Reading) -> list[str]:
    """Headers have their scope, rows the same number of columns, named headers exist."""
    faults = []
    names = {str(each.object.ID) for each in reading.elements() if "/ID" in each.object}
    for element in reading.elements("TH"):
        if str(element.attribute("/Scope")) not in ("/Row", "/Column", "/Both"):
            faults.append(f"a TH without Scope: {element.text()!r}")
    for element in reading.elements("TD", "TH"):
        faults += [
            f"a cell names a header that is not there: {name}"
            for name in element.attribute("/Headers") or []
            if str(name) not in names
        ]
    for table in reading.elements("Table"):
        widths = _widths(table)
        if len(set(widths)) > 1:
            faults.append(f"a table's rows differ in width: {widths}")
        if any(each.role not in ("Caption", "THead", "TBody", "TFoot", "TR") for each in table.kids if isinstance(each, Element)):
            faults.append("a table holds something that is no row")
    return faults


def _widths(table: Element) -> list[int]:
    widths: dict[int, int] = {}
    for at, row in enumerate(each for each in table.elements() if each.role == "TR"):
        for cell in (kid for kid in row.kids if isinstance(kid, Element)):
            for below in range(int(cell.attribute("/RowSpan") or 1)):
                widths[at + below] = widths.get(at + below, 0) + int(cell.attribute("/ColSpan") or 1)
    return [widths[at] for at in sorted(widths)]


def pictures(reading: Reading) -> list[str]:
    """Each figure says what it shows and where it is."""
    faults = []
    for each in reading.elements("Figure", "Formula"):
        if not str(each.object.get("/Alt", "")).strip():
            faults.append("a figure without description")
        box = each.attribute("/BBox")
        page = each.object.get("/Pg")
        if box is None or page is None:
            faults.append("a figure without a place")
            continue
        left, low, right, high = (float(value) for value in box)
        if not (left < right and low < high):
            faults.append(f"a figure's box is empty: {box}")
        media = [float(value) for value in page.MediaBox]
        if left < media[0] - 1 or low < media[1] - 1 or right > media[2] + 1 or high > media[3] + 1:
            faults.append(f"a figure's box lies outside of its page: {[float(v) for v in box]} in {media}")
    return faults


def notes(reading: Reading) -> list[str]:
    """Each note has a name of its own and is tied to a call that stands before it."""
    faults = []
    order = {each.object.objgen: at for at, each in enumerate(reading.elements())}
    seen: set[str] = set()
    tree = pikepdf.NameTree(reading.pdf.Root.StructTreeRoot.IDTree) if "/IDTree" in reading.pdf.Root.StructTreeRoot else {}
    for note in reading.elements("Note", "FENote"):
        name = str(note.object.get("/ID", ""))
        if not name or name in seen:
            faults.append(f"a note without a name of its own: {note.text()!r}")
        elif name not in tree or tree[name].objgen != note.object.objgen:
            faults.append(f"the note {name} cannot be found by its name")
        seen.add(name)
        calls = [each for each in note.object.get("/Ref", []) if each.get("/S") == "/Reference"]
        if not calls:
            faults.append(f"a note without call: {note.text()!r}")
        for call in calls:
            if note.object.objgen not in [each.objgen for each in call.get("/Ref", [])]:
                faults.append(f"the call of {name} does not name its note")
            if order[call.objgen] > order[note.object.objgen]:
                faults.append(f"the call of {name} stands after its note")
        if not any(isinstance(kid, Element) and kid.role == "Lbl" for kid in note.kids):
            faults.append(f"the note {name} has no label")
    return faults


def contents_lists(reading: Reading) -> list[str]:
    """Entries of the contents hold a reference that leads to an element of the text."""
    faults = []
    known = {each.object.objgen for each in reading.elements()}
    for entry in reading.elements("TOCI"):
        own = [each for each in entry.kids if isinstance(each, Element)]
        if not any(each.role in ("Reference", "P") for each in own):
            faults.append(f"an entry of the contents without reference: {entry.text()!r}")
        targets = list(entry.object.get("/Ref", []))
        if not targets or any(each.objgen not in known for each in targets):
            faults.append(f"an entry of the contents leads nowhere: {entry.text()!r}")
    for element in reading.elements("TOC"):
        if any(isinstance(kid, Element) and kid.role not in ("TOC", "TOCI", "Caption") for kid in element.kids):
            faults.append("the contents hold something that is no entry")
    return faults


def lists(reading: Reading) -> list[str]:
    """Lists hold items, items a label and a body."""
    faults = []
    for element in reading.elements("L"):
        if any(not isinstance(kid, Element) or kid.role not in ("LI", "L", "Caption") for kid in element.kids):
            faults.append(f"a list holds something that is no item: {element.text()[:60]!r}")
        if element.attribute("/ListNumbering") is None:
            faults.append("a list does not say how it counts")
    for element in reading.elements("LI"):
        if any(not isinstance(kid, Element) or kid.role not in ("Lbl", "LBody") for kid in element.kids):
            faults.append(f"an item holds something beside label and body: {element.text()[:60]!r}")
    return faults


def headings(reading: Reading) -> list[str]:
    """Levels begin at 1 and never skip; the bookmarks are the headings, in order."""
    faults = []
    level = 0
    found = reading.elements("H1", "H2", "H3", "H4", "H5", "H6")
    for heading in found:
        this = int(heading.role[1])
        if this > level + 1:
            faults.append(f"the heading {heading.text()!r} skips from level {level} to {this}")
        level = this
    marks = [_squeezed(title) for title in bookmarks(reading.pdf)]
    shown = [_squeezed(heading.text(skip=_is_note)) for heading in found]
    if marks != shown:
        faults.append(f"bookmarks {marks} are not the headings {shown}")
    return faults


def bookmarks(pdf: pikepdf.Pdf) -> list[str]:
    def walk(item: Any) -> Iterator[str]:
        while item is not None:
            yield str(item.Title)
            yield from walk(item.get("/First"))
            item = item.get("/Next")

    return list(walk(pdf.Root.Outlines.First)) if "/Outlines" in pdf.Root else []


def document_facts(reading: Reading) -> list[str]:
    """Language, title, tab order, and nothing that only one viewer understands."""
    root = reading.pdf.Root
    checks = (
        (str(root.get("/Lang", "")), "the document has no language"),
        (root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"), "the title is not shown"),
        (root.get("/MarkInfo", {}).get("/Marked"), "the document does not say that it is tagged"),
        (all(page.obj.get("/Tabs") == "/S" for page in reading.pdf.pages), "the tab order is not that of the structure"),
        (reading.document.role == "Document", "the tree does not begin with Document"),
        (not reading.pdf.check_pdf_syntax(), f"the file is damaged: {reading.pdf.check_pdf_syntax()[:3]}"),
    )
    return [sentence for kept, sentence in checks if not kept]


def nesting(reading: Reading) -> list[str]:
    """Nothing holds what it must not: a paragraph no block, a list item no loose text, a grouping element no text of its own."""
    faults = []
    grouping = {
        "Document",
        "Part",
        "Sect",
        "Div",
        "BlockQuote",
        "Art",
        "Aside",
        "TOC",
        "TOCI",
        "L",
        "LI",
        "Table",
        "THead",
        "TBody",
        "TFoot",
        "TR",
    }
    blocks = {"P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "Table", "Sect", "Div", "BlockQuote", "TOC"}
    for element in reading.elements():
        if element.role in grouping and any(isinstance(kid, Content) for kid in element.kids):
            faults.append(f"{element.role} holds text of its own: {element.text()[:60]!r}")
        if element.role in ("P", "H1", "H2", "H3", "H4", "H5", "H6", "Span", "Link", "Lbl"):
            faults += [
                f"{element.role} holds {kid.role}" for kid in element.kids if isinstance(kid, Element) and kid.role in blocks
            ]
        if not element.kids and element.role not in ("TD", "TH"):
            faults.append(f"{element.role} is empty")
    return faults


def _is_note(element: Element) -> bool:
    return element.role in ("Note", "FENote") or (
        element.role == "Reference" and any(isinstance(k, Element) and k.role == "Lbl" for k in element.kids)
    )


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b]+", "", text)


JUDGES: tuple[Callable[[Reading], list[str]], ...] = (
    untagged_content,
    parent_tree,
    links,
    tables,
    pictures,
    notes,
    contents_lists,
    lists,
    headings,
    document_facts,
    nesting,
)


def all_faults(pdf: pikepdf.Pdf) -> list[str]:
    reading = read(pdf)
    return [f"{judge.__name__}: {fault}" for judge in JUDGES for fault in judge(reading)]


# -- against the source --------------------------------------------------------------------------------------------------------


def against_source(reading: Reading, html: str, note_class: str = "fn") -> list[str]:
    """No element of the HTML is split or lost, and the words of the tree are those of the source, in its order."""
    import lxml.html

    body = lxml.html.document_fromstring(html).find("body")
    for gone in [
        each for each in body.iter() if each.get("aria-hidden") == "true" or (each.tag == "img" and each.get("alt") == "")
    ]:
        gone.drop_tree()
    _drop_page_numbers(reading)
    for contents in body.xpath("//nav//li"):
        contents.tag = "entry"
    faults = []
    for roles, tags in _COUNTERPARTS:
        wanted = [
            _source_text(each, note_class)
            for each in body.iter(*tags)
            if not (each.tag == "a" and each.get("href", "#nowhere") == "#nowhere")
        ]
        found = [element.text(skip=_is_call_or_note).replace("\u00ad", "") for element in reading.elements(*roles)]
        if roles in (("P",), ("LI",)):
            found = [text for text in found if text in set(wanted)]
        if [text for text in wanted if text] != [text for text in found if text]:
            faults.append(
                f"{'/'.join(tags)}: {_first_difference([text for text in wanted if text], [text for text in found if text])}"
            )
    wanted_words = _source_text(body, "").split()
    found_words = reading.document.text(skip=_is_label).replace("\u00ad", "").split()
    if wanted_words != found_words:
        faults.append(f"words: {_first_difference(wanted_words, found_words)}")
    return faults


_COUNTERPARTS = (
    (("P",), ("p",)),
    (("H1", "H2", "H3", "H4", "H5", "H6"), ("h1", "h2", "h3", "h4", "h5", "h6")),
    (("TD", "TH"), ("td", "th")),
    (("Caption",), ("caption", "figcaption")),
    (("Link",), ("a",)),
    (("LI",), ("li",)),
    (("Table",), ("table",)),
)
_APART = frozenset(
    {
        "entry",
        "p",
        "div",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "caption",
        "figcaption",
        "figure",
        "table",
        "ul",
        "ol",
        "dl",
        "section",
        "nav",
        "header",
        "blockquote",
        "br",
        "img",
        "svg",
        *(f"h{n}" for n in range(1, 7)),
    }
)


def _drop_page_numbers(reading: Reading) -> None:
    """The contents' page numbers are the layout's."""
    for entry in reading.elements("TOCI"):
        for link in (each for each in entry.elements() if each.role == "Link"):
            if isinstance(link.kids[-1], Content) and link.kids[-1].text.strip().isdecimal():
                link.kids.pop()


def _source_text(element: Any, without: str) -> str:
    return " ".join("".join(_source_words(element, without)).replace("\u200b", "").split())


def _source_words(element: Any, without: str) -> Iterator[str]:
    if not isinstance(element.tag, str) or "csl-left-margin" in (element.get("class") or ""):
        return
    apart = " " if element.tag in _APART or "fn" in (element.get("class") or "").split() else ""
    yield apart + ("“" if element.tag == "q" else "")
    if element.tag in ("img", "svg"):
        yield _called(element)
        return
    yield element.text or ""
    for child in element:
        if not (without and without in (child.get("class") or "").split()):
            yield from _source_words(child, without)
        yield child.tail or ""
    yield ("”" if element.tag == "q" else "") + apart


def _called(picture: Any) -> str:
    title = picture.find("{*}title") if picture.tag == "svg" else None
    if picture.tag == "svg":
        found = title if title is not None else picture.find("title")
        return (found.text or "") if found is not None else ""
    if picture.get("alt"):
        return str(picture.get("alt"))
    figure = next(picture.iterancestors("figure"), None)
    caption = None if figure is None else figure.find("figcaption")
    return "" if caption is None else str(caption.text_content())


def _is_call_or_note(element: Element) -> bool:
    return _is_note(element) or _is_label(element)


def _is_label(element: Element) -> bool:
    """Labels that the layout adds: bullets, numbers of items and notes, calls of notes."""
    if element.role != "Lbl" or element.parent is None:
        return False
    return element.parent.role in ("Note", "FENote", "Reference") or (
        element.parent.role == "LI" and len(element.text()) <= 4 and not element.text()[:1].isupper()
    )


def _first_difference(wanted: list[str], found: list[str]) -> str:
    for at in range(max(len(wanted), len(found))):
        one, other = wanted[at : at + 1], found[at : at + 1]
        if one != other:
            return f"at {at} of {len(wanted)} the source has {wanted[at : at + 2]}, the file {found[at : at + 2]}"
    return "no difference"
