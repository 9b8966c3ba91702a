"""Stage render: the HTML from which pages are made for print."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import unescape
from math import ceil
from urllib.parse import quote

from msgspec import Struct

from mmguide.cache import NOTHING, Cache
from mmguide.css import with_addresses
from mmguide.labels import label, right_to_left
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.picture import Picture
from mmguide.model.settings import Settings
from mmguide.model.source import Source
from mmguide.render.addresses import BASE
from mmguide.render.html import front
from mmguide.render.html.body import body, notes_in_place
from mmguide.render.html.changes import against, in_print
from mmguide.render.html.chapters import KEPT, Chapter, chapters
from mmguide.render.html.form import as_places
from mmguide.render.html.mirror import mirrored
from mmguide.render.html.tree import Tree, append, classes, filled, gap, make, write_both
from mmguide.theme import Theme, house_css, with_values

WATERMARK = BASE + ".mmguide/watermark.svg"

# Small paper: less margin, and the notice takes the place of the version at the foot.
_NARROW = (
    "@page { margin: 18mm 14mm 17mm; @top-left { font-size: 7pt } @top-right { font-size: 7pt } "
    "@bottom-center { text-align: left; padding-left: 0; font-size: 7pt } @bottom-right { font-size: 7pt } }"
)
_TARGET = re.compile(r'<a href="#([^"]+)"')
_WITH_PAGE = re.compile(r'<a\b[^>]*class="[^"]*\bwith-page\b[^>]*>')
_HREF = re.compile(r'href="#([^"]*)"')
# From this many entries on, the contents are set closer, so that they take one page where they can.
_LONG_CONTENTS = 40
# A notice up to this many characters stays on one line between the other things at the foot of the page.
_SHORT_NOTICE = 48

# From this size of letters on, in points, a sheet is in large print.
_LARGE = 16

# Pages before the text are numbered i, ii …, and the first page of the text is 1.
_COUNTED_APART = "counter-increment: page 0 front 1;"

# The foot of a sheet, in millimetres; the width of a letter in ems, and the letters that spaces and numbers of pages take.
_SHEET_MARGIN, _SMALL_MARGIN, _FOOT_PADDING, _LEAST_FOOT, _MM_PER_POINT = 20.0, 14.0, 4.0, 20.0, 25.4 / 72
_LETTER, _PAGE_NUMBERS = 0.49, 5
# The letters that stay free at the end of a line from the right, where Latin names and numbers stay together.
_FREE = 3

# Width and height in millimetres.
PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4), "a5": (148.0, 210.0), "half-letter": (139.7, 215.9)}
_SMALL = ("a5", "half-letter")


def picture_address(picture: Picture) -> str:
    """The address under which the renderer of pages finds a picture."""
    return BASE + quote(picture.path)


class Pieces(Struct, frozen=True):
    """The guideline for print in pieces that begin on pages of their own: `front` (cover, about, contents), then the chapters.

    `opening` is everything up to the content of the body.
    """

    opening: str
    front: str
    chapters: tuple[str, ...]

    def whole(self, blank: bool = False) -> str:
        """All of it as one HTML document, with a `blank` page between front and text."""
        page = '<section class="front-blank"></section>' if blank else ""
        return self.piece(self.front + page + "".join(self.chapters))

    def piece(self, content: str) -> str:
        """An HTML document with this content."""
        return f"{self.opening}{content}</body></html>\n"

    def needs_pages(self, number: int) -> bool:
        """Whether a chapter names pages, which are known only when all chapters are laid out."""
        return _WITH_PAGE.search(self.chapters[number]) is not None

    def chapter_with_pages(self, number: int, pages: Mapping[str, str]) -> str:
        """A chapter as a document, its links that name pages bearing the numbers of the pages they lead to."""

        def numbered(match: re.Match[str]) -> str:
            target = _HREF.search(match[0])
            page = pages.get(unescape(target[1])) if target else None
            return match[0] if page is None else f'{match[0][:-1]} data-page="{page}">'

        return self.piece(_WITH_PAGE.sub(numbered, self.chapters[number]))

    def front_with_pages(self, pages: Mapping[str, str]) -> str:
        """The front as a document, its entries of contents bearing the numbers of the pages they lead to."""
        return self.piece(_TARGET.sub(lambda m: f'{m[0]} data-page="{pages[m[1]]}"' if m[1] in pages else m[0], self.front))


def print_html(cited: CitedManuscript, theme: Theme, paper: str) -> str:
    """The guideline for print as one HTML document. Its styles come from `print_css`."""
    return print_pieces(cited, theme, paper).whole()


def print_pieces(cited: CitedManuscript, theme: Theme, paper: str, cache: Cache = NOTHING) -> Pieces:
    """The guideline for print: cover, about, contents, then each level-1 section; what is dear to make of them is kept in `cache`."""
    settings = cited.project.settings
    head = make("head", make("meta", charset="utf-8"), make("title", settings.title))
    for name, content in (("description", settings.summary), ("author", ", ".join(c.name for c in settings.contributors))):
        if content:
            head.append(make("meta", name=name, content=content))
    turned = ' dir="rtl"' if right_to_left(settings.language) else ""
    large = " large" if cited.manuscript.sheet and theme.sizes.text >= _LARGE else ""
    small = " small-paper" if paper in _SMALL else ""
    reader = f" for-{cited.manuscript.audience}" if cited.manuscript.sheet else ""
    opening = (
        f'<!DOCTYPE html>\n<html lang="{settings.language}"{turned}>{write_both(head)}'
        f'<body class="paper-{paper}{small} status-{settings.status}{large}{reader}">'
    )
    before = None if cited.before is None else cited.before.settings
    fronts = [] if cited.manuscript.edition else [_fronted(lambda one: _cover(one, theme, cited), settings, before)]
    if fronts and front.has_about(settings):
        fronts.append(_fronted(lambda one: front.about(one, "h2"), settings, before))
    targets = frozenset(f"#{element.get('id')}" for tree in fronts for element in tree.iter() if element.get("id"))
    made = [_chapter(each, settings.contents_depth, targets | {"#contents"}, cache) for each in chapters(cited, cache)]
    if fronts:
        fronts.append(_contents(settings, sum(one.entries.count("<li>") for one in made)))
    opened = filled("".join(map(write_both, fronts)), {"entries": "".join(one.entries for one in made)})
    return Pieces(opening, opened, tuple(_on_pages_of_their_own(made)))


def closer(html: str) -> str:
    """A sheet set closer: less between its lines and paragraphs, letters as large as they were."""
    return html.replace('<body class="', '<body class="close ', 1)


class _Made(Struct, frozen=True):
    """A chapter's sections, each with its identifier, and its entries in the contents."""

    sections: tuple[tuple[str, str], ...]
    entries: str


