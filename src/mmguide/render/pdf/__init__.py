"""Stage render: HTML for print becomes a PDF. WeasyPrint lays out the pages, with our fonts and without network or other files."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any

from mmguide import __version__
from mmguide.errors import OutputFailed
from mmguide.model.manuscript import CitedManuscript, Picture
from mmguide.render.html.front import shown_date
from mmguide.render.html.paper import BASE, PAPERS, WATERMARK, print_css, print_html, watermark_word
from mmguide.render.pdf import fonts
from mmguide.render.pdf.engine import engine
from mmguide.render.pdf.metadata import AssociatedFile, Metadata
from mmguide.render.pdf.tags import ARCHIVE, PROFILES, Profile
from mmguide.render.pdf.watermark import watermark
from mmguide.render.pdf.writing import write_tagged
from mmguide.theme import Theme


@dataclass(frozen=True)
class PdfResult:
    """A PDF, its number of pages, the page (from 1) of each anchor, addresses that were refused, and WeasyPrint's complaints."""

    content: bytes = field(repr=False)
    pages: int
    anchors: Mapping[str, int] = field(hash=False, repr=False)
    refused: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()


def pdf(
    cited: CitedManuscript,
    theme: Theme,
    paper: str = "",
    own_css: str = "",
    *,
    standard: str = "",
    files: tuple[AssociatedFile, ...] = (),
) -> PdfResult:
    """The guideline as PDF on `paper`, which fulfils `standard` (ua-1 or ua-2); both are those of its settings when empty.

    `own_css` is the project's own style sheet; `files` are carried inside.
    """
    settings = cited.project.settings
    paper = paper or settings.paper
    pictures = dict(cited.manuscript.pictures)
    if word := watermark_word(settings):
        pictures[WATERMARK.removeprefix(BASE)] = watermark(word, theme, *PAPERS[paper])
    return typeset(
        print_html(cited, theme, paper),
        print_css(cited, theme, paper, own_css),
        pictures,
        theme,
        when=shown_date(settings),
        profile=PROFILES[standard or settings.pdf_standard],
        files=files,
    )


def typeset(
    html: str,
    css: str,
    pictures: Mapping[str, Picture],
    theme: Theme,
    *,
    when: date | None = None,
    profile: Profile = ARCHIVE,
    files: tuple[AssociatedFile, ...] = (),
) -> PdfResult:
    """Any HTML with its style sheet as PDF; title, authors, summary and language of the file are those of the HTML.

    `pictures` by path are all it can show; `when` is the date that the file bears.
    """
    weasyprint = fonts.weasyprint()
    from mmguide.render.pdf.fetcher import ProjectFetcher

    fetcher = ProjectFetcher(pictures, fonts.font_files(theme), BASE)
    configuration = fonts.configuration()
    with _complaints() as complaints:
        sheet = weasyprint.CSS(
            string=fonts.font_css(theme) + css, base_url=BASE + "styles/", url_fetcher=fetcher, font_config=configuration
        )
        source = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=fetcher)
        try:
            with _clock_stopped(when) as moment:
                document = source.render(stylesheets=[sheet], font_config=configuration, **_DETERMINISTIC)
                content = write_tagged(document, profile, _about(document, moment, files))
        except (AssertionError, RecursionError, MemoryError, OverflowError, ValueError) as error:
            raise OutputFailed(f"the pages could not be laid out: {error or type(error).__name__}") from error
    anchors = {name: number for number, page in reversed(list(enumerate(document.pages, 1))) for name in page.anchors}
    return PdfResult(content, len(document.pages), anchors, tuple(fetcher.refused), tuple(complaints))


# Pictures are embedded as they are.
_DETERMINISTIC: Mapping[str, Any] = {"optimize_images": False}


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
def _clock_stopped(when: date | None) -> Iterator[datetime]:
    """The time that the file and the fonts cut to size for it bear: the guideline's, or SOURCE_DATE_EPOCH, never that of the run."""
    name = "SOURCE_DATE_EPOCH"
    if name in os.environ:
        yield datetime.fromtimestamp(int(os.environ[name]), tz=timezone.utc)
        return
    moment = datetime(when.year, when.month, when.day, tzinfo=timezone.utc) if when else datetime(2000, 1, 1, tzinfo=timezone.utc)
    os.environ[name] = str(int(moment.timestamp()))
    try:
        yield moment
    finally:
        del os.environ[name]


@contextmanager
def _complaints() -> Iterator[list[str]]:
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
