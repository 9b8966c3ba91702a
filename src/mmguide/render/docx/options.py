"""Render, Word: what a caller may choose."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class DocxOptions(Struct, frozen=True):
    """`citations`: links to the reference list, or live Zotero fields. `line_numbers` and `draft_mark`: None lets the status decide:
    lines are numbered while a text is under way, and what is not in force says so across each page. `fonts`: those of the theme stand
    in the file. `author` is whose changes a file with tracked changes shows."""

    citations: Literal["links", "zotero"] = "links"
    line_numbers: bool | None = None
    draft_mark: bool | None = None
    fonts: bool = True
    author: str = "mmguide"

    def numbers_lines(self, status: str) -> bool:
        return status in ("draft", "review") if self.line_numbers is None else self.line_numbers

    def marks_pages(self, status: str) -> bool:
        return status != "published" if self.draft_mark is None else self.draft_mark
