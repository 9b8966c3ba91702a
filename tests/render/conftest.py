"""A small guideline that has one of everything renderers must handle, as assemble and cite would hand it over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec import convert

from mmguide import house
from mmguide.converting import parse
from mmguide.model.manuscript import CitedManuscript, Manuscript
from mmguide.model.picture import Picture
from mmguide.model.settings import Contributor, Dates, Feedback, Project, Settings
from mmguide.theme import Theme, read_theme

TEXT = """
# Scope {#sec:scope number="1"}

For adults who have finished treatment [[1](#ref-one)]{.citation cites="one"}. A dose of 10 µg, ≥ 3 months, β, ⊕⊕⊕◯.[^long]

[^long]: A note at the foot, with **weight**.

    Its second paragraph.

## Population {#sec:population number="1.1"}

::: {.recommendation #rec:first strength="strong" certainty="moderate" direction="for" number="1.1"}
::: recommendation-label
[Recommendation 1.1]{.recommendation-number} [·]{.separator} [Strong, for]{.recommendation-strength}
[low [⊕⊕◯◯]{.certainty-symbol}]{.recommendation-certainty}
:::

We recommend the thing [[1](#ref-one),[2](#ref-two)]{.citation cites="one two"}.
:::

::: {.recommendation #rec:second strength="conditional" certainty="low" direction="against" number="1.2"}
::: recommendation-label
[Recommendation 1.2]{.recommendation-number}
:::

We suggest against the other thing.
:::

::: {.statement #rec:third number="1.3"}
::: recommendation-label
[Good practice statement 1.3]{.recommendation-number}
:::

Ask.
:::

::: panel-note
To be settled at the meeting.
:::

- [x] done
- [ ] open

# Evidence {#sec:evidence number="2"}

::: {#tbl:trials .table number="1"}
| Trial | Patients |
|:------|---------:|
| One   | 460      |
| Two   | [614 [unconfirmed]{.unconfirmed-mark}]{.value .unconfirmed} |

: [Table 1]{.caption-label}[. ]{.caption-separator}Trials.
:::

![[Figure 1]{.caption-label}[. ]{.caption-separator}A square.](figures/square.svg){#fig:square}

The ratio is $\\frac{a}{b} \\le x^2$.

::: landscape
| A | B | C | D |
|---|---|---|---|
| 1 | 2 | 3 | 4 |
:::

# References {#references .unnumbered}

::: {#refs .references}
::: {#ref-one .csl-entry}
[1. ]{.csl-left-margin}[A first paper.]{.csl-right-inline}
:::

::: {#ref-two .csl-entry}
[2. ]{.csl-left-margin}[A second paper.]{.csl-right-inline}
:::
:::
"""
SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="#0f6175"/></svg>'
NOTICE = "Worked example, not for clinical use"


def settings(**changes: object) -> Settings:
    """The sample's settings with these changes."""
    given: dict[str, object] = {
        "title": 'A "guideline" & <its> title',
        "short_title": "Sample",
        "subtitle": "With a subtitle",
        "sections": ("text.md",),
        "version": "1.2.0",
        "language": "en-GB",
        "notice": NOTICE,
        "summary": "What it is about.",
        "dates": Dates(updated=date(2026, 11, 22), review_by=date(2027, 11, 22)),
        "contributors": (
            Contributor(name="Example panel", role="Author", affiliation="An organisation", interests="none"),
            Contributor(name="Example board", role="Chief editor", affiliation="An organisation", interests="none"),
        ),
        "funding": "None.",
        "contact": "guideline@example.org",
        "feedback": Feedback(address="https://example.org/feedback", email="guideline@example.org"),
    }
    return convert({**given, **changes}, Settings)


def cited(text: str = TEXT, **changes: object) -> CitedManuscript:
    """A CitedManuscript of this text."""
    blocks = parse(text)
    picture = Picture("figures/square.svg", SQUARE, "image/svg+xml", 40, 40)
    project = Project(Path("/nowhere"), settings(**changes))
    manuscript = Manuscript(project=project, sections=(), blocks=blocks, pictures={picture.path: picture})
    return CitedManuscript(manuscript, blocks, ("one", "two"))


@pytest.fixture(scope="session")
def sample() -> CitedManuscript:
    return cited()


@pytest.fixture(scope="session")
def theme() -> Theme:
    return read_theme(house.style("theme.yaml"))[0]
