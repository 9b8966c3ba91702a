"""Second keys in Manubot's manner."""

from __future__ import annotations

from mmguide.assemble.aliases import second_keys, with_keys, without_definitions
from mmguide.ast import iterate, plain_text
from mmguide.converting import parse
from mmguide.diagnostics import Span
from mmguide.model.reference import Bibliography, Reference
from mmguide.model.source import Source
from mmguide.scan import scan

TEXT = "Known [@tag:old].\n\n[@tag:old]: doi:10.1000/x\n[@tag:unused]: doi:10.1000/y\n\n`[@tag:old]: code`\n"


def test_definitions_are_neither_text_nor_citations() -> None:
    found = scan(Source("a.md", TEXT))
    assert [c.key for c in found.citations] == ["tag:old"]
    assert [(a.key, a.target, a.span.line) for a in found.aliases] == [
        ("tag:old", "doi:10.1000/x", 3),
        ("tag:unused", "doi:10.1000/y", 4),
    ]
    blocks = without_definitions(parse(found.body), found)
    assert plain_text(blocks) == "Known [@tag:old]. [@tag:old]: code"


def test_a_line_that_begins_with_a_citation_and_a_colon_stays_text() -> None:
    found = scan(Source("a.md", "[@one]: yes\n[@two]: see there: x\n"))
    assert [c.key for c in found.citations] == ["one", "two"]
    assert found.aliases == ()


def test_a_citation_by_a_second_key_names_the_reference() -> None:
    found = scan(Source("a.md", TEXT))
    known = Bibliography((Reference("doi:10.1000/x", {"id": "doi:10.1000/x"}, Span("r.json")),))
    keys = second_keys([found], known)
    assert keys == {"tag:old": "doi:10.1000/x"}
    (cite, *_) = [e for e in iterate(with_keys(parse(found.body), keys)) if e["t"] == "Cite"]
    assert cite["c"][0][0]["citationId"] == "doi:10.1000/x"
