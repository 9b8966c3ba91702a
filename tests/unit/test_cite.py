"""The stage cite: one work once, pages kept, what is handed to citeproc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from mmguide import memory, pandoc, styles
from mmguide.ast import plain_text
from mmguide.bibliography import printing
from mmguide.cache import NOTHING, Cache
from mmguide.cite import cite
from mmguide.converting import parse
from mmguide.diagnostics import Span
from mmguide.model.manuscript import CitedManuscript, Manuscript
from mmguide.model.reference import Bibliography, Reference
from mmguide.model.settings import Project, Settings


def reference(key: str, **csl: Any) -> Reference:
    item = {"id": key, "type": "article-journal", "title": f"The title of {key}", "author": [{"family": key.title()}], **csl}
    return Reference(key, item, Span("r.json"))


def cited(
    text: str, *references: Reference, style: str = "nlm-citation-sequence-brackets", cache: Cache = NOTHING
) -> CitedManuscript:
    found = styles.by_name(style, Span("guideline.yaml"))
    assert isinstance(found, styles.Style)
    settings = Settings(title="T", sections=("a.md",))
    return cite(Manuscript(Project(Path(), settings), (), parse(text), Bibliography(references)), found.xml, cache)


def test_a_work_under_two_keys_is_printed_once() -> None:
    one, other, third = (
        reference("one", DOI="10.1000/x"),
        reference("other", DOI="10.1000/X", title="The title of one"),
        reference("third"),
    )
    made = cited("A [@other]. B [@one; @other; @third]. C [@other; @one, p. 3].", one, other, third)
    assert made.cited == ("other", "third")
    assert plain_text(made.blocks[0]) == "A [1]. B [1,2]. C [1,1, p. 3]."


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("A [@one, p. 3].", "A [1, p. 3]."),
        ("A [@one p. 3].", "A [1 p. 3]."),
        ("A [@one{p. 3}].", "A [1, p. 3]."),
        ("A [@one, {pp. 3, 4}, more].", "A [1, pp. 3, 4, more]."),
        ("A [see @one, table 2].", "A [see 1, table 2]."),
        ("@one [chap. 4] says.", "[1, chap. 4] says."),
    ],
)
def test_a_page_is_printed_where_the_style_has_no_place_for_it(text: str, printed: str) -> None:
    assert plain_text(cited(text, reference("one")).blocks[0]) == printed


def test_a_page_is_left_to_styles_that_print_it() -> None:
    assert (
        plain_text(cited("A [@one, p. 3].", reference("one"), style="american-medical-association-brackets").blocks[0])
        == "A [1, p3]."
    )


def test_what_citeproc_gets() -> None:
    item = printing.item(
        reference(
            "one", DOI="https://doi.org/10.1000/X", URL="https://doi.org/10.1000/x", abstract="long", custom={"a": 1},
            **{"container-title": "The New England journal of medicine"},
        )
    )  # fmt: skip
    assert (item["DOI"], item["container-title-short"]) == ("10.1000/X", "N Engl J Med")
    assert not {"URL", "abstract", "custom"} & set(item)
    other = printing.item(
        reference("two", DOI="10.1000/y", URL="https://example.org/y", **{"container-title": "J", "container-title-short": "X"})
    )
    assert (other["URL"], other["container-title-short"]) == ("https://example.org/y", "X")


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Lancet (London, England)", "Lancet"),
        ("The Lancet Oncology", "Lancet Oncol"),
        ("Clinical Lymphoma, Myeloma &amp; Leukemia", "Clin Lymphoma Myeloma Leuk"),
        ("JOURNAL OF CLINICAL ONCOLOGY", "J Clin Oncol"),
        ("A journal of nothing", ""),
        ("", ""),
    ],
)
def test_short_names_of_journals(title: str, short: str) -> None:
    assert printing.abbreviation(title) == short


AUTHORS = ("Abel", "Baker", "Conti", "Dufour", "Eriksen")
WORKS = tuple(
    reference(
        key, author=[{"family": f"{name}{n}", "given": "A."} for n in range(5)], issued={"date-parts": [[2000 + at]]}, page="1-9"
    )
    for at, (key, name) in enumerate(zip("abcde", AUTHORS, strict=True))
)
# What stands around a citation where citeproc closes up, and where it must not.
AROUND = """Raised [@a]. Twice  [@a; @b], and "quoted [@c]". *Emphasis* [@d]! A line
[@e] breaks. No-break\u00a0[@a] (in brackets [@b]). @c says it. As @d, and @e. Nobody said [-@a]. See [@b and others.]. Ends et al. [@c].

