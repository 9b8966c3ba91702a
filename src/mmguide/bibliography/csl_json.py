"""bibliography: CSL-JSON, entry by entry, each with the place of its id."""

from __future__ import annotations

import json
import re
from typing import Any

from mmguide.bibliography.items import Found
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import references as rules
from mmguide.model.source import Source

_WRAPPED = re.compile(r'\{\s*"(?:items|references)"\s*:\s*')
_COLON = re.compile(r"\s*:\s*")
_SPACE = re.compile(r"[ \t\n\r]*")
_FIRST_ID = re.compile(r'\{\s*(?:"type"\s*:\s*"[^"\\]*"\s*,\s*)?"id"\s*:\s*')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_VALUE = re.compile(r'"(?:[^"\\\n]|\\.)*"|[^\s,}\]]+')
# Where the next entry may begin after one that could not be read.
_NEXT = r"[}\]\"]\s*,\s*(?=\{)|\n\s*(?=\{\s*\"(?:id|type)\")"
_MOST_TRIES = 5_000


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not a JSON value", "", 0)


_decoder = json.JSONDecoder(parse_constant=_no_constant)


def read(source: Source, found: Found) -> None:
    """Add the entries of a CSL-JSON file to `found`: a list, or an object that holds the list as `items` or `references`."""
    text = source.text
    start = _skip(text, 0)
    wrapped = _WRAPPED.match(text, start)
    start = wrapped.end() if wrapped else start
    if text[start : start + 1] != "[":
        found.diagnostics.append(_unreadable(source, start, "it does not begin with a list of references"))
        return
    end = _entries(source, start + 1, found)
    if end is not None and not wrapped and _skip(text, end) < len(text):
        found.diagnostics.append(_unreadable(source, _skip(text, end), "something stands behind the end of the list"))


def _unreadable(source: Source, at: int, reason: str) -> Diagnostic:
    return rules.UNREADABLE_FILE.at(source.span(at, min(at + 1, len(source.text))), reason=reason)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _entries(source: Source, at: int, found: Found) -> int | None:
    """Read entries from offset `at` to the end of the list; the offset behind it, None when the list never ends."""
    text = source.text
    at = _skip(text, at)
    if text[at : at + 1] == "]":
        return at + 1
    while True:
        try:
            item, end = _decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            found.diagnostics.append(_broken(source, at, error))
            resumed = _resume(text, error.pos if isinstance(error, json.JSONDecodeError) and error.doc else at + 1)
            if resumed is None:
                return None
            at = resumed
            continue
        found.add(item, _place(source, at, end, item), "csl-json")
        end = _skip(text, end)
        mark = text[end : end + 1]
        if mark == "]":
            return end + 1
        at = _skip(text, end + 1) if mark == "," else end
        if mark != ",":
            found.diagnostics.append(_unreadable(source, end, "a comma or the closing bracket of the list is missing here"))
            if mark != "{":
                return None
        elif text[at : at + 1] == "]":
            found.diagnostics.append(_unreadable(source, end, "the comma after the last entry is too much"))
            return at + 1


def _broken(source: Source, at: int, error: Exception) -> Diagnostic:
    if isinstance(error, json.JSONDecodeError) and error.doc:
        return rules.UNREADABLE_ENTRY.at(source.span(error.pos), reason=error.msg[:1].lower() + error.msg[1:])
    reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).split(":")[0]
    return rules.UNREADABLE_ENTRY.at(source.span(at), reason=reason)


def _resume(text: str, at: int) -> int | None:
    """The next place behind a broken entry where something that looks like an entry can be read whole."""
    for tries, match in enumerate(re.compile(_NEXT).finditer(text, max(at - 1, 0))):
        if tries >= _MOST_TRIES:
            return None
        try:
            item, _ = _decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(item, dict) and "id" in item:
            return match.end()
    return None


def _place(source: Source, start: int, end: int, item: Any) -> Span:
    """The place of an entry's id; of its beginning if it has none."""
    text = source.text
    if isinstance(item, dict) and "id" in item:
        direct = _FIRST_ID.match(text, start, end)
        at = direct.end() if direct else _id_value(text, start, end)
        value = _VALUE.match(text, at, end) if at is not None else None
        if value:
            quoted = value[0].startswith('"')
            return source.span(value.start() + quoted, value.end() - quoted)
    return source.span(start, start + 1)


def _id_value(text: str, start: int, end: int) -> int | None:
    """The offset of the value of `id` at the outermost level of the object in text[start:end]."""
    depth = 0
    for token in _TOKEN.finditer(text, start, end):
        mark = token[0]
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
        elif depth == 1 and mark == '"id"' and (colon := _COLON.match(text, token.end(), end)):
            return colon.end()
    return None