@lru_cache(KEPT)
def _chapter(chapter: Chapter, depth: int, fronts: frozenset[str], cache: Cache) -> _Made:
    key = chapter.key("print chapter", str(depth), *sorted(fronts))
    if entry := cache.get(key):
        return _Made(tuple((name, section) for name, section in entry.facts["sections"]), entry.facts["entries"])
    made = _made(chapter, depth, fronts)
    cache.put(key, {"sections": made.sections, "entries": made.entries})
    return made


def _made(chapter: Chapter, depth: int, fronts: frozenset[str]) -> _Made:
    """A chapter for print; links to what stands in front of the text (`fronts`) say so, since its pages are numbered otherwise."""
    text = body(chapter, picture_address)
    notes_in_place(text, chapter.before.notes)
    as_places(text)
    in_print(text.roots)
    for root in text.parts:
        for image in root.iter("img"):
            for name in ("width", "height"):
                image.attrib.pop(name, None)
        for link in root.iter("a"):
            if "with-page" in classes(link) and link.get("href") in fronts:
                link.set("class", f"{link.get('class')} to-front")
    entries = "".join(map(write_both, front.entries(text, depth)))
    return _Made(tuple((part.get("id") or "", write_both(part)) for part in text.parts), entries)


def _on_pages_of_their_own(made: Sequence[_Made]) -> list[str]:
    """What begins on a page of its own: each section but the list of abbreviations, which goes on below what it follows."""
    found: list[str] = []
    for name, section in (pair for one in made for pair in one.sections):
        if found and name == "abbreviations":
            found[-1] += section
        else:
            found.append(section)
    return found


