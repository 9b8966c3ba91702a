"""Stage assemble, dating: since when each recommendation holds as it stands, `[2024, amended 2026]`, from the history of releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from mmguide.ast import plain_text
from mmguide.labels import label, long_date
from mmguide.model.history import Advice, Change, Edition, History, state
from mmguide.model.manuscript import Recommendation
from mmguide.model.settings import Settings
from mmguide.model.version import Version


class Dating(Struct, frozen=True):
    """Tells the years of recommendations. `earlier` are the editions before the version that the text is becoming, of `year`.

    `wording` are the recommendations of which a note says that only their wording changed.
    """

    earlier: tuple[Edition, ...] = ()
    year: int = 0
    language: str = "en"
    wording: frozenset[str] = frozenset()
    kept: bool = False
    now: Mapping[str, Advice] = {}

    def __call__(self, recommendation: Recommendation) -> str:
        """`2026`, `new 2026` or `2024, amended 2026`; '' where the guideline keeps no history."""
        if not self.kept:
            return ""
        before = self.now.get(recommendation.id)
        if before is None:
            return str(self.year) if not self.earlier else label("dated-new", self.language).format(year=self.year)
        dated = [(e.date.year, e.advice[recommendation.id].change) for e in self.earlier if recommendation.id in e.advice]
        first = next(year for year, change in dated if change == "new")
        amended = [year for year, change in dated if change == "amended"]
        if change_of(advice_of(recommendation), before, recommendation.id in self.wording) == "amended":
            amended.append(self.year)
        return label("dated-amended", self.language).format(year=first, amended=amended[-1]) if amended else str(first)


def dating(history: History, settings: Settings, today: date | None) -> Dating:
    """The years that the guideline's history gives."""
    coming = history.coming(settings.version)
    earlier, note = history.before(coming), history.note(coming)
    dates = settings.dates
    day = (dates.published if settings.status == "published" else None) or dates.updated or dates.approved or dates.published
    wording = frozenset(name for name, reason in note.reasons.items() if reason.wording) if note else frozenset()
    year = day.year if day else today.year if today else 0
    return Dating(earlier, year, settings.language, wording, history.kept, state(earlier))


def advice_of(recommendation: Recommendation, change: Change = "new") -> Advice:
    """A recommendation as history keeps it: its words without citations, cross-references by name and not by number."""
    from mmguide.assemble.recommendations import without_citations

    grade = (recommendation.direction, recommendation.certainty, recommendation.strength)
    words = " ".join(plain_text(without_citations(recommendation.blocks)).split())
    return Advice(change, grade, words, recommendation.keys)


def change_of(now: Advice, before: Advice, wording: bool = False) -> Change | None:
    """What became of a recommendation that was there before; None where nothing did."""
    if (now.grade, now.words) != (before.grade, before.words):
        return "wording" if wording and now.grade == before.grade else "amended"
    return "evidence" if set(now.keys) != set(before.keys) else None


def changed(recommendations: tuple[Recommendation, ...], found: Dating) -> Iterator[tuple[str, Advice]]:
    """Each recommendation that is not as the editions before had it, in the order of the text, then those that are gone."""
    for one in recommendations:
        now, before = advice_of(one), found.now.get(one.id)
        change = "new" if before is None else change_of(now, before, one.id in found.wording)
        if change is not None:
            yield one.id, Advice(change, now.grade, now.words, now.keys)
    here = {one.id for one in recommendations}
    yield from ((identifier, Advice("withdrawn")) for identifier in found.now if identifier not in here)


def no_longer_holds(history: History, version: str, language: str) -> str:
    """The line that says that this version was withdrawn, or that a published one has taken its place; '' where it holds."""
    if (gone := next((w for w in history.withdrawals if w.version == version), None)) is not None:
        return label("version-withdrawn", language).format(date=long_date(gone.date, language), reason=gone.reason)
    later = [e for e in history.editions if e not in history.before(version) and e.version != version and e.status == "published"]
    if not later or Version.read(version) is None:
        return ""
    return label("version-superseded", language).format(version=later[-1].version, date=long_date(later[-1].date, language))
