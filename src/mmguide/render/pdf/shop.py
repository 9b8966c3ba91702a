"""Stage render, PDF: where pages are set: a process that loads WeasyPrint while the text is still being read, and sets pieces in others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from mmguide import house
from mmguide.render.html.paper import house_css
from mmguide.render.pdf.press import Ink, PdfResult, Press, press_for
from mmguide.theme import read_theme
from mmguide.workers import Foreman


@dataclass(frozen=True)
class Task:
    """A piece to set: its HTML and its name in the file.

    Without a name it is only drawn, as margins are, on pages that bear numbers from `first` on (0: as they come) of `last`.
    """

    html: str
    piece: str = ""
    first: int = 0
    last: int = 0


Shop = Foreman[Ink, Task, PdfResult]


def open_shop() -> Shop:
    """A shop that makes ready at once."""
    return Foreman(make_ready, _worker)


# One of each thing that pages are made of, so that whatever is loaded or worked out once is there before pieces are set.
_SAMPLE = """<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><section class="level1" id="a"><h1 data-running="A">
<span class="number">1 </span>A</h1><p>Text <strong>bold</strong> <em>it</em> <a href="#b">b</a> <a href="https://example.org/">c</a>
<span class="footnote" id="n" data-number="1"><span class="paragraph">Note</span></span> <sup>2</sup></p><ul><li>one</li></ul>
<div class="recommendation box strength-strong"><div class="recommendation-label">R ⊕</div><div class="recommendation-body">
<p>Do</p></div></div><div class="table" id="b"><table><caption>T</caption><thead><tr><th scope="col">a</th></tr></thead>
<tbody><tr><td>1</td></tr></tbody></table></div><figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9"
height="9"><path d="M0 0L9 9"/></svg><figcaption>F</figcaption></figure><div id="refs"><div class="csl-entry">
<div class="csl-left-margin">1.</div><div class="csl-right-inline">R</div></div></div></section></body></html>"""


@cache
def make_ready() -> None:
    """Load what sets pages, and set a page of the house's look: once in a process and all that it forks."""
    theme, _ = read_theme(house.style("theme.yaml"))
    Press(Ink(house_css(theme), {}, theme)).typeset(_SAMPLE, piece="sample")


def _worker(ink: Ink) -> Callable[[Task], PdfResult]:
    press = press_for(ink)

    def work(task: Task) -> PdfResult:
        if task.piece:
            return press.typeset(task.html, piece=task.piece)
        return PdfResult(press.draw(task.html, task.first, task.last), 0, {})

    return work
