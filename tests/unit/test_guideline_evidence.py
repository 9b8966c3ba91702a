"""The guideline's data and references against the evidence file that they were taken from: same facts, same values, same status."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[2] / "source"

# Columns of trials.csv that bear another name here.
RENAMED = {
    "trial_id": "id",
    "trial_name": "name",
    "primary_ref": "primary_reference",
    "other_refs": "other_references",
    "n_experimental": "n_exp",
    "n_control": "n_ctrl",
    "median_followup_months": "followup",
    "os_followup_months": "os_followup",
    "pfs_hr_ref": "pfs_hr_reference",
    "os_hr_ref": "os_hr_reference",
    "neuropathy_note": "neuropathy",
    "stop_for_toxicity_exp_pct": "stop_exp",
    "stop_for_toxicity_ctrl_pct": "stop_ctrl",
}
# Said in other words here, or kept as the status of single values.
OWN_WORDS = {"caveat", "pfs_hr_status", "pfs_ci_status", "os_hr_status", "os_ci_status", "spm_status"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bare(text: str) -> str:
    """A value without what says that it is from memory, numbers without ending zeros."""
    plain = re.sub(r" ?\((?:\w+ )?from memory\)", "", text)
    plain = plain.replace(" (maintenance randomisation)", "").replace("GIMEMA ", "").replace(" years", " y").replace("; ", " ")
    try:
        return format(Decimal(plain).normalize(), "f")
    except ArithmeticError:
        return plain.strip()


def test_each_trial_has_the_values_of_the_evidence_file(shared: Path) -> None:
    ours = {row["id"]: row for row in rows(SOURCE / "data" / "trials.csv")}
    theirs = rows(shared / "evidence" / "trials.csv")
    assert [row["trial_id"] for row in theirs] == list(ours)
    for row in theirs:
        for column, value in row.items():
            if column not in OWN_WORDS:
                name = RENAMED.get(column, column.removesuffix("_months").removesuffix("_pct"))
                assert bare(ours[row["trial_id"]][name]) == bare(value), (row["trial_id"], column)


@pytest.mark.parametrize(
    ("status", "columns"),
    [
        ("pfs_hr_status", ("pfs_hr",)),
        ("pfs_ci_status", ("pfs_hr_low", "pfs_hr_high")),
        ("os_hr_status", ("os_hr",)),
        ("os_ci_status", ("os_hr_low", "os_hr_high")),
    ],
)
def test_hazard_ratios_have_the_status_of_the_evidence_file(shared: Path, status: str, columns: tuple[str, ...]) -> None:
    ours = {row["id"]: row for row in rows(SOURCE / "data" / "trials.csv")}
    for row in rows(shared / "evidence" / "trials.csv"):
        for column in columns:
            wanted = row[status] if ours[row["trial_id"]][column] else ""
            assert ours[row["trial_id"]][f"{column}_status"] == wanted, (row["trial_id"], column)


def test_each_fact_has_the_value_and_the_status_of_the_evidence_file(shared: Path) -> None:
    ours, theirs = rows(SOURCE / "data" / "trial_facts.csv"), rows(shared / "evidence" / "trial_facts.csv")
    assert len(ours) == len(theirs) == 280
    for mine, fact in zip(ours, theirs, strict=True):
        same = [(mine[a], fact[b]) for a, b in (("trial", "trial_id"), ("reference", "ref_id"), ("fact", "fact"), ("arm", "arm"))]
        assert all(a == b for a, b in same), mine["id"]
        assert mine["status"] == fact["status"], mine["id"]
        if fact["fact"] != "caution":
            assert bare(mine["value"]) == bare(re.sub(r" \(79.5 from memory\)", "", fact["value"])), mine["id"]
        limits = [(mine["ci_low"], fact["ci95_low"]), (mine["ci_high"], fact["ci95_high"].removesuffix(" (IQR)"))]
        assert all(bare(a) == bare(b) for a, b in limits), mine["id"]


def test_each_reference_has_the_details_and_the_status_of_the_evidence_file(shared: Path) -> None:
    def read(path: Path) -> dict[str, dict[str, Any]]:
        return {item["id"]: item for item in json.loads(path.read_text(encoding="utf-8"))}

    ours, theirs = read(SOURCE / "references.json"), read(shared / "evidence" / "references.csl.json")
    assert list(ours) == list(theirs)
    for key, item in theirs.items():
        details = {name: value for name, value in item.items() if name not in ("note", "custom", "type")}
        assert {name: ours[key].get(name) for name in details} == details, key
        assert ours[key]["custom"]["verification"] == item["custom"]["verification"], key
