"""The line of stages for handouts: from a project's folder to the handouts it names, each in every format asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mmguide import house
from mmguide.approvals import APPROVALS_FILE, approval_name, approvals_text, rests_on
from mmguide.build import Built, Options, check_project
from mmguide.cache import NOTHING, Cache
from mmguide.cite import cite
from mmguide.diagnostics import Diagnostic, Severity, has_errors, in_order
from mmguide.errors import UsageError
from mmguide.files import locked, write_all
from mmguide.grey import grey_picture, grey_theme
from mmguide.handout import CLINICIAN_POINTS, TEXT_POINTS, cite_handout, handout, handout_theme
from mmguide.material import Look, today
from mmguide.model.manuscript import Approval, CitedManuscript, Manuscript
from mmguide.model.translation import Translation
from mmguide.options import CACHE
from mmguide.sheets import FEW, Run, Tell, Variant, clinics_named, write_sheets
from mmguide.translations import MACHINE, TRANSLATIONS_FILE, digests, translations_text

FORMATS = ("pdf", "docx", "html")
_HALVES = {"a4": "a5", "letter": "half-letter"}
Wanted = tuple[str, str]  # a handout's name and a language it can be had in


class HandoutOptions(Struct, frozen=True):
    """What is asked for: the handouts by name (`leaflet`, or `leaflet.es` for one translation; all when empty), the languages (all when
    empty), formats, paper, how they are printed, clinics, the folder of the outputs. What is dear to make is kept there in a `cache`.
    """

    names: tuple[str, ...] = ()
    formats: tuple[str, ...] = FORMATS
    paper: str = ""
    variant: Variant = Variant()
    clinics: tuple[str, ...] = ()
    output: Path = Path("build")
    strict: bool = False
    languages: tuple[str, ...] = ()
    cache: bool = False

    @property
    def kept(self) -> Cache:
        """What is dear to make, where it is kept."""
        return Cache(self.output / CACHE) if self.cache else NOTHING


def build_handouts(folder: Path, options: HandoutOptions = HandoutOptions(), tell: Tell | None = None) -> Built:
    """Check the project and write its handouts, all of them or none; for clinics, all or none of each clinic in a folder of its own.

    Raises UsageError for a handout that guideline.yaml does not have, and for a clinic that there is not.
    """
    checked = check_project(folder, cache=options.kept)
    if checked.manuscript is None or checked.look is None:
        return Built(checked, ())
    wanted = _chosen(options.names, checked.manuscript, options.languages)
    clinics_named(checked.manuscript, options.clinics)
    warned = options.strict and any(d.severity is Severity.WARNING for d in checked.diagnostics)
    if has_errors(checked.diagnostics) or warned:
        return Built(checked, ())
    with locked(options.output):
        run = _run(checked.manuscript, checked.look, wanted, options)
        written, found = write_sheets(run, tell)
        return Built(replace(checked, diagnostics=in_order((*checked.diagnostics, *found))), tuple(written))


def approve(folder: Path, names: Sequence[str], role: str, day: date | None = None) -> Path:
    """Record that somebody in this role approved these handouts as they stand now, and say where.

    A translation is approved by its own name, `leaflet.es`. Raises UsageError for a role that no contributor has, a name that
    guideline.yaml does not have, and a handout with nothing to approve.
    """
    manuscript = _manuscript(folder)
    _known_role(manuscript, role)
    made = dict(manuscript.approvals)
    for name, language in _chosen(names, manuscript):
        kept = approval_name(manuscript, name, language)
        if kept not in names:
            continue
        seen = rests_on(manuscript, name, language)
        if not seen:
            raise UsageError(
                f"handout '{name}' has no text of its own", "it repeats the guideline, so there is nothing to approve"
            )
        made[kept] = Approval(role, day or manuscript.project.today or today(), {one.name: one.digest for one in seen})
    return _recorded(folder, APPROVALS_FILE, approvals_text(made))


def translated(folder: Path, names: Sequence[str], by: str) -> Path:
    """Record that these translations, `leaflet.es`, say what their originals say now, and say where; `by` is a role or `machine`.

    Raises UsageError for a role that no contributor has, and a name that is no translation's.
    """
    manuscript = _manuscript(folder)
    if by != MACHINE:
        _known_role(manuscript, by)
    made = dict(manuscript.translations)
    for name in names:
        found = [(n, language) for n, language in _chosen([name], manuscript) if approval_name(manuscript, n, language) == name]
        original, text = manuscript.text_of(found[0][0]), manuscript.text_of(*found[0])
        if original is None or text is None or text is original:
            raise UsageError(f"'{name}' is no translation", "name it with its language, as leaflet.es for leaflet.es.md")
        made[text.path] = Translation(by, digests(original.scan))
    return _recorded(folder, TRANSLATIONS_FILE, translations_text(made))


def _manuscript(folder: Path) -> Manuscript:
    manuscript = check_project(folder).manuscript
    if manuscript is None:
        raise UsageError("guideline.yaml cannot be used", "mmguide check tells what is wrong with it")
    return manuscript


def _known_role(manuscript: Manuscript, role: str) -> None:
    roles = dict.fromkeys(person.role for person in manuscript.project.settings.contributors)
    if role not in roles:
        raise UsageError(f"no contributor has the role '{role}'", f"guideline.yaml has {', '.join(roles) or 'no contributors'}")


def _recorded(folder: Path, file: str, text: str) -> Path:
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    return write_all(path.parent, {path.name: text.encode()})[0]


def _chosen(names: Sequence[str], manuscript: Manuscript, languages: Sequence[str] = ()) -> tuple[Wanted, ...]:
    """The handouts of these names, in all languages each can be had in or those asked for."""
    known = manuscript.project.settings.handouts
    if not known:
        raise UsageError("guideline.yaml names no handouts", "list them under `handouts:`; docs/handouts.md shows how")
    everything = {name: tuple((name, language) for language in manuscript.languages_of(name)) for name in known}
    single = {approval_name(manuscript, *one): (one,) for all_of in everything.values() for one in all_of[1:]}
    choices = {**single, **everything}
    if unknown := [name for name in names if name not in choices]:
        raise UsageError(f"there is no handout '{unknown[0]}'", f"guideline.yaml has {', '.join(choices)}")
    chosen = dict.fromkeys(one for name in (names or known) for one in choices[name])
    if lacking := [language for language in languages if language not in {spoken for _, spoken in chosen}]:
        spoken = ", ".join(dict.fromkeys(language for _, language in chosen))
        raise UsageError(f"none of these handouts is there in '{lacking[0]}'", f"they are there in {spoken}")
    return tuple(one for one in chosen if not languages or one[1] in languages)


def rendered(manuscript: Manuscript, look: Look, options: HandoutOptions) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """The outputs of the handouts asked for by file name, and what their layout showed; nothing is written."""
    run = _run(manuscript, look, _chosen(options.names, manuscript, options.languages), options)
    made = [one for portion in run.made() for one in portion]
    files = {name: content for one in made for name, content in one.files.items()}
    return dict(sorted(files.items())), in_order(found for one in made for found in one.found)


def _run(manuscript: Manuscript, look: Look, wanted: Sequence[Wanted], options: HandoutOptions) -> Run:
    """The handouts, cited, with all that their making needs."""
    whole = cite(manuscript, look.style.xml, options.kept)
    editions = tuple(_edition(manuscript, look, whole, one, options) for one in wanted)
    looks = _looks(look, options.variant)
    if options.variant.grey:
        editions = tuple(map(_in_grey, editions))
    clinics = clinics_named(manuscript, options.clinics)
    # The files of many clinics would push all else out of the cache.
    asked = Options(options.formats, options.output, cache=options.cache and len(clinics) < FEW, docx_line_numbers=False)
    return Run(editions, clinics, looks, asked, options.variant)


def _looks(look: Look, asked: Variant) -> Mapping[str, Look]:
    """How sheets for each audience look: clear print for patients, a little closer for clinicians, unless large print is asked for."""
    sizes = {"patient": asked.points, "clinician": CLINICIAN_POINTS if asked.points == TEXT_POINTS else asked.points}
    themes = {audience: handout_theme(look.theme, points) for audience, points in sizes.items()}
    if asked.grey:
        themes = {audience: grey_theme(theme) for audience, theme in themes.items()}
    sheets = {"print": house.style("handout.css"), "web": house.style("handout-web.css")}
    return {audience: replace(look, theme=theme, sheets=sheets) for audience, theme in themes.items()}


def _in_grey(cited: CitedManuscript) -> CitedManuscript:
    pictures = {path: grey_picture(picture) for path, picture in cited.manuscript.pictures.items()}
    return replace(cited, manuscript=replace(cited.manuscript, pictures=pictures))


def _edition(
    manuscript: Manuscript, look: Look, whole: CitedManuscript, wanted: Wanted, options: HandoutOptions
) -> CitedManuscript:
    """One handout in one language, cited; `whole` is the cited guideline. What is folded or cut has pages of half its paper."""
    name, language = wanted
    spec = manuscript.project.settings.handouts[name]
    paper = options.paper or spec.paper or manuscript.project.settings.paper
    made = handout(manuscript, name, _HALVES.get(paper, paper) if options.variant.fold else paper, language)
    return cite_handout(made, spec, look.style.xml, whole, options.kept)
