"""Stage assemble: sections, references and data become one Manuscript, with everything in its tree that an output will print.

Pure: whatever had to be read was read before. What does not fit is reported by the checks, which see the same Manuscript.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from mmguide.assemble import aliases, crossrefs, identifiers, includes, numbering, raw
from mmguide.assemble.abbreviations import with_abbreviations
from mmguide.assemble.dating import dating, no_longer_holds
from mmguide.assemble.evidence import EVIDENCE, expand_evidence
from mmguide.assemble.numbers import long_date
from mmguide.assemble.recommendations import resolve_recommendations
from mmguide.assemble.reporting import Guideline, section_of_list, with_reporting
from mmguide.assemble.values import resolve_values
from mmguide.ast import Attr, Blocks, Element, classes_of, div, header, words
from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic
from mmguide.labels import label
from mmguide.memory import Before
from mmguide.model.clinic import Clinic
from mmguide.model.data import Data
from mmguide.model.history import History
from mmguide.model.manuscript import Approval, Manuscript, Registered, Section
from mmguide.model.picture import Picture
from mmguide.model.reference import Bibliography
from mmguide.model.settings import Project, Settings
from mmguide.model.translation import Translation, translations_among
from mmguide.pictures import picture_paths
from mmguide.theme import Theme, house_theme
from mmguide.walks import marks_of, named_in, rewrite_where


class Material(Struct, frozen=True):
    """Everything that was read for one manuscript: `included` by path, `pictures` by path; drawings once made are kept in `cache`."""

    project: Project
    sections: tuple[Section, ...]
    included: Mapping[str, Section] = {}
    bibliography: Bibliography = Bibliography()
    data: Data = Data()
    pictures: Mapping[str, Picture] = {}
    theme: Theme = field(default_factory=house_theme)
    register: tuple[Registered, ...] | None = None
    handouts: Mapping[str, Section] = {}
    approvals: Mapping[str, Approval] = {}
    history: History = History()
    translations: Mapping[str, Translation] = {}
    clinics: Mapping[str, Clinic] = {}
    drawn: bool = True
    cache: Cache = NOTHING


# The blocks of the text that was assembled last: what an edit left as it was is the same object, which all stages know again.
_numbered: Before[Element] = Before()
_whole: Before[Element] = Before()


class Prepared(NamedTuple):
    """The sections ready to be joined, the texts of handouts, the drawings made for them, and what could not be made."""

    sections: tuple[Section, ...]
    handouts: Mapping[str, Section]
    drawings: Mapping[str, Picture]
    diagnostics: tuple[Diagnostic, ...]


def assemble(material: Material) -> tuple[Manuscript, tuple[Diagnostic, ...]]:
    """The Manuscript of this material, and what could not be put into it."""
    settings = material.project.settings
    prepared = _prepared(material)
    joined = [block for blocks in identifiers.unique_identifiers(prepared.sections) for block in blocks]
    scans = tuple(section.scan for section in (*material.sections, *material.included.values()))
    joined = aliases.with_keys(joined, aliases.second_keys(scans, material.bibliography))
    joined = _for_status(numbering.raised(joined), settings.status)
    counted = numbering.Numbering(settings)
    numbered = _numbered.again(counted.blocks(joined))
    graded = resolve_recommendations(numbered, scans, settings, dating(material.history, settings, material.project.today))
    targets = (*counted.targets, *graded.targets)
    resolved = crossrefs.resolve(graded.blocks, crossrefs.index(targets), settings.language)
    guideline = Guideline(settings, targets, graded.recommendations, section_of_list(graded.blocks), material.history)
    reported = with_reporting(resolved, guideline)
    whole = with_abbreviations(_with_reference_list(reported, settings.language), settings.abbreviations, settings.language)
    manuscript = Manuscript(
        project=with_banner(material.project, material.history),
        sections=material.sections,
        blocks=_whole.again(whole),
        bibliography=material.bibliography,
        data=material.data,
        pictures={**material.pictures, **prepared.drawings},
        targets=targets,
        recommendations=graded.recommendations,
        included=tuple(material.included.values()),
        register=material.register,
        handouts=prepared.handouts,
        approvals=material.approvals,
        history=material.history,
        translations=material.translations,
        clinics=material.clinics,
    )
    return manuscript, prepared.diagnostics


def _prepared(material: Material) -> Prepared:
    """The sections with values printed, evidence drawn, pictures named by their path, raw tags gone and includes expanded."""
    found: list[Diagnostic] = []
    drawings: dict[str, Picture] = {}
    known, languages = material.bibliography.by_key, _languages(material.project.settings, material.handouts)
    ready: dict[str, Section] = {}
    for section in (*material.included.values(), *material.handouts.values(), *material.sections):
        marks, blocks = section.marks, section.blocks
        if not marks.isdisjoint(raw.KINDS):
            blocks = raw.without_raw(blocks)
        blocks = aliases.without_definitions(blocks, section.scan)
        if not marks.isdisjoint(("Image", *raw.KINDS)):
            blocks = _with_picture_paths(blocks, section.path, material.pictures)
        own = material.project.settings
        settings = replace(own, language=languages.get(section.path, own.language))
        if ".value" in marks:
            blocks, reports = resolve_values(blocks, section.scan, material.data, settings.language)
            found += reports
        if not marks.isdisjoint(EVIDENCE):
            made = expand_evidence(
                blocks, section.scan, material.data, settings, material.theme, known, material.drawn, material.cache
            )
            blocks = made.blocks
            found += made.diagnostics
            drawings.update(made.pictures)
        ready[section.path] = replace(section, blocks=blocks)

    def whole(section: Section) -> Section:
        if ".include" not in section.marks:
            return ready[section.path]
        return replace(section, blocks=includes.with_includes(ready[section.path].blocks, ready, (section.path,)))

    handouts = {path: whole(section) for path, section in material.handouts.items()}
    return Prepared(tuple(map(whole, material.sections)), handouts, drawings, tuple(found))


def _languages(settings: Settings, texts: Mapping[str, Section]) -> dict[str, str]:
    """The language of each text of a handout: as guideline.yaml says, or as the name of a translation does."""
    found: dict[str, str] = {}
    for spec in settings.handouts.values():
        if spec.file:
            found[spec.file] = spec.language or settings.language
            found.update({path: language for language, path in translations_among(spec.file, texts).items()})
    return found


def with_banner(project: Project, history: History = History()) -> Project:
    """The project, with the line that stands on every page saying so where its version no longer holds, or its review is overdue."""
    settings, due, today = project.settings, project.settings.dates.review_by, project.today
    if banner := no_longer_holds(history, settings.version, settings.language):
        notice = f"{banner} · {settings.notice}" if settings.notice else banner
        return replace(project, settings=replace(settings, notice=notice))
    if due is None or today is None or due >= today or settings.status in ("superseded", "withdrawn"):
        return project
    banner = label("review-overdue", settings.language).format(date=long_date(due, settings.language))
    notice = f"{banner} · {settings.notice}" if settings.notice else banner
    return replace(project, settings=replace(settings, notice=notice))


def _with_picture_paths(blocks: Blocks, section: str, pictures: Mapping[str, Picture]) -> Blocks:
    def action(element: Element) -> Element | None:
        if element["t"] != "Image":
            return None
        target, title = element["c"][2]
        path = next((p for p in picture_paths(section, target) if p in pictures), target)
        return {"t": "Image", "c": [*element["c"][:2], [path, title]]}

    return rewrite_where(blocks, {"Image"}, action, {"Image"})


def _for_status(blocks: Blocks, status: str) -> Blocks:
    """Notes to the panel stay in drafts only."""
    if status == "draft":
        return blocks

    def action(element: Element) -> list[Element] | None:
        return [] if element["t"] == "Div" and "panel-note" in classes_of(element) else None

    return rewrite_where(blocks, {".panel-note"}, action, {"Div"})


def _with_reference_list(blocks: Blocks, language: str) -> Blocks:
    """The blocks with a place for the reference list, where the text cites anything and has none of its own."""
    own = any(name == "refs" and element["t"] == "Div" for name, element in named_in(blocks))
    if own or "Cite" not in marks_of(blocks):
        return blocks
    title = header(1, words(label("references", language)), Attr("references", ("unnumbered",)))
    return [*blocks, title, div([], Attr("refs"))]
