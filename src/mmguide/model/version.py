"""Version: the numbers of a guideline's versions, in the form and order of Semantic Versioning 2.0.0."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

Level = Literal["major", "minor", "patch", "none"]
LEVELS: tuple[Level, ...] = ("none", "patch", "minor", "major")
_FORM = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", re.ASCII)


class Version(Struct, frozen=True):
    """MAJOR.MINOR.PATCH, and what stands behind a hyphen where it comes before that version (`1.0.0-review.2`)."""

    major: int
    minor: int
    patch: int
    before: str = ""

    @classmethod
    def read(cls, text: str) -> Version | None:
        """The version that a text writes, None where it is none."""
        found = _FORM.fullmatch(text)
        return cls(int(found[1]), int(found[2]), int(found[3]), found[4] or "") if found else None

    def __lt__(self, other: Version) -> bool:
        return self._order() < other._order()

    def __le__(self, other: Version) -> bool:
        return self == other or self < other

    def _order(self) -> tuple[object, ...]:
        parts = tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in self.before.split(".")) if self.before else ()
        return (self.major, self.minor, self.patch, not self.before, parts)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" + (f"-{self.before}" if self.before else "")

    def step_from(self, earlier: Version) -> Level:
        """The part of the number by which this version comes after an earlier one."""
        if self.major != earlier.major:
            return "major"
        if self.minor != earlier.minor:
            return "minor"
        return "patch" if self > earlier else "none"

    def next(self, level: Level) -> Version:
        """The version that comes next with a change of this level."""
        if level == "major":
            return Version(self.major + 1, 0, 0)
        if level == "minor":
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch if self.before else self.patch + 1)
