"""Stage read, beside the text: everything of a project that is no Markdown. Read while pandoc reads the Markdown."""

from __future__ import annotations

from collections.abc import Mapping

from mmguide import approvals, bibliography, css, css_limits, data, house, styles, translations
from mmguide.assemble import Material
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import outputs as output_rules
from mmguide.history import CHANGES_FILE, HISTORY_FILE, read_changes, read_history
from mmguide.model.clinic import ALL_CLINICS, CLINICS_FOLDER, USUAL_CLINICS, Clinic
from mmguide.model.history import History
from mmguide.model.manuscript import Approval, Registered
from mmguide.model.picture import Picture
from mmguide.model.settings import Project
from mmguide.model.source import Source
from mmguide.model.translation import Translation
from mmguide.project import read_clinics
from mmguide.texts import Texts
from mmguide.theme import Theme, read_theme

OWN_THEME = "styles/theme.yaml"
OWN_SHEETS = {"print": "styles/print.css", "web": "styles/web.css"}


class Beside:
    """What stands beside the text of a project, read through its door."""

    def __init__(self, door: Texts, project: Project) -> None:
        self.door, self.project = door, project

    def read(self) -> tuple[Material, styles.Style | None, Mapping[str, Source]]:
        """The Material without its text, the citation style (None where it cannot be had) and the project's own style sheets by medium."""
        references, found = bibliography.read(
            self.door.texts(self.project, "bibliography", self.project.settings.bibliography),
            self.retractions(),
            cache=self.door.cache,
        )
        tables, more = data.read(self.data_files(), self.door.cache)
        self.door.diagnostics += [*found, *more]
        theme, sheets, clinics = self.theme(), self.sheets(), self.clinics()
        material = Material(
            project=self.project,
            sections=(),
            bibliography=references,
            data=tables,
            pictures=self.pictures_of_look(theme, sheets) | self.logos(clinics),
            theme=theme,
            register=self.register(),
            approvals=self.approvals(),
            history=self.history(),
            cache=self.door.cache,
            translations=self.translations(),
            clinics=clinics,
        )
        return material, self.style(), sheets

    def register(self) -> tuple[Registered, ...] | None:
        """The register of recommendations, None where the guideline keeps none."""
        path = self.project.settings.registry
        source = self.door.text(path, self.project.place("registry"), 1) if path else None
        if source is None:
            return None
        entries, found = data.read_register(source, self.door.cache)
        self.door.diagnostics += found
        return entries

    def approvals(self) -> Mapping[str, Approval]:
        """Who approved which handout; nobody where the file is not there."""
        source = self.door.text_if_there(approvals.APPROVALS_FILE)
        found, faults = approvals.read_approvals(source, self.door.cache) if source else ({}, ())
        self.door.diagnostics += faults
        return found

    def history(self) -> History:
        """What was released, and the notes on what changes; nothing where the files are not there."""
        released, noted = (self.door.text_if_there(path, 5) for path in (HISTORY_FILE, CHANGES_FILE))
        editions, withdrawals, found = read_history(released, self.door.cache) if released else ((), (), ())
        notes, more = read_changes(noted, self.door.cache) if noted else ((), ())
        self.door.diagnostics += [*found, *more]
        return History(editions, withdrawals, notes, kept=released is not None)

    def translations(self) -> Mapping[str, Translation]:
        """How the translations of handouts were made; nothing where the file is not there."""
        source = self.door.text_if_there(translations.TRANSLATIONS_FILE)
        found, faults = translations.read_translations(source, self.door.cache) if source else ({}, ())
        self.door.diagnostics += faults
        return found

    def clinics(self) -> Mapping[str, Clinic]:
        """The clinics by name; none where guideline.yaml names no files and the usual folder is not there."""
        patterns = self.project.settings.clinics
        if patterns is not None or self.door.files.exists(CLINICS_FOLDER):
            sources = self.door.texts(self.project, "clinics", USUAL_CLINICS if patterns is None else patterns)
            found, faults = read_clinics(sources, ALL_CLINICS, self.door.cache)
            self.door.diagnostics += faults
            return found
        return {}

    def logos(self, clinics: Mapping[str, Clinic]) -> dict[str, Picture]:
        """The clinics' logos."""
        found: dict[str, Picture] = {}
        for clinic in clinics.values():
            if logo := clinic.settings.logo:
                self.door.picture("", logo, clinic.place("logo"), self.project.settings.limits.picture_megapixels, found)
        return found

    def theme(self) -> Theme:
        """The house's theme, changed by what the project has in its own folder styles/."""
        own = self.door.text_if_there(OWN_THEME)
        theme, found = read_theme(house.style("theme.yaml"), *([own] if own else []), cache=self.door.cache)
        self.door.diagnostics += found
        return theme

    def sheets(self) -> dict[str, Source]:
        """The project's own style sheets, by medium, and what is wrong with them."""
        found: dict[str, Source] = {}
        for medium, path in OWN_SHEETS.items():
            source = self.door.text_if_there(path)
            if source is not None:
                found[medium] = source
                self.door.diagnostics += [*css.check_sheet(source), *css_limits.dangers(source)]
        return found

    def pictures_of_look(self, theme: Theme, sheets: Mapping[str, Source]) -> dict[str, Picture]:
        """The logo and the pictures that style sheets name."""
        found: dict[str, Picture] = {}
        limit = self.project.settings.limits.picture_megapixels
        if theme.logo:
            self.door.picture("", theme.logo, Span(OWN_THEME), limit, found)
        for source in sheets.values():
            for asked in css.addresses(source):
                if asked.foreign and not asked.inside:
                    self.door.diagnostics.append(output_rules.CSS_ADDRESS.at(asked.span, address=asked.written[:80]))
                elif not asked.inside:
                    self.door.picture("", asked.path(source.path), asked.span, limit, found)
        return found

    def style(self) -> styles.Style | None:
        """The citation style; None where it cannot be had."""
        csl, span = self.project.settings.csl, self.project.place("csl")
        if csl.endswith(".csl") and "/" in csl:
            source = self.door.text(csl, span, 2)
            style = styles.from_text(csl, source.text, span) if source else None
        else:
            style = styles.by_name(csl, span)
        if isinstance(style, Diagnostic):
            self.door.diagnostics.append(style)
            return None
        return style

    def retractions(self) -> Source | None:
        """The project's table of retractions: the file that guideline.yaml names, or the usual one where it is there."""
        named = self.project.settings.retractions
        if named or self.door.files.exists(bibliography.RETRACTIONS):
            return self.door.text(
                named or bibliography.RETRACTIONS, self.project.place("retractions"), self.project.settings.limits.source_mb
            )
        return None

    def data_files(self) -> list[Source]:
        """The tables, and beside each the schema that describes its columns where there is one."""
        found = self.door.texts(self.project, "data", self.project.settings.data)
        have = {source.path for source in found}
        for path in [source.path.removesuffix(".csv") + data.SCHEMA_SUFFIX for source in found if source.path.endswith(".csv")]:
            schema = self.door.text_if_there(path) if path not in have else None
            found += [schema] if schema else []
        return found
