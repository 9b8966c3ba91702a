"""Render, Word: fields, bookmarks and marks as raw pieces of the tree that pandoc passes on unchanged."""

from __future__ import annotations

from mmguide.ast import Element, Inlines
from mmguide.render.docx.ooxml import MARK, attribute, named, run, text


def raw_inline(xml: str) -> Element:
    return {"t": "RawInline", "c": ["openxml", xml]}


def raw_block(xml: str) -> Element:
    return {"t": "RawBlock", "c": ["openxml", xml]}


def field_begin(instruction: str, style: str = "") -> str:
    """What stands before a field's result."""
    looks = named(style)
    return (
        f'<w:r>{looks}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{looks}<w:instrText xml:space="preserve"> {text(instruction)} </w:instrText></w:r>'
        f'<w:r>{looks}<w:fldChar w:fldCharType="separate"/></w:r>'
    )


FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def field(instruction: str, result: str, style: str = "") -> str:
    """A field with its result already in it, as a text run. All of it has the style: LibreOffice takes that of where it begins."""
    end = FIELD_END.replace("<w:r>", f"<w:r>{named(style)}")
    return field_begin(instruction, style) + run(result, style) + end


# Numbers of bookmarks are given in the finishing; until then a start and an end belong together by their name.
def bookmark_start(name: str) -> str:
    return f'<w:bookmarkStart w:id="{name}" w:name="{name}"/>'


def bookmark_end(name: str) -> str:
    return f'<w:bookmarkEnd w:id="{name}"/>'


def bookmarked(inlines: Inlines, *names: str) -> Inlines:
    """The inlines inside bookmarks of these names; empty names count for nothing."""
    real = [name for name in names if name]
    if not real:
        return inlines
    start = raw_inline("".join(bookmark_start(name) for name in real))
    end = raw_inline("".join(bookmark_end(name) for name in reversed(real)))
    return [start, *inlines, end]


def mark(name: str, **attributes: str) -> str:
    """A wish for the finishing, which finds it where pandoc put it and takes it away."""
    given = "".join(f" {key}={attribute(value)}" for key, value in attributes.items())
    return f'<x:{name} xmlns:x="{MARK}"{given}/>'
