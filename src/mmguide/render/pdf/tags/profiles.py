"""Stage render, PDF: the two pairs of standards that one file can fulfil at once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct


class Profile(Struct, frozen=True):
    """A PDF/UA part and a PDF/A part together, with the PDF version that both ask for."""

    name: str
    pdf_version: str
    accessible_part: int
    archive_part: int

    @property
    def modern(self) -> bool:
        """True where the structure types of PDF 2.0 and its namespaces are used."""
        return self.accessible_part == 2


ARCHIVE = Profile("PDF/UA-1 and PDF/A-3a", "1.7", accessible_part=1, archive_part=3)
MODERN = Profile("PDF/UA-2 and PDF/A-4f", "2.0", accessible_part=2, archive_part=4)

# By the name that guideline.yaml and the command line use.
PROFILES: Mapping[str, Profile] = MappingProxyType({"ua-1": ARCHIVE, "ua-2": MODERN})
