"""What finished pages show: words and tables that do not fit, pages that hold almost nothing; and the bounds of a layout."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import weasyprint
from msgspec import convert

from mmguide.diagnostics import Span
from mmguide.errors import LimitExceeded
from mmguide.model.manuscript import Manuscript, Section
from mmguide.model.settings import Project, Settings
from mmguide.model.source import Source
from mmguide.render.pdf.diagnose import layout_diagnostics, missing_characters
from mmguide.render.pdf.findings import Finding, findings
from mmguide.render.pdf.limits import limited
from mmguide.scan import scan

STYLE = "<style>@page{size:100mm 100mm;margin:10mm}td{border:1px solid;padding:1mm}</style>"


def found(body: str) -> list[tuple[str, int, str, str]]:
    document = weasyprint.HTML(string=f"<html lang=en>{STYLE}<body>{body}").render()
    return [(each.kind, each.page, each.words, each.anchor) for each in findings(document)]


def test_word_wider_than_its_page() -> None:
    assert found(f"<h1>fine</h1><div id=here><p>{'W' * 60} and more</p></div>") == [("overflow", 1, "W" * 60, "here")]


def test_word_left_of_its_page() -> None:
    assert found("<p style='margin-left: -20mm'>lefthand</p>") == [("overflow", 1, "lefthand", "")]


def test_word_wider_than_its_cell() -> None:
    table = f"<table id=t style='width:100%;table-layout:fixed'><tr><td>{'U' * 30}</td><td>x</td></tr></table>"
    assert found(table) == [("overflow", 1, "U" * 30, "t")]


def test_table_wider_than_the_page() -> None:
    assert found(f"<table id=t><tr><td>{'V' * 50}</td><td>x</td></tr></table>") == [("wide", 1, "V" * 50, "t")]


def test_picture_wider_than_the_page() -> None:
    source = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    assert found(f"<img alt='a map' style='width:120mm;height:5mm' src=\"{source}\">") == [("wide", 1, "a map", "")]


def test_nearly_empty_page() -> None:
    """A page that begins a chapter is as short as its author wants it."""
    words = {"h1": "A short chapter", "p": "Left over", "h2": "A section"}
    pages = "".join(f"<{tag} style='margin:0;font-size:9pt;break-before:page'>{text}</{tag}>" for tag, text in words.items())
    assert found(pages) == [("empty", 2, "Left over", ""), ("empty", 3, "A section", "")]


def test_what_fits_is_not_reported() -> None:
    assert (
        found(
            "<p>Words that fit.</p><table><tr><td>a</td></tr></table><ul><li>item</li></ul><p style='text-align:right'>right</p>"
        )
        == []
    )


def test_place_of_a_finding() -> None:
    text = "# One {#sec:one}\n\ntwice\n\n# Two {#sec:two}\n\ntwice and onlyonce\n"
    settings = convert({"title": "T", "sections": ("a.md",)}, Settings)
    manuscript = Manuscript(Project(Path("/nowhere"), settings), (Section(scan(Source("a.md", text)), ()),), ())
    given = (
        Finding("overflow", 3, "onlyonce", "", 4.5),
        Finding("overflow", 3, "twice", "sec:two", 4.0),
        Finding("wide", 4, "1 2 3", "sec:one", 9),
        Finding("empty", 5, "nowhere at all"),
    )
    found = list(layout_diagnostics(given, manuscript, 3))
    spans = [each.span for each in found]
    assert [each.message.split("page ")[1].split()[0] for each in found] == ["iii", "iii", "1", "2"]
    assert [(span.line, span.column) if span else None for span in spans] == [(7, 11), (7, 1), (1, 8), None]


def test_character_without_font_at_each_place() -> None:
    sources = (Source("a.md", "x 文\n文"), Source("b.md", "nothing"))
    given = list(missing_characters("文\ue000", sources))
    assert [each.span for each in given] == [Span("a.md", 1, 3, 1, 4), Span("a.md", 2, 1, 2, 2), None]
    assert "U+6587 (CJK UNIFIED IDEOGRAPH-6587)" in given[0].message
    assert "mmguide[cjk]" in (given[0].hint or "")
    assert "mmguide[cjk]" not in (given[2].hint or "")


def _busy(seconds: float) -> None:
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        pass


def test_time_is_bounded() -> None:
    start = time.monotonic()
    with pytest.raises(LimitExceeded, match="longer than 1 seconds"), limited(1, 2048):
        _busy(20)
    assert time.monotonic() - start < 10


def test_memory_is_bounded() -> None:
    with pytest.raises(LimitExceeded, match="more than 64 MB"), limited(60, 64):
        bytearray(512 * 1024 * 1024)
    assert len(bytearray(256 * 1024 * 1024)) == 256 * 1024 * 1024
