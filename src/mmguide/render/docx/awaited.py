"""Render, Word: numbers of pages that are not known yet stand as marks in the file, and are filled in once pages are laid out.

So the file is made while the pages are, and only this is left when they are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mmguide.render.docx.ooxml import w
from mmguide.render.docx.package import Package

# Characters that no text has: assembling refuses none, but no font draws them, and they stand only around identifiers.
_BEGIN, _END = "\ue000", "\ue001"
_MARK = re.compile(f"{_BEGIN}([^{_BEGIN}{_END}]*){_END}")
# The last page is asked for by the name that no identifier has.
_LAST = ""


class Awaited(Mapping[str, str]):
    """Pages of identifiers before they are known: each is its mark."""

    def __getitem__(self, identifier: str) -> str:
        return f"{_BEGIN}{identifier}{_END}"

    def __iter__(self) -> Iterator[str]:
        return iter((_LAST,))

    def __len__(self) -> int:
        return 1


def last_page(pages: Mapping[str, str]) -> str:
    """The highest number among pages."""
    if isinstance(pages, Awaited):
        return pages[_LAST]
    return str(max((int(page) for page in pages.values() if page.isdecimal()), default=1))


def without_marks(text: str) -> str:
    """The text without what will be replaced."""
    return _MARK.sub("", text) if _BEGIN in text else text


def as_number(text: str) -> str:
    """The text with figures in place of what will be replaced by them, as long as it is."""
    return _MARK.sub(lambda mark: "0" * len(mark[0]), text) if _BEGIN in text else text


def fill(package: Package, pages: Mapping[str, str]) -> None:
    """Put the numbers in place of their marks; an identifier that is on no page gets none."""
    numbers = {**pages, _LAST: last_page(pages)}
    for name, root in package.xml.items():
        for text in root.iter(w("t")) if name.startswith("word/") else ():
            if text.text and _BEGIN in text.text:
                text.text = _MARK.sub(lambda mark: numbers.get(mark[1], ""), text.text)
