"""The line of stages for sheets: handouts, cited, become files, for one clinic or for hundreds, in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from mmguide.build import Options, render_cited
from mmguide.contact import with_clinic
from mmguide.diagnostics import Diagnostic, has_errors
from mmguide.errors import UsageError
from mmguide.files import write_all
from mmguide.form import as_form
from mmguide.handout import LARGE_POINTS, TEXT_POINTS
from mmguide.labels import label, right_to_left
from mmguide.material import Look
from mmguide.model.clinic import ALL_CLINICS, CLINICS_FOLDER, Clinic
from mmguide.model.manuscript import CitedManuscript, Manuscript
from mmguide.model.settings import Settings
from mmguide.processors import processors
from mmguide.workers import Crew

if TYPE_CHECKING:
    from mmguide.stamped import Stamps

# Clinics whose sheets one process makes in a row.
PORTION = 10
# From this many clinics on, what their sheets share is laid out once.
FEW = 3
MOST_SHOWN = 12
Fold = Literal["", "booklet", "two-up"]
# Is told how many sheets are made, of how many.
Tell = Callable[[int, int], None]


class Variant(Struct, frozen=True):
    """How sheets are printed: least size of the letters in points, in grey, small pages on sheets to fold or cut, on both sides,
    with fields to fill in.
    """

    points: float = TEXT_POINTS
    grey: bool = False
    fold: Fold = ""
    duplex: bool = False
    form: bool = False

    @property
    def addition(self) -> str:
        """What is put to the names of the files."""
        large = "" if self.points == TEXT_POINTS else "-large" if self.points == LARGE_POINTS else f"-large-{self.points:g}"
        return large + ("-grey" if self.grey else "") + ("-form" if self.form else "")

    def finished(self, files: Mapping[str, bytes], settings: Settings, font: str) -> dict[str, bytes]:
        """The files as they are printed; beside each PDF to read, its sheets to fold or cut."""
        language = settings.language
        out: dict[str, bytes] = {}
        for path, content in files.items():
            stem, _, suffix = path.rpartition(".")
            out[f"{stem}{self.addition}.{suffix}"] = made = self._finished(content, font) if suffix == "pdf" else content
            if self.fold and suffix == "pdf":
                from mmguide.render.pdf.imposition import imposed

                words, turned = label(f"print-{self.fold}", language), right_to_left(language)
                sheets = imposed(made, self.fold, words, settings.paper, from_right=turned)
                out[f"{stem}{self.addition}-{self.fold}.{suffix}"] = sheets
        return out

    def _finished(self, content: bytes, font: str) -> bytes:
        if self.form:
            from mmguide.render.pdf.form import with_fields

            content = with_fields(content, font)
        if self.grey:
            from mmguide.render.pdf.grey import in_grey

            content = in_grey(content)
        if self.duplex:
            from mmguide.render.pdf.prepress import for_both_sides

            content = for_both_sides(content)
        return content


class Made(Struct, frozen=True):
    """The files of one handout for one clinic ("" for none), and what their layout showed."""

    clinic: str
    files: Mapping[str, bytes]
    found: tuple[Diagnostic, ...]


class _Portion(Struct, frozen=True):
    """One handout for some of the clinics."""

    edition: int
    clinics: tuple[Clinic | None, ...]


class Run(Struct, frozen=True):
    """Handouts, cited, to be made for each of these clinics (None: for nobody in particular); `looks` are by audience."""

    editions: tuple[CitedManuscript, ...]
    clinics: tuple[Clinic | None, ...]
    looks: Mapping[str, Look]
    options: Options
    variant: Variant

    def wanted_by(self, clinic: Clinic | None) -> int:
        """How many of the handouts it hands out."""
        return sum(_wants(clinic, edition) for edition in self.editions)

    def made(self) -> Iterator[list[Made]]:
        """All that was asked for, by portions as they are done, in several processes."""
        ready, portions = self._ready(), list(self._portions())
        for _, made in Crew(lambda one: self._make(one, ready), portions, [1] * len(portions), processors()):
            yield made

    def _ready(self) -> Stamps | None:
        """What the sheets of several clinics share, laid out once; fields have names of their own."""
        clinics = [clinic for clinic in self.clinics if clinic]
        if len(clinics) < FEW or self.variant.form or "pdf" not in self.options.formats:
            return None
        from mmguide.stamped import stamps

        return stamps(self.editions, [self.looks[one.manuscript.audience] for one in self.editions], clinics)

    def _portions(self) -> Iterator[_Portion]:
        """The work for several processes, all handouts of one clinic close to each other."""
        for start in range(0, len(self.clinics), PORTION):
            for number, edition in enumerate(self.editions):
                wanting = tuple(one for one in self.clinics[start : start + PORTION] if _wants(one, edition))
                if wanting:
                    yield _Portion(number, wanting)

    def _make(self, portion: _Portion, ready: Stamps | None) -> list[Made]:
        made: list[Made] = []
        edition = self.editions[portion.edition]
        for clinic in portion.clinics:
            cited = with_clinic(edition, clinic) if clinic else edition
            cited = as_form(cited) if self.variant.form else cited
            look = self.looks[cited.manuscript.audience]
            files, shown = self._files(cited, look, portion.edition, clinic, ready)
            finished = self.variant.finished(files, cited.project.settings, look.theme.fonts.table)
            made.append(Made(clinic.id if clinic else "", finished, shown))
        return made

    def _files(
        self, cited: CitedManuscript, look: Look, edition: int, clinic: Clinic | None, ready: Stamps | None
    ) -> tuple[Mapping[str, bytes], tuple[Diagnostic, ...]]:
        """The files of one handout for one clinic by name, and what their layout showed."""
        options = replace(self.options, paper=cited.project.settings.paper)
        if ready is None or clinic is None:
            return render_cited(cited, look, options)
        content, found = ready.pdf(edition, clinic)
        rest = tuple(kind for kind in options.formats if kind != "pdf")
        files, shown = render_cited(cited, look, replace(options, formats=rest)) if rest else ({}, ())
        return {**files, f"{cited.project.output_stem}-{cited.manuscript.edition}.pdf": content}, (*found, *shown)


def write_sheets(run: Run, tell: Tell | None) -> tuple[list[Path], list[Diagnostic]]:
    """Make what was asked for and write it: what has errors is not written, a clinic's sheets all or none."""
    sets = {clinic.id if clinic else "": _Set(clinic, run.wanted_by(clinic)) for clinic in run.clinics}
    total, done = sum(map(run.wanted_by, run.clinics)), 0
    written: list[Path] = []
    for portion in run.made():
        for one in portion:
            written += sets[one.clinic].add(one, run.options.output)
        done += len(portion)
        if tell:
            tell(done, total)
    return written, list({diagnostic: None for one in sets.values() for diagnostic in one.found})


