"""Stage render, data: the types of the JSON output; `guideline-data.schema.json` beside this file is made from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from mmguide.model.record import Record
from mmguide.model.schemas import schema_of

FORMAT: Final = "mmguide-guideline-data-1"


class Person(Record, frozen=True, kw_only=True):
    """A contributor as the guideline names them."""

    name: str
    role: str
    affiliation: str
    orcid: str
    interests: str


class Heading(Record, frozen=True, kw_only=True):
    """A section with its own text, up to the next heading."""

    id: str
    number: str
    level: int
    title: str
    text: str


class GradedAs(Record, frozen=True, kw_only=True):
    """A strength or certainty: the level's name in its scheme, and how it is printed."""

    level: str
    label: str
    symbol: str = ""


class Advice(Record, frozen=True, kw_only=True):
    """A recommendation, or an ungraded statement (without strength, certainty and direction)."""

    id: str
    number: str
    graded: bool
    text: str
    section: str
    strength: GradedAs | None
    certainty: GradedAs | None
    direction: str
    population: str
    action: str
    reason: str
    basis: str
    dated: str
    references: tuple[str, ...]
    evidence: tuple[str, ...]
    parts: Mapping[str, str]


class Value(Record, frozen=True, kw_only=True):
    """A cell of a data table: as written, as a number where it is one, and whether it was verified."""

    text: str
    number: float | None
    status: Literal["verified", "from memory", ""]


class Field(Record, frozen=True, kw_only=True):
    """A column of a data table."""

    name: str
    label: str
    unit: str
    kind: str


class DataTable(Record, frozen=True, kw_only=True):
    """A table of the evidence."""

    path: str
    title: str
    columns: tuple[Field, ...]
    rows: Mapping[str, Mapping[str, Value]]


class Numbered(Record, frozen=True, kw_only=True):
    """A figure or table of the text; `alternative` says what a figure shows."""

    id: str
    kind: Literal["fig", "tbl"]
    number: str
    title: str
    alternative: str


class Reported(Record, frozen=True, kw_only=True):
    """The answer to an item of a reporting standard."""

    state: Literal["present", "absent", "not-applicable", "missing"]
    where: tuple[str, ...]
    reason: str


class GuidelineData(Record, frozen=True, kw_only=True):
    """A whole guideline as data."""

    format: Literal["mmguide-guideline-data-1"]
    id: str
    title: str
    subtitle: str
    version: str
    status: str
    language: str
    notice: str
    summary: str
    dates: Mapping[str, date]
    contributors: tuple[Person, ...]
    funding: str
    contact: str
    grading: str
    sections: tuple[Heading, ...]
    recommendations: tuple[Advice, ...]
    figures_and_tables: tuple[Numbered, ...]
    evidence: tuple[DataTable, ...]
    references: tuple[Mapping[str, Any], ...]
    abbreviations: Mapping[str, str]
    reporting: Mapping[str, Mapping[str, Reported]]


def schema() -> dict[str, Any]:
    """The JSON Schema of the output."""
    return schema_of(GuidelineData, f"urn:mmguide:{FORMAT}")
