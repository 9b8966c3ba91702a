"""Abbreviations: written out at their first use in running text, marked wherever they stand, listed at the end."""

from __future__ import annotations

import pytest

from mmguide.assemble.abbreviations import with_abbreviations
from mmguide.ast import attr_of, iterate, plain_text
from mmguide.converting import parse

KNOWN = {
    "MRD": "minimal residual disease",
    "MPR": "melphalan, prednisone and lenalidomide",
    "MPR-R": "melphalan, prednisone and lenalidomide, then lenalidomide",
    "CI": "confidence interval",
    "ASCT": "autologous transplant",
}


def written(text: str) -> list[dict]:
    return with_abbreviations(parse(text), KNOWN, "en")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Negative MRD and MRD again.", "Negative minimal residual disease (MRD) and MRD again."),
        ("MRD-positive patients.", "minimal residual disease (MRD)-positive patients."),
        ("MPR-R after MPR.", f"{KNOWN['MPR-R']} (MPR-R) after {KNOWN['MPR']} (MPR)."),
        ("# MRD in a heading\n\nThen MRD.", "MRD in a heading Then minimal residual disease (MRD)."),
        ("The test of residual disease (MRD) and MRD.", "The test of residual disease (MRD) and MRD."),
        ("Much later (after the ASCT).", "Much later (after the ASCT)."),
        ("[0.5 (95% CI 0.4 to 0.6)]{.value} and CI.", "0.5 (95% CI 0.4 to 0.6) and confidence interval (CI)."),
        ("| A |\n|---|\n| CI |\n\nA CI.", "A CI A confidence interval (CI)."),
        ("XMRD, MRDs and `MRD` are none.", "XMRD, MRDs and MRD are none."),
        ("See [@MRD].", "See [@MRD]."),
    ],
)
def test_written_out_where_running_text_first_uses_it(text: str, first: str) -> None:
    assert plain_text([b for b in written(text) if attr_of(b).id != "abbreviations" and b["t"] != "Div"]) == first


def test_marked_everywhere_and_listed_when_used() -> None:
    blocks = written("MRD, then MRD.\n\n| A |\n|---|\n| CI |\n")
    marks = [(plain_text(e), attr_of(e).get("title")) for e in iterate(blocks) if "abbr" in attr_of(e).classes]
    assert marks == [("MRD", KNOWN["MRD"]), ("MRD", KNOWN["MRD"]), ("CI", KNOWN["CI"])]
    title, listed = blocks[-2:]
    assert attr_of(title).id == "abbreviations"
    terms = listed["c"][1][0]["c"]
    assert [(plain_text(term), plain_text(meaning)) for term, meaning in terms] == [(a, KNOWN[a]) for a in ("CI", "MRD")]


def test_nothing_is_added_where_none_is_used() -> None:
    blocks = parse("No short words here.")
    assert with_abbreviations(blocks, KNOWN, "en") == blocks
    assert with_abbreviations(blocks, {}, "en") is blocks
