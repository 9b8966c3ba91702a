"""References: the entries of the bibliography as CSL data, each with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple
from unicodedata import normalize

from msgspec import Struct

from mmguide.diagnostics import Span

# How CSL writes a date as one text (EDTF), of which a span's end and marks of doubt are left alone.
_EDTF = re.compile(r"\s*(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")
_MOST = (9999, 12, 31)


def date_parts(value: Any) -> tuple[int, ...]:
    """Year, month and day of a CSL date as far as they are known, of a span its first; () where no year is told.

    Every shape that CSL has: lists of parts, and text by itself, as `raw` or as `literal`. A season is no month.
    """
    if isinstance(value, Mapping):
        parts = value.get("date-parts") or [[]]
        given = parts[0] if isinstance(parts, list) and isinstance(parts[0], list) else []
        if not given:
            return next(filter(None, (date_parts(str(value[name])) for name in ("raw", "literal") if value.get(name))), ())
    else:
        found = _EDTF.match("" if value is None else str(value))
        given = [part for part in found.groups() if part is not None] if found else []
    out: list[int] = []
    for part, most in zip(given, _MOST, strict=False):
        number = re.fullmatch(r"\s*(-?\d{1,6})(?:\.0)?\s*", str(part))
        if number is None or int(number[1]) > most or (out and int(number[1]) < 1):
            break
        out.append(int(number[1]))
    return tuple(out)


class Reference(Struct, frozen=True, dict=True):
    """One entry: `csl` is its CSL-JSON item (never changed), `span` the place of its key in the file it came from.

    `format` is the kind of that file: csl-json, csl-yaml, bibtex, ris, nbib, endnote.
    """

    key: str
    csl: Mapping[str, Any]
    span: Span
    format: str = "csl-json"

    def text(self, name: str) -> str:
        """A variable as text, '' when it is absent."""
        value = self.csl.get(name, "")
        return value if isinstance(value, str) else str(value)

    @cached_property
    def year(self) -> int | None:
        """The year of issue, when one is given."""
        return next(iter(date_parts(self.csl.get("issued"))), None)


class Notice(NamedTuple):
    """Something published about a work after it appeared.

    `kind` is retraction, expression-of-concern, correction, or retraction-notice where the entry is itself such a notice; `where`
    says where it stands (a DOI, a citation, or what in the entry says so), `date` when (ISO 8601, as far as known).
    """

    kind: str
    where: str = ""
    date: str = ""


class Bibliography(Struct, frozen=True, dict=True):
    """All references of a project in the order of their files; a key given twice stands twice.

    `notices` holds, by key, what the project's table of retractions says about them.
    """

    references: tuple[Reference, ...] = ()
    notices: Mapping[str, tuple[Notice, ...]] = {}

    @cached_property
    def by_key(self) -> Mapping[str, Reference]:
        """The first entry of each key, keys in Unicode form C."""
        found: dict[str, Reference] = {}
        for reference in self.references:
            found.setdefault(normalize("NFC", reference.key), reference)
        return found

    def get(self, key: str) -> Reference | None:
        return self.by_key.get(normalize("NFC", key))
