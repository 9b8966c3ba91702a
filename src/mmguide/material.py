"""Stage read: everything that guideline.yaml names is read once, checked at the door, scanned and parsed into the Material."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from mmguide import approvals, bibliography, css, css_limits, data, house, pandoc, styles, translations
from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import figures as figure_rules
from mmguide.diagnostics.rules import outputs as output_rules
from mmguide.diagnostics.rules import project as rules
from mmguide.diagnostics.rules import structure as structure_rules
from mmguide.errors import UsageError
from mmguide.files import ProjectFiles, Question
from mmguide.history import CHANGES_FILE, HISTORY_FILE, read_changes, read_history
from mmguide.labels import is_language
from mmguide.model.clinic import ALL_CLINICS, Clinic
from mmguide.model.history import History
from mmguide.model.manuscript import Approval, Registered, Section
from mmguide.model.picture import Picture
from mmguide.model.settings import Project, Settings
from mmguide.model.source import Scan, Source
from mmguide.model.translation import Translation, beside, translations_among
from mmguide.pictures import picture_paths, read_picture, same_target, sources_of
from mmguide.project import read_clinics, read_project
from mmguide.scan import read_source, scan
from mmguide.theme import Theme, read_theme

if TYPE_CHECKING:
    from mmguide.assemble import Material

SETTINGS_FILE = "guideline.yaml"
OWN_THEME = "styles/theme.yaml"
OWN_SHEETS = {"print": "styles/print.css", "web": "styles/web.css"}
CLINICS_FOLDER = "clinics"
MOST_INCLUDES = 500


@dataclass(frozen=True)
class Look:
    """How the outputs look: the citation style, the theme, and the project's own style sheets by medium (`print`, `web`)."""

    style: styles.Style
    theme: Theme
    sheets: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What reading gave: `material` is None when guideline.yaml cannot be used; `sources` are all texts, for showing their lines.

    `asked` is what was asked of the project's folder, with a digest of each answer.
    """

    material: Material | None
    look: Look | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    asked: Mapping[Question, str] = field(default_factory=dict)


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
    reader = _Reader(folder)
    source = reader.text(SETTINGS_FILE, None, 1)
    project = read_project(reader.files.root, SETTINGS_FILE, source.text)[0] if source else None
    return project.settings if project else None


def today() -> date:
    """The day of the build: SOURCE_DATE_EPOCH where it is set, so that a build can be repeated, else the clock's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), timezone.utc).date() if given.isdecimal() else date.today()


