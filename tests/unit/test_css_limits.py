"""A project's own style sheet: what would keep the layout busy without end never reaches it, whatever its spelling."""

from __future__ import annotations

import pytest

from mmguide.css_limits import dangers
from mmguide.model.source import Source

CHAIN = ":root{--a:x x x x x;" + "".join(f"--{chr(98 + n)}:{f'var(--{chr(97 + n)}) ' * 8};" for n in range(6)) + "}"


@pytest.mark.parametrize(
    "css",
    [
        "a{grid-template-columns:repeat(1000000000,1fr)}",
        "a{grid-template-columns:REPEAT(1e9, 1fr)}",
        r"a{grid-template-columns:r\65 peat(600, 1fr)}",
        "@media print{a{grid-template-rows:repeat(600,1fr)}}",
        CHAIN,
        "p{" + "&,&{" * 9 + "color:red" + "}" * 10,
        "p{" + "&{" * 14 + "color:red" + "}" * 15,
        "a{background:repeating-linear-gradient(red, blue .01px)}",
        "a{background-image:url(x.png), repeating-radial-gradient(red 0, blue 0.01%)}",
        "@page{size:1px}",
        "@page wide:first{size:1mm 200mm}",
        "a{columns:100000}",
    ],
)
def test_danger_is_refused_at_its_line(css: str) -> None:
    found = dangers(Source("styles/print.css", "/* one */\n" + css))
    assert found
    assert all(each.span is not None and each.span.line == 2 for each in found)


@pytest.mark.parametrize(
    "css",
    [
        "a{grid-template-columns:repeat(12,1fr)} @page{size:210mm 297mm;margin:0} b{columns:2;color:var(--x)}",
        ":root{--a:1px;--b:var(--a) var(--a)} :root{--c:var(--d);--d:var(--c)}",
        "a{background:repeating-linear-gradient(45deg, red, blue 3px)} p{& b, & i{color:red}}",
        "a{b",
        "",
    ],
)
def test_ordinary_style_is_let_through(css: str) -> None:
    assert dangers(Source("styles/print.css", css)) == ()
