"""Recommendations in the tree: numbers, labels, parts, the generated list, and the grading schemes."""

from __future__ import annotations

import pytest

from mmguide.assemble.numbering import Numbering
from mmguide.assemble.recommendations import parts_behind, resolve_recommendations
from mmguide.ast import attr_of, iterate, plain_text
from mmguide.converting import parse
from mmguide.grading import SCHEMES, scheme_of
from mmguide.model.reading import read
from mmguide.model.settings import Grading, Settings

TEXT = """# Summary {.unnumbered}

::: {.recommendations}
:::

# First question

::: {.recommendation #rec:a strength="strong" certainty="moderate" direction="for"}
We recommend this drug for adults [@one; @two], see @sec:x.^[A note.]

::: {.justification}
It works.
:::

## Benefits and harms

Few harms [@three].
:::

::: {.statement}
Talk to the patient.
:::

# Second {#sec:x}

::: {.recommendation #rec:b strength="weak" certainty="very low" direction="against"}
We suggest not to use it.
:::

## Justification {.unnumbered}

Because of this [@four].

## Equity and acceptability {.unnumbered}

Not assessed.

## Another thing

Text.
"""
SETTINGS = Settings(title="T", sections=("a.md",))


@pytest.fixture(scope="module")
def resolved():
    blocks = Numbering(SETTINGS).blocks(parse(TEXT))
    return resolve_recommendations(blocks, (), SETTINGS)


def divs(resolved, name):
    return [e for e in iterate(resolved.blocks) if e["t"] == "Div" and name in attr_of(e).classes]


def test_numbered_by_section_with_a_label_in_words_and_symbols(resolved):
    assert [(r.id, r.number, r.graded) for r in resolved.recommendations] == [
        ("rec:a", "1.1", True),
        ("rec:1.2", "1.2", False),
        ("rec:b", "2.1", True),
    ]
    labels = [plain_text(e["c"][1][0]) for e in divs(resolved, "recommendation") + divs(resolved, "statement")]
    assert labels == [
        "Recommendation 1.1 · Strong recommendation for · Certainty of the evidence: moderate ⊕⊕⊕◯",
        "Recommendation 2.1 · Conditional recommendation against · Certainty of the evidence: very low ⊕◯◯◯",
        "Good practice statement 1.2",
    ]
    assert [attr_of(e).classes[-1] for e in divs(resolved, "recommendation")] == ["strength-strong", "strength-conditional"]


def test_what_the_panel_weighed_stands_behind_the_box(resolved):
    box, details = divs(resolved, "recommendation")[0], divs(resolved, "recommendation-details")[0]
    assert "It works" not in plain_text(box)
    assert plain_text(details) == "Justification. It works. Benefits and harms. Few harms [@three]."
    first, _, last = resolved.recommendations
    assert [name for name, _ in first.parts] == ["justification", "benefits-harms"]
    assert first.keys == ("one", "two", "three")
    assert [(name, plain_text(blocks)) for name, blocks in last.parts] == [
        ("justification", "Because of this [@four]."),
        ("equity", "Not assessed."),
        ("acceptability", "Not assessed."),
    ]
    assert last.keys == ("four",)


def test_one_div_may_stand_for_several_parts():
    text = "# A\n\n:::: {.recommendation #rec:x}\nDo it.\n\n::: {.values .equity}\nNot assessed.\n:::\n::::"
    resolved = resolve_recommendations(Numbering(SETTINGS).blocks(parse(text)), (), SETTINGS)
    assert plain_text(divs(resolved, "recommendation-details")) == "Values and preferences; Equity. Not assessed."
    assert [name for name, _ in resolved.recommendations[0].parts] == ["values", "equity"]


def test_the_list_holds_all_of_them_without_citations(resolved):
    items = divs(resolved, "recommendation-summary")
    assert [plain_text(e["c"][1][1:]) for e in items] == [
        "We recommend this drug for adults, see @sec:x.",
        "Talk to the patient.",
        "We suggest not to use it.",
    ]
    links = [e["c"][2][0] for e in iterate(items) if e["t"] == "Link"]
    assert links == ["#rec:a", "#rec:1.2", "#rec:b"]
    assert not [e for item in items for e in iterate(item["c"][1]) if attr_of(e).id]


def test_targets_for_cross_references(resolved):
    assert [(t.id, t.kind, t.number) for t in resolved.targets] == [
        ("rec:a", "rec", "1.1"),
        ("rec:1.2", "rec", "1.2"),
        ("rec:b", "rec", "2.1"),
    ]


def test_parts_end_at_the_next_heading_of_another_kind():
    blocks = parse("## Values, resources\n\nA.\n\n## Other\n\n## Equity\n\nB.")
    assert [name for name, _ in parts_behind(blocks)] == ["values", "resources"]


def test_the_next_section_is_no_part_whatever_it_is_called():
    blocks = parse("### Values\n\nA.\n\n## Safety and monitoring\n\nB.")
    assert [name for name, _ in parts_behind(blocks, 2)] == ["values"]


@pytest.mark.parametrize("name", sorted(SCHEMES))
def test_every_scheme_finds_its_own_levels(name):
    scheme = SCHEMES[name]
    for level in (*scheme.strengths, *scheme.certainties):
        assert level.label("en")
    for found, levels in ((scheme.strength, scheme.strengths), (scheme.certainty, scheme.certainties)):
        assert [found(level.name.upper()) for level in levels] == list(levels)
    assert {s for s, _ in scheme.wording} <= {x.name for x in scheme.strengths}
    assert set(scheme.strong) <= {x.name for x in scheme.strengths}
    assert set(scheme.low) <= {x.name for x in scheme.certainties}


def test_a_guideline_brings_its_own_scheme():
    grading, _ = read(
        Grading,
        {
            "scheme": "own",
            "name": "House",
            "strengths": [{"id": "must", "label": "Must", "look": "strong"}, {"id": "may"}],
            "certainties": [{"id": "good"}, {"id": "poor"}],
            "wording": {"must": {"for": ["must be given"]}},
            "low": ["poor"],
        },
    )
    scheme = scheme_of(grading, "en")
    assert (scheme.name, scheme.strong, scheme.low) == ("House", ("must",), ("poor",))
    assert scheme.phrases("must", "for", "en") == ("must be given",)
    assert scheme.strength("may").label("en") == "may"


def test_the_name_of_a_scheme_is_enough():
    given, _ = read(Settings, {"title": "T", "sections": "a.md", "grading": "esmo"})
    assert given is not None
    assert (given.grading.scheme, given.sections) == ("esmo", ("a.md",))
