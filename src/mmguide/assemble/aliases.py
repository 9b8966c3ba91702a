"""Stage assemble, second keys: the lines that define them are not printed, and citations by them name the reference itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import normalize

from mmguide.ast import Blocks, Element, Inlines, rewrite
from mmguide.model.reference import Bibliography
from mmguide.model.source import Scan


def without_definitions(blocks: Blocks, scan: Scan) -> Blocks:
    """The blocks without the lines `[@name]: doi:10.1000/x`."""
    if not scan.aliases:
        return blocks
    keys = {alias.key for alias in scan.aliases}

    def action(element: Element) -> Element | list[Element]:
        lines = [line for line in _lines(element["c"]) if not _defines(line, keys)]
        kept = [inline for line in lines for inline in (*line, {"t": "SoftBreak"})][:-1]
        return [] if not kept else {"t": element["t"], "c": kept}

    made: Blocks = rewrite(blocks, action, {"Para", "Plain"})
    return made


def _lines(inlines: Inlines) -> list[Inlines]:
    lines: list[Inlines] = [[]]
    for inline in inlines:
        if inline["t"] == "SoftBreak":
            lines.append([])
        else:
            lines[-1].append(inline)
    return lines


def _defines(line: Inlines, keys: set[str]) -> bool:
    if len(line) < 2 or line[0]["t"] != "Cite" or line[1] != {"t": "Str", "c": ":"}:
        return False
    citations = line[0]["c"][0]
    return len(citations) == 1 and citations[0]["citationId"] in keys


def second_keys(scans: Iterable[Scan], bibliography: Bibliography) -> Mapping[str, str]:
    """For each second key that no reference has itself, the key of the reference it stands for."""
    wanted = {normalize("NFC", a.key): a.target for scan in scans for a in scan.aliases}
    return {
        key: target for key, target in wanted.items() if bibliography.get(key) is None and bibliography.get(target) is not None
    }


def with_keys(blocks: Blocks, keys: Mapping[str, str]) -> Blocks:
    """The blocks with these citation keys replaced."""
    if not keys:
        return blocks

    def renamed(citation: dict[str, Any]) -> dict[str, Any]:
        key = normalize("NFC", citation["citationId"])
        return {**citation, "citationId": keys[key]} if key in keys else citation

    def action(element: Element) -> Element | None:
        return {"t": "Cite", "c": [[renamed(c) for c in element["c"][0]], element["c"][1]]} if element["t"] == "Cite" else None

    made: Blocks = rewrite(blocks, action)
    return made
