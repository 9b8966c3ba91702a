"""Stage scan: pandoc's attribute lists, `{#id .class key="value"}`."""

from __future__ import annotations

import re
from typing import NamedTuple

_ONE = re.compile(
    r"#(?P<id>\w[\w:.-]*)|\.(?P<cls>[^\W\d_][\w:.-]*)|(?P<key>[^\W\d_][\w:.-]*)="
    r"(?:\"(?P<dq>(?:[^\"\\]|\\.)*)\"|'(?P<sq>(?:[^'\\]|\\.)*)'|(?P<bare>(?:[^\s\"'}\\]|\\.)*))|(?P<minus>-)",
    re.DOTALL,
)
# What was meant as an attribute list, whether it can be read or not.
_MEANT = re.compile(r"\{ *(?:[#.][^\s{}]|[\w-]+=)[^{}\n]*\}")
_SPACE = re.compile(r" *(?:\n *)?")
_ESCAPE = re.compile(r"\\([^\w\s])")


class Attributes(NamedTuple):
    """An attribute list and where it stands in the text that was scanned; `id_at` is where its `#id` begins, -1 without one."""

    id: str
    classes: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    start: int
    end: int
    id_at: int = -1


def attributes(text: str, at: int) -> Attributes | None:
    """The attribute list that begins at `at`, None if there is none."""
    if at >= len(text) or text[at] != "{":
        return None
    name, id_at = "", -1
    classes: list[str] = []
    pairs: list[tuple[str, str]] = []
    here = _skip(text, at + 1)
    while here < len(text) and text[here] != "}":
        m = _ONE.match(text, here)
        if m is None:
            return None
        if m["id"]:
            name, id_at = m["id"], here
        elif m["cls"]:
            classes.append(m["cls"])
        elif m["minus"]:
            classes.append("unnumbered")
        else:
            value = next(v for v in (m["dq"], m["sq"], m["bare"]) if v is not None)
            name, id_at = _pair(m["key"], _ESCAPE.sub(r"\1", value), classes, pairs, (name, id_at, here))
        here = _skip(text, m.end())
    if here >= len(text):
        return None
    return Attributes(name, tuple(classes), tuple(pairs), at, here + 1, id_at)


def unreadable(text: str, at: int) -> int:
    """The end of something at `at` that was meant as an attribute list and is printed as text, 0 if there is none."""
    m = _MEANT.match(text, at)
    return m.end() if m is not None and attributes(text, at) is None else 0


def _pair(key: str, value: str, classes: list[str], pairs: list[tuple[str, str]], now: tuple[str, int, int]) -> tuple[str, int]:
    name, id_at, here = now
    if key == "id":
        return value, here
    if key == "class":
        classes.extend(value.split())
    else:
        pairs.append((key, value))
    return name, id_at


def _skip(text: str, at: int) -> int:
    m = _SPACE.match(text, at)
    return at if m is None else m.end()
