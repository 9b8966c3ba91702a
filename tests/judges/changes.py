"""A judge of tracked changes: what is left of a Word file when all its changes are accepted or rejected, as Word does it.

Written after ISO/IEC 29500-1, 17.13.5, with lxml and zipfile only, none of our own code.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any, Literal

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

Decision = Literal["accept", "reject"]
# What marks places and says nothing.
_BESIDE = tuple(f"{W}{name}{end}" for name in ("bookmark", "moveFromRange", "moveToRange") for end in ("Start", "End"))


def settled(content: bytes, decision: Decision) -> list[Any]:
    """What the text of the file is, as plain values in order: paragraphs, tables and what stands in them."""
    file = _File(content)
    body = file.root("word/document.xml").find(f"{W}body")
    for root in file.roots.values():
        _settle(root, decision)
    return list(file.story(body))


def without_leads(values: list[Any]) -> list[Any]:
    """What begins a box or a part of one has a look of its own; which paragraph that was in the other version, no change tells."""
    return [without_leads(v) if isinstance(v, list) else _without_lead(v) for v in values]


def _without_lead(paragraph: tuple[Any, ...]) -> tuple[Any, ...]:
    style, *said = paragraph
    return (
        style.replace("RecommendationLead", "RecommendationText"),
        *((look.replace("PartLead", "Strong"), w) for look, w in said),
    )


def as_written(content: bytes) -> list[Any]:
    """The same of a file without changes."""
    file = _File(content)
    for root in file.roots.values():
        assert not list(root.iter(*(W + name for name in ("ins", "del", "moveFrom", "moveTo")))), "this file has tracked changes"
    return list(file.story(file.root("word/document.xml").find(f"{W}body")))


def _settle(root: Any, decision: Decision) -> None:
    keep, drop = (("ins", "moveTo"), ("del", "moveFrom"))[:: 1 if decision == "accept" else -1]
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}{drop[0]}") is not None:
            row.getparent().remove(row)
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)
    for change in list(root.iter(*(W + name for name in drop))):
        if change.getparent().tag != f"{W}rPr" and change.getparent().tag != f"{W}trPr":
            change.getparent().remove(change)
    for change in list(root.iter(*(W + name for name in keep))):
        parent = change.getparent()
        if parent.tag not in (f"{W}rPr", f"{W}trPr"):
            at = parent.index(change)
            parent[at : at + 1] = list(change)
    for paragraph in list(root.iter(f"{W}p")):
        if any(paragraph.find(f"{W}pPr/{W}rPr/{W}{name}") is not None for name in drop):
            _join_to_next(paragraph)


def _join_to_next(paragraph: Any) -> None:
    """Without its mark a paragraph runs into the next one, which keeps its own properties; before a table it can only be empty."""
    following = paragraph.getnext()
    while following is not None and following.tag in _BESIDE:
        following = following.getnext()
    content = [e for e in paragraph if e.tag != f"{W}pPr"]
    if following is not None and following.tag == f"{W}p":
        at = 0 if following.find(f"{W}pPr") is None else 1
        following[at:at] = content
        paragraph.getparent().remove(paragraph)
    elif not any(e.tag not in _BESIDE for e in content):
        paragraph.getparent().remove(paragraph)


class _File:
    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        self.roots = {n: etree.fromstring(self._parts[n]) for n in ("word/document.xml", "word/footnotes.xml")}
        self._notes = {n.get(f"{W}id"): n for n in self.roots["word/footnotes.xml"].iter(f"{W}footnote")}
        self._targets: dict[str, dict[str, str]] = {}
        for name in self.roots:
            rels = self._parts.get(name.replace("word/", "word/_rels/") + ".rels", b"<x/>")
            self._targets[name] = {r.get("Id"): r.get("Target") for r in etree.fromstring(rels)}
        self._number: dict[str, str] = {}

    def root(self, name: str) -> Any:
        return self.roots[name]

    def story(self, holder: Any, part: str = "word/document.xml") -> Iterator[Any]:
        """Paragraphs with style, level and words; tables with their style and rows. Empty paragraphs count for nothing."""
        for element in holder:
            if element.tag == f"{W}p":
                said = list(self._joined(self._words(element, part)))
                if said:
                    yield (self._style(element), *said)
            elif element.tag == f"{W}tbl":
                yield [[list(self.story(cell, part)) for cell in row.findall(f"{W}tc")] for row in element.findall(f"{W}tr")]

    def _style(self, paragraph: Any) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        level = paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl")
        return f"{'' if style is None else style.get(f'{W}val')}{'' if level is None else '/' + level.get(f'{W}val')}"

    def _words(self, node: Any, part: str, link: str = "") -> Iterator[tuple[str, str]]:
        for element in node:
            if element.tag == f"{W}hyperlink":
                target = element.get(f"{W}anchor") or self._targets[part].get(element.get(f"{R}id"), "")
                yield from self._words(element, part, target)
            elif element.tag == f"{W}r":
                named = element.find(f"{W}rPr/{W}rStyle")
                look = ("" if named is None else named.get(f"{W}val")) + (f" to {link}" if link else "")
                look += "".join(sorted(e.tag.rsplit("}", 1)[1] for e in element.findall(f"{W}rPr/*") if e.tag != f"{W}rStyle"))
                yield from ((look, said) for said in self._run(element, part))
            elif element.tag in (f"{M}oMath", f"{M}oMathPara"):
                yield "math", "".join(element.itertext())

    def _run(self, run: Any, part: str) -> Iterator[str]:
        for element in run:
            if element.tag in (f"{W}t", f"{W}delText"):
                yield element.text or ""
            elif element.tag in (f"{W}instrText", f"{W}delInstrText"):
                yield f"⟨{' '.join((element.text or '').split())}⟩"
            elif element.tag == f"{W}br":
                yield "\n"
            elif element.tag == f"{W}tab":
                yield "\t"
            elif element.tag == f"{W}footnoteReference":
                note = list(self.story(self._notes[element.get(f"{W}id")], "word/footnotes.xml"))
                # The space behind the number is the writer's, and stands in a run of its own or not.
                yield f"note {note}".replace("', ('', ' ", "', ('', '", 1).replace("('', ''), ", "", 1)
            elif element.tag == f"{W}drawing":
                for blip in element.iter(f"{A}blip"):
                    target = self._targets[part].get(blip.get(f"{R}embed"), "")
                    yield "picture " + sha256(self._parts.get(f"word/{target}", b"")).hexdigest()[:8]

    def _joined(self, words: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        last: tuple[str, str] | None = None
        for look, said in words:
            if last is not None and last[0] == look:
                last = (look, last[1] + said)
            else:
                if last is not None:
                    yield last
                last = (look, said)
        if last is not None and (last[1].strip() or last[0]):
            yield last
