"""Grading schemes as data: what strengths and certainties a recommendation can have, how they are printed and how it is worded.

GRADE, the system of IDSA that ESMO uses too, the Oxford levels; a guideline can describe its own in guideline.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from mmguide.model.settings import GradeLevel, Grading

DIRECTIONS = ("for", "against")


class Level(NamedTuple):
    """One strength or certainty: `name` as written in the source, the printed words by language, a symbol, how its box looks."""

    name: str
    labels: Mapping[str, str]
    symbol: str = ""
    look: str = "other"
    aliases: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        return in_language(self.labels, language)


class Scheme(Struct, frozen=True):
    """A grading scheme. `strong` and `low` name the strengths and certainties that together need a reason.

    `wording` gives for strength and direction the phrases that a recommendation of that kind is worded with, by language.
    """

    name: str
    strengths: tuple[Level, ...]
    certainties: tuple[Level, ...]
    certainty_caption: Mapping[str, str]
    directed: bool = True
    strong: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    wording: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {}

    def strength(self, name: str) -> Level | None:
        return _find(self.strengths, name)

    def certainty(self, name: str) -> Level | None:
        return _find(self.certainties, name)

    def phrases(self, strength: str, direction: str, language: str) -> tuple[str, ...]:
        """The phrases for a recommendation of this strength and direction; none where the scheme has none in the language."""
        return self.wording.get((strength, direction), {}).get(_primary(language), ())


def _primary(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in the language, in English where there is none, else any."""
    return texts.get(_primary(language)) or texts.get("en") or next(iter(texts.values()), "")


def _find(levels: tuple[Level, ...], name: str) -> Level | None:
    wanted = " ".join(name.lower().replace("_", " ").replace("-", " ").split())
    return next((x for x in levels if wanted in (x.name.lower(), *(a.lower() for a in x.aliases))), None)


_CERTAINTY = {
    "en": "Certainty of the evidence",
    "de": "Vertrauenswürdigkeit der Evidenz",
    "fr": "Certitude des preuves",
    "es": "Certeza de la evidencia",
    "ar": "درجة اليقين في الأدلة",
}
_LEVEL = {"en": "Level of evidence", "de": "Evidenzgrad"}

GRADE = Scheme(
    "GRADE",
    (
        Level(
            "strong",
            {
                "en": "Strong recommendation",
                "de": "Starke Empfehlung",
                "fr": "Recommandation forte",
                "es": "Recomendación fuerte",
                "ar": "توصية قوية",
            },
            look="strong",
        ),
        Level(
            "conditional",
            {
                "en": "Conditional recommendation",
                "de": "Bedingte Empfehlung",
                "fr": "Recommandation conditionnelle",
                "es": "Recomendación condicional",
                "ar": "توصية مشروطة",
            },
            look="conditional",
            aliases=("weak",),
        ),
    ),
    (
        Level("high", {"en": "high", "de": "hoch", "fr": "élevée", "es": "alta", "ar": "عالية"}, "⊕⊕⊕⊕"),
        Level("moderate", {"en": "moderate", "de": "moderat", "fr": "modérée", "es": "moderada", "ar": "متوسطة"}, "⊕⊕⊕◯"),
        Level("low", {"en": "low", "de": "niedrig", "fr": "faible", "es": "baja", "ar": "منخفضة"}, "⊕⊕◯◯"),
        Level(
            "very low",
            {"en": "very low", "de": "sehr niedrig", "fr": "très faible", "es": "muy baja", "ar": "منخفضة جدًا"},
            "⊕◯◯◯",
        ),
    ),
    _CERTAINTY,
    strong=("strong",),
    low=("low", "very low"),
    wording={
        ("strong", "for"): {"en": ("we recommend", "offer", "should"), "de": ("wir empfehlen", "soll", "sollen")},
        ("strong", "against"): {
            "en": ("we recommend against", "we recommend not", "do not offer", "do not", "should not"),
            "de": ("wir empfehlen nicht", "wir raten ab", "soll nicht", "sollen nicht"),
        },
        ("conditional", "for"): {
            "en": ("we suggest", "consider"),
            "de": ("wir schlagen vor", "sollte", "sollten", "kann", "können"),
        },
        ("conditional", "against"): {
            "en": ("we suggest against", "we suggest not", "consider not", "consider against"),
            "de": ("wir schlagen vor", "sollte nicht", "sollten nicht"),
        },
    },
)

_GRADES = (
    ("A", "strongly recommended", "strong"),
    ("B", "generally recommended", "strong"),
    ("C", "optional", "conditional"),
    ("D", "generally not recommended", "conditional"),
    ("E", "never recommended", "strong"),
)


def _graded(name: str) -> Scheme:
    """The system of the Infectious Diseases Society of America: grades A to E on levels I to V."""
    return Scheme(
        name,
        tuple(Level(g, {"en": f"Grade {g}, {meaning}"}, g, look) for g, meaning, look in _GRADES),
        tuple(Level(n, {"en": n}) for n in ("I", "II", "III", "IV", "V")),
        _LEVEL,
        directed=False,
        strong=("A", "E"),
        low=("IV", "V"),
    )


IDSA = _graded("IDSA")
ESMO = _graded("ESMO")

OXFORD = Scheme(
    "Oxford",
    tuple(Level(g, {"en": f"Grade {g}"}, g, "strong" if g == "A" else "conditional") for g in "ABCD"),
    tuple(Level(n, {"en": n}) for n in ("1a", "1b", "1c", "2a", "2b", "2c", "3a", "3b", "4", "5")),
    _LEVEL,
    strong=("A",),
    low=("4", "5"),
)

SCHEMES: Mapping[str, Scheme] = {"grade": GRADE, "idsa": IDSA, "esmo": ESMO, "oxford": OXFORD}


def scheme_of(grading: Grading, language: str) -> Scheme:
    """The scheme that guideline.yaml asks for, with its own levels and phrases in place of the built-in ones."""
    scheme = SCHEMES.get(grading.scheme, Scheme(grading.name or "own", (), (), _CERTAINTY))
    strengths = tuple(_own(x, language) for x in grading.strengths) or scheme.strengths
    certainties = tuple(_own(x, language) for x in grading.certainties) or scheme.certainties
    wording = dict(scheme.wording)
    for strength, phrases in grading.wording.items():
        for direction, texts in (("for", phrases.in_favour), ("against", phrases.against)):
            wording[strength, direction] = {_primary(language): tuple(t.lower() for t in texts)}
    return replace(
        scheme,
        name=grading.name or scheme.name,
        strengths=strengths,
        certainties=certainties,
        wording=wording,
        low=grading.low or scheme.low,
        strong=tuple(x.name for x in strengths if x.look == "strong") if grading.strengths else scheme.strong,
    )


def _own(level: GradeLevel, language: str) -> Level:
    return Level(level.id, {_primary(language): level.label or level.id}, level.symbol, level.look, level.also)
