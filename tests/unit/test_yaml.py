"""YAML is read by two libraries: libyaml, and ruamel.yaml where libyaml cannot say. They must never differ in what is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.corpus import REPOSITORY
from hypothesis import given, settings
from hypothesis import strategies as st

from mmguide.yaml import YamlDocument, YamlProblem, _read_by_libyaml, _read_by_ruamel, load

FILES = sorted(path for folder in ("source", "styles", "tests") for path in (REPOSITORY / folder).rglob("*.yaml"))
# ruamel.yaml refuses a tab behind a colon, which YAML 1.2 allows.
PIECES = [
    *("a", "b", "key", "é", "文", "😀", "1.10", "~", "null", "yes", "0o17", "2026-11-26", "x#y", "http://x:y", "it's"),
    *(": ", ":", ", ", ",", "- ", "-", "? ", "[", "]", "{", "}", "#", " #", "'", '"', "''", '""', "\\", '\\"', "\\n", "\\u00e9"),
    *("|\n", ">\n", "|-\n", ">+\n", "|2\n", "&a ", "*a", "!", "!!str ", "@", "%", "`", "<<", "=", "---\n", "...\n", "--- "),
    *("\n", "\n", "\n", "\n\n", "\r\n", " ", "  ", "    ", "\n  ", "\n- ", "\n  - ", "\na: ", "\n  b: "),
    *("\x85", "\u2028", "\ufeff", "\xa0"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


def outcome(document: YamlDocument | YamlProblem) -> object:
    """What a reader says: the document, or what kind of problem stands where."""
    return (document.kind, document.problem, document.span) if isinstance(document, YamlProblem) else document


def by(reader: object, text: str) -> object:
    try:
        return outcome(reader("x.yaml", text))  # type: ignore[operator]
    except YamlProblem as problem:
        return outcome(problem)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_what_libyaml_reads_ruamel_reads_in_the_same_way(text: str) -> None:
    quick = _read_by_libyaml("x.yaml", text)
    if quick is not None:
        assert quick == by(_read_by_ruamel, text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_files_of_projects_are_read_alike_by_both(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert by(_read_by_libyaml, text) == by(_read_by_ruamel, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: x\u2028y\nb: 1", {"a": "x\u2028y", "b": "1"}),
        ("a: [:x]", {"a": [":x"]}),
        ("version: 1.10\nyes: no\nempty:\nmarked: ~\n", {"version": "1.10", "yes": "no", "empty": None, "marked": None}),
    ],
)
def test_what_only_yaml_1_2_allows_is_read_too(text: str, value: object) -> None:
    assert load("x.yaml", text).value == value


@pytest.mark.parametrize("text", ['a: "\\ud83d"', '"\\ude00": b', 'a: ["b", "\\ud83d\\ude00"]'])
def test_an_escape_for_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(YamlProblem, match="half a character") as told:
        load("x.yaml", text)
    assert told.value.span.line == 1
