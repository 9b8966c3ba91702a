"""Options of a build: what the stage build is asked for. Loads nothing, so that an unchanged project is known before anything is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

FORMATS = ("pdf", "docx", "html", "json", "fhir")
CACHE = ".cache"
PAPERS = ("a4", "letter", "a5", "half-letter")


class Options(Struct, frozen=True):
    """What a build is asked for: formats (those of guideline.yaml when empty), folder of the outputs, warnings as errors.

    All but `output` and `cache` are plain values, which the outputs depend on and nothing else of the command line.
    """

    formats: tuple[str, ...] = ()
    output: Path = Path("build")
    strict: bool = False
    cache: bool = True
    paper: str = ""
    bleed: float | None = None
    duplex: bool | None = None
    gutter: float | None = None
    chapters: Literal["", "any", "right"] = ""
    pdf_standard: str = ""
    docx_citations: Literal["links", "zotero"] = "links"
    docx_line_numbers: bool | None = None
    docx_mark: bool | None = None
    docx_author: str = "mmguide"
    docx_fonts: bool = True
    edition: str = ""

    @property
    def has_pages(self) -> bool:
        """Whether pages are asked for, or may be, since guideline.yaml decides."""
        return not self.formats or not {"pdf", "docx"}.isdisjoint(self.formats)
