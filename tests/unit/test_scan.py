"""The scan: what it finds in a text, each at its exact line and column."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmguide.characters import read_source
from mmguide.diagnostics import Diagnostic, Span
from mmguide.model.source import Scan, Source
from mmguide.scan import scan


def read(text: str) -> Scan:
    return scan(Source("a.md", text))


def cited(text: str) -> list[tuple[str, int, int]]:
    return [(c.key, c.span.line, c.span.column) for c in read(text).citations]


def test_groups_prefixes_locators_and_bare_keys_at_their_places() -> None:
    found = read("See [see @a2010, p. 3; -@b2011] and @c2012 [p. 4; @d2013].\n\n-@e2014 says.\n").citations
    assert [(c.key, c.span.column, c.bracketed, c.suppress_author) for c in found] == [
        ("a2010", 10, True, False),
        ("b2011", 25, True, True),
        ("c2012", 37, False, False),
        ("d2013", 51, True, False),
        ("e2014", 2, False, True),
    ]
    assert [c.group for c in found] == [1, 1, 2, 2, 3]
    assert found[0].span == Span("a.md", 1, 10, 1, 16)


@pytest.mark.parametrize(
    "text",
    [
        "write to a.b@example.org or <c@example.org>",
        "`@media print` and ``code ` @x``",
        "```css\n@media print { }\n```",
        "    @indented code",
        "<!-- @comment\n\n@still -->",
        '<a href="https://example.org/@handle">x</a>',
        "<script>\n@x = 1\n\n@y\n</script>",
        "\\@escaped",
        "$x @y$ and $$\n@z\n$$",
        "<https://example.org/@handle>",
        "[text](https://example.org/@handle)",
        "[label]: https://example.org/@handle",
        "---\ntitle: x\nauthor: '@me'\n---\n",
        "(@good) An example.\n\nAs @good shows.",
        "end.@x",
    ],
)
def test_what_looks_like_a_citation_and_is_none(text: str) -> None:
    assert cited(text) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[@doi:10.1371/journal.pbio.1002195].", "doi:10.1371/journal.pbio.1002195"),
        ("@url:https://example.org//a?b", "url:https://example.org//a?b"),
        ("@{doi:10.1016/0006-2944(79)90058-9}", "doi:10.1016/0006-2944(79)90058-9"),
        ("_@smith2010_", "smith2010_"),
        ("@müller2010,", "müller2010"),
        ("x @2010x.", "2010x"),
    ],
)
def test_keys_end_where_pandoc_ends_them(text: str, key: str) -> None:
    assert [c.key for c in read(text).citations] == [key]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("[@doi:10.1016/0006-2944(79)90058-9]", "(79)90058-9"),
        ("@doi:10.1002/(SICI)1097-0258 says", "/(SICI)1097-0258"),
        ("@url:https://example.org/a=b", "=b"),
        ("@smith2010(p. 3)", ""),
        ("x (@smith2010)", ""),
        ("@smith2010's", ""),
    ],
)
def test_citations_cut_short(text: str, cut: str) -> None:
    assert [c.cut for c in read(text).citations] == [cut]


def test_cross_references_are_no_citations() -> None:
    found = read("Figure @fig:x, [@tbl-y], @sec:a.b and @rec:z; @figure2010.")
    assert [(x.target, x.written) for x in found.cross_references] == [
        ("fig:x", "fig:x"),
        ("tbl:y", "tbl-y"),
        ("sec:a.b", "sec:a.b"),
        ("rec:z", "rec:z"),
    ]
    assert [c.key for c in found.citations] == ["figure2010"]


def test_places_behind_tabs_wide_signs_and_front_matter() -> None:
    assert cited("---\ntitle: x\n---\n\n-\tα 𝛃\t[@a1]\n\n\t> @b1\n") == [("a1", 5, 8), ("b1", 7, 4)]


def test_containers_with_their_ends() -> None:
    found = read("::: {.recommendation #rec:x strength=strong}\nGive it [@a1].\n\n:::: note\nb\n::::\n:::\n\n# End {#end}\n")
    assert [(c.classes, c.id, c.span.line, c.end_line, c.depth) for c in found.containers] == [
        (("recommendation",), "rec:x", 1, 7, 1),
        (("note",), "", 4, 6, 2),
    ]
    assert dict(found.containers[0].attributes) == {"strength": "strong"}
    assert [(a.id, a.kind, a.span.line, a.span.column) for a in found.anchors] == [
        ("rec:x", "div", 1, 22),
        ("end", "heading", 9, 8),
    ]


def test_headings_pictures_spans_and_tables() -> None:
    found = read(
        "Title\n=====\n\n## Second ## {#two}\n\n![Alt [x](u)](figures/a b.png){#fig:a width=50%}\n\n"
        "[t.pfs]{.value} and [x][ref]\n\n| a | b |\n|---|---|\n| c | [@k] |\n\nTable: Cap {#tbl:t}\n\n[ref]: https://example.org\n"
    )
    assert [(h.level, h.text, h.id, h.span.line) for h in found.headings] == [(1, "Title", "", 1), (2, "Second", "two", 4)]
    assert [(link.target, link.picture) for link in found.links] == [
        ("figures/a b.png", True),
        ("u", False),
        ("https://example.org", False),
    ]
    assert [(m.text, m.classes, m.span.line) for m in found.marked] == [("t.pfs", ("value",), 8)]
    assert [(a.id, a.kind) for a in found.anchors] == [("two", "heading"), ("fig:a", "picture"), ("tbl:t", "table")]


def test_allowances_reach_the_next_block_or_their_own() -> None:
    found = read(
        "<!-- mmguide: allow MMG208 the panel agreed -->\n\nOne\ntwo.\n\nThree\n"
        "<!-- mmguide: allow MMG201, unsorted-group: known -->\nfour\n\n"
        "<!-- mmguide: allow MMG220 whole box -->\n::: note\na\n\nb\n:::\n"
    ).allowances
    assert [(a.rules, a.reason, a.first_line, a.last_line) for a in found] == [
        (("MMG208",), "the panel agreed", 3, 4),
        (("MMG201", "unsorted-group"), "known", 6, 8),
        (("MMG220",), "whole box", 11, 15),
    ]


def test_front_matter_is_blanked_and_its_settings_listed() -> None:
    found = read("---\ntitle: x\ncsl: http://example.org/a.csl\n  # c\n---\nText\n")
    assert found.body == "\n\n\n\n\nText\n"
    assert [(name, span.line) for name, span in found.metadata] == [("title", 2), ("csl", 3)]


def test_files_that_are_not_utf8_are_refused_at_the_bad_byte() -> None:
    found = read_source("a.md", "\ufeffok\r\ncaf".encode() + b"\xe9 x\n")
    assert isinstance(found, Diagnostic)
    assert (found.span, found.code) == (Span("a.md", 2, 4, 2, 5), "MMG440")
    good = read_source("a.md", "\ufeffa\r\nb\r\n".encode())
    assert isinstance(good, Source)
    assert good.text == "a\nb\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "MMG441"),
        ("a\u2029b", "MMG441"),
        ("a\u202eb", "MMG442"),
        ("@smith\u200b2010", "MMG442"),
        ("[" * 5000 + "a" + "]" * 5000, "MMG443"),
        ("[a](b" * 20000, "MMG443"),
        ("> " * 1000 + "a", "MMG443"),
        ("<span>" * 40 + "a", "MMG443"),
        ("".join(f"::{':' * (1000 - i)} x\n" for i in range(1000)), "MMG443"),
        ("[0, 1) " * 20, "MMG444"),
        ("::: note\n\ntext\n", "MMG445"),
    ],
)
def test_hostile_and_broken_texts_are_reported_in_time(text: str, code: str) -> None:
    begun = time.process_time()
    codes = {d.code for d in read(text).diagnostics}
    assert code in codes
    assert time.process_time() - begun < 2


def test_cells_of_tables_are_read_one_by_one() -> None:
    grid = "+-----------+------+\n| a [@k1;   | [@k3 |\n"
    grid += "|   @k2]    | ]    |\n+===========+======+\n| x | y     | z    |\n+-----------+------+\n"
    assert [(c.key, c.bracketed) for c in read(grid).citations] == [("k1", True), ("k3", True), ("k2", True)]
    columns = "----- --------\n a    b [@k1;\n      @k2] c\n\n d    [@k3]\n----- --------\n"
    assert [(c.key, c.span.line, c.group) for c in read(columns).citations] == [("k1", 2, 1), ("k2", 3, 1), ("k3", 5, 2)]


def test_labels_of_numbered_examples() -> None:
    found = read("(@good) An example.\n\nAs (@good) shows.\n")
    assert [(label, span.line, span.column) for label, span in found.examples] == [("good", 1, 2)]
    assert found.citations == ()
    assert cited("(@good) An example.\n\nSee [@good] and @good.\n") == [("good", 3, 6)]


def test_a_key_with_accents_as_signs_of_their_own_is_the_same_key_for_pandoc() -> None:
    found = read("Mu\u0308ller @mu\u0308ller2019, [@e\u0301a] and @x\u030cy\n")
    assert [(c.key, c.span.column, c.span.end_column, c.cut) for c in found.citations] == [
        ("müller2019", 9, 21, ""),
        ("éa", 24, 28, ""),
        ("x", 34, 36, "\u030cy"),
    ]
    assert found.body == "Mu\u0308ller @müller2019, [@éa] and @x\u030cy\n"


def test_what_stands_behind_a_key_in_its_part_of_the_bracket() -> None:
    found = read("[see @a, p. 3; @b] and @c [ch. 2]")
    assert [c.suffix for c in found.citations] == [", p. 3", "", ""]


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_div_ends_behind_a_table(between: str) -> None:
    found = read(f"::: x\n| a | b |\n|---|---|\n| 1 | 2 |\n{between}:::\n")
    assert found.diagnostics == ()
    assert [c.end_line for c in found.containers] == [5 + len(between)]


def test_many_brackets_that_are_closed_or_escaped_are_read() -> None:
    assert read("[a]{.x} <span>b</span> [0, 1] [@k] \\[0, 1) " * 50 + "[a [b [c [d](u)]{.x}]]").diagnostics == ()


PIECES = st.sampled_from(
    [
        "@k",
        "[@k]",
        "[",
        "]",
        "](u)",
        "![",
        "{.c}",
        "{#i",
        "`",
        "```\n",
        "~~~\n",
        "<!--",
        "-->",
        "<pre>",
        "</pre>",
        "<div>\n",
        "<a b='",
    ]
    + [
        "\n",
        "\n\n",
        "\n::: x\n",
        "\n:::\n",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\t",
        "|",
        "\n|-|-|\n",
        "\n--- ---\n",
        "+--+--+\n",
        "$",
        "\\",
        "*",
    ]
    + [
        "[^1]",
        "\n[^1]: ",
        "\n: ",
        "# ",
        "\n===\n",
        "---\n",
        "text ",
        "é",
        "e\u0301",
        "中",
        "🧬",
        "\u2028",
        "\x00",
        "@{",
        "}",
        "(@l) ",
        ";",
        ".",
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_read_and_every_place_lies_within_it(text: str) -> None:
    found = read(text)
    assert found.body.count("\n") == text.count("\n")
    lines = text.split("\n")
    places = [item.span for kind in (found.citations, found.cross_references, found.anchors, found.links) for item in kind]
    places += [d.span for d in found.diagnostics if d.span] + [p.span for p in found.paragraphs]
    for span in places:
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column) <= (len(lines), len(lines[-1]) + 1)
        assert span.column <= len(lines[span.line - 1]) + 1
    for citation in found.citations:
        span = citation.span
        assert lines[span.line - 1][span.column - 1] == "@"
        if not citation.key.startswith(("{", "e")) and span.line == span.end_line:
            assert citation.key[:1] in lines[span.line - 1][span.column : span.end_column]
