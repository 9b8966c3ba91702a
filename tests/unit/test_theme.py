"""The theme: complete, readable by everyone in colour and in grey, changed in a few lines, its faults reported with their place."""

from __future__ import annotations

from itertools import combinations

import pytest

from mmguide import house
from mmguide.model.source import Source
from mmguide.render.html.mirror import mirrored
from mmguide.theme import Theme, contrast, read_theme, stylesheet, unreadable


@pytest.fixture(scope="module")
def theme() -> Theme:
    theme, diagnostics = read_theme(house.style("theme.yaml"))
    assert diagnostics == ()
    return theme


def own(text: str) -> Source:
    return Source("styles/theme.yaml", text)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_text_of_the_house_is_readable(theme: Theme) -> None:
    assert list(unreadable(theme)) == []


def test_strengths_differ_without_colour(theme: Theme) -> None:
    assert {"strong", "conditional", "statement", "other"} <= set(theme.strengths)
    for one, other in combinations(theme.strengths.values(), 2):
        assert one.border != other.border
        assert one.symbol != other.symbol


def test_other_names_of_strengths(theme: Theme) -> None:
    assert theme.strength("Weak") == theme.strengths["conditional"]
    assert theme.strength("class IIa") == theme.strengths["other"]


def test_a_project_changes_two_lines(theme: Theme) -> None:
    changed, diagnostics = read_theme(house.style("theme.yaml"), own('colours:\n  heading: "#5b1a4a"\nlogo: figures/logo.svg\n'))
    assert diagnostics == ()
    assert (changed.colours.heading, changed.logo) == ("#5b1a4a", "figures/logo.svg")
    assert changed.colours.ink == theme.colours.ink


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "says"),
    [
        ('colours:\n  headng: "#5b1a4a"\n', "MMG902", 2, 3, "did you mean 'heading'?"),
        ("colours:\n  heading: green\n", "MMG903", 2, 3, "not a colour"),
        ("sizes:\n  text: large\n", "MMG903", 2, 3, "'large'"),
        ("strengths:\n  strong:\n    boarder: solid\n", "MMG902", 3, 5, "did you mean 'border'?"),
        ("colours: [\n", "MMG901", 2, 1, "not valid YAML"),
        ("- a\n", "MMG901", 1, 1, "list of `name: value` lines"),
        ('colours:\n  muted: "#aaaaaa"\n', "MMG904", 2, 3, "contrast of muted"),
        ('strengths:\n  strong:\n    symbol: "□"\n', "MMG904", 3, 5, "same symbol"),
    ],
)
def test_a_fault_is_reported_where_it_stands(text: str, code: str, line: int, column: int, says: str) -> None:
    _, diagnostics = read_theme(house.style("theme.yaml"), own(text))
    found = [d for d in diagnostics if d.code == code and says in d.message + d.hint]
    assert found, diagnostics
    assert found[0].span is not None
    assert (found[0].span.line, found[0].span.column) == (line, column)


def test_values_reach_the_style_sheet(theme: Theme) -> None:
    css = stylesheet(
        theme, "@page { margin-top: var(--margin-top) } h1 { color: var(--heading); width: var(--mine) }", written_out=True
    )
    assert f"@page {{ margin-top: {theme.spacing.margin_top:g}mm }}" in css
    assert f"color: {theme.colours.heading}; width: var(--mine)" in css
    assert ".strength-conditional,.strength-weak" in css


def test_the_bar_stands_where_lines_begin(theme: Theme) -> None:
    assert "border-inline-start:" in stylesheet(theme, "")
    # Pages know no logical sides: their style sheet is mirrored as a whole.
    printed = stylesheet(theme, "", written_out=True)
    assert "border-left:" in printed
    assert "border-right:" in mirrored(printed)
    assert "border-left:" not in mirrored(printed)