def _fronted(made: Callable[[Settings], Tree], settings: Settings, before: Settings | None) -> Tree:
    """A piece of the front; in a redline with what changed in it."""
    piece = against(before and made(before), made(settings), settings.language)
    in_print((piece,))
    return piece


def _cover(settings: Settings, theme: Theme, cited: CitedManuscript) -> Tree:
    band = make("div", class_="band")
    if (logo := cited.manuscript.pictures.get(theme.logo)) is not None:
        band.append(make("img", src=picture_address(logo), alt="", class_="logo"))
    titles = make("div", make("p", settings.title, class_="title"), class_="titles")
    if settings.subtitle:
        titles.append(make("p", settings.subtitle, class_="subtitle"))
    band.append(make("div", titles, class_="foot"))
    below = make("div", class_="below")
    if settings.summary:
        below.append(make("p", settings.summary, class_="summary"))
    below.append(front.facts(settings))
    append(below, front.people(settings))
    if settings.notice:
        below.append(make("p", settings.notice, class_="notice"))
    return make("section", band, below, class_="cover")


def _contents(settings: Settings, entries: int) -> Tree:
    name = label("contents", settings.language)
    look = "contents long" if entries > _LONG_CONTENTS else "contents"
    return make("nav", make("h2", name), make("ol", gap("entries")), class_=look, id="contents", aria_label=name)


def print_css(cited: CitedManuscript, theme: Theme, paper: str, own: Source | None = None) -> str:
    """The house's style sheet for print with the theme's values and this guideline's running lines, and the project's own after it."""
    settings = cited.project.settings
    sheet = cited.manuscript.sheet
    pages = _pages(settings, cited.project.short_title, paper, sheet=sheet)
    own_css = with_values(theme, with_addresses(own, lambda path: BASE + quote(path))) if own else ""
    # What a project says itself is meant for the side that it names.
    ours, last = ([own_css, _margins_of_sheet(settings, theme, paper)], "") if sheet else ([], own_css)
    css = "\n".join((house_css(theme), pages, *ours))
    return f"{mirrored(css) if right_to_left(settings.language) else css}\n{last}"


def _margins_of_sheet(settings: Settings, theme: Theme, paper: str) -> str:
    """The margins of a sheet: at its foot there is room for the notice, which is as large as the text of sheets for patients and longer in
    some languages, beside the number of the page.
    """
    sides = _SMALL_MARGIN if paper in _SMALL else _SHEET_MARGIN
    letter = theme.sizes.text * _LETTER * _MM_PER_POINT
    beside = letter * (len(label("page", settings.language)) + len(label("of", settings.language)) + _PAGE_NUMBERS)
    free = _FREE if right_to_left(settings.language) else 0
    lines = ceil(len(settings.notice) / ((PAPERS[paper][0] - 2 * sides - beside - _FOOT_PADDING) / letter - free))
    room = 2 * _FOOT_PADDING + lines * theme.sizes.text * 1.25 * _MM_PER_POINT
    return f"@page {{ margin: 14mm {sides:g}mm {max(room, _LEAST_FOOT):.1f}mm; @bottom-right {{ width: {beside:.1f}mm }} }}"


