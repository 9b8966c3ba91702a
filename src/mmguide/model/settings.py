"""Settings: guideline.yaml as typed, frozen values, and the Project that holds them.

Every key has a default but title, sections and bibliography. `docs/guideline.schema.json` is generated from `Settings`.
"""

# No `from __future__ import annotations`: msgspec would compile each annotation at every start.

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct
from msgspec import field as named

from mmguide.diagnostics import Span
from mmguide.model.part import Part

# Space around it does not count (`part.written_out`). No pattern: with one, a union with a mapping breaks msgspec (0.22) when it is freed.
Text = Annotated[str, Meta(min_length=1)]
Identifier = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z",
        max_length=60,
        description="a name of at most 60 letters, digits, dots and dashes",
    ),
]
Version = Annotated[
    str,
    Meta(
        pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]*\Z",
        max_length=40,
        description="a version such as 1.2.0, of at most 40 characters",
    ),
]
Place = tuple[str | int, ...]


class Dates(Part, frozen=True, kw_only=True):
    """When the evidence was searched, the text approved, published, last updated, and when it must be reviewed (ISO 8601)."""

    search: date | None = None
    approved: date | None = None
    published: date | None = None
    updated: date | None = None
    review_by: date | None = None


class Contributor(Part, frozen=True, kw_only=True):
    """Somebody, or a body, with a role in the guideline; `interests` is their statement, `none` said explicitly."""

    name: Text
    role: Text
    affiliation: str = ""
    orcid: str = ""
    interests: str = ""


class Feedback(Part, frozen=True, kw_only=True):
    """How a reader answers: the question printed, a web address (also as QR code) and a mail address."""

    question: str = "Did this answer your question?"
    address: str = ""
    email: str = ""


class Limits(Part, frozen=True, kw_only=True):
    """Upper bounds for one build: seconds and megabytes for each engine, megabytes for one source file, depth of nesting."""

    seconds: Annotated[int, Meta(ge=1, le=36000)] = 300
    memory_mb: Annotated[int, Meta(ge=128, le=65536)] = 2048
    source_mb: Annotated[int, Meta(ge=1, le=200)] = 10
    nesting: Annotated[int, Meta(ge=5, le=500)] = 60
    picture_megapixels: Annotated[int, Meta(ge=1, le=500)] = 80


class Allowed(Part, frozen=True, kw_only=True):
    """A check's finding that the guideline accepts, with the reason: a rule's code or name, a reference's key, or one rule for one key."""

    rule: str = ""
    key: str = ""
    reason: Text


class Answer(Part, frozen=True, kw_only=True):
    """Where an item of a reporting standard is answered (identifiers), or why it is absent or does not apply."""

    short_for: ClassVar[str] = "where"

    where: tuple[Text, ...] = ()
    not_applicable: str | None = None
    absent: str | None = None


StandardName = Literal["right", "agree", "right-pvg", "checkup"]


class Reporting(Part, frozen=True, kw_only=True):
    """For each reporting standard its items with their answers; `require` names those of which nothing may be missing."""

    right: Mapping[str, Answer] = {}
    agree: Mapping[str, Answer] = {}
    right_pvg: Mapping[str, Answer] = named(default_factory=dict, name="right-pvg")
    checkup: Mapping[str, Answer] = {}
    require: tuple[StandardName, ...] = ()

    def answers(self, standard: str) -> Mapping[str, Answer]:
        """The answers to one standard by item."""
        return {"right": self.right, "agree": self.agree, "right-pvg": self.right_pvg, "checkup": self.checkup}[standard]


Level = Literal["error", "warning", "off"]


class GradeLevel(Part, frozen=True, kw_only=True):
    """A strength or certainty of the guideline's own scheme; `look` is the appearance of its box."""

    id: Text
    label: str = ""
    symbol: str = ""
    look: Literal["strong", "conditional", "other"] = "other"
    also: tuple[Text, ...] = ()


class Phrases(Part, frozen=True, kw_only=True):
    """The phrases that recommendations of one strength are worded with, in favour of an action and against it."""

    in_favour: tuple[Text, ...] = named(default=(), name="for")
    against: tuple[Text, ...] = ()


class Grading(Part, frozen=True, kw_only=True):
    """How recommendations are graded: a known scheme (its name alone is enough), or the guideline's own levels.

    `low` lists the certainties on which a strong recommendation needs a reason.
    """

    short_for: ClassVar[str] = "scheme"

    scheme: Literal["grade", "idsa", "esmo", "oxford", "own"] = "grade"
    name: str = ""
    strengths: tuple[GradeLevel, ...] = ()
    certainties: tuple[GradeLevel, ...] = ()
    wording: Mapping[str, Phrases] = {}
    low: tuple[Text, ...] = ()


PaperName = Literal["a4", "letter", "a5", "half-letter"]
LanguageTag = Annotated[
    str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", description="the tag of a language such as en, de-CH or zh-Hans")
]


class Readability(Part, frozen=True, kw_only=True):
    """What a text for patients must keep to: the reading grade (years of school) and the words of a sentence, at most."""

    grade: Annotated[float, Meta(ge=1, le=20)] = 6
    sentence: Annotated[int, Meta(ge=5, le=100)] = 20


