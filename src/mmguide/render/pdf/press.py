"""Stage render, PDF: WeasyPrint made ready once: style sheet parsed, fonts loaded, nothing to be had but checked files."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mmguide import __version__
from mmguide.errors import OutputFailed
from mmguide.model.picture import Picture
from mmguide.render import fonts
from mmguide.render.addresses import BASE
from mmguide.render.pdf import library
from mmguide.render.pdf.engine import engine
from mmguide.render.pdf.findings import Finding, filled, findings
from mmguide.render.pdf.limits import limited
from mmguide.render.pdf.margins import PageLook, without_margins
from mmguide.render.pdf.metadata import AssociatedFile, Metadata
from mmguide.render.pdf.numbering import all_printed, counted_to_the_last_number, page_labels, pages_before_text
from mmguide.render.pdf.prepress import BoundPage
from mmguide.render.pdf.quick import parsing
from mmguide.render.pdf.tags import ARCHIVE, Profile
from mmguide.render.pdf.writing import write_margins, write_tagged


class PdfResult(Struct, frozen=True):
    """A PDF, its number of pages, the page (from 1) of each anchor, and what was found on the way.

    `front` pages stand before the text and are numbered i, ii …; `sides` are the pages as binding sees them; `refused` are addresses that
    nothing was loaded from, `complaints` what WeasyPrint says of the style sheets and the text, `findings` what the pages show, `missing`
    the characters that no font has; `filled` is the share of the last page that its text fills.
    """

    content: bytes
    pages: int
    anchors: Mapping[str, int]
    refused: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    looks: tuple[PageLook, ...] = ()
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    front: int = 0
    sides: tuple[BoundPage, ...] = ()
    filled: float = 1.0

    def printed(self) -> Mapping[str, str]:
        """The number printed on the page of each anchor."""
        return all_printed(self.anchors, self.front)


class Ink(Struct, frozen=True):
    """What every page of a document is set with.

    `css` is all of the style sheet, of which `house` may be the beginning, read once for all that begin so; `pictures` by path are all
    that pages can show, `families` the fonts by role, `when` is the date that files bear; a layout has `seconds` and `megabytes`.
    """

    css: str
    pictures: Mapping[str, Picture]
    families: fonts.Families
    when: date | None = None
    seconds: int = 300
    megabytes: int = 2048
    house: str = ""


# Presses that were used last: sheets for many clinics are set with the same ink, one after the other.
_READY: list[Press] = []
_MOST_READY = 6


def press_for(ink: Ink) -> Press:
    """A press with this ink: one that is ready, or a new one."""
    found = next((press for press in _READY if press.ink == ink), None) or Press(ink)
    _READY[:] = [found, *(press for press in _READY if press is not found)][:_MOST_READY]
    return found


# Pictures are embedded as they are.
_DETERMINISTIC: Mapping[str, Any] = {"optimize_images": False}


class _House(Struct, frozen=True, eq=False):
    """The beginning of style sheets, read once for all of them, with the fonts that it has loaded."""

    css: str
    families: fonts.Families
    configuration: Any
    sheet: Any


# Those that were read last.
_HOUSES: list[_House] = []
_MOST_HOUSES = 3


def _house(css: str, families: fonts.Families) -> _House:
    found = next((each for each in _HOUSES if each.css == css and each.families == families), None)
    if found is None:
        from mmguide.render.pdf.fetcher import ProjectFetcher

        configuration = library.configuration(fonts.faces(families))
        sheet = _read(fonts.optical_sizes(families) + fonts.with_scripts(css), ProjectFetcher({}, BASE), configuration)
        found = _House(css, families, configuration, sheet)
    _HOUSES[:] = [found, *(each for each in _HOUSES if each is not found)][:_MOST_HOUSES]
    return found


def _read(css: str, fetcher: Any, configuration: Any) -> Any:
    return library.weasyprint().CSS(string=css, base_url=BASE + "styles/", url_fetcher=fetcher, font_config=configuration)


class Press:
    """Sets any HTML with one style sheet."""

    def __init__(self, ink: Ink) -> None:
        from mmguide.render.pdf.fetcher import ProjectFetcher

        self.ink, self._when = ink, ink.when
        self._fetcher = ProjectFetcher(ink.pictures, BASE)
        with complaints() as self._said, limited(ink.seconds, ink.megabytes):
            rest = ink.css.removeprefix(ink.house)
            if rest != ink.css and "@font-face" not in rest:
                house = _house(ink.house, ink.families)
                self._configuration, before, own = house.configuration, [house.sheet], fonts.with_scripts(rest)
            else:  # fonts of a project are loaded for it alone
                self._configuration, before = library.configuration(fonts.faces(ink.families)), []
                own = fonts.optical_sizes(ink.families) + fonts.with_scripts(ink.css)
            self._sheets = [*before, _read(own, self._fetcher, self._configuration)]

    def typeset(
        self,
        html: str,
        *,
        profile: Profile = ARCHIVE,
        files: tuple[AssociatedFile, ...] = (),
        piece: str = "",
    ) -> PdfResult:
        """The HTML as PDF; title, authors, summary and language of the file are those of the HTML.

        A `piece` of a document (its name) gets no margins, and keeps its links to anchors that stand in other pieces.
        `files` are carried inside.
        """
        with ExitStack() as stack:
            complained = stack.enter_context(complaints())
            looks = stack.enter_context(without_margins()) if piece else []
            if not piece:
                stack.enter_context(counted_to_the_last_number())
            moment = stack.enter_context(_clock_stopped(self._when))
            if piece:
                stack.enter_context(_links_kept())
            stack.enter_context(limited(self.ink.seconds, self.ink.megabytes))
            try:
                source = parsing.source(html, BASE, self._fetcher)
                document = source.render(stylesheets=self._sheets, font_config=self._configuration, **_DETERMINISTIC)
                names = [page._page_box.page_type.name for page in document.pages]
                front = pages_before_text(names)
                about = replace(_about(document, moment, files), labels=page_labels(front))
                content = write_tagged(document, profile, about, piece)
                found = findings(document)
            except (AssertionError, RecursionError, OverflowError, ValueError) as error:
                raise OutputFailed(f"the pages could not be laid out: {error or type(error).__name__}") from error
        anchors = {name: number for number, page in reversed(list(enumerate(document.pages, 1))) for name in page.anchors}
        return PdfResult(
            content,
            len(document.pages),
            anchors,
            refused=tuple(self._fetcher.refused),
            complaints=(*self._said, *complained),
            looks=tuple(looks),
            findings=found,
            missing=tuple(fonts.missing("".join(source.etree_element.itertext()), self.ink.families)),
            front=front,
            filled=filled(document),
            sides=tuple(BoundPage(name, _exchange(page)) for name, page in zip(names, document.pages, strict=True)),
        )

    def draw(self, html: str, first: int = 0, last: int = 0) -> bytes:
        """The pages of the HTML as a gathering of drawings without structure, for what is no content.

        They bear numbers from `first` on, where it is given, of a document of which the last one is `last`.
        """
        with complaints(), _clock_stopped(self._when), counted_to_the_last_number(first, last):
            source = parsing.source(html, BASE, self._fetcher)
            document = source.render(stylesheets=self._sheets, font_config=self._configuration, **_DETERMINISTIC)
            return write_margins(document)


def _exchange(page: Any) -> float:
    """How far, in points, a page's text moves to the right when its left and right margin are exchanged."""
    box = page._page_box
    return round(float(box.margin_right - box.margin_left) * 0.75, 3)


