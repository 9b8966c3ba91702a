"""Plots, evidence tables and pathways: positions read back from the drawing, words read back from the tree."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from mmguide.assemble.evidence import expand_evidence, forest, pathway
from mmguide.assemble.evidence.drawing import _FALLBACKS, SURE, Text, _characters, missing
from mmguide.assemble.evidence.pathway import WIDTH, layout, read_steps
from mmguide.assemble.evidence.request import read_request
from mmguide.ast import Attr, attr_of, iterate, plain_text
from mmguide.converting import parse
from mmguide.data import read
from mmguide.diagnostics import Span
from mmguide.model.data import Data
from mmguide.model.settings import Settings
from mmguide.model.source import Container, Scan, Source
from mmguide.theme import house_theme

CSV = """id,name,setting,hr,hr_low,hr_high,hr_status,weight,diff,diff_low,diff_high,ok,t_months,reference,certainty
a,Trial A,after,0.57,0.46,0.71,verified,40,-3,-5,-1,1,46,attal2012; nobody2000,moderate
b,Trial B,after,0.50,0.35,0.71,from memory,10,2,1,3,1,27,attal2012 (update),low
c,Trial C,without,0.56,,,verified,,,,,0,,,
d,Trial D,without,1.30,0.90,1.90,verified,90,1,-1,3,1,12,attal2012,high
"""
SETTINGS = Settings(title="T", sections=("s.md",))
THEME = house_theme()


def expanded(text: str, csv: str = CSV):
    data = read([Source("data/t.csv", csv)])[0]
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.startswith("::: {")]
    containers = tuple(Container(tuple(re.findall(r"\.([a-z-]+)", line)), "", (), Span("s.md", n, 1), n, 1) for n, line in lines)
    scan = Scan(Source("s.md", text), text, containers=containers)
    return expand_evidence(parse(text), scan, data, SETTINGS, THEME, ["attal2012"])


def drawing(text: str, csv: str = CSV) -> dict[str, list[tuple[float, float]]]:
    """The corners of every named part of the only drawing."""
    (picture,) = expanded(text, csv).pictures.values()
    root = ElementTree.fromstring(picture.content)
    found = {}
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        for path in group.findall("{http://www.w3.org/2000/svg}path"):
            numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", path.get("d", ""))]
            found[group.get("id", "")] = list(zip(numbers[::2], numbers[1::2], strict=True))
            found["style " + group.get("id", "")] = path.get("style", "")
    return found


def middle(points) -> float:
    return (min(x for x, _ in points) + max(x for x, _ in points)) / 2


FOREST = '::: {.forest #fig:f data="data/t.csv" value="hr" favours="drug | control" weight="weight"}\nA plot.\n:::\n'


def test_estimates_and_limits_stand_where_the_data_say():
    parts = drawing(FOREST)
    ticks = {float(name.removeprefix("tick:")): points[0][0] for name, points in parts.items() if name.startswith("tick:")}
    (low, x_low), *_, (high, x_high) = sorted(ticks.items())

    def at(value: float) -> float:
        return x_low + (x_high - x_low) * math.log(value / low) / math.log(high / low)

    for row, value, lower, upper in (("a", 0.57, 0.46, 0.71), ("b", 0.5, 0.35, 0.71), ("d", 1.3, 0.9, 1.9)):
        line = parts[f"interval:{row}"]
        assert line[0][0] == pytest.approx(at(lower), abs=0.05)
        assert line[1][0] == pytest.approx(at(upper), abs=0.05)
        assert middle(parts[f"estimate:{row}"]) == pytest.approx(at(value), abs=0.05)
    assert parts["no-difference"][0][0] == pytest.approx(at(1), abs=0.05)
    heights = [parts[f"interval:{row}"][0][1] for row in "abd"]
    assert heights == sorted(heights)


def test_differences_stand_on_a_linear_scale_around_nought():
    parts = drawing('::: {.forest #fig:f value="diff"}\nA plot.\n:::\n', CSV.replace("diff", "diff"))
    ticks = sorted((float(n.removeprefix("tick:")), p[0][0]) for n, p in parts.items() if n.startswith("tick:"))
    (low, x_low), *_, (high, x_high) = ticks
    per_unit = (x_high - x_low) / (high - low)
    assert parts["no-difference"][0][0] == pytest.approx(x_low - low * per_unit, abs=0.05)
    assert middle(parts["estimate:a"]) == pytest.approx(x_low + (-3 - low) * per_unit, abs=0.05)


def test_area_follows_weight_and_doubt_is_hollow():
    parts = drawing(FOREST)
    side = {row: max(x for x, _ in p) - min(x for x, _ in p) for row in "abd" if (p := parts[f"estimate:{row}"])}
    assert side["b"] < side["a"] < side["d"]
    paper = THEME.colours.paper
    assert f"fill: {paper}" in parts["style estimate:b"]
    assert f"fill: {paper}" not in parts["style estimate:a"]
    assert "dasharray" in parts["style interval:b"]
    assert "dasharray" not in parts["style interval:a"]


def test_rows_of_a_subgroup_stand_together_below_its_name():
    grouped = FOREST.replace('weight="weight"', 'group="setting"')
    plain, parts = drawing(FOREST.replace(' weight="weight"', "")), drawing(grouped)
    height = {row: parts[f"interval:{row}"][0][1] for row in "abd"}
    even = {row: plain[f"interval:{row}"][0][1] for row in "abd"}
    # Between b and d stands c alone, and in groups the name of theirs too.
    assert (height["d"] - height["b"]) / (height["b"] - height["a"]) > (even["d"] - even["b"]) / (even["b"] - even["a"]) + 0.5
    moved = CSV.replace("d,Trial D,without", "d,Trial D,after")
    rows = {row: p[0][1] for row in "abd" if (p := drawing(grouped, moved)[f"interval:{row}"])}
    assert rows["a"] < rows["b"] < rows["d"]
    assert rows["d"] - rows["b"] == pytest.approx(rows["b"] - rows["a"], abs=0.1)


def test_a_row_without_interval_is_listed_and_not_drawn():
    made = expanded(FOREST)
    parts = drawing(FOREST)
    assert "estimate:c" not in parts
    image = next(e for e in iterate(made.blocks) if e["t"] == "Image")
    assert "Trial C 0.56 (no interval, not drawn)." in plain_text(image["c"][1])
    assert "no confidence interval" in plain_text(made.blocks)


def test_the_alternative_text_says_what_the_plot_shows():
    made = expanded(FOREST)
    image = next(e for e in iterate(made.blocks) if e["t"] == "Image")
    assert plain_text(image["c"][1]) == (
        "Forest plot: hr, logarithmic scale. Trial A 0.57 (95% CI 0.46 to 0.71). "
        "Trial B 0.50 (95% CI 0.35 to 0.71, unconfirmed). Trial C 0.56 (no interval, not drawn). "
        "Trial D 1.30 (95% CI 0.90 to 1.90). Values to the left favour drug. Values to the right favour control."
    )
    assert image["c"][2][0] == "generated/fig-f.svg"


def test_the_same_data_give_the_same_bytes_and_other_data_do_not():
    first, second = (expanded(FOREST).pictures["generated/fig-f.svg"].content for _ in range(2))
    assert first == second
    assert expanded(FOREST, CSV.replace("0.57", "0.58")).pictures["generated/fig-f.svg"].content != first
    assert b"<!DOCTYPE" not in first
    assert b"<text" not in first


def test_an_evidence_table_cites_marks_and_heads_its_rows():
    made = expanded(
        '::: {.evidence-table #tbl:e columns="name reference t_months hr:ci" where="ok" group="setting"}\nTable.\n:::\n'
    )
    table, note = made.blocks
    assert plain_text(note) == "† not confirmed against the source"
    cells = [plain_text(c[4]) for _, row in [(0, r) for body in table["c"][4] for r in [*body[2], *body[3]]] for c in row[1]]
    assert cells[:5] == ["after", "Trial A", "[@attal2012], nobody2000", "46", "0.57 (0.46 to 0.71)"]
    assert cells[8] == "0.50 (0.35 to 0.71)†"
    heads = [plain_text(c[4]) for c in table["c"][3][1][0][1]]
    assert heads == ["name", "reference", "t months", "hr (95% CI)"]
    assert table["c"][4][0][1] == 1, "the first column heads its rows"
    assert [e["c"][0][0]["citationId"] for e in iterate(table) if e["t"] == "Cite"] == ["attal2012"] * 3


def test_a_summary_of_findings_shows_certainty_in_words_and_symbols():
    csv = "id,outcome,studies,effect,effect_low,effect_high,certainty\no,Survival,3,0.75,0.63,0.90,moderate\n"
    made = expanded("::: {.summary-of-findings #tbl:s}\nFindings.\n:::\n", csv)
    text = plain_text(made.blocks)
    assert "Outcome Studies Relative effect (95% CI) Certainty" in text
    assert "0.75 (0.63 to 0.90)" in text
    assert "moderate ⊕⊕⊕◯" in text


PATHWAY = """::: {.pathway #fig:p}
- Has it responded?
  - **No:** Treat again
  - **Yes:** Was it transplanted?
    - **Yes:** [Offer the drug]{#offer}
    - **No:** Is it fit?
      - **Yes:** [see above](#offer)
      - **No:** Observe

Choosing.
:::
"""


def test_the_boxes_of_a_deep_pathway_do_not_overlap():
    text = """- Is it stable after the first treatment that was given?
  - **No:** Treat it again: this is outside the guideline
  - **Yes:** Was there a transplant of any kind before?
    - **Yes:** Can the patient take the drug of choice?
      - **Yes:** Is the test of residual disease positive?
        - **Yes:** The drug of choice and the other one added
        - **No:** The drug of choice until progression
      - **No:** The other drug alone for up to two years
    - **No:** The drug of choice as an option to discuss
"""
    boxes = layout(read_steps(parse(text)), THEME).boxes
    assert len(boxes) == 9
    for one in boxes:
        assert 0 <= one.x - one.width / 2 <= one.x + one.width / 2 <= WIDTH
        for other in boxes:
            apart = (
                abs(one.x - other.x) >= (one.width + other.width) / 2 or abs(one.y - other.y) >= (one.height + other.height) / 2
            )
            assert one is other or apart, (one.lines, other.lines)


def test_a_pathway_has_a_box_for_each_step_and_an_arrow_for_each_branch():
    parts = drawing(PATHWAY)
    boxes = {n: p for n, p in parts.items() if n.startswith("step:")}
    arrows = {n for n in parts if n.startswith("arrow:")}
    assert len(boxes) == 6
    assert len(arrows) == 6
    assert "arrow:step:5:step:4" in arrows, "the branch that joins another"
    for name in arrows:
        _, _, start, _, end = name.split(":")
        first, last = parts[name][0], parts[name][-1]
        assert min(x for x, _ in boxes[f"step:{start}"]) <= first[0] <= max(x for x, _ in boxes[f"step:{start}"])
        assert min(x for x, _ in boxes[f"step:{end}"]) <= last[0] <= max(x for x, _ in boxes[f"step:{end}"])
    spans = [(min(x for x, _ in p), max(x for x, _ in p), min(y for _, y in p), max(y for _, y in p)) for p in boxes.values()]
    for i, (left, right, top, bottom) in enumerate(spans):
        for other in spans[i + 1 :]:
            assert right <= other[0] or left >= other[1] or bottom <= other[2] or top >= other[3], "boxes overlap"


def test_the_steps_stay_readable_as_a_list():
    made = expanded(PATHWAY)
    steps = next(e for e in made.blocks if e["t"] == "Div" and "pathway-steps" in attr_of(e).classes)
    assert [e["t"] for e in steps["c"][1]] == ["Para", "BulletList"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('::: {.forest data="nowhere.csv" value="hr"}\nText.\n:::', "MMG642"),
        ('::: {.forest value="hrr"}\nText.\n:::', "MMG643"),
        ('::: {.forest value="hr" rows="a x"}\nText.\n:::', "MMG644"),
        ('::: {.forest value="hr" vhere="ok"}\nText.\n:::', "MMG645"),
        ('::: {.forest value="t_months"}\nText.\n:::', "MMG646"),
        ("::: {.forest}\nText.\n:::", "MMG647"),
        ('::: {.evidence-table columns="nme"}\nText.\n:::', "MMG643"),
        ('::: {.evidence-table columns="name"}\n:::', "MMG648"),
        ("::: {.pathway}\nNo list.\n:::", "MMG649"),
        ("::: {.pathway}\n- A\n  - [x](#y)\n\nCaption.\n:::", "MMG649"),
    ],
)
def test_what_cannot_be_made_is_reported_at_the_div(text, code):
    made = expanded("\n\n" + text)
    assert [(d.code, d.span.line) for d in made.diagnostics] == [(code, 3)]
    assert not made.pictures


def test_a_table_must_be_named_where_there_are_several():
    data = read([Source("data/a.csv", CSV), Source("data/b.csv", CSV)])[0]
    text = '::: {.forest value="hr"}\nText.\n:::'
    made = expand_evidence(parse(text), Scan(Source("s.md", text), text), data, SETTINGS, THEME)
    assert [d.code for d in made.diagnostics] == ["MMG641"]


@pytest.mark.parametrize(("low", "high"), [("0.40", "0.71"), ("0.79", "1.38"), ("0.95", "1.05"), ("0.02", "40"), ("0.5", "2.5")])
def test_every_axis_has_some_ticks_and_not_too_many(low, high):
    csv = f"id,hr,hr_low,hr_high\na,{(float(low) * float(high)) ** 0.5:.2f},{low},{high}\n"
    ticks = [name for name in drawing('::: {.forest #fig:f value="hr"}\nA plot.\n:::\n', csv) if name.startswith("tick:")]
    assert 2 <= len(ticks) <= 9, ticks


def test_what_is_only_checked_is_not_drawn():
    data = read([Source("data/t.csv", CSV)])[0]
    made = expand_evidence(parse(FOREST), Scan(Source("s.md", FOREST), FOREST), data, SETTINGS, THEME, drawn=False)
    full = expanded(FOREST)
    (picture,), (drawn,) = made.pictures.values(), full.pictures.values()
    assert (picture.content, picture.width, picture.height) == (b"", None, None)
    assert drawn.content
    assert made.blocks == full.blocks


@pytest.mark.parametrize("favours", ["drug | control", " | control", ""])
def test_what_is_only_checked_knows_every_letter_that_would_be_drawn(favours):
    table = read([Source("data/t.csv", CSV)])[0].tables["data/t.csv"]
    attributes = {"favours": favours, "columns": "setting t_months certainty", "group": "setting"}
    request, _ = read_request("forest", Attr(attributes=tuple(attributes.items())), Data({table.path: table}), Span("s.md"))
    plot = forest.forest_of(request, "hr", "de")
    assert set("".join(forest.words(plot))) == drawn_letters(forest.draw(plot, THEME))
    steps = read_steps(parse("- Fit?\n    - **Yes:** Go\n    - **Not yet, but soon:** Wait\n"))
    assert set("".join(pathway.words(steps))) == drawn_letters(pathway.draw(steps, THEME))


def drawn_letters(sheet) -> set[str]:
    return set("".join(mark.words for mark in sheet.marks if isinstance(mark, Text)) + " ")


def test_letters_that_the_theme_lacks_come_from_the_fallback():
    assert missing("⊕ – Ω", THEME.fonts.table) == ""
    assert missing("骨x", THEME.fonts.table) == "骨"


def test_characters_that_need_no_look_are_in_the_fallbacks() -> None:
    assert {ord(c) for c in SURE} <= set().union(*map(_characters, _FALLBACKS))