def _pages(settings: Settings, short_title: str, paper: str, *, sheet: bool = False) -> str:
    """The page boxes: size, running header and footer, and a mark across the page while the text is not in force.

    At the foot of a handout's `sheet` the notice has the room of all other lines.
    """
    width, height = PAPERS[paper]
    language = settings.language
    mark = f"background: url({WATERMARK}) no-repeat center / contain;" if watermark_word(settings) else ""
    page = _numbered(language, "counter(page)", "counter(pages)")
    version, notice = f'"{css_text(front.version_line(settings))}"', f'"{css_text(settings.notice)}"'
    wrap = "white-space: nowrap" if len(settings.notice) <= _SHORT_NOTICE else ""
    boxes = {
        "top-left": f'"{css_text(short_title)}"',
        "top-right": "string(chapter)",
        "bottom-left": version,
        "bottom-right": page,
    }
    if paper in _SMALL:
        boxes["top-right"], boxes["bottom-left"] = version, "none"
    if sheet:
        boxes["top-right"], boxes["bottom-left"], notice = "none", notice, "none"
    turned = "; direction: rtl; white-space: normal" if right_to_left(language) else ""
    lines = "\n".join(f"  @{place} {{ content: {content}{turned} }}" for place, content in boxes.items())
    none = " ".join(f"@{place} {{ content: none }}" for place in (*boxes, "bottom-center"))
    return f"""
@page {{ size: {width:g}mm {height:g}mm; {mark}
{lines}
  @bottom-center {{ content: {notice}; {wrap} }}
}}
{_NARROW if paper in _SMALL else ""}
@page landscape {{ size: {height:g}mm {width:g}mm }}
@page front {{ {_COUNTED_APART} @bottom-right {{ content: {_numbered(language, "counter(front, lower-roman)")} }} }}
@page cover {{ margin: 0; {_COUNTED_APART} {none} }}
@page front-blank {{ background: none; {_COUNTED_APART} {none} }}
@page blank {{ background: none; {none} }}
@page :blank {{ background: none; {none} }}
.front-blank {{ page: front-blank; height: 1px }}
{_bleeding(settings.print.bleed)}
"""


def _bleeding(bleed: float) -> str:
    """The cover's band reaches into the bleed; what stands in it stays where it is."""
    across = f"margin: -{bleed:g}mm -{bleed:g}mm 0; border: {bleed:g}mm solid transparent; border-bottom: 0"
    return f".cover .band {{ {across} }}" if bleed else ""


# Chapters begin on right-hand pages, where a document is laid out in one piece.
RIGHT_HAND = "section.level1 { break-before: right }"


def left_pages(settings: Settings, paper: str) -> str:
    """What left-hand pages of a document printed on both sides have otherwise: the page's number stands outside."""
    if not settings.print.duplex or paper in _SMALL:
        return ""
    version, page = f'"{css_text(front.version_line(settings))}"', _numbered(settings.language, "counter(page)", "counter(pages)")
    apart = _numbered(settings.language, "counter(front, lower-roman)")
    css = (
        f"@page :left {{ @bottom-left {{ content: {page} }} @bottom-right {{ content: {version} }} }}"
        f"@page front:left {{ @bottom-left {{ content: {apart} }} @bottom-right {{ content: {version} }} }}"
        "@page cover:left { @bottom-left { content: none } @bottom-right { content: none } }"
        "@page blank:left { @bottom-left { content: none } @bottom-right { content: none } }"
        "@page front-blank:left { @bottom-left { content: none } @bottom-right { content: none } }"
        "@page :blank:left { @bottom-left { content: none } @bottom-right { content: none } }"
    )
    return mirrored(css) if right_to_left(settings.language) else css


def _numbered(language: str, number: str, last: str = "") -> str:
    """ "Page 3 of 22" as content of a margin."""
    # Where lines run from the right, the notice beside it leaves little room.
    space = "\\a0 " if right_to_left(language) else " "
    behind = f' "{space}{css_text(label("of", language))}{space}" {last}' if last else ""
    return f'"{css_text(label("page", language))}{space}" {number}{behind}'


def css_text(text: str) -> str:
    """Any text as the inside of a CSS string."""
    return "".join(c if c.isalnum() or c in " .,:·-–—" else f"\\{ord(c):x} " for c in " ".join(text.split()))


def watermark_word(settings: Settings) -> str:
    """The word across each page: a text that is in force has none."""
    if settings.status == "draft":
        return label("draft-mark", settings.language)
    return "" if settings.status == "published" else front.status(settings).upper()
