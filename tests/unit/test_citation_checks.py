"""Checks of citations, and what a guideline decides about findings: on manuscripts made of a few lines."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from mmguide.check import allowances, citations, prose
from mmguide.check.keys import KnownKeys, difference, looks
from mmguide.diagnostics import Diagnostic, Severity, Span
from mmguide.diagnostics.rules import find_rule
from mmguide.model.manuscript import Manuscript, Section
from mmguide.model.reference import Bibliography, Reference
from mmguide.model.settings import Project, Settings
from mmguide.model.source import Source
from mmguide.scan import scan


def manuscript(*texts: str, keys: tuple[str, ...] = ("one", "two", "three"), **settings: Any) -> Manuscript:
    sections = tuple(Section(scan(Source(f"{n}.md", text)), []) for n, text in enumerate(texts, 1))
    references = tuple(Reference(key, {"id": key}, Span("r.json", n)) for n, key in enumerate(keys, 1))
    project = Project(Path("."), convert({"title": "T", "sections": ["*.md"], **settings}, Settings))
    return Manuscript(project, sections, [], Bibliography(references))


def told(found: Any) -> list[tuple[str, str, int, int]]:
    return [(d.rule.name, d.span.path, d.span.line, d.span.column) for d in found]


@pytest.mark.parametrize(
    "text",
    [
        "Write to first.last@example.org or <a@example.org>.",
        "```css\n@media print { a { color: red } }\n```",
        "`SELECT @x` and ``@y``",
        "~~~ {.sql}\nDECLARE @total INT;\n~~~",
        "<!-- @todo ask @somebody -->",
        '<p data-handle="@handle">x</p>',
        '<a href="https://example.org/@handle">x</a>',
        "See @fig:a, @tbl-b, [@sec:c; @rec:d] and @eq:e.",
        "$a @b$ costs \\@home",
    ],
)
def test_what_is_no_citation_is_not_reported(text: str) -> None:
    assert told(citations.check_undefined(manuscript(text))) == []


def test_each_unknown_key_is_reported_in_its_own_file_and_place() -> None:
    found = list(citations.check_undefined(manuscript("A [@one; @onee].\n", "\n\n> - B @four [@two]\n")))
    assert told(found) == [("undefined-citation", "1.md", 1, 10), ("undefined-citation", "2.md", 3, 7)]
    assert found[0].hint == "did you mean `@one`?"


def test_a_second_key_is_known() -> None:
    text = "A [@tag:x] and [@tag:y].\n\n[@tag:x]: doi:10.1000/a\n[@tag:y]: doi:10.1000/b\n"
    assert told(citations.check_undefined(manuscript(text, keys=("doi:10.1000/a",)))) == [("undefined-citation", "1.md", 1, 17)]


def test_a_defined_key_with_something_behind_it_is_not_cut_short() -> None:
    assert told(citations.check_undefined(manuscript("A @one(p. 3), (@two), @three=3.\n"))) == []
    whole = manuscript("A @one=3.\n", keys=("one", "one=3"))
    assert told(citations.check_undefined(whole)) == [("citation-cut-short", "1.md", 1, 3)]


def test_look_alike_keys_are_told_apart() -> None:
    assert looks("Smith2010") == looks("smith2010") == looks("ѕmіth2010")
    assert looks("smith2010") != looks("smyth2010")
    assert difference("smith", "Smith") == "only capitals differ"
    assert difference("ѕmith", "smith") == "ѕ is the letter cyrillic small letter dze"
    found = list(citations.check_look_alikes(manuscript("A @One.", keys=("one", "One", "ONE", "two", "TWO"))))
    assert [(d.span.line, d.subject) for d in found if d.span] == [(1, "one"), (3, "ONE")]


def test_nearest_keys() -> None:
    known = KnownKeys(["mccarthy2012", "attal2012", "attal2017", "palumbo2014spm"])
    assert known.nearest("mcarthy2012") == ["mccarthy2012"]
    assert known.nearest("palumbo2014") == ["palumbo2014spm"]
    assert known.nearest("zzz") == []


def test_twenty_thousand_unknown_keys_are_told_in_time() -> None:
    text = " ".join(f"[@unknown{n}x2012]" for n in range(20000))
    begun = time.process_time()
    found = list(citations.check_undefined(manuscript(text, keys=tuple(f"known{n}x2012" for n in range(2000)))))
    assert len(found) == 20000
    assert time.process_time() - begun < 8


def test_citations_far_from_each_other_are_no_neighbours() -> None:
    texts = ("A [@one], [@two].", "A [@one]\n\n[@two]", "A [@one](u) [@two]", "A @one [@two]", "A [@one] and [@two]")
    assert told(d for text in texts for d in citations.check_groups(manuscript(text))) == []
    assert told(citations.check_groups(manuscript("A [@one][@two] B [@one]\n[@two]"))) == [
        ("neighbouring-citations", "1.md", 1, 10),
        ("neighbouring-citations", "1.md", 2, 2),
    ]


def test_the_place_at_the_full_stop_is_judged_by_what_is_usual() -> None:
    usual = "One [@one]. " * 12
    assert told(prose.check_place(manuscript(usual + "It stands behind. [@two]"))) == [
        ("citation-misplaced-at-stop", "1.md", 1, len(usual) + 20)
    ]
    assert told(prose.check_place(manuscript("One. [@one] Two. [@two] Three [@one]."))) == []
    assert told(prose.check_place(manuscript(usual + "As Smith et al. [@two] say, e.g. [@one]"))) == []


def finding(name: str, path: str, line: int, key: str = "") -> Diagnostic:
    rule = find_rule(name)
    assert rule is not None
    names = ("key", "other", "difference", "first", "second", "tag", "target", "parts", "before", "notice")
    return rule.at(Span(path, line), **dict.fromkeys(names, key))


def test_levels_are_set_by_code_or_name_and_rules_off_by_themselves_stay_off() -> None:
    found = [finding(name, "1.md", 1, "one") for name in ("undefined-citation", "neighbouring-citations", "unsorted-group")]
    one = manuscript("A", checks={"MMG201": "warning", "neighbouring-citations": "off"})
    assert [(d.code, d.severity) for d in allowances.decided(one, found)] == [("MMG201", Severity.WARNING)]
    two = manuscript("A", checks={"unsorted-group": "error"})
    assert [(d.code, d.severity.value) for d in allowances.decided(two, found[1:])] == [
        ("MMG205", "warning"),
        ("MMG206", "error"),
    ]


def test_safety_cannot_be_allowed() -> None:
    found = [finding("unsafe-html", "1.md", 3)]
    text = "<!-- mmguide: allow unsafe-html we trust it -->\n\nA <script>x</script>"
    one = manuscript(text, checks={"unsafe-html": "off"}, allow=[{"rule": "unsafe-html", "reason": "x"}])
    names = [d.rule.name for d in allowances.decided(one, found)]
    assert sorted(names) == ["fixed-check", "fixed-check", "fixed-check", "unsafe-html"]


def test_an_allowance_reaches_its_block_in_its_file_and_its_rule_only() -> None:
    text = "<!-- mmguide: allow MMG205 they differ -->\n\nA\nB\n\nC\n"
    places = [("1.md", 3), ("1.md", 4), ("1.md", 6), ("2.md", 3)]
    found = [finding("neighbouring-citations", path, line) for path, line in places] + [
        finding("cited-twice-in-group", "1.md", 3)
    ]
    kept = told(allowances.decided(manuscript(text, "A\n"), found))
    assert [(name, path, line) for name, path, line, _ in kept] == [
        ("neighbouring-citations", "1.md", 6),
        ("neighbouring-citations", "2.md", 3),
        ("cited-twice-in-group", "1.md", 3),
    ]


def test_a_key_in_the_settings_accepts_its_reference_and_no_citation_of_it() -> None:
    found = [finding("unconfirmed-reference", "r.json", 1, "one"), finding("undefined-citation", "1.md", 1, "one")]
    one = manuscript("A", allow=[{"key": "one", "reason": "read by the panel"}])
    assert [d.code for d in allowances.decided(one, found)] == ["MMG201"]
    other = manuscript("A", allow=[{"key": "two", "reason": "read by the panel"}])
    assert [d.code for d in allowances.decided(other, found)] == ["MMG324", "MMG201", "MMG152"]


def test_what_accepts_nothing_is_told_unless_its_check_is_off() -> None:
    text = "<!-- mmguide: allow MMG205 they differ -->\n\nA\n"
    assert [d.code for d in allowances.decided(manuscript(text), [])] == ["MMG152"]
    assert list(allowances.decided(manuscript(text, checks={"MMG205": "off"}), [])) == []


def test_findings_of_finished_pages_are_set_and_allowed_too() -> None:
    text = "<!-- mmguide: allow wider-than-page it is a map -->\n\nA\n\nB\n"
    one = manuscript(text, checks={"nearly-empty-page": "off", "character-without-font": "off"})
    assert [d.rule.name for d in allowances.decided(one, [])] == ["fixed-check"]
    rules = [find_rule(name) for name in ("wider-than-page", "nearly-empty-page", "text-outside-box")]
    fields = dict.fromkeys(("page", "amount", "words"), "x")
    found = [rule.at(Span("1.md", line), **fields) for rule in rules if rule for line in (3, 5)]
    assert [(d.rule.name, d.span.line) for d in allowances.decided_late(one, found) if d.span] == [
        ("wider-than-page", 5),
        ("text-outside-box", 3),
        ("text-outside-box", 5),
    ]
