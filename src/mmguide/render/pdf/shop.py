"""Stage render, PDF: where pages are set: a process that loads WeasyPrint while the text is still being read, and sets pieces in others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mmguide.render.pdf.metadata import AssociatedFile
from mmguide.render.pdf.press import Ink, PdfResult, Press
from mmguide.workers import Foreman


@dataclass(frozen=True)
class Task:
    """A piece to set: its HTML, its name in the file, and what it carries; without a name only drawn, as margins are."""

    html: str
    piece: str = ""
    files: tuple[AssociatedFile, ...] = ()


Shop = Foreman[Ink, Task, PdfResult]


def open_shop() -> Shop:
    """A shop that makes ready at once."""
    return Foreman(_ready, _worker)


def _ready() -> None:
    from mmguide.render.pdf import fonts

    fonts.weasyprint()


def _worker(ink: Ink) -> Callable[[Task], PdfResult]:
    press = Press(ink)

    def work(task: Task) -> PdfResult:
        if task.piece:
            return press.typeset(task.html, piece=task.piece, files=task.files)
        return PdfResult(press.draw(task.html), 0, {})

    return work
