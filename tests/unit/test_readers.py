"""No text of any format stops its reader, and every place it gives lies in the text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmguide import bibliography
from mmguide.model.source import Source

# Pieces that the grammars of the formats are made of, so that random texts come near to being valid.
_JSON = """[ ] { } , : " "id" "a" "title" "author" [{ }] null 1e999 NaN \\u \\ud800 "\\ud800" "\\u0000" -"""
PIECES = {
    "x.json": _JSON.split(),
    "x.yaml": [
        "\n",
        "  ",
        ": ",
        *["- ", "id: a", "title: ", "references:", "[", "]", "{", "}", "&a", "*a", "!!x", ">", "'", '"', "#", "---"],
    ],
    "x.ris": [
        "\n",
        *["TY  - JOUR", "ER  - ", "TI  - ", "AU  - a, b", "PY  - 2001", "  ", "ID  - x", "DO  - 10.1/x", "SP  - ", "- "],
    ],
    "x.nbib": [
        "\n",
        "\n\n",
        *["PMID- ", "1", "TI  - ", "FAU - a", "      ", "DP  - 2001 May", "AID - 10.1/x [doi]", "IS  - ", "-"],
    ],
    "x.xml": [
        "<record>",
        "</record>",
        "<title>",
        "</title>",
        "<author>",
        "</author>",
        "<style face='italic'>",
        "</style>",
        "&amp;",
        "&",
        "<",
        "<!--",
        "]]>",
        "<label>a</label>",
    ],
}
BIB = [
    "@",
    "@article{",
    "@string{",
    "@comment",
    "{",
    "}",
    '"',
    ",",
    "=",
    "\n",
    "a",
    "title",
    " = ",
    "#",
    "\\",
    "%",
    "crossref",
    "(",
    ")",
    "@book{b,",
]


def read(name: str, text: str) -> None:
    text = text.replace("\r", "")
    source = Source(name, text)
    found, diagnostics = bibliography.read([source])
    lines = text.split("\n")
    for span in [r.span for r in found.references] + [d.span for d in diagnostics if d.span]:
        assert 1 <= span.line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    for reference in found.references:
        assert reference.key
        assert reference.key == reference.csl["id"]
        str(reference.csl).encode()


@pytest.mark.parametrize("name", PIECES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_text_stops_a_reader(name: str, data: st.DataObject) -> None:
    pieces = st.one_of(st.sampled_from(PIECES[name]), st.sampled_from(PIECES[name]), st.text(max_size=4))
    read(name, "".join(data.draw(st.lists(pieces, max_size=25))))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(st.one_of(st.sampled_from(BIB), st.text(max_size=3)), max_size=25))
def test_no_text_stops_the_reader_of_bibtex(parts: list[str]) -> None:
    read("x.bib", "".join(parts))
    read("x.bib", "@article{k1, title = {" + "".join(parts) + "}}\n@book{k2, title = {T}}\n")
