"""Stage scan: the YAML block that may stand at the beginning of a section."""

from __future__ import annotations

import re

from mmguide.diagnostics import Span
from mmguide.model.source import Source

_OPENING = re.compile(r"---[ \t]*\n(?![ \t]*\n)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"^(?P<key>[^\s#\-:\"'\[\]{},][^:\n]*?|\"[^\"\n]+\"|'[^'\n]+')\s*:(?=\s|$)", re.MULTILINE)


def front_matter(source: Source) -> tuple[int, tuple[tuple[str, Span], ...]]:
    """How many characters of the text the leading YAML block takes (0 if there is none), and its top-level keys."""
    opening = _OPENING.match(source.text)
    if opening is None:
        return 0, ()
    closing = _CLOSING.search(source.text, opening.end())
    if closing is None:
        return 0, ()
    keys = tuple(
        (m["key"].strip("\"'"), source.span(m.start("key"), m.end("key")))
        for m in _KEY.finditer(source.text, opening.end(), closing.start())
    )
    return closing.end(), keys
