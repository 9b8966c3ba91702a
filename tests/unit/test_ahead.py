"""pandoc begins with texts before guideline.yaml is judged: what comes of a reading must be the same as without that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mmguide import ahead, material, pandoc
from mmguide.converting import Converter
from mmguide.model.settings import Limits


def project(folder: Path, settings: str) -> Path:
    (folder / "sections").mkdir()
    (folder / "guideline.yaml").write_text(settings)
    (folder / "sections" / "1.md").write_text("# One\n\n::: {.include file=sections/shared.txt}\n:::\n")
    (folder / "sections" / "2.md").write_text("# Two\n\n> > > > > > > > deep\n")
    (folder / "sections" / "shared.txt").write_text("Shared.\n")
    (folder / "leaflet.md").write_text("# Leaflet\n")
    (folder / "leaflet.es.md").write_text("# Hoja\n")
    return folder


def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """For each reader the texts that it is given, in their order."""
    asked: list[list[str]] = []

    class Noted(Converter):
        def __init__(self, *arguments: Any) -> None:
            asked.append([])
            self._asked = asked[-1]
            super().__init__(*arguments)

        def give(self, text: str) -> None:
            if text not in self._keys:
                self._asked.append(text.split("\n", maxsplit=1)[0])
            super().give(text)

    monkeypatch.setattr(ahead, "Converter", Noted)
    return asked


def test_sections_handouts_and_translations_are_begun_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = begun(monkeypatch)
    folder = project(tmp_path, "title: T\nsections: sections/*.md\nhandouts:\n  leaflet:\n    file: leaflet.md\n")
    reading = material.read_material(folder)
    assert asked == [["# One", "# Two", "# Leaflet", "# Hoja", "Shared."]]
    assert reading.material is not None
    assert [section.path for section in reading.material.sections] == ["sections/1.md", "sections/2.md"]
    assert set(reading.material.included) == {"sections/shared.txt"}
    assert all(section.blocks for section in reading.material.sections)


@pytest.mark.parametrize(
    "settings",
    [
        "title: T\nsections: sections/*.md\nlimits: {nesting: 5}\n",
        "title: T\nsections: [sections/1.md, sections/2.md]\nlimits:\n",
        "title: T\nsections: sections/*.md\nlimits: {seconds: 9}\n",
    ],
)
def test_limits_of_its_own_hold_for_a_guideline(settings: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = begun(monkeypatch)
    reading = material.read_material(project(tmp_path, settings))
    assert len(asked) == 1
    assert reading.material is not None
    assert bool(reading.material.sections[1].blocks) == ("nesting" not in settings)


@pytest.mark.parametrize(
    "settings",
    [
        "titel: T\nsections: sections/*.md\n",
        "sections: 7\ntitle: T\nhandouts: [1]\n",
        "sections: [[1], {a: b}]\n",
        "- 1\n",
        "a: *b\n",
        "",
    ],
)
def test_settings_that_cannot_be_used_are_told_as_ever(settings: str, tmp_path: Path) -> None:
    reading = material.read_material(project(tmp_path, settings))
    assert reading.material is None
    assert reading.diagnostics
    assert {d.span.path for d in reading.diagnostics if d.span} == {"guideline.yaml"}


def test_the_limits_supposed_are_those_of_settings() -> None:
    assert (Limits().source_mb, Limits().nesting) == (ahead.SOURCE_MB, ahead.NESTING)
    assert pandoc.Limits() == pandoc.Limits(Limits().seconds, Limits().memory_mb)