class Handout(Part, frozen=True, kw_only=True):
    """A sheet made from the guideline for those who use it: a text of its own (`file`), and recommendations and sections by identifier.

    `recommendations: [all]` takes all. `numbering` of references: the handout's `own`, the `guideline`'s numbers kept, or `none` printed.
    `roles` are those of the contributors named at its head. `reporting` says which of its headings answer the items of RIGHT-PVG. `of`
    names another handout, to which this is the evidence sheet.
    """

    title: str = ""
    audience: Literal["patient", "clinician"] = "clinician"
    kind: Literal["leaflet", "decision-aid", "diary", "answer", "quick-reference", "evidence"] = "leaflet"
    file: str = ""
    of: str = ""
    recommendations: tuple[Text, ...] = ()
    sections: tuple[Text, ...] = ()
    numbering: Literal["own", "guideline", "none"] = "own"
    roles: tuple[Text, ...] = ()
    paper: PaperName | None = None
    language: LanguageTag | None = None
    readability: Readability | None = None
    reporting: Mapping[str, Answer] = {}

    def __post_init__(self) -> None:
        if not (self.file or self.recommendations or self.sections or self.of):
            raise ValueError("it names no file, no recommendations and no sections, so nothing would stand on it")
        if not (self.file or self.title or self.of):
            raise ValueError("it has no title; only a handout with a file can take it from there, from its first heading")


class Translated(Part, frozen=True, kw_only=True):
    """What guideline.yaml says itself and handouts print, in another language."""

    title: str = ""
    short_title: str = ""
    notice: str = ""
    question: str = ""


class Binding(Part, frozen=True, kw_only=True):
    """How the PDF is printed and bound: `bleed` in millimetres around the trimmed page, with crop `marks`; `duplex` for both sides of the
    sheet; `gutter` in millimetres, by which each page is moved away from the binding; `chapters` begin on any page or on a right-hand one.
    """

    bleed: Annotated[float, Meta(ge=0, le=10)] = 0
    marks: bool = True
    duplex: bool = False
    gutter: Annotated[float, Meta(ge=0, le=12)] = 0
    chapters: Literal["any", "right"] = "any"

    @property
    def sided(self) -> bool:
        """Whether it matters which page lies on a right-hand side."""
        return self.duplex or self.chapters == "right"


class Settings(Part, frozen=True, kw_only=True):
    """All of guideline.yaml. The files of `clinics` are clinics/*.yaml, if there are any, where it names none."""

    title: Text
    sections: Annotated[tuple[Text, ...], Meta(min_length=1)]
    bibliography: tuple[Text, ...] = ()
    retractions: str = ""
    id: Identifier = "guideline"
    subtitle: str = ""
    short_title: str = ""
    version: Version = "0.1.0"
    status: Literal["draft", "review", "published", "superseded", "withdrawn"] = "draft"
    dates: Dates = Dates()
    language: LanguageTag = "en"
    notice: str = ""
    summary: str = ""
    contributors: tuple[Contributor, ...] = ()
    funding: str = ""
    contact: str = ""
    feedback: Feedback | None = None
    address: str = ""
    csl: Text = "nlm-citation-sequence-brackets"
    data: tuple[Text, ...] = ()
    grading: Grading = Grading()
    registry: str = ""
    reporting: Reporting = Reporting()
    abbreviations: Mapping[str, Text] = {}
    numbering: bool = True
    contents_depth: Annotated[int, Meta(ge=1, le=4)] = 2
    paper: PaperName = "a4"
    print: Binding = Binding()
    pdf_standard: Literal["ua-1", "ua-2"] = "ua-1"
    outputs: tuple[Literal["pdf", "docx", "html", "json", "fhir"], ...] = ("pdf", "docx", "html")
    checks: Mapping[str, Level] = {}
    allow: tuple[Allowed, ...] = ()
    limits: Limits = Limits()
    handouts: Mapping[Identifier, Handout] = {}
    translations: Mapping[LanguageTag, Translated] = {}
    clinics: tuple[Text, ...] | None = None
    readability: Readability = Readability()
    glossary: Mapping[Text, Text | Mapping[Text, Text]] = {}

    def glossary_of(self, language: str) -> Mapping[str, str]:
        """The terms explained in a language: those under its tag, and those under no tag in the guideline's own language."""
        wanted, own = language.split("-", maxsplit=1)[0].lower(), self.language.split("-")[0].lower()
        found: dict[str, str] = {}
        for term, given in self.glossary.items():
            if isinstance(given, str):
                found.update({term: given} if wanted == own else {})
            elif term in (language, wanted):
                found.update(given)
        return found


def nearest(places: Mapping[Place, Span], path: Place, file: str) -> Span:
    """Where a setting of `file` stands, or the nearest setting above it, or the file's beginning."""
    return next((places[path[:end]] for end in range(len(path), 0, -1) if path[:end] in places), Span(file))


class Project(Struct, frozen=True):
    """A guideline's folder with its settings.

    `file` is the path of the settings file relative to `root`; `places` gives the span of each setting by its path, for instance
    `("contributors", 0, "interests")`; `today` is the day of the build, None where nobody told.
    """

    root: Path
    settings: Settings
    file: str = "guideline.yaml"
    places: Mapping[Place, Span] = {}
    today: date | None = None

    def place(self, *path: str | int) -> Span:
        """Where a setting stands, or the nearest setting above it, or the file's beginning."""
        return nearest(self.places, path, self.file)

    @property
    def output_stem(self) -> str:
        """`<id>-<version>`, the name that every output begins with."""
        return f"{self.settings.id}-{self.settings.version}"

    @property
    def short_title(self) -> str:
        return self.settings.short_title or self.settings.title
