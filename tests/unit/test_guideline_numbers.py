"""The guideline's own numbers: what is typed in a paragraph stands in the data of a trial or paper that the paragraph cites."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "source"
SECTIONS = sorted((SOURCE / "sections").glob("*.md"))

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w]|\.\d)")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_NOT_TEXT = re.compile(
    r"\[[^\]]*\]\{\.value[^}]*\}"  # printed from the data
    r"|\{[^}]*\}|\^[^\s^]+\^|@[\w:-]+|\[\^\w+\]:?|^\s*\d+\.\s"  # attributes, superscripts, citations, notes, list marks
    r"|95% CI|[Gg]rade 3(?: to 4)?|\b[Oo]f 100\b|\bin 100 000\b"
    r"|\b(?:CALGB|IFM|MM|MY|HOVON|RV-MM-PI|RV-MM-EMN|TOURMALINE|GMMG|EMN|HO|TA|MRC)[-.\s]?\d[\w.-]*(?:/[A-Z]+\d*)?",
    re.MULTILINE,
)

# Numbers that no table holds: worked out from two that it does, or no result of a trial.
WORKED_OUT = {
    "85": "100 minus 15% dead (CALGB 100104)",
    "77": "100 minus 23% dead (CALGB 100104)",
    "32": "50.5 minus 18.8 (AURIGA)",
    "8": "17.4 minus 9.4 (TOURMALINE-MM4)",
    "13": "36.6 minus 23.2 (TOURMALINE-MM4)",
    "7": "6.9 of 100 rounded; 54.2 minus 46.9 (AURIGA)",
    "6": "18.8 minus 13.3 (AURIGA)",
    "5": "4.8 of 100 rounded; 26.5 minus 21.3 (TOURMALINE-MM3); 12.9 minus 8.0 (TOURMALINE-MM4)",
}


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    """Each block of a section with the heading over it; the rows of a table are blocks of their own."""
    heading = ""
    for part in re.split(r"\n\s*\n|\n(?=\|)", path.read_text(encoding="utf-8")):
        if part.startswith("#"):
            heading = part
        yield heading, part


def numbers_by_reference(confirmed: bool = False) -> dict[str, set[str]]:
    """Every number in the data by the reference that it comes from; only `confirmed` ones if asked."""
    found: dict[str, set[str]] = {}
    primary: dict[str, str] = {}
    for reference in json.loads((SOURCE / "references.json").read_text(encoding="utf-8")):
        found[reference["id"]] = set(_DIGITS.findall(reference["custom"].get("remark", "")))
    for name in ("trials", "trial_facts", "meta_analyses"):
        with (SOURCE / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                values = {
                    number
                    for key, text in row.items()
                    if key not in ("source", "id") and not (confirmed and _from_memory(row, key))
                    for number in _DIGITS.findall(text or "")
                }
                named = " ".join(row.get(k, "") for k in ("reference", "primary_reference", "other_references"))
                if named.startswith("("):  # a congress, which is no reference of its own
                    named = primary[row["trial"]]
                primary[row["id"]] = row.get("primary_reference", "")
                for key in named.split():
                    found.setdefault(key, set()).update(values)
    return found


def _from_memory(row: dict[str, str], key: str) -> bool:
    return "from memory" in (row.get(f"{key}_status") or row.get("status") or "")


def typed(text: str) -> list[str]:
    return [n for n in _NUMBER.findall(_NOT_TEXT.sub(" ", text)) if not 1990 < float(n) < 2030 or "." in n]


@pytest.mark.parametrize("path", [p for p in SECTIONS if re.match(r"0[4-9]|1[0-2]", p.name)], ids=lambda p: p.stem)
def test_every_typed_number_stands_in_the_data_of_what_is_cited(path: Path) -> None:
    known, confirmed = numbers_by_reference(), numbers_by_reference(confirmed=True)
    assert known["mccarthy2012"]
    text = path.read_text(encoding="utf-8")
    in_section = {n for key in re.findall(r"@([a-z]+\d{4}\w*)", text) for n in known.get(key, ())}
    wrong = []
    for heading, block in blocks(path):
        cited = re.findall(r"@([a-z]+\d{4}\w*)", block)
        near = {n for key in cited for n in known.get(key, ())} if cited else in_section
        wrong += [(n, heading[:40], block[:60]) for n in typed(block) if n not in near and n not in WORKED_OUT]
        sure = {n for key in cited for n in confirmed.get(key, ())}
        unsure = [n for n in typed(block) if cited and n in near - sure and n not in WORKED_OUT]
        wrong += [(n, "not called unconfirmed", block[:60]) for n in unsure if "unconfirmed" not in block]
    assert not wrong


def test_the_check_sees_a_wrong_number() -> None:
    known = numbers_by_reference()
    assert "46" in known["mccarthy2012"]
    assert "47.5" not in known["mccarthy2012"]
    assert typed("In MM-015 47.5 v 27 months [@mccarthy2012; @x2001], p=0.03 [a.b]{.value}") == ["47.5", "27", "0.03"]


def test_references_with_details_from_memory_are_named_as_unconfirmed() -> None:
    printed = ("title", "authors", "journal", "date", "volume", "page", "DOI", "URL")
    references = json.loads((SOURCE / "references.json").read_text(encoding="utf-8"))
    doubtful = {r["id"] for r in references if "from memory" in (r["custom"]["verification"].get(name) for name in printed)}
    text = (SOURCE / "sections" / "14-evidence.md").read_text(encoding="utf-8")
    sentence = text.partition("Unconfirmed in the list of references:")[2].partition("]")[0]
    assert set(re.findall(r"@(\w+)", sentence)) == doubtful
