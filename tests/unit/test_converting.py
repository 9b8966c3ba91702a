"""Texts that pandoc converts one after another give what each gives by itself on pandoc's command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mmguide import converting, pandoc
from mmguide.ast import Blocks
from mmguide.cache import Cache
from mmguide.converting import HTML, MARKDOWN, Converter
from mmguide.errors import LimitExceeded, MmguideError

real_start = pandoc.start

# A word with a full stop and a table whose widths pandoc counts are read otherwise under other options of the reader.
TEXTS = [
    "Attal et al. 2006 and Mr. Roe[^1]\n\n[^1]: A note.\n",
    "Another text[^1] without that note, \"quoted\" 'so' -- and (c)\n",
    "| a | b |\n|:--|---|\n| " + "long words " * 9 + "| c |\n\n: Caption {#tbl:x}\n",
    "line\r\nwith\ttab \\newcommand{\\x}{y} \\x <b>raw</b> `x`{=html}\n",
    "Drug     Gain\n-------  -------------\n @k001q    text @k002q\n\t  x  [@k003q; @k004q]\n\n    code\twith\ttabs\r\n\té\tü\n",
    "",
    "\u2029 \ufeff NUL-free \U0001f600 é \"\\\" ''\n",
]


def alone(text: str) -> Blocks:
    """What the command line makes of a text."""
    blocks: Blocks = json.loads(pandoc.run(["--sandbox", *MARKDOWN.arguments], text.encode()))["blocks"]
    return blocks


def trees_of(reader: Converter) -> dict[str, Blocks]:
    return {text: pandoc.blocks_of(made) for text, made in reader.results()}


def test_texts_read_together_are_those_read_alone(repository: Path) -> None:
    torture = sorted((repository / "tests/projects/torture/sections").glob("*.md"))
    texts = [*TEXTS, *(path.read_text(encoding="utf-8") for path in [*torture, *sorted((repository / "source").rglob("*.md"))])]
    assert len(texts) > 20
    with Converter(MARKDOWN) as reader:
        for text in [*texts, *texts]:
            reader.give(text)
        trees = trees_of(reader)
    assert set(trees) == set(texts)
    for text, blocks in trees.items():
        assert blocks == alone(text), text[:80]


def test_trees_written_together_are_those_written_alone(repository: Path) -> None:
    torture = sorted((repository / "tests/projects/torture/sections").glob("*.md"))
    trees = [[], *(alone(text) for text in (*TEXTS, *(path.read_text(encoding="utf-8") for path in torture)))]
    for tree, written in zip(trees, converting.html_all(trees, "de"), strict=True):
        given = pandoc.document(tree, {"lang": {"t": "MetaString", "c": "de"}})
        assert written == pandoc.run(["--sandbox", *HTML.arguments], given)


def test_texts_that_fill_every_pipe_are_read_by_several_processes(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmguide.converting.processors", lambda: 2)
    texts = [f"Text {n}: " + "word *and* " * 4_000 for n in range(12)]
    with Converter(MARKDOWN) as reader:
        for text in texts:
            reader.give(text)
        trees = trees_of(reader)
    assert len(started) == 2
    assert [len(trees[text][0]["c"]) for text in texts] == [4 * 4_000 + 3] * 12


@pytest.mark.parametrize("text", ["", "\n", "a"])
def test_a_text_of_little_or_nothing_needs_nothing_behind_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = alone(text)
    # Tried by itself is only what the reader did not answer in time.
    monkeypatch.setattr(pandoc, "run", lambda *_: pytest.fail("it waits for more"))
    assert converting.parse(text, pandoc.Limits(seconds=5)) == wanted


def test_what_is_kept_is_not_read_again(started: list[Any], tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    first, again, more = (
        converting.parse("A.\n", cache=cache),
        converting.parse("A.\n", cache=cache),
        converting.parse("B.\n", cache=cache),
    )
    assert first == again == alone("A.\n") != more
    assert len(started) == 2


def test_nothing_goes_on_behind_the_block(started: list[Any]) -> None:
    with Converter(MARKDOWN) as reader:
        for n in range(50):
            reader.give(f"Text {n}: " + "*a* " * 5_000)
    assert started
    assert all(process.returncode is not None for process in started)


def test_one_text_beyond_the_limits_does_not_fail_the_others_unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = pandoc.run, []

    def noted(arguments: list[str], given: bytes, limits: pandoc.Limits = pandoc.Limits()) -> bytes:
        asked.append(given.decode())
        return real(arguments, given, limits)

    monkeypatch.setattr(pandoc, "run", noted)
    long = "*a* [b](c) " * 40_000
    with Converter(MARKDOWN, pandoc.Limits(seconds=1)) as reader:
        for text in ("# a\n", long, "c\n"):
            reader.give(text)
        with pytest.raises(LimitExceeded, match="1 seconds"):
            trees_of(reader)
    assert asked == [long]
    monkeypatch.setattr(pandoc, "start", lambda *_: real_start(["--no-such-option"]))
    asked.clear()
    with Converter(MARKDOWN) as reader:
        for text in ("# a\n", "b\n", "c\n"):
            reader.give(text)
        assert [blocks[0]["t"] for blocks in trees_of(reader).values()] == ["Header", "Para", "Para"]
    assert asked == ["# a\n", "b\n", "c\n"]


def test_a_reader_that_cannot_begin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "run", lambda *_: (_ for _ in ()).throw(MmguideError("no")))
    monkeypatch.setattr(pandoc, "start", lambda *_: real_start(["--no-such-option"]))
    with pytest.raises(MmguideError):
        converting.parse("a\n")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The processes of pandoc that are started to read."""
    processes: list[Any] = []

    def noted(*arguments: Any) -> Any:
        processes.append(real_start(*arguments))
        return processes[-1]

    monkeypatch.setattr(pandoc, "start", noted)
    return processes
