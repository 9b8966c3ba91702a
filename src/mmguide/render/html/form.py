"""Stage render: the fields of a form: in print places that the PDF makes fields of, on the web page inputs."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from mmguide.form import FORM_FIELD
from mmguide.render.html.body import Body
from mmguide.render.html.tree import Tree, make, with_class

FIELD_ADDRESS = "field:"
# A letter is about half as wide as its size; a line to write on is this high.
_EM_PER_LETTER, _LINE_MM = 0.5, 7


def as_places(parts: Body) -> None:
    """Each field as a link to `field:KIND/NAME/LABEL`, which gives it a rectangle, a tag and a turn in the order of reading."""
    for field in _fields(parts):
        kind, name, label, size = _facts(field)
        place = make(
            "a", class_=f"{FORM_FIELD} {kind}", href=f"{FIELD_ADDRESS}{kind}/{quote(name, safe='')}/{quote(label, safe='')}"
        )
        if kind == "text" and size:
            place.set("style", f"width: {size * _EM_PER_LETTER:g}em")
        elif kind == "area":
            place.set("style", f"height: {size * _LINE_MM}mm")
        _put(field, place)


def as_inputs(parts: Body) -> None:
    """Each field as an input that says what it asks for."""
    for field in _fields(parts):
        kind, name, label, size = _facts(field)
        given = {"name": name, "aria_label": label, "class_": FORM_FIELD}
        if kind == "area":
            _put(field, make("textarea", "", rows=str(size), **given))
        elif kind == "tick":
            _put(field, make("input", type="checkbox", **given))
        else:
            _put(field, make("input", type="text", size=str(size) if size else None, **given))


def _fields(parts: Body) -> Iterator[Tree]:
    for root in parts.roots:
        yield from with_class(root, FORM_FIELD)


def _facts(field: Tree) -> tuple[str, str, str, int]:
    kind, name, label, size = (field.get(f"data-{key}") or field.get(key) or "" for key in ("kind", "name", "label", "size"))
    return kind, name, label, int(size or 0)


def _put(field: Tree, made: Tree) -> None:
    made.tail, field.tail = field.tail, None
    field.getparent().replace(field, made)
