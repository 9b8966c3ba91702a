"""Stage render, PDF: the numbers that pages bear: i, ii … on what stands before the text, 1, 2 … from the first page of the text on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mmguide.render.pdf.metadata import PageLabels

# The names that the style sheet gives to pages before the text; the last is a page with nothing on it behind them.
FRONT_BLANK = "front-blank"
FRONT_PAGES = frozenset({"cover", "front", FRONT_BLANK})
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def roman(number: int) -> str:
    """A number from 1 on in small Roman numerals, as page labels of PDF show it."""
    shown = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        shown += letters * times
    return shown


def printed(page: int, front: int) -> str:
    """What page `page` of the file (from 1) bears, when the first `front` pages stand before the text."""
    return roman(page) if page <= front else str(page - front)


def all_printed(pages: Mapping[str, int], front: int) -> Mapping[str, str]:
    """What the page of each anchor bears."""
    return {name: printed(page, front) for name, page in pages.items()}


def pages_before_text(names: Sequence[str]) -> int:
    """How many pages, by their names in order, stand before the text."""
    return next((at for at, name in enumerate(names) if name not in FRONT_PAGES), len(names))


def page_labels(front: int) -> tuple[PageLabels, ...]:
    """The labels that viewers show; none where pages are simply counted."""
    return (PageLabels(0, "r"), PageLabels(front, "D")) if front else ()


@contextmanager
def counted_to_the_last_number(first: int = 0, last: int = 0) -> Iterator[None]:
    """Meanwhile `counter(pages)` in margins is the number that the last page bears: "of 22" counts the pages that are counted so.

    Pages that are only some of a document's bear numbers from `first` on, where it is given, and the document's last one is `last`.
    """
    from weasyprint import layout

    original = layout.make_margin_boxes

    def make(context: Any, page: Any, state: Any) -> Iterator[Any]:
        numbers = context.page_maker[-1][3][1].get("page", ())
        if last or (numbers and numbers[-1]):
            state[1]["pages"] = [last or numbers[-1]]
        if first:
            state[1]["page"] = [first + context.current_page - 1]
        return original(context, page, state)  # type: ignore[no-any-return]

    layout.make_margin_boxes = make
    try:
        yield
    finally:
        layout.make_margin_boxes = original
