"""Stage data: CSV text as fields with their places (RFC 4180; the same fields that Python's csv module reads)."""

from __future__ import annotations

import re
from typing import NamedTuple

# What stands in quotes, in which two of them stand for one, and the quote that closes it, which can be missing at the end of the text.
_QUOTED = re.compile(r'"((?:[^"]|"")*+)("?)')


class Field(NamedTuple):
    """One field: its value, and the offsets of its content in the text (inside the quotes where it has some)."""

    value: str
    start: int
    end: int
    closed: bool = True


def records(text: str) -> list[list[Field]]:
    """The records of a CSV text; empty lines are none. A comma separates, or a semicolon where the first line has no comma."""
    delimiter = _delimiter(text)
    found: list[list[Field]] = []
    at = 0
    while at < len(text):
        if text[at] == "\n":
            at += 1
            continue
        end = text.find("\n", at)
        line = text[at:] if end < 0 else text[at:end]
        if '"' not in line:
            found.append(_plain_record(line, at, delimiter))
            at += len(line) + 1
            continue
        record: list[Field] = []
        while True:
            cell, at = _field(text, at, delimiter)
            record.append(cell)
            if at >= len(text) or text[at] == "\n":
                at += 1
                break
            at += 1
            if at == len(text):
                record.append(Field("", at, at))
                break
        found.append(record)
    return found


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return ";" if ";" in head and "," not in head else ","


def _plain_record(line: str, at: int, delimiter: str) -> list[Field]:
    """The fields of a line without quotes that begins at `at`."""
    record = []
    for value in line.split(delimiter):
        record.append(Field(value, at, at + len(value)))
        at += len(value) + 1
    return record


def _field(text: str, at: int, delimiter: str) -> tuple[Field, int]:
    """The field that begins at `at`, and the offset of what ends it."""
    quote = _QUOTED.match(text, at)
    if quote is None:
        end = _end_of_plain(text, at, delimiter)
        return Field(text[at:end], at, end), end
    value, closed = quote[1].replace('""', '"'), bool(quote[2])
    # What follows a closing quote belongs to the field, as in every spreadsheet.
    end = _end_of_plain(text, quote.end(), delimiter)
    return Field(value + text[quote.end() : end], at + 1, quote.end(1) if end == quote.end() else end, closed), end


def _end_of_plain(text: str, at: int, delimiter: str) -> int:
    line = text.find("\n", at)
    line = len(text) if line < 0 else line
    comma = text.find(delimiter, at, line)
    return line if comma < 0 else comma