class _Set:
    """The sheets of one clinic as they are made; written when the last one is there, unless one has errors."""

    def __init__(self, clinic: Clinic | None, sheets: int) -> None:
        self._folder = f"{CLINICS_FOLDER}/{clinic.id}" if clinic else ""
        self._missing = sheets
        self._files: dict[str, bytes] = {}
        self.found: list[Diagnostic] = []

    def add(self, made: Made, output: Path) -> list[Path]:
        """Take in what was made, and say what was written with it."""
        self._files.update(made.files)
        self.found += made.found
        self._missing -= 1
        if self._missing or has_errors(self.found):
            return []
        folder = output / self._folder
        folder.mkdir(parents=True, exist_ok=True)
        written = write_all(folder, self._files)
        self._files.clear()
        return written


def clinics_named(manuscript: Manuscript, wanted: Sequence[str]) -> tuple[Clinic | None, ...]:
    """The clinics of these names, or nobody in particular. Raises UsageError for a name that no file has."""
    known = manuscript.clinics
    if wanted and not known:
        raise UsageError("the guideline has no clinics", "describe each in clinics/NAME.yaml; docs/handouts.md shows how")
    if unknown := [name for name in wanted if name not in (*known, ALL_CLINICS)]:
        near = get_close_matches(unknown[0], [*known, ALL_CLINICS], 1)
        shown = f"did you mean {near[0]}?" if near else f"clinics/ has {', '.join(list(known)[:MOST_SHOWN])}"
        raise UsageError(f"there is no clinic '{unknown[0]}'", shown)
    names = known if ALL_CLINICS in wanted else dict.fromkeys(wanted)
    return tuple(known[name] for name in names) or (None,)


def _wants(clinic: Clinic | None, edition: CitedManuscript) -> bool:
    return clinic is None or clinic.speaks(edition.project.settings.language)
