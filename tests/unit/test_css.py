"""A project's style sheets: every address in them is found, wherever it hides, and replaced by what a renderer may load."""

from __future__ import annotations

import pytest

from mmguide.css import addresses, check_sheet, with_addresses
from mmguide.model.source import Source


def sheet(text: str) -> Source:
    return Source("styles/print.css", text)


@pytest.mark.parametrize(
    "css",
    [
        "p { background: url(a.png) }",
        'p { background: URL( "a.png" ) }',
        "p { background: \\75rl(a.png) }",
        "@media print { p { background: red, url('a.png') } }",
        "@page { @top-left { content: url(a.png) } }",
        "@font-face { font-family: x; src: local(y), url(a.png) }",
        "p { background: image-set('a.png' 1x) }",
        "p { & q { background: url(a.png) } }",
        "@namespace url(a.png);",
        "p { --x: url(a.png) }",
    ],
)
def test_every_address_is_found(css: str) -> None:
    assert [asked.written for asked in addresses(sheet(css))] == ["a.png"]


def test_addresses_become_those_of_the_renderer() -> None:
    css = 'p { background: url(../figures/a.png) } q { content: image-set("b.png" 1x); mask: url(#m), url(data:image/png,x) }'
    done = with_addresses(sheet(css), lambda path: f"https://project.invalid/{path}")
    assert 'url("https://project.invalid/figures/a.png")' in done
    assert '"https://project.invalid/styles/b.png"' in done
    assert "url(#m)" in done
    assert "url(data:image/png,x)" in done


@pytest.mark.parametrize(
    ("written", "foreign"),
    [
        ("http://x/a", True),
        ("//x/a", True),
        ("file:///a", True),
        ("/etc/a", True),
        ("\\\\\\\\host\\\\a", True),
        ("a.png", False),
        ("../b/a.png", False),
    ],
)
def test_addresses_outside_are_known_by_their_form(written: str, foreign: bool) -> None:
    assert addresses(sheet(f'p {{ background: url("{written}") }}'))[0].foreign is foreign


def test_faults_are_placed() -> None:
    found = check_sheet(sheet("p { color: red }\n\nq { color blue; }\n@import 'x.css';"))
    assert [(d.code, d.span and (d.span.line, d.span.column)) for d in found] == [("MMG905", (3, 15)), ("MMG906", (4, 1))]


@pytest.mark.parametrize("css", ["p{" * 3000 + "}" * 3000, "p { x: " + "(" * 3000 + ")" * 3000 + "}", "@media x{" * 3000])
def test_deep_nesting_is_reported_or_harmless(css: str) -> None:
    check_sheet(sheet(css))
    assert addresses(sheet(css)) == ()
