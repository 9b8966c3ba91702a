"""Stage diff: the frozen values that say how one version of a guideline differs from another."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mmguide.model.version import Level

Kind = Literal["new", "amended", "unchanged", "deleted", "moved"]
Operation = Literal["same", "added", "removed"]


class Words(Struct, frozen=True):
    """A run of words that both versions share, or only one has."""

    operation: Operation
    text: str


class RecommendationChange(Struct, frozen=True):
    """What became of one recommendation; numbers and grades are '' where a version has none."""

    id: str
    kind: Kind
    old_number: str = ""
    new_number: str = ""
    old_grade: tuple[str, str, str] = ("", "", "")
    new_grade: tuple[str, str, str] = ("", "", "")
    words: tuple[Words, ...] = ()
    evidence_added: tuple[str, ...] = ()
    evidence_removed: tuple[str, ...] = ()

    @property
    def grade_changed(self) -> bool:
        """Direction, strength or certainty is another."""
        return self.kind in ("amended", "moved") and self.old_grade != self.new_grade

    @property
    def reversed_or_regraded(self) -> bool:
        """Direction or strength is another: what a reader must do differs."""
        return self.kind in ("amended", "moved") and (self.old_grade[0], self.old_grade[2]) != (
            self.new_grade[0],
            self.new_grade[2],
        )


class TextChange(Struct, frozen=True):
    """A block of text that was added, removed, changed or moved; `section` is the heading it stands under in the version that has it.

    `moved_from` is the heading that it stood under before, of one that moved unchanged; None of all others.
    """

    section: str
    words: tuple[Words, ...]
    moved_from: str | None = None

    @property
    def kind(self) -> Kind:
        if self.moved_from is not None:
            return "moved"
        operations = {w.operation for w in self.words}
        return "new" if operations == {"added"} else "deleted" if operations == {"removed"} else "amended"


class ReferenceChange(Struct, frozen=True):
    """A reference that only one version cites, or whose data differ: the names of the CSL variables."""

    key: str
    kind: Kind
    fields: tuple[str, ...] = ()


class CellChange(Struct, frozen=True):
    """A value of the data: '' where a version does not have it."""

    table: str
    row: str
    column: str
    old: str
    new: str


class Difference(Struct, frozen=True):
    """Everything that differs between two versions of a guideline."""

    old_version: str
    new_version: str
    recommendations: tuple[RecommendationChange, ...] = ()
    text: tuple[TextChange, ...] = ()
    references: tuple[ReferenceChange, ...] = ()
    cells: tuple[CellChange, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing differs."""
        changed = any(r.kind != "unchanged" for r in self.recommendations)
        return not (changed or self.text or self.references or self.cells)

    @property
    def level(self) -> Level:
        """The part of the version number that this difference asks for.

        major: a recommendation turned round, regraded in strength or withdrawn; minor: one is new or amended, evidence or data changed;
        patch: wording elsewhere.
        """
        kinds = {r.kind for r in self.recommendations}
        if "deleted" in kinds or any(r.reversed_or_regraded for r in self.recommendations):
            return "major"
        if kinds & {"new", "amended"} or self.cells or any(r.kind != "amended" for r in self.references):
            return "minor"
        return "none" if self.empty else "patch"

    @property
    def reason(self) -> str:
        """The first change that asks for this level, in a few words; '' where nothing differs."""
        changed = [r for r in self.recommendations if r.kind != "unchanged"]
        if self.level == "major":
            grave = next(r for r in changed if r.kind == "deleted" or r.reversed_or_regraded)
            return f"{grave.id} is {'withdrawn' if grave.kind == 'deleted' else 'turned round or regraded'}"
        if self.level == "minor":
            told = next((f"{r.id} is {r.kind}" for r in changed if r.kind in ("new", "amended")), "")
            cells = next((f"{c.row}.{c.column} in {c.table} changed" for c in self.cells), "")
            return told or cells or next(f"the reference {r.key} is {r.kind}" for r in self.references if r.kind != "amended")
        return "" if self.empty else "the wording changed"
