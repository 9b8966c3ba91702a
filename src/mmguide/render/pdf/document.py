"""Stage render, PDF: a guideline, a handout or any HTML as a whole file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import asdict, replace

from mmguide.cache import Cache, key_of
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.picture import Picture
from mmguide.model.settings import Binding
from mmguide.model.source import Source
from mmguide.processors import processors
from mmguide.render.addresses import BASE
from mmguide.render.html.front import shown_date
from mmguide.render.html.paper import (
    PAPERS,
    RIGHT_HAND,
    WATERMARK,
    Pieces,
    left_pages,
    print_css,
    print_pieces,
    watermark_word,
)
from mmguide.render.pdf.engine import engine
from mmguide.render.pdf.fit import fitted
from mmguide.render.pdf.metadata import AssociatedFile
from mmguide.render.pdf.pieces import Setting, Typesetting, Whole, divisible, keep, kept
from mmguide.render.pdf.prepress import ready_for_printing
from mmguide.render.pdf.press import Ink, PdfResult, Press, press_for
from mmguide.render.pdf.shop import Shop, make_ready
from mmguide.render.pdf.tags import ARCHIVE, PROFILES, Profile
from mmguide.render.pdf.watermark import watermark
from mmguide.theme import Theme, house_css

__all__ = ["PdfResult", "begin", "ready_press", "typeset"]


def begin(
    cited: CitedManuscript,
    theme: Theme,
    paper: str = "",
    own_css: Source | None = None,
    *,
    standard: str = "",
    files: tuple[AssociatedFile, ...] = (),
    cache: Cache | None = None,
    hands: int = 0,
    shop: Shop | None = None,
) -> Typesetting | Whole:
    """Begin the guideline's PDF on `paper`, which fulfils `standard` (ua-1 or ua-2); both are those of its settings when empty.

    `own_css` is the project's own style sheet; `files` are carried inside. It is made in `hands` other processes (as many as there are
    processors when 0); `finish` of what is given waits for it. `shop` is where pieces are set, if one is ready already.
    """
    settings = cited.project.settings
    paper = paper or settings.paper
    cache = cache or Cache(None)
    pieces = print_pieces(cited, theme, paper, cache)
    profile = PROFILES[standard or settings.pdf_standard]
    ink = _ink(cited, theme, paper, own_css)
    left = left_pages(settings, paper)
    base = (
        ink.css,
        theme.as_json(),
        str(ink.when),
        os.environ.get("SOURCE_DATE_EPOCH", ""),
        *(part for path in sorted(ink.pictures) for part in (path, ink.pictures[path].content)),
    )
    if profile != ARCHIVE or not divisible(pieces, own_css.text if own_css else ""):
        sided = replace(ink, css=ink.css + left + (RIGHT_HAND if settings.print.chapters == "right" else ""))
        if cited.manuscript.sheet:
            return Whole(lambda: _sheet(OneSheet(sided, pieces.whole(), pieces.opening, profile, files), base, cache))
        return Whole(lambda: _in_one(press_for(sided), pieces, settings.print, profile, files))
    setting = Setting(ink, base, settings.language, cache, hands or processors(), settings.print, left, shop)
    return Typesetting(pieces, setting, files)


class OneSheet(Struct, frozen=True):
    """A sheet for print before it is laid out: its HTML, what is set with it, and the standards that its file fulfils."""

    ink: Ink
    html: str
    opening: str
    profile: Profile
    files: tuple[AssociatedFile, ...]


def one_sheet(cited: CitedManuscript, theme: Theme, own_css: Source | None, files: tuple[AssociatedFile, ...]) -> OneSheet:
    """A handout as it would be laid out in one piece."""
    settings = cited.project.settings
    pieces = print_pieces(cited, theme, settings.paper)
    ink = _ink(cited, theme, settings.paper, own_css)
    sided = replace(ink, css=ink.css + left_pages(settings, settings.paper))
    return OneSheet(sided, pieces.whole(), pieces.opening, PROFILES[settings.pdf_standard], files)


def _sheet(sheet: OneSheet, base: tuple[str | bytes, ...], cache: Cache) -> PdfResult:
    """The sheet as PDF, kept under `base` and all else that it is made of."""
    carried = (part for file in sheet.files for part in (file.name, file.content))
    key = key_of("sheet", engine(), repr(sheet.profile), *base, sheet.html, *carried)
    if entry := cache.get(key):
        return kept(entry)
    made = typeset_sheet(sheet)
    keep(cache, key, made)
    return made


def typeset_sheet(sheet: OneSheet) -> PdfResult:
    """The sheet as PDF, set closer where that saves its last page."""
    press = press_for(sheet.ink)
    return fitted(sheet.html, lambda html: press.typeset(html, profile=sheet.profile, files=sheet.files))


def _ink(cited: CitedManuscript, theme: Theme, paper: str, own_css: Source | None) -> Ink:
    settings = cited.project.settings
    pictures = dict(cited.manuscript.pictures)
    if word := watermark_word(settings):
        pictures[WATERMARK.removeprefix(BASE)] = watermark(word, theme, *PAPERS[paper])
    limits = settings.limits
    css = print_css(cited, theme, paper, own_css)
    return Ink(css, pictures, asdict(theme.fonts), shown_date(settings), limits.seconds, limits.memory_mb, house_css(theme))


def ready_press(cited: CitedManuscript, theme: Theme, paper: str = "", own_css: Source | None = None) -> None:
    """Have a press ready in this process, and so in all that it forks, for the pages of this text."""
    make_ready()
    press_for(_ink(cited, theme, paper or cited.project.settings.paper, own_css))


def _in_one(press: Press, pieces: Pieces, wanted: Binding, profile: Profile, files: tuple[AssociatedFile, ...]) -> PdfResult:
    """A document laid out in one piece; again with a blank page, where the text would begin on a left-hand one."""
    made = press.typeset(pieces.whole(), profile=profile, files=files)
    if wanted.sided and made.front % 2:
        made = press.typeset(pieces.whole(blank=True), profile=profile, files=files)
    return replace(made, content=ready_for_printing(made.content, made.sides, wanted))


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
    return Press(Ink(css, pictures, asdict(theme.fonts), when)).typeset(html, profile=profile, files=files)
