"""The line of stages: from a project's folder to its outputs. Reads as the list of what happens, and is the only place that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Severity, has_errors, in_order
from mmguide.errors import MmguideError, UsageError
from mmguide.files import Question, locked, write_all
from mmguide.material import Look, Reading, read_material
from mmguide.model.source import Source
from mmguide.options import CACHE, FORMATS, Options
from mmguide.processors import processors

if TYPE_CHECKING:
    from mmguide.assemble import Material
    from mmguide.diff.model import Difference
    from mmguide.model.manuscript import CitedManuscript, Manuscript
    from mmguide.render.docx.package import Package
    from mmguide.render.pdf.pieces import Typesetting, Whole
    from mmguide.render.pdf.shop import Shop
    from mmguide.workers import Foreman

__all__ = ["FORMATS", "Built", "Checked", "Options", "build_project", "check_project", "render_cited"]

Progress = Callable[[str, float], None]
Made = TypeVar("Made")


class Checked(Struct, frozen=True):
    """A manuscript with everything found on the way to it; `manuscript` is None when guideline.yaml cannot be used.

    `asked` is what reading asked of the project's folder, with a digest of each answer.
    """

    manuscript: Manuscript | None
    look: Look | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    asked: Mapping[Question, str] = {}


class Built(Struct, frozen=True):
    """A finished build: `written` and `outputs`, its files by name, are empty when errors stood in the way."""

    checked: Checked
    written: tuple[Path, ...]
    outputs: Mapping[str, bytes] = {}


class Stopwatch:
    """Tells `progress` the name and the seconds of each stage."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = monotonic()
        yield
        if self._progress:
            self._progress(name, monotonic() - start)


class Assembled(NamedTuple):
    """A project before it is checked; `manuscript` is None when guideline.yaml cannot be used."""

    manuscript: Manuscript | None
    reading: Reading
    found: tuple[Diagnostic, ...] = ()


def assemble_project(
    folder: Path, watch: Stopwatch, reporting: Sequence[str] = (), drawn: bool = True, cache: Cache = NOTHING
) -> Assembled:
    """Read and assemble the project in `folder`, as for `check_project`."""
    with watch.stage("read"):
        reading = read_material(folder, cache)
    if reading.material is None:
        return Assembled(None, reading)
    from mmguide.assemble import assemble  # loaded while pandoc was reading

    with watch.stage("assemble"):
        manuscript, found = assemble(replace(requiring(reading.material, reporting), drawn=drawn))
    return Assembled(manuscript, reading, found)


def checked(assembled: Assembled) -> Checked:
    """What was assembled, with everything found in it."""
    from mmguide.check import check  # loaded while pandoc was reading

    reading, manuscript = assembled.reading, assembled.manuscript
    earlier = (*reading.diagnostics, *assembled.found)
    diagnostics = earlier if manuscript is None else check(manuscript, earlier)
    return Checked(manuscript, reading.look, in_order(diagnostics), reading.sources, reading.asked)


def checked_meanwhile(assembled: Assembled, make: Callable[[], Made]) -> tuple[Checked, Made | None]:
    """What was assembled, checked in another process while this one goes on to `make` something of it.

    Nothing is made where errors are found, and what `make` fails with is raised only where none are.
    """
    from mmguide.workers import Crew

    if processors() == 1:
        found = checked(assembled)
        return found, None if has_errors(found.diagnostics) else make()
    reading = assembled.reading
    made: Made | None = None
    fault: MmguideError | None = None
    checking = Crew(lambda _: checked(assembled).diagnostics, [None], [1], 1)
    try:
        try:
            made = make()
        except MmguideError as error:
            fault = error
        ((_, diagnostics),) = checking
    finally:
        checking.close()
    if fault and not has_errors(diagnostics):
        raise fault
    found = Checked(assembled.manuscript, reading.look, diagnostics, reading.sources, reading.asked)
    return found, None if has_errors(diagnostics) else made


def check_project(
    folder: Path,
    progress: Progress | None = None,
    reporting: Sequence[str] = (),
    drawn: bool = True,
    cache: Cache = NOTHING,
) -> Checked:
    """Read, assemble and check the project in `folder`, without writing any output; `reporting` names standards to hold it against.

    `drawn` false leaves out drawings, which nothing but outputs need. What is dear to make is kept in `cache`.
    """
    watch = Stopwatch(progress)
    assembled = assemble_project(folder, watch, reporting, drawn, cache)
    with watch.stage("check"):
        return checked(assembled)


