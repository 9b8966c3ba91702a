"""History: what each released version advised, why it changed, and what was withdrawn since; read from two files of the project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from mmguide.diagnostics import Span
from mmguide.model.version import Version

# What became of a recommendation in a version: `wording` is an amendment that changes no meaning, `evidence` other references only.
Change = Literal["new", "amended", "wording", "evidence", "withdrawn"]
Grade = tuple[str, str, str]


class Advice(NamedTuple):
    """A recommendation as a version had it: what became of it, direction, certainty and strength, its words, the references it rests on."""

    change: Change
    grade: Grade = ("", "", "")
    words: str = ""
    keys: tuple[str, ...] = ()

    def same(self, other: Advice) -> bool:
        """Both advise the same in the same words on the same references."""
        return (self.grade, self.words, set(self.keys)) == (other.grade, other.words, set(other.keys))


class Edition(Struct, frozen=True):
    """A released version: `advice` are the recommendations that changed in it; `commit` is that of its sources, '' where nobody knows."""

    version: str
    date: date
    status: str
    advice: Mapping[str, Advice] = {}
    commit: str = ""
    span: Span | None = None


class Withdrawal(NamedTuple):
    """That a released version no longer holds, since when and why."""

    version: str
    date: date
    reason: str


class Reason(NamedTuple):
    """Why a recommendation changed; `wording` says that the change is one of wording only."""

    why: str
    wording: bool = False
    span: Span | None = None


class Note(Struct, frozen=True):
    """What a version brings, in the words of those who answer for it, and the reasons by recommendation."""

    version: str
    summary: str
    reasons: Mapping[str, Reason] = {}
    span: Span | None = None


class History(NamedTuple):
    """The released versions from the oldest on, what was withdrawn, and the notes on each version (also of the one to come)."""

    editions: tuple[Edition, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    notes: tuple[Note, ...] = ()
    kept: bool = False

    def coming(self, version: str) -> str:
        """The version that the text is becoming: the last one with a note where it comes after all editions, else the one it bears."""
        noted = max((v for n in self.notes if (v := Version.read(n.version))), default=None)
        last = max((v for e in self.editions if (v := Version.read(e.version))), default=None)
        return str(noted) if noted and last and noted > last else version

    def before(self, version: str) -> tuple[Edition, ...]:
        """The editions that come before a version."""
        limit = Version.read(version)
        return tuple(e for e in self.editions if limit is None or (v := Version.read(e.version)) is None or v < limit)

    def edition(self, version: str) -> Edition | None:
        return next((e for e in self.editions if e.version == version), None)

    def note(self, version: str) -> Note | None:
        return next((n for n in self.notes if n.version == version), None)


def state(editions: tuple[Edition, ...]) -> Mapping[str, Advice]:
    """What holds after these editions, by recommendation."""
    found: dict[str, Advice] = {}
    for edition in editions:
        for identifier, advice in edition.advice.items():
            if advice.change == "withdrawn":
                found.pop(identifier, None)
            else:
                found[identifier] = advice
    return found
