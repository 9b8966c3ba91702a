"""What the compiler adds to a guideline's own words in each language, written down once more for the tests of fidelity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Language:
    """The compiler's words in one language.

    `kinds`: what is numbered. `strengths`: by strength and direction. `labels`: on the cover, over the lists and on the page about the
    guideline. `page`: where PAGE stands for `3 of 12`.
    """

    tag: str
    kinds: Mapping[str, str]
    strengths: Mapping[str, str]
    certainty: str
    certainties: Mapping[str, str]
    references: str
    notes: str
    abbreviations: str
    labels: str
    contents: str
    about: str
    funding: str
    contact: str
    version: str
    statuses: Mapping[str, str]
    months: str
    page: str
    of: str
    day_end: str = ""

    @property
    def from_right(self) -> bool:
        return self.tag == "ar"

    def day(self, given: date) -> str:
        return f"{given.day}{self.day_end} {self.months.split()[given.month - 1]} {given.year}"

    def for_lua(self) -> str:
        """What number.lua needs of it."""
        return json.dumps(
            {
                "kinds": self.kinds,
                "strengths": self.strengths,
                "certainty": self.certainty,
                "certainties": self.certainties,
            }
        )


ENGLISH = Language(
    "en",
    {"fig": "Figure", "tbl": "Table", "sec": "Section", "rec": "Recommendation", "statement": "Good practice statement"},
    {f"{s} {d}": f"{s.capitalize()} recommendation {d}" for s in ("strong", "conditional", "weak") for d in ("for", "against")},
    "Certainty of the evidence",
    {name: name for name in ("high", "moderate", "low")} | {"very-low": "very low"},
    "References",
    "Notes",
    "Abbreviations",
    "Version Status Draft Updated Review by Contents About this guideline Skip to the text Tables Figures References Abbreviations",
    "Contents",
    "About this guideline Contributors Name Role Affiliation Interests",
    "Funding",
    "Contact",
    "Version",
    {"draft": "Draft", "review": "In review", "published": "Published"},
    "January February March April May June July August September October November December",
    "Page",
    "of",
)
GERMAN = Language(
    "de",
    {"fig": "Abbildung", "tbl": "Tabelle", "sec": "Abschnitt", "rec": "Empfehlung", "statement": "Aussage zur guten Praxis"},
    {"strong for": "Starke Empfehlung dafür", "conditional against": "Bedingte Empfehlung dagegen"},
    "Vertrauenswürdigkeit der Evidenz",
    {"low": "niedrig", "very-low": "sehr niedrig"},
    "Literatur",
    "Anmerkungen",
    "Abkürzungen",
    "Version Stand Entwurf Aktualisiert Zu überprüfen bis Inhalt Über diese Leitlinie Zum Text Literatur Abkürzungen",
    "Inhalt",
    "Über diese Leitlinie Mitwirkende Name Rolle Zugehörigkeit Interessen",
    "Finanzierung",
    "Kontakt",
    "Version",
    {"draft": "Entwurf", "review": "In Prüfung"},
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "Seite",
    "von",
    ".",
)
ARABIC = Language(
    "ar",
    {"fig": "الشكل", "tbl": "الجدول", "sec": "القسم", "rec": "التوصية", "statement": "بيان الممارسة الجيدة"},
    {"strong for": "توصية قوية مع"},
    "درجة اليقين في الأدلة",
    {"low": "منخفضة"},
    "المراجع",
    "الحواشي",
    "الاختصارات",
    "الإصدار الحالة قيد المراجعة تاريخ التحديث يُراجع قبل المحتويات عن هذا الدليل انتقل إلى النص المراجع الاختصارات",
    "المحتويات",
    "عن هذا الدليل المساهمون الاسم الدور جهة الانتماء المصالح",
    "التمويل",
    "للتواصل",
    "الإصدار",
    {"review": "قيد المراجعة"},
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "صفحة",
    "من",
)
LANGUAGES = {language.tag: language for language in (ENGLISH, GERMAN, ARABIC)}
