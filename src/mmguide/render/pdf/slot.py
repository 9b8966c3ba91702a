"""Stage render, PDF: a sheet laid out once with room for a box, and boxes laid out apart, put into it one after the other.

Where a box differs from clinic to clinic and nothing else does, pages with a box of the same height are the same pages. The room is a
link to `slot:`, so that the laid out file says where it is, how wide, and at which place of the structure.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from mmguide.contact import CONTACT
from mmguide.errors import OutputFailed
from mmguide.render.pdf.press import PdfResult
from mmguide.render.pdf.saving import saved

_ROOM, _END = "slot:", "slot-end:"
_BOX = re.compile(rf'<div class="{CONTACT}">.*?</div>', re.S)
_TALL = 800.0
_STYLE = (
    "<style>@page slot{size:%.4fpt %gpt !important;margin:0 !important;background:none !important;%s}"
    "section.slot{page:slot;margin:0 !important}.slot > div{margin:0 !important}.slot-end{display:block;height:4pt}</style>"
)
_BARE = "".join(
    f"@{place}{{content:none !important}}" for place in ("top-left", "top-right", "bottom-left", "bottom-center", "bottom-right")
)


def with_room(html: str, height: float) -> str:
    """The sheet with empty room of this height, in points, in place of its box."""
    room = f'<div class="{CONTACT}" style="border:0;padding:0"><a href="{_ROOM}" style="display:block;height:{height:.4f}pt"></a></div>'
    made, count = _BOX.subn(lambda _: room, html, count=1)
    if not count:
        raise OutputFailed("the sheet has no box for the clinic")
    return made


def boxes_of(html: str) -> list[str]:
    """The boxes in a text."""
    return _BOX.findall(html)


def alone(opening: str, box: str, width: float) -> str:
    """The box on a page of its own, as wide as its room."""
    style = _STYLE % (width, _TALL, _BARE)
    end = f'<a href="{_END}" class="slot-end"></a>'
    return f'{opening.replace("</head>", style + "</head>")}<section class="level1 slot">{box}{end}</section></body></html>\n'


def width_of_room(content: bytes) -> float:
    """How wide the room is on the page, in points."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        _, area = _found(pdf, _ROOM)
        return abs(float(area.Rect[2]) - float(area.Rect[0]))


class Box(Struct, frozen=True):
    """A box laid out on a page of its own: its height in points, its file, the characters in it that no font has."""

    height: float
    content: bytes
    missing: tuple[str, ...]


def measured(result: PdfResult) -> Box:
    """The box, whose height is where its end stands."""
    import pikepdf

    with pikepdf.open(io.BytesIO(result.content)) as pdf:
        _, area = _found(pdf, _END)
        end = max(float(area.Rect[1]), float(area.Rect[3]))
        return Box(round(_TALL - end, 3), result.content, result.missing)


def stamped(sheet: bytes, box: bytes) -> bytes:
    """The sheet with the box in its room: drawn there, its links and its structure in the place of the room's."""
    import pikepdf

    with pikepdf.open(io.BytesIO(sheet)) as whole, pikepdf.open(io.BytesIO(box)) as other:
        page, room = _found(whole, _ROOM)
        brought, end = _found(other, _END)
        tree = whole.Root.StructTreeRoot
        first = int(tree.ParentTreeNextKey)
        _take_out(_owners(other.Root.StructTreeRoot)[int(end.StructParent)])
        links = [area for area in brought.obj.Annots if area.objgen != end.objgen]
        # All in one copy: elements, parents and links point at each other. What points at the box's page points at nothing then.
        form = brought.as_form_xobject()
        form.StructParents = int(brought.obj.StructParents)
        carried = pikepdf.Dictionary(Tree=other.Root.StructTreeRoot, Links=pikepdf.Array(links), Form=form)
        copied = whole.copy_foreign(other.make_indirect(carried))
        _draw(whole, page, room, copied.Form)
        for each in _streams(copied.Form):
            each.StructParents = int(each.StructParents) + first
        _put_links(page, room, copied.Links, first)
        _graft(_owners(tree)[int(room.StructParent)], copied.Tree, page.obj, copied.Form)
        gone = {int(room.StructParent), int(end.StructParent) + first}
        numbers = [*_numbered(tree, 0), *_numbered(copied.Tree, first)]
        tree.ParentTree.Nums = pikepdf.Array(
            [part for number, owner in numbers if number not in gone for part in (number, owner)]
        )
        tree.ParentTreeNextKey = first + int(copied.Tree.ParentTreeNextKey)
        return saved(whole)


