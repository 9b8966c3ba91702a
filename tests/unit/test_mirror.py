"""A style sheet for pages that run from the right."""

from __future__ import annotations

import pytest

from mmguide import house
from mmguide.render.html.mirror import mirrored


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("margin-left: 2mm; border-right: 0", "margin-right: 2mm; border-left: 0"),
        ("margin: 1pt 2pt 3pt calc(0mm - (1mm + 2mm))", "margin: 1pt calc(0mm - (1mm + 2mm)) 3pt 2pt"),
        ("margin: 1pt 2pt", "margin: 1pt 2pt"),
        ("float: left; clear: right", "float: right; clear: left"),
        ("@page :left { @top-left { content: none } }", "@page :right { @top-right { content: none } }"),
        ("td { text-align: left }", "td { text-align: right }"),
        # What the text says about its columns holds.
        (".align-right { text-align: right }", ".align-right { text-align: right }"),
        ('p::before { content: "left" }', 'p::before { content: "left" }'),
    ],
)
def test_sides_are_exchanged(given: str, wanted: str) -> None:
    assert mirrored(given) == wanted


def test_twice_is_once() -> None:
    css = house.style("print.css").text
    assert mirrored(css) != css
    assert "".join(mirrored(mirrored(css)).split()) == "".join(css.split())