[@d] begins. Then [@e]
. A note.[^1] [@a] [@b]. ![Picture [@c].](x.png)

| Head [@d] | of a table |
|---|---|
| cell [@e]. | [@a] |

: Caption [@b].

[^1]: In a note [@c]. And [see @d].

# Heading [@e] {#head}

Term [@a]
:   Meaning [@b].

::: {.box}
- Item [link [@c].](https://example.org).
:::

::: {#refs}
:::
"""
PIECES = (
    *("word", " ", " ", "\n", ".", ",", "\u2014", "*so*", '"', "(", ")", "^up^", "[^1]", "\n\n"),
    *("[@a]", "[@b; @c]", "@d", "[-@e]", "[see @a et al.]"),
)
SET = (
    "nlm-citation-sequence-brackets",
    "vancouver-superscript",
    "american-medical-association",
    "apa",
    "elsevier-harvard",
    "nature",
)


# Where the list stands twice, or something stands in it, citations are set in their text.
INSIDE = (AROUND.replace("{#refs}", "{#refs}\nRead [@a]."), AROUND + "\n::: {#b__refs}\n:::\n")


@pytest.mark.parametrize(
    ("style", "text"), [*((style, AROUND) for style in (*SET, "chicago-notes-bibliography")), *((SET[0], t) for t in INSIDE)]
)
def test_citations_set_apart_are_those_set_in_their_text(style: str, text: str) -> None:
    found = styles.by_name(style, Span("guideline.yaml"))
    assert isinstance(found, styles.Style)
    if 'variable="locator"' not in found.xml:
        # What stands behind a key is then written otherwise, see above.
        text = text.replace(" and others.", "").replace(" et al.", "")
    whole = pandoc.cite(parse(text), [printing.item(work) for work in WORKS], found.xml, "en")
    assert cited(text, *WORKS, style=style).blocks == whole


@settings_of_hypothesis(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=2, max_size=40), st.sampled_from(SET[:4]))
def test_whatever_stands_around_a_citation(pieces: list[str], style: str) -> None:
    test_citations_set_apart_are_those_set_in_their_text(style, "".join(pieces) + "\n\n::: {#refs}\n:::\n")


def test_an_edit_beside_the_citations_is_set_from_the_cache(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    first = cited(AROUND, *WORKS, cache=kept)
    memory.forget()
    again = cited(AROUND.replace("Nobody said", "Somebody wrote"), *WORKS, cache=kept)
    assert (kept.hits, kept.misses) == (1, 1)
    assert plain_text(again.blocks) == plain_text(first.blocks).replace("Nobody said", "Somebody wrote")
    cited(AROUND.replace("@c says", "@b says"), *WORKS, cache=kept)
    assert (kept.hits, kept.misses) == (1, 2)


def test_a_process_that_goes_on_sets_citations_once(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    memory.forget()
    first = cited(AROUND, *WORKS, cache=kept)
    again = cited(AROUND.replace("Nobody said", "Somebody wrote"), *WORKS, cache=kept)
    assert (kept.hits, kept.misses) == (0, 1)
    assert plain_text(again.blocks) == plain_text(first.blocks).replace("Nobody said", "Somebody wrote")
    assert again.cited == first.cited
    other = cited(AROUND.replace("[@a; @b]", "[@b; @a]"), *WORKS, cache=kept)
    memory.forget()
    assert other.blocks == cited(AROUND.replace("[@a; @b]", "[@b; @a]"), *WORKS).blocks
