"""Records: the bytes of what is written as JSON, and what is said of a file that is no such record."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmguide.formats.document import Value
from mmguide.model.schemas import schema_of, schema_of_settings
from mmguide.model.settings import Settings
from mmguide.release.manifest import Approved, Commit, Manifest, Surroundings, entry, read_manifest

texts = st.text(st.characters(exclude_categories=["Cs"]))


def manifest(title: str = "T", packages: dict[str, str] | None = None) -> Manifest:
    return Manifest(
        id="one",
        title=title,
        version="1.0.0",
        status="draft",
        date=date(2026, 11, 22),
        epoch=1795305600,
        language="en",
        previous="",
        step="first",
        asked_for="none",
        commit=Commit(id="", clean=False),
        allowed=(),
        warnings={},
        approvals=(Approved(handout="leaf", role="Editor", date=date(2026, 11, 22)),),
        made_by=Surroundings(tools={}, packages=packages or {}, fonts={}, packages_sha256="0"),
        files=(entry("a.pdf", "output", b"a", b""), entry("b.md", "source", b"")),
    )


@given(texts, st.dictionaries(texts, texts))
def test_a_manifest_has_the_bytes_that_json_has_and_is_read_back(title: str, packages: dict[str, str]) -> None:
    made = manifest(title, packages)
    content = made.json_bytes()
    assert content.decode() == json.dumps(json.loads(content), indent=1, ensure_ascii=False) + "\n"
    assert read_manifest(content) == made


def test_every_field_stands_in_its_order_and_nothing_is_left_out() -> None:
    told = json.loads(manifest().json_bytes())
    assert list(told) == list(Manifest.__struct_fields__)
    assert told["files"][1] == {
        "path": "b.md",
        "kind": "source",
        "size": 0,
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "unsigned_size": None,
        "unsigned_sha256": None,
    }
    assert told["made_by"]["lock_sha256"] is None


@given(st.floats(-1e15, 1e15))
def test_numbers_are_written_in_full(number: float) -> None:
    written = json.loads(Value(text="", number=number, status="").as_json())["number"]
    assert (written, type(written)) == (number, float)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"epoch": 1795305600', '"epoch": "1795305600"', "epoch: '1795305600' is not a whole number"),
        ('"epoch"', '"epoc"', "epoc: there is no such setting"),
        ('"output"', '"outputs"', "files.0.kind: 'outputs' is not one of output, handout, changes, "),
        ('"2026-11-22"', '"22.11.2026"', "date: '22.11.2026' is not a date such as 2026-01-31"),
        ("mmguide-release-1", "mmguide-release-9", "format: 'mmguide-release-9' is not 'mmguide-release-1'"),
        ('"clean": false', '"clean": 0', "commit.clean: '0' is not true or false"),
        (' "step": "first",\n', "", "step: it is missing"),
        ("{", "", "it is no JSON: "),
        ("T", "\\ud800", "it is no JSON: "),
    ],
)
def test_what_is_no_manifest_is_told(old: str, new: str, said: str) -> None:
    text = manifest().json_bytes().decode()
    assert old in text
    told = read_manifest(text.replace(old, new).encode())
    assert isinstance(told, str)
    assert told.startswith(said)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"[" * 1_000_000, b'{"id":' * 100_000, b"\xff", b'{"id": "\xff"}', b"9" * 5000]
)
def test_whatever_stands_in_its_place_is_only_told(content: bytes) -> None:
    assert isinstance(read_manifest(content), str)


def _patterns(value: Any) -> list[str]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value["pattern"]] if isinstance(value, dict) and isinstance(value.get("pattern"), str) else []
    return own + [pattern for inner in inside for pattern in _patterns(inner)]


def test_schemas_allow_what_is_allowed_and_nothing_else() -> None:
    import jsonschema

    settings = schema_of_settings(Settings)
    jsonschema.Draft202012Validator.check_schema(settings)
    jsonschema.Draft202012Validator.check_schema(schema_of(Manifest, "urn:x"))
    # Editors have the regular expressions of JavaScript, in which \\Z is a letter.
    assert _patterns(settings)
    assert not [pattern for pattern in _patterns(settings) if "\\Z" in pattern]
    short = {
        "title": "T",
        "sections": "a.md",
        "grading": "esmo",
        "outputs": "pdf",
        "reporting": {"right": {"1a": "sec:a", "2": ["sec:b"]}},
    }
    long = {**short, "sections": ["a.md"], "grading": {"scheme": "own"}, "reporting": {"right": {"1a": {"absent": "x"}}}}
    validator = jsonschema.Draft202012Validator(settings)
    assert [list(validator.iter_errors(value)) for value in (short, long)] == [[], []]
    for wrong in (
        {"grading": "none"},
        {"outputs": "word"},
        {"sections": []},
        {"colour": "red"},
        {"contributors": {"name": "A", "role": "B"}},
    ):
        assert not validator.is_valid({**long, **wrong}), wrong
