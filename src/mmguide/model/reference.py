"""References: the entries of the bibliography as CSL data, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from unicodedata import normalize

from mmguide.diagnostics import Span


@dataclass(frozen=True)
class Reference:
    """One entry: `csl` is its CSL-JSON item (never changed), `span` the place of its key in the file it came from.

    `format` is the kind of that file: csl-json, csl-yaml, bibtex, ris, nbib, endnote.
    """

    key: str
    csl: Mapping[str, Any] = field(hash=False)
    span: Span
    format: str = "csl-json"

    def text(self, name: str) -> str:
        """A variable as text, '' when it is absent."""
        value = self.csl.get(name, "")
        return value if isinstance(value, str) else str(value)

    @property
    def year(self) -> int | None:
        """The year of issue, when one is given."""
        issued = self.csl.get("issued") or {}
        # A date may be written as one text too: 2001, 2001-05-31.
        parts = issued.get("date-parts") or [[]] if isinstance(issued, dict) else [str(issued).split("-")]
        try:
            return int(parts[0][0])
        except (IndexError, TypeError, ValueError):
            return None


@dataclass(frozen=True)
class Notice:
    """Something published about a work after it appeared.

    `kind` is retraction, expression-of-concern, correction, or retraction-notice where the entry is itself such a notice; `where`
    says where it stands (a DOI, a citation, or what in the entry says so), `date` when (ISO 8601, as far as known).
    """

    kind: str
    where: str = ""
    date: str = ""


@dataclass(frozen=True)
class Bibliography:
    """All references of a project in the order of their files; a key given twice stands twice.

    `notices` holds, by key, what the project's table of retractions says about them.
    """

    references: tuple[Reference, ...] = ()
    notices: Mapping[str, tuple[Notice, ...]] = field(default_factory=dict, hash=False)

    @cached_property
    def by_key(self) -> Mapping[str, Reference]:
        """The first entry of each key, keys in Unicode form C."""
        found: dict[str, Reference] = {}
        for reference in self.references:
            found.setdefault(normalize("NFC", reference.key), reference)
        return found

    def get(self, key: str) -> Reference | None:
        return self.by_key.get(normalize("NFC", key))
