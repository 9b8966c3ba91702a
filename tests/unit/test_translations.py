"""Handouts in other languages: the compiler's words, numbers and dates, what a translation says about itself, what it is held against."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.projects import laid_out

from mmguide import labels
from mmguide.ast import attr_of, iterate, plain_text
from mmguide.build import check_project
from mmguide.check.translations import numbers
from mmguide.handout import handout
from mmguide.handouts import approve, translated
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Source
from mmguide.model.translation import Translation, translations_among
from mmguide.translations import read_translations, translations_text

SETTINGS = """title: A guideline
id: one
version: 2.0.0
notice: Not for use
dates: {updated: 2026-11-22}
sections: [a.md]
data: [d.csv]
contributors: [{name: A body, role: Editor, affiliation: A place, interests: none}]
abbreviations: {TEA: the English entrance action}
feedback: {address: "https://example.org/f"}
handouts:
  tea: {file: tea.md, audience: patient}
translations:
  es: {notice: No usar}
  ar: {notice: لا تستخدم}
"""
FILES = {
    "guideline.yaml": SETTINGS,
    "a.md": "# Question\n\nText with TEA.\n",
    "d.csv": "id,months\ntea,57.3\n",
    "d.schema.yaml": "columns:\n  months: {kind: months}\n",
    "tea.md": "# Tea\n\nTEA for [tea.months]{.value}.\n",
    "tea.es.md": "# Té\n\nTEA durante [tea.months]{.value}.\n",
    "tea.ar.md": "# شاي\n\nTEA خلال [tea.months]{.value}.\n",
    "tea.old.md": "# Old\n\nNot a language.\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return laid_out(tmp_path, FILES)


def manuscript(project: Path) -> Manuscript:
    found = check_project(project).manuscript
    assert found is not None
    return found


@pytest.mark.parametrize("language", [name for name in labels.LANGUAGES if name != "en"])
def test_a_catalogue_knows_no_other_words_and_the_same_places_in_them(language: str) -> None:
    words = labels.catalogue(language)
    assert set(words) <= set(labels.LABELS)
    assert len(words) > 100
    places = {name: re.findall(r"\{\w+\}", text) for name, text in words.items()}
    assert places == {name: re.findall(r"\{\w+\}", labels.LABELS[name]) for name in words}


def test_what_is_no_language_is_no_translation(project: Path) -> None:
    assert manuscript(project).languages_of("tea") == ("en", "ar", "es")


def test_names_of_translations() -> None:
    paths = ("h/a.md", "h/a.es.md", "h/a.pt-BR.md", "h/ab.es.md", "a.es.md", "h/a.es.txt")
    assert translations_among("h/a.md", paths) == {"es": "h/a.es.md", "pt-BR": "h/a.pt-BR.md"}


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "",
            (
                "the English entrance action",
                "57.3 months",
                "22 November 2026",
                "Did this answer your question?",
                "Not for use",
            ),
        ),
        (
            "es",
            ("TEA durante 57,3 meses", "22 de noviembre de 2026", "¿Ha respondido", "A quién llamar", "máquina", "No usar"),
        ),
        ("ar", ("57.3 شهر", "22 نوفمبر 2026", "هل أجاب", "بمن تتصل", "ترجمة آلية", "لا تستخدم")),
    ],
)
def test_a_sheet_speaks_one_language(project: Path, language: str, wanted: tuple[str, ...]) -> None:
    made = handout(manuscript(project), "tea", language=language)
    settings = made.project.settings
    text = f"{plain_text(made.blocks)} {settings.notice}"
    assert [words for words in wanted if words not in text] == []
    assert settings.language == (language or "en")
    if language:
        english = {labels.LABELS[name] for name in labels.LABELS if len(labels.LABELS[name]) > 6}
        assert [words for words in english if words in text] == []
        foreign = [plain_text(e) for e in iterate(made.blocks) if e["t"] == "Span" and attr_of(e).get("lang") == "en"]
        assert [words.strip("\u2068\u2069") for words in foreign] == ["A guideline"]


def test_the_warning_goes_with_the_approval(project: Path) -> None:
    text = plain_text(handout(manuscript(project), "tea", language="es").blocks)
    assert labels.label("translation-machine", "es") in text
    translated(project, ["tea.es"], "Editor")
    text = plain_text(handout(manuscript(project), "tea", language="es").blocks)
    assert labels.label("translation-unapproved", "es") in text
    approve(project, ["tea.es"], "Editor")
    made = handout(manuscript(project), "tea", language="es")
    assert labels.label("translation-unapproved", "es") not in plain_text(made.blocks)
    assert labels.label("translation-mark", "es") not in made.project.settings.notice
    assert "tea" not in manuscript(project).approvals


def test_an_approved_translation_rests_on_its_original(project: Path) -> None:
    approve(project, ["tea.es"], "Editor")
    (project / "tea.md").write_text("# Tea\n\nTEA and milk for [tea.months]{.value}.\n")
    found = [d for d in check_project(project).diagnostics if d.rule.code == "MMG702"]
    assert [(d.span.path, d.related[0].path) for d in found if d.span] == [("tea.es.md", "tea.md")]
    assert "tea.es" in found[0].message


def test_records_are_read_as_they_are_written() -> None:
    records = {"h/a.es.md": Translation('a "b\\', tuple("abcdefghijklm")), "h/a.ar.md": Translation("machine", ())}
    found, faults = read_translations(Source("t.yaml", translations_text(records)))
    assert faults == ()
    assert {path: (one.by, one.original) for path, one in found.items()} == {p: (r.by, r.original) for p, r in records.items()}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("In 1,971 people [a.b2]{.value ci=true}", ["1,971", "2"]),
        ("1 971 personnes, 57,3 mois, 10 mg", ["1 971", "57,3", "10"]),
        ("١٠ ملغ", ["١٠"]),
        ("7.", ["7"]),
    ],
)
def test_numbers_are_read_in_every_writing(text: str, wanted: list[str]) -> None:
    assert numbers(text) == wanted
