"""Stage scan: Manubot's lines `[@name]: doi:10.1000/x`, which give a reference a second key and are not text."""

from __future__ import annotations

import re

from msgspec.structs import replace

from mmguide.model.source import Alias, Scan

_LINE = re.compile(r"^\[@(?P<key>[^\]\s]+)\]:[ \t]+(?P<target>@?[A-Za-z][\w.+-]*:\S+)[ \t]*$")


def with_aliases(scan: Scan) -> Scan:
    """The scan with these lines as aliases; the key at their beginning is no citation."""
    found: dict[int, Alias] = {}
    for citation in scan.citations:
        if citation.span.column != 2:
            continue
        match = _LINE.match(scan.source.line(citation.span.line))
        if match and match["key"].strip("{}") == citation.key:
            found[citation.span.line] = Alias(citation.key, match["target"].removeprefix("@"), citation.span)
    if not found:
        return scan
    citations = tuple(c for c in scan.citations if c.span.line not in found)
    return replace(scan, citations=citations, aliases=tuple(found.values()))
