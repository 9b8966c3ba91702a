"""pandoc is the oracle of the scan: both find the same keys, and planted citations are found at their very line and column."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmguide.ast import Node, iterate
from mmguide.characters import read_source
from mmguide.converting import parse
from mmguide.diagnostics import Diagnostic
from mmguide.model.source import Scan
from mmguide.scan import scan

REPOSITORY = Path(__file__).parent.parent
EVERY = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
NIGHTLY = settings(max_examples=int(os.environ.get("MMGUIDE_EXAMPLES", "3000")), deadline=None)


def read(raw: bytes) -> Scan:
    source = read_source("a.md", raw)
    assert not isinstance(source, Diagnostic)
    return scan(source)


def scanned(found: Scan) -> Counter[str]:
    """The keys of citations, cross-references and second keys, as pandoc would name them."""
    keys = [c.key for c in found.citations] + [x.written for x in found.cross_references] + [a.key for a in found.aliases]
    return Counter(keys)


def parsed(text: str) -> Counter[str]:
    """The keys in pandoc's tree. A picture's alternative text stands there twice, as caption and as text: it counts once,
    unless an alternative text of its own replaces it."""
    keys: Counter[str] = Counter()
    for element in iterate(parse(text)):
        if element["t"] == "Cite":
            keys.update(c["citationId"] for c in element["c"][0])
        elif element["t"] == "Figure":
            keys.subtract(_cited(element["c"][1]) & _cited(element["c"][2]))
    return +keys


def _cited(node: Node) -> Counter[str]:
    return Counter(c["citationId"] for e in iterate(node) if e["t"] == "Cite" for c in e["c"][0])


@pytest.mark.parametrize("path", sorted((REPOSITORY / "source/sections").glob("*.md")), ids=lambda p: p.name)
def test_the_guideline(path: Path) -> None:
    found = read(path.read_bytes())
    assert scanned(found) == parsed(found.body)


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "tests/projects").rglob("*.md")), ids=lambda p: p.parent.name + "/" + p.name
)
def test_the_miniature_guidelines(path: Path) -> None:
    found = read(path.read_bytes())
    assert scanned(found) == parsed(found.body)


def test_a_long_real_text(shared: Path) -> None:
    found = read((shared / "corpora/deep-review/manuscript.md").read_bytes())
    assert scanned(found) == parsed(found.body)
    assert sum(scanned(found).values()) > 1000


# Documents are made of pieces in which every citation has a number of its own: `<n>` becomes a key that stands nowhere else, and
# `!` in a piece marks a key that must not be found.
PLAIN = st.sampled_from(
    [
        "the drug ≥ 10 mg ",
        "gain of 3 months, ",
        "α-chain 中文字 ",
        "HR 0.5 (95% CI 0.4–0.6) ",
        "*early* ",
        "**late** ",
        "e.g. one ",
        "x\u0301y 🧬 ",
    ]
)
CITED = st.sampled_from(
    [
        "[@<n>] ",
        "[see @<n>, p. 3; -@<n>] ",
        "@<n> says ",
        "[@<n> [p. 4]] ",
        "@<n> [p. 4; @<n>] ",
        "[@doi:10.1000/j.<n>.x1] ",
        "@{doi:10.1016/0006(79)<n>-9} ",
        "-@<n> ",
        "^[a note with @<n>] ",
        "*[@<n>]* ",
        "_@<n>, and_ ",
        "[link to @<n>](https://example.org/a_b) ",
        "[marked @<n>]{.value} ",
        "“[@<n>]” ",
        "H~2~O^[@<n>]^ ",
        "(@<n>; @<n>) ",
        "@fig:<n> ",
        "[@tbl-<n>] ",
    ]
)
DECOY = st.sampled_from(
    [
        "a@!n.org ",
        "<b@!n.org> ",
        "`@!n` ",
        "`` ` @!n `` ",
        "<!-- @!n --> ",
        "\\@!n ",
        "$a @!n$ ",
        '<a href="https://example.org/@!n">x</a> ',
        "<https://example.org/@!n> ",
        "[x](https://example.org/@!n) ",
        "![x](y/@!n.png) ",
        "`@!n`{=html} ",
    ]
)
SENTENCE = st.lists(st.one_of(PLAIN, PLAIN, CITED, DECOY), min_size=1, max_size=6).map(lambda p: "Text " + "".join(p).strip())
TEXT = st.lists(SENTENCE, min_size=1, max_size=3).map("\n".join)
# A key is five characters long once it has its number: the columns stand right then.
SIMPLE_TABLE = """\
Drug     Gain
-------  -------------
 @<n>    text @<n>
      x  [@<n>; @<n>]"""
MULTILINE_TABLE = """\
Columns:

---------- -------------------
  head     column
---------- -------------------
a [@<n>; text that goes on [@<n>
@<n>] b  ; and @<n>]