class _Reader:
    """One reading, with what it found on the way."""

    def __init__(self, folder: Path, cache: Cache = NOTHING) -> None:
        self.files, self.cache = ProjectFiles(folder), cache
        self.diagnostics: list[Diagnostic] = []
        self.sources: dict[str, Source] = {}

    def read(self) -> Reading:
        settings = self.text(SETTINGS_FILE, None, 1)
        project, found = read_project(self.files.root, SETTINGS_FILE, settings.text, self.cache) if settings else (None, ())
        self.diagnostics += found
        if project is None:
            return Reading(None, None, tuple(self.diagnostics), self.sources, self.files.asked)
        project = replace(project, today=today())
        scans = self.scans(self.section_files(project), project)
        handouts = self.scans(self.handout_files(project), project)
        included = self.included([*scans, *handouts], project)
        parsing = self.parsing([*scans, *handouts, *included], project)
        # The stages behind this one are loaded, and all else is read, while pandoc reads.
        import_module("mmguide.check")
        beside, look = self.beside_the_text(project)
        parsed = parsing()
        sections, texts, rest = (
            parsed[: len(scans)],
            parsed[len(scans) : -len(included) or None],
            parsed[len(scans) + len(handouts) :],
        )
        material = replace(
            beside,
            sections=tuple(sections),
            handouts={section.path: section for section in texts},
            included={section.path: section for section in rest},
            pictures={**beside.pictures, **self.pictures(parsed, project)},
        )
        return Reading(material, look, tuple(self.diagnostics), self.sources, self.files.asked)

    def beside_the_text(self, project: Project) -> tuple[Material, Look | None]:
        """All that is no Markdown."""
        from mmguide.assemble import Material

        references, found = bibliography.read(
            self.texts(project, "bibliography", project.settings.bibliography), self.retractions(project), cache=self.cache
        )
        tables, more = data.read(self.data_files(project), self.cache)
        self.diagnostics += [*found, *more]
        theme, sheets, clinics = self.theme(), self.sheets(), self.clinics(project)
        material = Material(
            project=project,
            sections=(),
            bibliography=references,
            data=tables,
            pictures=self.pictures_of_look(theme, sheets, project) | self.logos(clinics, project),
            theme=theme,
            register=self.register(project),
            approvals=self.approvals(),
            history=self.history(),
            cache=self.cache,
            translations=self.translations(),
            clinics=clinics,
        )
        return material, self.look(project, theme, sheets)

    def register(self, project: Project) -> tuple[Registered, ...] | None:
        """The register of recommendations, None where the guideline keeps none."""
        path = project.settings.registry
        source = self.text(path, project.place("registry"), 1) if path else None
        if source is None:
            return None
        entries, found = data.read_register(source, self.cache)
        self.diagnostics += found
        return entries

    def approvals(self) -> Mapping[str, Approval]:
        """Who approved which handout; nobody where the file is not there."""
        path = approvals.APPROVALS_FILE
        source = self.text(path, None, 1) if self.files.exists(path) else None
        found, faults = approvals.read_approvals(source, self.cache) if source else ({}, ())
        self.diagnostics += faults
        return found

    def history(self) -> History:
        """What was released, and the notes on what changes; nothing where the files are not there."""
        released, noted = (self.text(f, None, 5) if self.files.exists(f) else None for f in (HISTORY_FILE, CHANGES_FILE))
        editions, withdrawals, found = read_history(released, self.cache) if released else ((), (), ())
        notes, more = read_changes(noted, self.cache) if noted else ((), ())
        self.diagnostics += [*found, *more]
        return History(editions, withdrawals, notes, kept=released is not None)

    def translations(self) -> Mapping[str, Translation]:
        """How the translations of handouts were made; nothing where the file is not there."""
        path = translations.TRANSLATIONS_FILE
        source = self.text(path, None, 1) if self.files.exists(path) else None
        found, faults = translations.read_translations(source, self.cache) if source else ({}, ())
        self.diagnostics += faults
        return found

    def clinics(self, project: Project) -> Mapping[str, Clinic]:
        """The clinics by name; none where guideline.yaml names no files and the usual folder is not there."""
        if "clinics" in project.settings.model_fields_set or self.files.exists(CLINICS_FOLDER):
            sources = self.texts(project, "clinics", project.settings.clinics)
            found, faults = read_clinics(sources, ALL_CLINICS, self.cache)
            self.diagnostics += faults
            return found
        return {}

    def logos(self, clinics: Mapping[str, Clinic], project: Project) -> dict[str, Picture]:
        """The clinics' logos."""
        found: dict[str, Picture] = {}
        for clinic in clinics.values():
            if logo := clinic.settings.logo:
                self._picture("", logo, clinic.place("logo"), project.settings.limits.picture_megapixels, found)
        return found

    def theme(self) -> Theme:
        """The house's theme, changed by what the project has in its own folder styles/."""
        own = self.text(OWN_THEME, None, 1) if self.files.exists(OWN_THEME) else None
        theme, found = read_theme(house.style("theme.yaml"), *([own] if own else []), cache=self.cache)
        self.diagnostics += found
        return theme

    def sheets(self) -> dict[str, Source]:
        """The project's own style sheets, by medium, and what is wrong with them."""
        found: dict[str, Source] = {}
        for medium, path in OWN_SHEETS.items():
            source = self.text(path, None, 1) if self.files.exists(path) else None
            if source is not None:
                found[medium] = source
                self.diagnostics += [*css.check_sheet(source), *css_limits.dangers(source)]
        return found

    def pictures_of_look(self, theme: Theme, sheets: Mapping[str, Source], project: Project) -> dict[str, Picture]:
        """The logo and the pictures that style sheets name."""
        found: dict[str, Picture] = {}
        limit = project.settings.limits.picture_megapixels
        if theme.logo:
            self._picture("", theme.logo, Span(OWN_THEME), limit, found)
        for source in sheets.values():
            for asked in css.addresses(source):
                if asked.foreign and not asked.inside:
                    self.diagnostics.append(output_rules.CSS_ADDRESS.at(asked.span, address=asked.written[:80]))
                elif not asked.inside:
                    self._picture("", asked.path(source.path), asked.span, limit, found)
        return found

    def look(self, project: Project, theme: Theme, sheets: Mapping[str, Source]) -> Look | None:
        """Citation style and theme; None where the style cannot be had."""
        csl, span = project.settings.csl, project.place("csl")
        if csl.endswith(".csl") and "/" in csl:
            source = self.text(csl, span, 2)
            style = styles.from_text(csl, source.text, span) if source else None
        else:
            style = styles.by_name(csl, span)
        if isinstance(style, Diagnostic):
            self.diagnostics.append(style)
        return Look(style, theme, sheets) if isinstance(style, styles.Style) else None

    def retractions(self, project: Project) -> Source | None:
        """The project's table of retractions: the file that guideline.yaml names, or the usual one where it is there."""
        named = project.settings.retractions
        if named or self.files.exists(bibliography.RETRACTIONS):
            return self.text(named or bibliography.RETRACTIONS, project.place("retractions"), project.settings.limits.source_mb)
        return None

    def data_files(self, project: Project) -> list[Source]:
        """The tables, and beside each the schema that describes its columns where there is one."""
        found = self.texts(project, "data", project.settings.data)
        have = {source.path for source in found}
        for path in [source.path.removesuffix(".csv") + data.SCHEMA_SUFFIX for source in found if source.path.endswith(".csv")]:
            if path not in have and self.files.exists(path):
                schema = self.text(path, None, 1)
                found += [schema] if schema else []
        return found

    def text(self, path: str, span: Span | None, limit_mb: float) -> Source | None:
        """A text file of the project; None, and a diagnostic, when it cannot be had."""
        content = self.files.read(path, span, limit_mb)
        source = content if isinstance(content, Diagnostic) else read_source(path, content)
        if isinstance(source, Diagnostic):
            self.diagnostics.append(source)
            return None
        self.sources[path] = source
        return source

    def texts(self, project: Project, setting: str, patterns: Iterable[str]) -> list[Source]:
        """The files of a setting that lists files or patterns."""
        found: dict[str, Source] = {}
        for number, pattern in enumerate(patterns):
            span = project.place(setting, number)
            paths = self.files.matching(pattern)
            if not paths:
                self.diagnostics.append(rules.NO_SECTIONS.at(span, pattern=pattern))
            for path in paths:
                source = self.text(path, span, project.settings.limits.source_mb) if path not in found else None
                if source is not None:
                    found[path] = source
        return list(found.values())

    def section_files(self, project: Project) -> list[Source]:
        found = self.texts(project, "sections", project.settings.sections)
        markdown = [s for s in found if PurePosixPath(s.path).suffix.lower() in (".md", ".markdown")]
        self.diagnostics += [
            rules.UNSUPPORTED_FILE.at(project.place("sections"), path=s.path) for s in found if s not in markdown
        ]
        return markdown

    def handout_files(self, project: Project) -> list[Source]:
        """The texts of handouts, each once, and the translations that stand beside them."""
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
        made = [scan(source, project.settings.limits.nesting) for source in sources]
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

    def parsing(self, scans: list[Scan], project: Project) -> Callable[[], list[Section]]:
        """Has pandoc begin to read; what is returned waits for its trees. A text that a limit forbids to hand over stays empty."""
        limits = pandoc.Limits(project.settings.limits.seconds, project.settings.limits.memory_mb)

        def forbidden(one: Scan) -> bool:
            rules = (structure_rules.NESTING_TOO_DEEP, structure_rules.BRACKETS_LEFT_OPEN)
            return any(d.rule in rules for d in one.diagnostics)

        coming = pandoc.begin_parsing([one.body for one in scans if not forbidden(one)], limits, self.cache)

        def sections() -> list[Section]:
            trees = iter(coming())
            return [Section(one, [] if forbidden(one) else next(trees)) for one in scans]

        return sections

    def pictures(self, sections: Iterable[Section], project: Project) -> dict[str, Picture]:
        found: dict[str, Picture] = {}
        limits = project.settings.limits
        for section in sections:
            for target in dict.fromkeys(e["c"][2][0] for e in section.elements if e["t"] == "Image"):
                written = next((link for link in section.scan.links if link.picture and same_target(link.target, target)), None)
                self._picture(
                    section.path, target, written.span if written else Span(section.path), limits.picture_megapixels, found
                )
            # A picture as an HTML tag becomes an Image in assembly only.
            for raw in section.scan.raw:
                for target in sources_of(raw.text):
                    self._picture(section.path, target, raw.span, limits.picture_megapixels, found)
        return found

    def _picture(self, section: str, target: str, span: Span, megapixels: int, found: dict[str, Picture]) -> None:
        if "://" in target or target.startswith(("//", "data:")):
            self.diagnostics.append(figure_rules.REMOTE_PICTURE.at(span, path=target[:80]))
            return
        candidates = picture_paths(section, target)
        if any(path in found for path in candidates):
            return
        problems: list[Diagnostic] = []
        for path in candidates:
            content = self.files.read(path, span, 100)
            if not isinstance(content, Diagnostic):
                picture = read_picture(path, content, span, megapixels)
                if isinstance(picture, Picture):
                    found[path] = picture
                else:
                    self.diagnostics.append(picture)
                return
            problems.append(content)
        self.diagnostics.append(_as_picture_fault(problems, span, target))


def _as_picture_fault(problems: list[Diagnostic], span: Span, target: str) -> Diagnostic:
    """What is said about a picture that could not be read: the gravest reason, or simply that it is not there."""
    other = [p for p in problems if p.rule is not rules.MISSING_FILE]
    if not other:
        return figure_rules.MISSING_PICTURE.at(span, path=target[:80])
    return figure_rules.PICTURE_OUTSIDE.at(span, path=target[:80]) if other[0].rule is rules.OUTSIDE_PROJECT else other[0]