def requiring(material: Material, reporting: Sequence[str]) -> Material:
    """The material with further reporting standards required, as if guideline.yaml named them."""
    if not reporting:
        return material
    settings = material.project.settings
    required = replace(settings.reporting, require=(*settings.reporting.require, *reporting))
    return replace(material, project=replace(material.project, settings=replace(settings, reporting=required)))


def compare_versions(old: str, new: str, project: Path) -> Difference:
    """The difference between two versions, each a folder, a release's zip or a git revision of `project`.

    Raises UsageError when one of them cannot be read as a guideline.
    """
    from mmguide.diff import compare

    before, after = (check_version(name, project).manuscript for name in (old, new))
    assert before is not None
    assert after is not None
    return compare(before, after)


def check_version(name: str, project: Path) -> Checked:
    """A version, named as for `compare_versions`, checked; it has a manuscript. Raises UsageError when it cannot be read as a guideline."""
    from mmguide.versions import version_folder

    with version_folder(name, project) as folder:
        checked = check_project(folder)
    if checked.manuscript is None:
        first = checked.diagnostics[0]
        raise UsageError(f"the guideline.yaml of '{name}' cannot be used: {first.message}", first.hint)
    return checked


def build_project(
    folder: Path, options: Options = Options(), progress: Progress | None = None, shop: Shop | None = None
) -> Built:
    """Check the project and, when nothing stands in the way, write its outputs, all of them or none.

    Pages are set in `shop`, which stays open; without one, in one that is opened for this build.
    """
    own = None if shop or not options.has_pages else _open_shop()
    try:
        return _built(folder, options, progress, shop or own)
    finally:
        if own is not None:
            own.close()


def _open_shop() -> Shop:
    from mmguide.render.pdf.shop import open_shop

    return open_shop()


def _built(folder: Path, options: Options, progress: Progress | None, shop: Shop | None) -> Built:
    watch = Stopwatch(progress)
    assembled = assemble_project(folder, watch, cache=_cache(options))
    manuscript, look = assembled.manuscript, assembled.reading.look
    with watch.stage("check and citations"):
        checked, cited = checked_meanwhile(assembled, lambda: _cited(manuscript, look, options) if manuscript and look else None)
    if checked.manuscript is None or look is None or cited is None:
        return Built(checked, ())
    if options.strict and any(d.severity is Severity.WARNING for d in checked.diagnostics):
        return Built(checked, ())
    with locked(options.output):
        outputs, shown = render_cited(cited, look, options, progress, checked.sources.values(), shop)
        from mmguide.check import check_outputs

        found = check_outputs(checked.manuscript, shown)
        if found:
            checked = replace(checked, diagnostics=in_order((*checked.diagnostics, *found)))
        if has_errors(found):
            return Built(checked, ())
        return Built(checked, tuple(write_all(options.output, outputs)), outputs)


