"""Stage review, remarks: comments and tracked changes of a Word file in the order of its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from mmguide.places import PREFIX
from mmguide.review.archive import Parts

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Kind = Literal["comment", "insertion", "deletion"]
_KINDS: dict[str, Kind] = {"ins": "insertion", "moveTo": "insertion", "del": "deletion", "moveFrom": "deletion"}


class Remark(Struct, frozen=True):
    """What a reviewer left. `text` is the comment or the words that came or went; `about` the words a comment is on, or the words before
    a change; `bookmark` names the paragraph of the source (see `places`), '' where none is near."""

    kind: Kind
    author: str
    date: str
    text: str
    about: str
    bookmark: str


def remarks(parts: Parts) -> tuple[Remark, ...]:
    """The remarks of the text and its notes; neighbouring pieces of one change are one."""
    comments = _comments(parts.trees.get("word/comments.xml"))
    found: list[Remark] = []
    for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        bookmark = ""
        for paragraph in parts.trees[name].iter(f"{_W}p") if name in parts.trees else ():
            own = _bookmark(paragraph)
            bookmark = own or bookmark
            found += (replace(remark, bookmark=bookmark) for remark in _joined(_of_paragraph(paragraph, comments)))
    return tuple(found)


def _comments(root: Any) -> dict[str, Remark]:
    """The comments by their numbers."""
    found = {}
    for comment in root.iter(f"{_W}comment") if root is not None else ():
        lines = ("".join(t.text or "" for t in p.iter(f"{_W}t")) for p in comment.iter(f"{_W}p"))
        text = " ".join(line for line in lines if line)
        found[comment.get(f"{_W}id")] = Remark("comment", *_by(comment), text, "", "")
    return found


def _bookmark(paragraph: Any) -> str:
    names = (b.get(f"{_W}name") or "" for b in paragraph.iter(f"{_W}bookmarkStart"))
    return next((name for name in names if name.startswith(PREFIX)), "")


def _of_paragraph(paragraph: Any, comments: dict[str, Remark]) -> Iterator[Remark]:
    said = ""
    open_: dict[str, int] = {}
    for element in paragraph.iter():
        if element.tag in (f"{_W}t", f"{_W}delText"):
            change = next((a for a in element.iterancestors(*(f"{_W}{n}" for n in _KINDS))), None)
            if change is not None and element.text:
                yield Remark(_KINDS[change.tag.rsplit("}", 1)[1]], *_by(change), element.text, said[-40:], "")
            said += element.text or ""
        elif element.tag == f"{_W}commentRangeStart":
            open_[element.get(f"{_W}id")] = len(said)
        elif element.tag == f"{_W}commentReference" and element.get(f"{_W}id") in comments:
            about = said[open_.get(element.get(f"{_W}id"), len(said)) :]
            yield replace(comments[element.get(f"{_W}id")], about=about[:120])


def _joined(found: Iterator[Remark]) -> list[Remark]:
    """Runs of one change, which Word divides at every change of look, as one."""
    out: list[Remark] = []
    for remark in found:
        last = out[-1] if out else None
        same = last is not None and (last.kind, last.author, last.date) == (remark.kind, remark.author, remark.date)
        follows = last is not None and remark.kind != "comment" and (last.about + last.text).endswith(remark.about)
        if last is not None and same and follows:
            out[-1] = replace(last, text=last.text + remark.text)
        else:
            out.append(remark)
    return out


def _by(element: Any) -> tuple[str, str]:
    return element.get(f"{_W}author") or "", element.get(f"{_W}date") or ""
