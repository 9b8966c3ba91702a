"""Render, Word: the fields of a form as content controls, which Word fills in and reads out by their titles."""

from __future__ import annotations

from mmguide.ast import Attr, Element
from mmguide.render.docx.fields import raw_inline
from mmguide.render.docx.ooxml import attribute

_WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
_TICK = (
    f'<w14:checkbox xmlns:w14="{_WORD_2010}"><w14:checked w14:val="0"/>'
    '<w14:checkedState w14:val="2612" w14:font="Segoe UI Symbol"/><w14:uncheckedState w14:val="2610" w14:font="Segoe UI Symbol"/>'
    "</w14:checkbox>"
)
_LINE, _SHORT, _LONG = "_" * 62, 12, 62


def control(attr: Attr) -> Element:
    """The content control of a field; until it is filled in it shows what is there for the pen."""
    kind, size = attr.get("kind"), int(attr.get("size") or 0)
    if kind == "tick":
        shape, shown = _TICK, "<w:t>☐</w:t>"
    elif kind == "area":
        shape, shown = '<w:text w:multiLine="1"/>', "<w:br/>".join(f"<w:t>{_LINE}</w:t>" for _ in range(size))
    else:
        shape, shown = "<w:text/>", f"<w:t>{'_' * min(size or _SHORT, _LONG)}</w:t>"
    properties = f"<w:alias {_value(attr.get('label')[:64])}/><w:tag {_value(attr.get('name')[:64])}/>{shape}"
    return raw_inline(f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent><w:r>{shown}</w:r></w:sdtContent></w:sdt>")


def _value(text: str) -> str:
    return f"w:val={attribute(text)}"
