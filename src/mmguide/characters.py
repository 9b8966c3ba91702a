"""Stage read, its first step: the bytes of a file become text; and the characters that do not belong into one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import structure as rules
from mmguide.model.source import Source

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028\u2029\ufffe\uffff]")
_HIDDEN = re.compile("[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u180e\U000e0000-\U000e007f]")
_NAMES = {
    "\x00": "NUL",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
    "\u200b": "zero-width space",
    "\u2060": "word joiner",
    "\ufeff": "zero-width no-break space",
}


def read_source(path: str, raw: bytes) -> Source | Diagnostic:
    """The text of a file in UTF-8, without byte-order mark, lines ended by a line feed; a diagnostic at its first bad byte."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        span = Span(path, line, column, line, column + 1)
        return rules.NOT_UTF8.at(span, path=path, byte=f"0x{raw[error.start]:02X}")
    return Source(path, text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def unwanted_characters(source: Source) -> Iterator[Diagnostic]:
    """One diagnostic for each run of control characters, and for each run of invisible ones that change what is read."""
    for m in _runs(_UNWANTED, source.text):
        yield rules.CONTROL_CHARACTER.at(source.span(m[0], m[1]), character=_name(source.text[m[0]]))
    for m in _runs(_HIDDEN, source.text):
        yield rules.HIDDEN_CHARACTER.at(source.span(m[0], m[1]), character=_name(source.text[m[0]]))


def _runs(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    start = end = -1
    for m in pattern.finditer(text):
        if m.start() != end:
            if end >= 0:
                yield start, end
            start = m.start()
        end = m.end()
    if end >= 0:
        yield start, end


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = _NAMES.get(character)
    if (name is None and "\u202a" <= character <= "\u202e") or "\u2066" <= character <= "\u2069":
        name = "change of writing direction"
    return f"{code} ({name})" if name else code