def render(
    manuscript: Manuscript,
    look: Look,
    options: Options,
    progress: Progress | None = None,
    sources: Iterable[Source] = (),
    shop: Shop | None = None,
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """The outputs by file name, and what only layout could show; `sources` are what a PDF can carry."""
    with Stopwatch(progress).stage("citations"):
        cited = _cited(manuscript, look, options)
    return render_cited(cited, look, options, progress, sources, shop)


def _cited(manuscript: Manuscript, look: Look, options: Options) -> CitedManuscript:
    """The manuscript as the command line wants it printed, with its citations set."""
    from mmguide.cite import cite

    if options.edition == "summary":
        from mmguide.summary import summary

        manuscript = summary(manuscript)
    return cite(_printed_as(manuscript, options), look.style.xml, _cache(options))


def _printed_as(manuscript: Manuscript, options: Options) -> Manuscript:
    """The manuscript with what the command line says about printing in place of what its guideline.yaml says."""
    asked = {"bleed": options.bleed, "duplex": options.duplex, "gutter": options.gutter, "chapters": options.chapters or None}
    given = {name: value for name, value in asked.items() if value is not None}
    if not given:
        return manuscript
    settings = manuscript.project.settings
    settings = replace(settings, print=replace(settings.print, **given))
    return replace(manuscript, project=replace(manuscript.project, settings=settings))


def render_cited(
    cited: CitedManuscript,
    look: Look,
    options: Options,
    progress: Progress | None = None,
    sources: Iterable[Source] = (),
    shop: Shop | None = None,
    ready: Callable[[str, bytes], None] = lambda name, content: None,
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """The outputs by file name of a manuscript whose citations are set, and what only layout could show.

    `ready` gets each output as soon as it is there and nothing shows against it.
    """
    manuscript, settings = cited.manuscript, cited.project.settings
    wanted, stem = options.formats or settings.outputs, stem_of(manuscript)
    watch = Stopwatch(progress)
    outputs: dict[str, bytes] = {}
    cache = _cache(options)
    pdf, word = None, _word_begun(cited, look, options) if "docx" in wanted else None
    if {"pdf", "docx"} & set(wanted):
        from mmguide.render.pdf.carried import carried
        from mmguide.render.pdf.document import begin

        with watch.stage("pdf begun"):
            files = carried(manuscript, sources) if "pdf" in wanted else ()
            sheet, standard = look.sheets.get("print"), options.pdf_standard
            pdf = begin(cited, look.theme, options.paper, sheet, standard=standard, files=files, cache=cache, shop=shop)
    if "html" in wanted:
        from mmguide.render.html import html_page

        with watch.stage("html"):
            outputs[f"{stem}.html"] = html_page(cited, look.theme, look.sheets.get("web"), cache)
    outputs.update(_as_data(cited, stem, wanted))
    if pdf is not None and word is not None:
        # The contents of the Word file show page numbers, which only a layout knows.
        with watch.stage("pages"):
            coming = word.do(pdf.printed(), ["docx"], [1], 1)
    found: tuple[Diagnostic, ...] = ()
    if pdf is not None and "pdf" in wanted:
        with watch.stage("pdf"):
            outputs[f"{stem}.pdf"], found = _pdf_finished(pdf, look, manuscript, sources)
    if not has_errors(found):
        for name, content in outputs.items():
            ready(name, content)
    if word is not None:
        with watch.stage("docx"):
            outputs[f"{stem}.docx"] = dict(coming)[0]
        word.close()
        if not has_errors(found):
            ready(f"{stem}.docx", outputs[f"{stem}.docx"])
    return ({}, found) if has_errors(found) else (outputs, found)


def _cache(options: Options) -> Cache:
    return Cache(options.output / CACHE) if options.cache else NOTHING


def _pdf_finished(
    pdf: Typesetting | Whole, look: Look, manuscript: Manuscript, sources: Iterable[Source]
) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """The PDF, and what its pages show."""
    from mmguide.render.pdf.diagnose import shown_by_pages
    from mmguide.render.pdf.sheet import unknown

    printed = pdf.finish()
    of_sheet = tuple(unknown(look.sheets["print"])) if "print" in look.sheets else ()
    return printed.content, (*of_sheet, *shown_by_pages(printed, manuscript, sources))


def _word_begun(cited: CitedManuscript, look: Look, options: Options) -> Foreman[Mapping[str, str], str, bytes]:
    """The Word file being made in another process, all but the numbers of pages, which it is given at last."""
    from mmguide.workers import Foreman

    made: list[Package] = []

    def begin() -> None:
        from mmguide.render.docx import DocxOptions, begun

        choices = DocxOptions(
            options.docx_citations, options.docx_line_numbers, options.docx_mark, options.docx_fonts, options.docx_author
        )
        made.append(begun(cited, look.theme, choices, _cache(options)))

    def finish(pages: Mapping[str, str]) -> Callable[[str], bytes]:
        from mmguide.render.docx import completed

        return lambda _: completed(made[0], pages)

    return Foreman(begin, finish)


def stem_of(manuscript: Manuscript) -> str:
    """The name that the outputs begin with: `<id>-<version>`, and the edition or handout behind it."""
    whole = manuscript.project.output_stem
    return f"{whole}-{manuscript.edition}" if manuscript.edition else whole


def _as_data(cited: CitedManuscript, stem: str, wanted: Sequence[str]) -> dict[str, bytes]:
    """The outputs for other programs."""
    outputs: dict[str, bytes] = {}
    if "json" in wanted:
        from mmguide.formats.data import guideline_json

        outputs[f"{stem}.json"] = guideline_json(cited)
    if "fhir" in wanted:
        from mmguide.formats.fhir import fhir_bundle

        outputs[f"{stem}.fhir.json"] = fhir_bundle(cited)
    return outputs