def _about(document: Any, moment: datetime, files: tuple[AssociatedFile, ...]) -> Metadata:
    said = document.metadata
    return Metadata(
        title=said.title or "Untitled",
        language=said.lang or "en",
        created=moment,
        authors=tuple(said.authors),
        description=said.description or "",
        tool=f"mmguide {__version__}",
        engine=engine(),
        files=files,
    )


@contextmanager
def _links_kept() -> Iterator[None]:
    """Links to anchors that are not in the document stay links: their anchors come with other pieces."""
    import weasyprint.pdf as owner

    original = owner.resolve_links

    def resolve(pages: Any) -> Iterator[Any]:
        seen: set[str] = set()
        for page in pages:
            new = [(name, at[0], at[1]) for name, at in page.anchors.items() if name not in seen]
            seen.update(name for name, _, _ in new)
            yield list(page.links), new

    owner.resolve_links = resolve
    try:
        yield
    finally:
        owner.resolve_links = original


@contextmanager
def _clock_stopped(when: date | None) -> Iterator[datetime]:
    """The time that the file and the fonts cut to size for it bear: the guideline's, or SOURCE_DATE_EPOCH, never that of the run."""
    name = "SOURCE_DATE_EPOCH"
    if name in os.environ:
        yield datetime.fromtimestamp(int(os.environ[name]), tz=UTC)
        return
    moment = datetime(when.year, when.month, when.day, tzinfo=UTC) if when else datetime(2000, 1, 1, tzinfo=UTC)
    os.environ[name] = str(int(moment.timestamp()))
    try:
        yield moment
    finally:
        del os.environ[name]


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What WeasyPrint logs as warnings or errors meanwhile."""
    found: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    logger, handler = logging.getLogger("weasyprint"), Collect(logging.WARNING)
    before, propagate = logger.handlers[:], logger.propagate
    logger.handlers[:], logger.propagate = [handler], False
    try:
        yield found
    finally:
        logger.handlers[:], logger.propagate = before, propagate
