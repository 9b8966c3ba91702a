"""Stage render, PDF: the drawing operators of a page: what each marked piece shows, and how it is marked in the end."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from mmguide.render.pdf.tags.content import Mark

_HEX = re.compile(rb"<([0-9a-f]*)>")
_SPACES = re.compile(r"\s+")
# Characters that lay out text and are no text themselves: fonts draw nothing for them.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u00ad\u2060\ufeff\u200e\u200f\u2066\u2067\u2068\u2069"))
SOFT_HYPHEN = "\u00ad"
_LAYOUT_ONLY = (b"BT", b"ET", b"q", b"Q")


class Drawn(Struct):
    """Where a piece stands in its stream, and which text its glyphs give a reader."""

    stream: Any
    begin: int
    end: int = -1
    text: str = ""
    last_show: int = -1
    font: str = ""
    nested: list[int] = []


class FontTexts(Struct, frozen=True):
    """For each font of the file: the text of each glyph, and the glyph of a space."""

    texts: Mapping[str, Mapping[int, str]]
    spaces: Mapping[str, int]


def font_texts(fonts: Mapping[Any, Any]) -> FontTexts:
    texts = {font.hash: font.to_unicode for font in fonts.values()}
    spaces = {}
    for name, table in texts.items():
        glyph = next((glyph for glyph, text in table.items() if text == " "), None)
        if glyph is not None:
            spaces[name] = glyph
    return FontTexts(texts, spaces)


def streams_of(captured_pdf: Any, page_stream: Any) -> list[Any]:
    """The page's stream and the groups drawn on it that hold marked pieces (an element with opacity has its own)."""
    groups = [
        each
        for each in captured_pdf.objects
        if getattr(each, "_tags", None) is page_stream._tags and each is not page_stream and b"BDC" in each.stream
    ]
    return [page_stream, *groups]


def read(stream: Any, marks: Mapping[int, Mark], fonts: FontTexts) -> None:
    """Find each marked piece in the stream and the text it shows. A piece that draws nothing keeps `drawn` None."""
    reader = _Reader(stream, marks, fonts)
    for index, operator in enumerate(stream.stream):
        reader.take(index, operator)


class _Reader:
    def __init__(self, stream: Any, marks: Mapping[int, Mark], fonts: FontTexts) -> None:
        self.stream, self.marks, self.fonts = stream, marks, fonts
        self.font = ""
        self.open: list[Drawn | None] = []
        self.current: Drawn | None = None
        self.mark: Mark | None = None
        self.shows = False

    def take(self, index: int, operator: Any) -> None:
        if not isinstance(operator, bytes):
            return
        end = operator[-2:]
        if end == b"MC" and operator == b"EMC":
            self._end(index)
        elif operator in (b"BDC", b"BMC"):
            self._begin(index, operator)
        elif end == b"Tf":
            self.font = operator[1:].split(b" ", 1)[0].decode()
        elif self.current is not None and end == b"TJ":
            self._show(index, operator)
        elif self.current is not None and not self.shows and operator not in _LAYOUT_ONLY:
            self.shows = operator.endswith((b" Do", b"f", b"S", b"B", b"sh", b"f*"))

    def _begin(self, index: int, operator: bytes) -> None:
        properties = self.stream.stream[index - 1]
        mark = (
            self.marks.get(properties["MCID"])
            if operator == b"BDC" and isinstance(properties, dict) and "MCID" in properties
            else None
        )
        if self.current is not None:
            # WeasyPrint draws underlines as artifacts within the text they belong to; a standard forbids that.
            self.current.nested.extend((index, index - 1) if operator == b"BMC" else (index, index - 1, index - 2))
            self.open.append(None)
            return
        drawn = None if mark is None else Drawn(self.stream, index, font=self.font)
        self.open.append(drawn)
        if mark is not None:
            self.current, self.mark, self.shows = drawn, mark, False

    def _end(self, index: int) -> None:
        opened = self.open.pop() if self.open else None
        if opened is None:
            if self.current is not None:
                self.current.nested.append(index)
            return
        opened.end = index
        if self.mark is not None:
            worded = hasattr(self.mark.box, "text")
            self.mark.drawn = opened if opened.last_show >= 0 or not worded else None
            if self.mark.drawn is None and self.shows:
                # A space that is underlined or struck draws its line and no word.
                decorate(self.stream.stream, opened)
            elif self.mark.drawn is None:
                unmark(self.stream.stream, opened)
        self.current = self.mark = None

    def _show(self, index: int, operator: bytes) -> None:
        assert self.current is not None
        table = self.fonts.texts.get(self.font, {})
        codes = b"".join(_HEX.findall(operator))
        if len(codes) % 4:  # a font of pictures, whose glyphs have two digits
            glyphs: Sequence[int] = [int(codes[at : at + 4], 16) for at in range(0, len(codes), 4)]
        else:
            glyphs = struct.unpack(f">{len(codes) // 4}H", bytes.fromhex(codes.decode()))
        self.current.text += "".join([table.get(glyph, "\ufffd") for glyph in glyphs])
        self.current.last_show, self.current.font = index, self.font


def unmark(operators: list[Any], drawn: Drawn) -> None:
    """Take the marking away from a piece that shows nothing."""
    for index in (drawn.begin, drawn.begin - 1, drawn.begin - 2, drawn.end, *drawn.nested):
        operators[index] = b""


def decorate(operators: list[Any], drawn: Drawn) -> None:
    """Mark a piece as decoration."""
    from pydyf import Dictionary

    operators[drawn.begin - 2], operators[drawn.begin - 1] = "/Artifact", Dictionary({"Type": "/Layout"})
    for index in drawn.nested:
        operators[index] = b""


def rewrite(marks: Sequence[Mark], fonts: FontTexts) -> None:
    """Write the final marking of one stream's pieces: numbers without gaps, artifacts, the words where glyphs do not give them."""
    from pydyf import Dictionary, String

    number = 0
    for mark in marks:
        drawn: Drawn = mark.drawn
        operators = drawn.stream.stream
        for index in drawn.nested:
            operators[index] = b""
        if mark.artifact:
            operators[drawn.begin - 2] = "/Artifact"
            operators[drawn.begin - 1] = Dictionary({"Type": f"/{mark.artifact}"})
            continue
        properties = {"MCID": number}
        mark.number = number
        number += 1
        actual = _actual_text(mark, fonts)
        if actual is not None:
            properties["ActualText"] = String(actual)
        operators[drawn.begin - 1] = Dictionary(properties)


def _actual_text(mark: Mark, fonts: FontTexts) -> str | None:
    """The words of a piece if its glyphs alone do not give them; a space at a line's end is drawn where the font has one."""
    if not hasattr(mark.box, "text"):
        return None
    drawn: Drawn = mark.drawn
    wanted = mark.text + (SOFT_HYPHEN if mark.hyphenated else "")
    if mark.hyphenated or _plain(drawn.text) != _plain(wanted):
        return wanted + (" " if mark.space_after else "")
    if not mark.space_after:
        return None
    glyph = fonts.spaces.get(drawn.font)
    if glyph is None:
        return wanted + " "
    operators = drawn.stream.stream
    operators[drawn.last_show] = operators[drawn.last_show].removesuffix(b"] TJ") + b"<%04x>] TJ" % glyph
    return None


def _plain(text: str) -> str:
    if text.isascii():
        return _SPACES.sub(" ", text)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_UNSEEN)))
