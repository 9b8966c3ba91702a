"""Clinics: their files become typed values, and their numbers stand in the box of each sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.projects import laid_out

from mmguide.ast import attr_of, iterate, plain_text
from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.contact import CURRENT_QR, FEEDBACK_QR, contact_box, with_clinic
from mmguide.errors import UsageError
from mmguide.handout import handout
from mmguide.handouts import HandoutOptions, build_handouts
from mmguide.model.clinic import Clinic, ClinicSettings
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.reading import read

FILES = {
    "guideline.yaml": """title: A guideline
id: one
version: 2.0.0
sections: [a.md]
address: https://example.org/one/{handout}
feedback: {address: "https://example.org/f"}
handouts:
  leaf: {file: hand.md, audience: patient}
  answer: {file: hand.md}
""",
    "a.md": "# Question\n\nText.\n",
    "hand.md": "# What to drink\n\nTea.\n",
    "clinics/north.yaml": "name: North\ntelephone: 01632 960001\nlogo: clinics/n.svg\nlanguages: en\naddress: 1 Road\n",
    "clinics/south.yaml": "name: South\ntelephone: 01632 960002\nhours: mornings\nemergency: 01632 960003\nlanguages: [fr]\n",
    "clinics/n.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return laid_out(tmp_path, FILES)


def sheet(project: Path, name: str, clinic: str) -> CitedManuscript:
    checked = check_project(project)
    assert checked.manuscript is not None
    assert checked.look is not None
    cited = cite(handout(checked.manuscript, name), checked.look.style.xml)
    return with_clinic(cited, checked.manuscript.clinics[clinic])


def box(cited: CitedManuscript) -> str:
    boxes = [block for block in cited.blocks if "handout-contact" in attr_of(block).classes]
    assert len(boxes) == 1
    return plain_text(boxes)


@pytest.mark.parametrize("name", ["leaf", "answer"])
def test_the_clinics_numbers_stand_in_the_box_above_the_addresses(project: Path, name: str) -> None:
    cited = sheet(project, name, "south")
    text = box(cited).replace("\u00a0", " ")
    assert "Whom to call: South" in text
    assert "01632 960002 (mornings)" in text
    assert "weekends: 01632 960003" in text
    kinds = [kind for block in cited.blocks for kind in attr_of(block).classes]
    assert kinds[-2:] == ["handout-contact", "handout-foot"]


def test_a_number_that_is_not_given_leaves_a_line_for_the_pen(project: Path) -> None:
    assert "weekends: ____" in box(sheet(project, "leaf", "north"))


def test_a_number_stays_on_one_line_and_can_be_dialled(project: Path) -> None:
    links = [e for e in iterate(sheet(project, "leaf", "south").blocks) if e["t"] == "Link" and e["c"][2][0].startswith("tel:")]
    assert [(e["c"][1][0]["c"], e["c"][2][0]) for e in links] == [
        ("01632\u00a0960002", "tel:01632960002"),
        ("01632\u00a0960003", "tel:01632960003"),
    ]


def test_the_logo_is_described_by_the_clinics_name(project: Path) -> None:
    images = [e for e in iterate(sheet(project, "leaf", "north").blocks) if e["t"] == "Image"]
    assert [(plain_text(e["c"][1]), e["c"][2][0]) for e in images if "logo" in attr_of(e).classes] == [("North", "clinics/n.svg")]


def test_the_address_of_the_current_version_names_the_handout(project: Path) -> None:
    cited = sheet(project, "leaf", "north")
    assert "https://example.org/one/leaf" in plain_text(cited.blocks)
    assert {CURRENT_QR, FEEDBACK_QR} <= set(cited.manuscript.pictures)


def test_a_clinic_gets_sheets_in_its_languages_only(project: Path, tmp_path: Path) -> None:
    built = build_handouts(project, HandoutOptions(formats=("html",), clinics=("all",), output=tmp_path / "out"))
    names = [path.relative_to(tmp_path / "out").as_posix() for path in built.written]
    assert sorted(names) == ["clinics/north/one-2.0.0-answer.html", "clinics/north/one-2.0.0-leaf.html"]
    assert "North" in built.written[0].read_text()


def test_clinics_that_are_not_there_are_told(project: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no clinic 'norht'") as told:
        build_handouts(project, HandoutOptions(clinics=("norht",), output=tmp_path / "out"))
    assert told.value.hint == "did you mean north?"


@pytest.mark.parametrize("languages", [(), ("en",), ("EN-us", "fr")])
def test_languages_are_compared_without_their_region(languages: tuple[str, ...]) -> None:
    clinic = Clinic("a", ClinicSettings(name="A", telephone="000", languages=languages), "clinics/a.yaml")
    assert clinic.speaks("en-GB")
    assert clinic.speaks("de") is (languages == ())


@pytest.mark.parametrize("changes", [{"telephone": "ask inside"}, {"web": "a.example.org"}, {"fax": "000"}, {"telephone": None}])
def test_what_cannot_be_called_is_refused(changes: dict[str, str | None]) -> None:
    settings, faults = read(ClinicSettings, {"name": "A", "telephone": "000", **changes})
    assert settings is None
    assert [fault.place for fault in faults] == [(next(iter(changes)),)]


def test_names_and_numbers_keep_their_order_where_lines_run_from_the_right() -> None:
    given = ClinicSettings(name="North 2", telephone="+44 1632 960001", hours="9 am to 5 pm", address=("2 Road", "Town"))
    shown = plain_text([contact_box(Clinic("north", given, "clinics/north.yaml"), "ar", {})])
    for whole in ("North 2", "+44 1632 960001", "9 am to 5 pm", "2 Road, Town"):
        assert f"\u2068{whole}\u2069" in shown
    assert "\u2068" not in plain_text([contact_box(Clinic("north", given, "clinics/north.yaml"), "es", {})])


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en-GB", "daily"), ("es", "a diario"), ("es-MX", "cada día"), ("es-AR", "a diario"), ("ar", "daily")],
)
def test_hours_are_told_in_the_language_of_the_sheet(language: str, expected: str) -> None:
    given = ClinicSettings(name="N", telephone="01632 960001", hours={"en": "daily", "es": "a diario", "es-MX": "cada día"})
    assert expected in plain_text([contact_box(Clinic("n", given, "clinics/n.yaml"), language, {})])
