"""Manuscript: the whole guideline after assembly, and the same after its citations were set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from mmguide.ast import Blocks, Element
from mmguide.diagnostics import Span
from mmguide.model.clinic import Clinic
from mmguide.model.data import Data
from mmguide.model.history import History
from mmguide.model.picture import Picture
from mmguide.model.reference import Bibliography
from mmguide.model.settings import Project
from mmguide.model.source import Scan
from mmguide.model.translation import Translation, translations_among
from mmguide.walks import elements_of, marks_of, named_in


class Section(Struct, frozen=True, dict=True):
    """One file of the guideline (also an included one): its scan and pandoc's parse of it."""

    scan: Scan
    blocks: Blocks

    @property
    def path(self) -> str:
        return self.scan.source.path

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """What `iterate` gives of the blocks: a tree that many stages ask is walked once."""
        return elements_of(self.blocks)

    @cached_property
    def marks(self) -> frozenset[str]:
        """The kinds of its elements and the classes of its headings, divs and spans: a stage that none of them concerns passes it by."""
        return marks_of(self.blocks)


class Target(NamedTuple):
    """What a cross-reference can point at: `kind` is sec, fig, tbl or rec; `number` such as 2.1; `title` its plain text."""

    id: str
    kind: str
    number: str
    title: str
    level: int = 0


class Recommendation(Struct, frozen=True):
    """A recommendation or ungraded statement as it stands in the text.

    `blocks` are its own words without label and parts; `parts` are what the panel weighed, by name (justification, benefits-harms …);
    `dated` says since when it holds as it stands ('' where the guideline keeps no history); `keys` the references that it or its parts
    cite, `evidence` the identifiers of tables and figures it rests on; `reason` why it is strong
    although the certainty is low.
    """

    id: str
    number: str
    strength: str
    certainty: str
    direction: str
    graded: bool
    blocks: Blocks
    span: Span | None = None
    keys: tuple[str, ...] = ()
    population: str = ""
    action: str = ""
    reason: str = ""
    basis: str = ""
    evidence: tuple[str, ...] = ()
    parts: tuple[tuple[str, Blocks], ...] = ()
    section: str = ""
    dated: str = ""


class Registered(NamedTuple):
    """An entry of the register of recommendations: an identifier, the version that brought it and the one that withdrew it."""

    id: str
    since: str
    withdrawn: str = ""
    span: Span | None = None


class Approval(Struct, frozen=True):
    """That somebody in this role approved a handout on this day; `seen` are the digests of what they saw, by name."""

    role: str
    date: date
    seen: Mapping[str, str] = {}
    span: Span | None = None


class Manuscript(Struct, frozen=True, dict=True):
    """The joined text, or a `sheet` (a handout) taken from it: numbered, cross-references and data values resolved, citations not yet set.

    In `blocks` every meaning is carried by pandoc elements with the classes and attributes that `docs/architecture.md` lists, so
    that all renderers print the same words.
    """

    project: Project
    sections: tuple[Section, ...]
    blocks: Blocks
    bibliography: Bibliography = Bibliography()
    data: Data = Data()
    pictures: Mapping[str, Picture] = {}
    targets: tuple[Target, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    included: tuple[Section, ...] = ()
    register: tuple[Registered, ...] | None = None
    edition: str = ""
    sheet: bool = False
    audience: str = ""
    handouts: Mapping[str, Section] = {}
    approvals: Mapping[str, Approval] = {}
    history: History = History()
    translations: Mapping[str, Translation] = {}
    clinics: Mapping[str, Clinic] = {}

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """What `iterate` gives of the blocks: a tree that many stages ask is walked once."""
        return elements_of(self.blocks)

    @cached_property
    def named(self) -> tuple[tuple[str, Element], ...]:
        """The elements that have an identifier, each behind it, in document order."""
        return named_in(self.blocks)

    @property
    def scans(self) -> tuple[Scan, ...]:
        """The scans of all files, sections first, then what they include."""
        return tuple(s.scan for s in self.sections + self.included)

    def languages_of(self, handout: str) -> tuple[str, ...]:
        """The languages in which a handout can be had: its own, then those of the translations beside its text."""
        settings = self.project.settings
        spec = settings.handouts[handout]
        return (spec.language or settings.language, *(translations_among(spec.file, self.handouts) if spec.file else ()))

    def text_of(self, handout: str, language: str = "") -> Section | None:
        """A handout's text, in its own language or the one of a translation; None where it has no text of its own."""
        spec = self.project.settings.handouts[handout]
        path = translations_among(spec.file, self.handouts).get(language, spec.file)
        return self.handouts.get(path)


class CitedManuscript(Struct, frozen=True, weakref=True):
    """A Manuscript whose citations and reference list pandoc has set: what every renderer starts from.

    `blocks` ends with the reference list as `Div#refs` inside its section. `cited` are the keys in the order of the list. `before` is
    the project of the older version in a redline, whose cover and contributors are shown beside the new ones.
    """

    manuscript: Manuscript
    blocks: Blocks
    cited: tuple[str, ...] = ()
    before: Project | None = None

    @property
    def project(self) -> Project:
        return self.manuscript.project
