"""The functions on pandoc's tree."""

from __future__ import annotations

from mmguide.ast import iterate, plain_text, rewrite, string
from mmguide.converting import parse


def test_citations_within_a_locator_are_visited_and_rewritten() -> None:
    blocks = parse("[@a2010, and *so* @b2011]\n")
    keys = [c["citationId"] for e in iterate(blocks) if e["t"] == "Cite" for c in e["c"][0]]
    assert keys == ["a2010", "b2011"]
    changed = rewrite(blocks, lambda e: string("thus") if e["t"] == "Emph" else None)
    (cite,) = [e for e in iterate(changed) if e["t"] == "Cite" and e["c"][0][0]["citationId"] == "a2010"]
    assert "thus" in plain_text(cite["c"][0][0]["citationSuffix"])
