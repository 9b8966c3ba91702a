"""Stage render, PDF: where pages are set: a process that loads WeasyPrint while the text is still being read, and sets pieces in others."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import asdict

from mmguide import house
from mmguide.cache import NOTHING, Cache, key_of
from mmguide.render.pdf import library
from mmguide.render.pdf.press import Ink, PdfResult, Press, press_for
from mmguide.workers import Foreman


class Task(Struct, frozen=True):
    """A piece to set: its HTML and its name in the file.

    Without a name it is only drawn, as margins are, on pages that bear numbers from `first` on (0: as they come) of `last`.
    """

    html: str
    piece: str = ""
    first: int = 0
    last: int = 0


Shop = Foreman[Ink, Task, PdfResult]


def open_shop(cache: Cache = NOTHING) -> Shop:
    """A shop that makes ready at once; what it needs of the house's look is kept in `cache`."""
    return Foreman(lambda: make_ready(cache), _worker)


# One of each thing that pages are made of, so that whatever is loaded or worked out once is there before pieces are set.
_SAMPLE = """<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><section class="level1" id="a"><h1 data-running="A">
<span class="number">1 </span>A</h1><p>Text <strong>bold</strong> <em>it</em> <a href="#b">b</a> <a href="https://example.org/">c</a>
<span class="footnote" id="n" data-number="1"><span class="paragraph">Note</span></span> <sup>2</sup></p><ul><li>one</li></ul>
<div class="recommendation box strength-strong"><div class="recommendation-label">R ⊕</div><div class="recommendation-body">
<p>Do</p></div></div><div class="table" id="b"><table><caption>T</caption><thead><tr><th scope="col">a</th></tr></thead>
<tbody><tr><td>1</td></tr></tbody></table></div><figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9"
height="9"><path d="M0 0L9 9"/></svg><figcaption>F</figcaption></figure><div id="refs"><div class="csl-entry">
<div class="csl-left-margin">1.</div><div class="csl-right-inline">R</div></div></div></section></body></html>"""


_ready = False


def make_ready(cache: Cache = NOTHING) -> None:
    """Load what sets pages, and set a page of the house's look: once in a process and all that it forks."""
    global _ready
    if not _ready:
        library.weasyprint()
        Press(_ink_of_house(cache)).typeset(_SAMPLE, piece="sample")
        _ready = True


def _ink_of_house(cache: Cache) -> Ink:
    """The house's own look. It is kept, since reading it loads what checks settings, which nothing else here needs."""
    key = key_of("house", *((house.folder("styles") / name).read_text(encoding="utf-8") for name in ("theme.yaml", "print.css")))
    if entry := cache.get(key):
        css, families = entry.facts
    else:
        from mmguide.theme import house_css, house_theme

        theme = house_theme()
        css, families = house_css(theme), asdict(theme.fonts)
        cache.put(key, [css, families])
    return Ink(css, {}, families, house=css)


def _worker(ink: Ink) -> Callable[[Task], PdfResult]:
    press = press_for(ink)

    def work(task: Task) -> PdfResult:
        if task.piece:
            return press.typeset(task.html, piece=task.piece)
        return PdfResult(press.draw(task.html, task.first, task.last), 0, {})

    return work
