"""The stage cite: one work once, pages kept, what is handed to citeproc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mmguide import pandoc, styles
from mmguide.ast import plain_text
from mmguide.bibliography import printing
from mmguide.cite import cite
from mmguide.diagnostics import Span
from mmguide.model.manuscript import CitedManuscript, Manuscript
from mmguide.model.reference import Bibliography, Reference
from mmguide.model.settings import Project, Settings


def reference(key: str, **csl: Any) -> Reference:
    item = {"id": key, "type": "article-journal", "title": f"The title of {key}", "author": [{"family": key.title()}], **csl}
    return Reference(key, item, Span("r.json"))


def cited(text: str, *references: Reference, style: str = "nlm-citation-sequence-brackets") -> CitedManuscript:
    found = styles.by_name(style, Span("guideline.yaml"))
    assert isinstance(found, styles.Style)
    settings = Settings(title="T", sections=("a.md",))
    return cite(Manuscript(Project(Path(), settings), (), pandoc.parse(text), Bibliography(references)), found.xml)


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
