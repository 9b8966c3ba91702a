"""pandoc's adapter: many texts read by few processes give what each gives by itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mmguide import pandoc
from mmguide.errors import LimitExceeded, MmguideError

# A word with a full stop and a table whose widths pandoc counts are read otherwise under other options of the reader.
TEXTS = [
    "Attal et al. 2006 and Mr. Roe[^1]\n\n[^1]: A note.\n",
    "Another text[^1] without that note, \"quoted\" 'so' -- and (c)\n",
    "| a | b |\n|:--|---|\n| " + "long words " * 9 + "| c |\n\n: Caption {#tbl:x}\n",
    "line\r\nwith\ttab \\newcommand{\\x}{y} \\x <b>raw</b> `x`{=html}\n",
    "",
    "\u2029 \ufeff NUL-free \U0001f600 é \"\\\" ''\n",
]


def test_texts_read_together_are_those_read_alone(repository: Path) -> None:
    torture = sorted((repository / "tests/projects/torture/sections").glob("*.md"))
    texts = [*TEXTS, *(path.read_text(encoding="utf-8") for path in [*torture, *sorted((repository / "source").rglob("*.md"))])]
    assert len(texts) > 20
    together = pandoc.parse_all(texts)
    for text, blocks in zip(texts, together, strict=True):
        assert blocks == pandoc.parse(text), text[:80]


def test_one_text_beyond_the_limits_does_not_fail_the_others_unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = pandoc.run, []

    def limited(arguments: list[str], given: bytes, limits: pandoc.Limits = pandoc.Limits()) -> bytes:
        asked.append(arguments[-1])
        if arguments[-1] == os.devnull:
            raise LimitExceeded("too much")
        return real(arguments, given, limits)

    monkeypatch.setattr(pandoc, "run", limited)
    assert [b[0]["t"] for b in pandoc.parse_all(["# a\n", "b\n", "c\n"])] == ["Header", "Para", "Para"]
    assert os.devnull in asked
    monkeypatch.setattr(pandoc, "run", lambda *_: (_ for _ in ()).throw(MmguideError("no")))
    with pytest.raises(MmguideError):
        pandoc.parse_all(["# d\n", "e\n"])