c @<n>   d
---------- -------------------"""
GRID_TABLE = """\
+--------------+-----------+
| a [@<n>;   | - @<n>  |
|   @<n>]    | - x       |
+==============+===========+
| b 中 [@<n>]| c         |
+--------------+-----------+"""
LEAF = st.one_of(
    TEXT,
    TEXT,
    SENTENCE.map(lambda s: f"## {s} {{#sec:x .y}}"),
    SENTENCE.map(lambda s: f"{s}\n----"),
    st.just("```python\n@!n\n\n[@!n]\n```"),
    st.just("~~~~ {.sql}\nSELECT @!n\n~~~\n@!n\n~~~~"),
    st.just("Code:\n\n    indented @!n\n\n    [@!n]"),
    st.just("<!-- a comment @!n\n\n[@!n]\n-->"),
    st.just("<style>\n@!n { }\n\n@!n\n</style>"),
    st.just("$$\nx @!n\n$$"),
    SENTENCE.map(lambda s: f"| a | b |\n|:--|--:|\n| {s} | c |\n| x | {s} |\n\nTable: {s} {{#tbl:x}}"),
    SENTENCE.map(lambda s: f": {s}\n\n| a |\n|---|\n| {s} |"),
    st.just(SIMPLE_TABLE),
    st.just(MULTILINE_TABLE),
    st.just(GRID_TABLE),
    SENTENCE.map(lambda s: f"![{s}](figures/a.png){{#fig:x width=50%}}"),
    SENTENCE.map(lambda s: f"Term\n\n:   {s}\n    {s}\n\n    {s}"),
    SENTENCE.map(lambda s: f"| {s}\n| {s}"),
    st.just("***"),
    st.just("[label]: https://example.org/@!n"),
)


# What stands indented behind a list would belong to it.
BETWEEN = "\n\nBetween.\n\n"


def indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *((rest + line) if line.strip() else "" for line in lines[1:])])


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def fenced(text: str) -> str:
    longest = max((len(line) - len(line.lstrip(":")) for line in text.split("\n")), default=0)
    colons = ":" * max(3, longest + 1)
    return f"{colons} {{.note #n-x a='b c'}}\n{text}\n\n{colons}"


def contained(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3).map(BETWEEN.join)
    return st.one_of(
        several.map(fenced),
        several.map(fenced),
        several.map(quoted),
        several.map(lambda t: indented(t, "- ", "  ")),
        several.map(lambda t: indented(t, "1.  ", "    ")),
        st.lists(SENTENCE, min_size=2, max_size=3).map(lambda items: "\n".join("* " + i.replace("\n", "\n  ") for i in items)),
        st.lists(LEAF, min_size=1, max_size=3)
        .map(BETWEEN.join)
        .map(lambda t: "Text[^n]\n\n[^n]: Note.\n\n" + indented(t, "    ", "    ")),
        several.map(lambda t: f"<div class='x'>\n\n{t}\n\n</div>"),
    )


BLOCK = st.recursive(LEAF, contained, max_leaves=6)
FRONT = st.sampled_from(["", "---\ntitle: 'x @!n'\nauthor: a@!n.org\n---\n\n", "---\nx: 1\n...\n"])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, bytes]:
    """A text, and the same as a file with a byte-order mark, carriage returns or tabs."""
    text = draw(FRONT) + BETWEEN.join(draw(st.lists(BLOCK, min_size=1, max_size=4))) + "\n"
    for mark in ("<n>", "!n"):
        pieces = text.split(mark)
        name = "k" if mark == "<n>" else "not"
        text = pieces[0] + "".join(f"{name}{number:03d}q{piece}" for number, piece in enumerate(pieces[1:], 1))
    text = _numbered_notes(text)
    if draw(st.booleans()):
        text = re.sub("(?m)^(?:    )+", lambda m: "\t" * (len(m.group()) // 4), text).replace("Text ", "Text\t")
    raw = text.replace("\n", "\r\n") if draw(st.booleans()) else text
    return text, (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + raw.encode()


def _numbered_notes(text: str) -> str:
    """Footnotes with labels of their own: `Text[^n]` and the definition that follows it share one."""
    pieces = text.split("Text[^n]")
    return pieces[0] + "".join(
        f"Text[^n{number}]" + piece.replace("[^n]: ", f"[^n{number}]: ", 1) for number, piece in enumerate(pieces[1:], 1)
    )


def holds(document: tuple[str, bytes]) -> None:
    text, raw = document
    found = read(raw)
    assert set(scanned(found)) == set(parsed(found.body)), text
    assert not [key for key in scanned(found) if "not" in key], text
    for cited in (*found.citations, *found.cross_references):
        key = cited.key if hasattr(cited, "key") else cited.written
        places = [text.find(f"@{key}"), text.find(f"@{{{key}}}")]
        at = max(places)
        line, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
        assert (cited.span.line, cited.span.column) == (line, column), text
        assert text.split("\n")[line - 1][column - 1 : cited.span.end_column - 1].strip("@{}") == key.strip("{}")


@EVERY
@given(documents())
def test_generated_documents(document: tuple[str, bytes]) -> None:
    holds(document)


@pytest.mark.nightly
@NIGHTLY
@given(documents())
def test_many_generated_documents(document: tuple[str, bytes]) -> None:
    holds(document)