def _found(pdf: Any, address: str) -> tuple[Any, Any]:
    """The page and the area of the link to this address."""
    for page in pdf.pages:
        for area in page.obj.get("/Annots", ()):
            if str(area.get("/A", {}).get("/URI", "")) == address:
                return page, area
    raise OutputFailed("the room for the clinic's box is not on the page")


def _numbered(tree: Any, shift: int) -> Iterator[tuple[int, Any]]:
    numbers = list(tree.ParentTree.Nums)
    for number, owner in zip(numbers[::2], numbers[1::2], strict=True):
        yield int(number) + shift, owner


def _owners(tree: Any) -> Mapping[int, Any]:
    return dict(_numbered(tree, 0))


def _kids(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _alone(element: Any) -> Any:
    """The element, or the paragraph that holds nothing else."""
    above = element.P
    return above if above.get("/S") == "/P" and len(_kids(above)) == 1 else element


def _take_out(element: Any, *instead: Any) -> None:
    """Put other elements into the place of this one."""
    import pikepdf

    gone = _alone(element)
    above = gone.P
    made: list[Any] = []
    for kid in _kids(above):
        same = isinstance(kid, pikepdf.Dictionary) and kid.objgen == gone.objgen
        made += instead if same else [kid]
    above.K = pikepdf.Array(made)
    for each in instead:
        each.P = above


def _graft(room: Any, tree: Any, page: Any, form: Any) -> None:
    """The box's elements in the place of the room's; what they hold is drawn by `form` on `page`."""
    top = tree.K[0]
    while len(_kids(top)) == 1 and _kids(top)[0].get("/S") == "/Sect":
        top = _kids(top)[0]
    elements = _kids(top)
    for each in elements:
        _moved(each, page, form)
    _take_out(room, *elements)


def _moved(element: Any, page: Any, form: Any) -> None:
    import pikepdf

    made = []
    element.Pg = page
    for kid in _kids(element):
        if not isinstance(kid, pikepdf.Dictionary):
            kid = pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=page, Stm=form, MCID=int(kid))
        elif "/S" in kid:
            _moved(kid, page, form)
        else:
            kid.Pg = page
            if kid.get("/Type") == "/MCR" and "/Stm" not in kid:
                kid.Stm = form
        made.append(kid)
    element.K = pikepdf.Array(made)


def _draw(whole: Any, page: Any, room: Any, form: Any) -> None:
    import pikepdf

    x, y = _corner(room)
    name = page.add_resource(form, pikepdf.Name.XObject, name=pikepdf.Name("/Slot"))
    page.contents_add(b"q", prepend=True)
    page.contents_add(f"Q\nq 1 0 0 1 {x:.3f} {y:.3f} cm {name} Do Q".encode())


def _put_links(page: Any, room: Any, links: Any, first: int) -> None:
    """The box's links on the page, in the place of the room."""
    import pikepdf

    shift = _corner(room)
    for area in links:
        area.Rect = [round(float(edge) + shift[at % 2], 3) for at, edge in enumerate(area.Rect)]
        area.StructParent = int(area.StructParent) + first
        if "/P" in area:
            area.P = page.obj
    made: list[Any] = []
    for area in page.obj.Annots:
        made += list(links) if area.objgen == room.objgen else [area]
    page.obj.Annots = pikepdf.Array(made)


def _corner(room: Any) -> tuple[float, float]:
    """Where the corner of the box's page comes to lie."""
    x1, y1, x2, y2 = map(float, room.Rect)
    return min(x1, x2), max(y1, y2) - _TALL


def _streams(form: Any) -> Iterator[Any]:
    """The drawing and those within it that have tags."""
    if "/StructParents" in form:
        yield form
    for each in dict(form.get("/Resources", {}).get("/XObject", {})).values():
        if each.get("/Subtype") == "/Form":
            yield from _streams(each)
