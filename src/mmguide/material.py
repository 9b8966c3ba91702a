"""Stage read: everything that guideline.yaml names is read once, checked at the door, scanned and parsed into the Material."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mmguide import pandoc
from mmguide.ahead import Trees, read_ahead
from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import project as rules
from mmguide.errors import UsageError
from mmguide.files import Question
from mmguide.model.source import Scan, Source
from mmguide.model.translation import beside, translations_among
from mmguide.texts import Texts

if TYPE_CHECKING:
    from mmguide.assemble import Material
    from mmguide.model.manuscript import Section
    from mmguide.model.picture import Picture
    from mmguide.model.settings import Project, Settings
    from mmguide.styles import Style
    from mmguide.theme import Theme

SETTINGS_FILE = "guideline.yaml"
MOST_INCLUDES = 500


class Look(Struct, frozen=True):
    """How the outputs look: the citation style, the theme, and the project's own style sheets by medium (`print`, `web`)."""

    style: Style
    theme: Theme
    sheets: Mapping[str, Source] = {}


class Reading(Struct, frozen=True):
    """What reading gave: `material` is None when guideline.yaml cannot be used; `sources` are all texts, for showing their lines.

    `asked` is what was asked of the project's folder, with a digest of each answer.
    """

    material: Material | None
    look: Look | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    asked: Mapping[Question, str] = {}


def read_material(folder: Path, cache: Cache = NOTHING) -> Reading:
    """Read the project in `folder`; what is dear to make is kept in `cache`. Raises UsageError when there is none."""
    must_be_project(folder)
    return _Reader(folder, cache).read()


def must_be_project(folder: Path) -> None:
    """Raises UsageError when there is no project in `folder`."""
    if not (folder / SETTINGS_FILE).is_file():
        raise UsageError(
            f"there is no {SETTINGS_FILE} in {folder}", "name the folder of a guideline, or start one with `mmguide new FOLDER`"
        )


def read_settings(folder: Path) -> Settings | None:
    """The settings of the project in `folder` alone; None where guideline.yaml cannot be used, which `read_material` explains."""
    from mmguide.project import read_project

    reader = _Reader(folder)
    source = reader.text(SETTINGS_FILE, None, 1)
    project = read_project(reader.files.root, SETTINGS_FILE, source.text)[0] if source else None
    return project.settings if project else None


def today() -> date:
    """The day of the build: SOURCE_DATE_EPOCH where it is set, so that a build can be repeated, else the clock's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC).date() if given.isdecimal() else date.today()


class _Reader(Texts):
    """One reading, with what it found on the way."""

    def read(self) -> Reading:
        settings = self.text(SETTINGS_FILE, None, 1)
        # pandoc begins with what seems to be named before anything is loaded that says whether it is.
        with read_ahead(self.files, settings, self.cache) if settings else Trees(self.cache) as trees:
            return self._read(settings, trees)

    def _read(self, settings: Source | None, trees: Trees) -> Reading:
        from mmguide.project import read_project

        project, found = read_project(self.files.root, SETTINGS_FILE, settings.text, self.cache) if settings else (None, ())
        self.diagnostics += found
        if project is None:
            return Reading(None, None, tuple(self.diagnostics), self.sources, self.files.asked)
        project = replace(project, today=today())
        scans = self.scans(self.section_files(project), project)
        handouts = self.scans(self.handout_files(project), project)
        included = self.included([*scans, *handouts], project)
        limits = project.settings.limits
        trees.begin([*scans, *handouts, *included], pandoc.Limits(limits.seconds, limits.memory_mb))
        # The stages behind this one are loaded, and all else is read, while pandoc reads.
        checks = import_module("mmguide.check")
        from mmguide.beside import Beside
        from mmguide.model.manuscript import Section

        material, style, sheets = Beside(self, project).read()
        checks.prepare(project.settings, [*scans, *handouts, *included], material.data)
        tree_of = trees.wait()
        sections, texts, rest = ([Section(one, tree_of(one)) for one in group] for group in (scans, handouts, included))
        material = replace(
            material,
            sections=tuple(sections),
            handouts={section.path: section for section in texts},
            included={section.path: section for section in rest},
            pictures={**material.pictures, **self.pictures([*sections, *texts, *rest], project)},
        )
        look = Look(style, material.theme, sheets) if style else None
        return Reading(material, look, tuple(self.diagnostics), self.sources, self.files.asked)

    def section_files(self, project: Project) -> list[Source]:
        found = self.texts(project, "sections", project.settings.sections)
        markdown = [s for s in found if PurePosixPath(s.path).suffix.lower() in (".md", ".markdown")]
        self.diagnostics += [
            rules.UNSUPPORTED_FILE.at(project.place("sections"), path=s.path) for s in found if s not in markdown
        ]
        return markdown

    def handout_files(self, project: Project) -> list[Source]:
        """The texts of handouts, each once, and the translations that stand beside them."""
        from mmguide.labels import is_language

        named: dict[str, Span] = {}
        for name, handout in project.settings.handouts.items():
            if handout.file:
                named.setdefault(handout.file, project.place("handouts", name, "file"))
        for file, span in tuple(named.items()):
            for language, path in translations_among(file, self.files.matching(beside(file))).items():
                if is_language(language):
                    named.setdefault(path, span)
        found = (self.text(path, span, project.settings.limits.source_mb) for path, span in named.items())
        return [source for source in found if source is not None]

    def scans(self, sources: Iterable[Source], project: Project) -> list[Scan]:
        from mmguide.scan import scan

        made = [scan(source, project.settings.limits.nesting, self.cache) for source in sources]
        self.diagnostics += [d for one in made for d in one.diagnostics]
        return made

    def included(self, scans: list[Scan], project: Project) -> list[Scan]:
        """The scans of all files that are included, each once, also those that an included file includes."""
        out: list[Scan] = []
        todo, seen = list(scans), {s.source.path for s in scans}
        while todo and len(out) < MOST_INCLUDES:
            for container in todo.pop(0).containers:
                path = dict(container.attributes).get("file", "") if "include" in container.classes else ""
                if not path or path in seen:
                    continue
                seen.add(path)
                source = self.text(path, container.span, project.settings.limits.source_mb)
                if source is not None:
                    made = self.scans([source], project)
                    out += made
                    todo += made
        return out

    def pictures(self, sections: Iterable[Section], project: Project) -> dict[str, Picture]:
        from mmguide.pictures import same_target, sources_of

        found: dict[str, Picture] = {}
        limits = project.settings.limits
        for section in sections:
            for target in dict.fromkeys(e["c"][2][0] for e in section.elements if e["t"] == "Image"):
                written = next((link for link in section.scan.links if link.picture and same_target(link.target, target)), None)
                self.picture(
                    section.path, target, written.span if written else Span(section.path), limits.picture_megapixels, found
                )
            # A picture as an HTML tag becomes an Image in assembly only.
            for raw in section.scan.raw:
                for target in sources_of(raw.text):
                    self.picture(section.path, target, raw.span, limits.picture_megapixels, found)
        return found
