"""What was made of frozen values is known again while the process lives: by the identity of the values, which nobody changes in place.

Trees are dear to compare or to hash, and cheap to recognise: a stage that passes on what it did not change gives the same objects.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar
from weakref import WeakSet

Made = TypeVar("Made")


class Memory(ABC):
    """Something that is known as long as the process lives, or until all is forgotten."""

    def __init__(self) -> None:
        _all_of_them.add(self)
        self.clear()

    @abstractmethod
    def clear(self) -> None:
        """Know nothing."""


_all_of_them: WeakSet[Memory] = WeakSet()


def forget() -> None:
    """Know nothing, as a process that has just begun."""
    for memory in _all_of_them:
        memory.clear()


class Known(Memory, Generic[Made]):
    """Results by the values that they were made of; those used last are kept, at most twice `most`.

    The values are kept with the result: an identity stands for one value as long as that value lives.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        super().__init__()

    def clear(self) -> None:
        self._young: dict[Hashable, tuple[Sequence[object], Made]] = {}
        self._old: dict[Hashable, tuple[Sequence[object], Made]] = {}

    def of(self, values: Sequence[object], make: Callable[[], Made], more: Hashable = ()) -> Made:
        """What `make` gives, or gave before for these values and for `more`, which is compared as such; it may depend on nothing else."""
        key = (*map(id, values), more)
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key) or (tuple(values), make())
            self._keep(key, found)
        return found[1]

    def each(
        self, many: Sequence[Sequence[object]], make: Callable[[Sequence[int]], Sequence[Made]], more: Hashable = ()
    ) -> list[Made]:
        """The result for each of many values, of which `make` gets the numbers of those that are not known, all at once."""
        keys = [(*map(id, values), more) for values in many]
        found = [self._young.get(key) or self._old.get(key) for key in keys]
        missing = [at for at, one in enumerate(found) if one is None]
        made = dict(zip(missing, make(missing) if missing else (), strict=True))
        all_of_them = [one or (tuple(many[at]), made[at]) for at, one in enumerate(found)]
        for key, one in zip(keys, all_of_them, strict=True):
            self._keep(key, one)
        return [result for _, result in all_of_them]

    def _keep(self, key: Hashable, found: tuple[Sequence[object], Made]) -> None:
        if len(self._young) >= self._most and key not in self._young:
            self._old, self._young = self._young, {}
        self._young[key] = found


class Latest(Memory, Generic[Made]):
    """The last result, known again for values that equal those that it was made of."""

    def clear(self) -> None:
        self._last: tuple[Sequence[object], Made] | None = None

    def of(self, values: Sequence[object], make: Callable[[], Made]) -> Made:
        """What `make` gives, or gave last for equal values; it may depend on nothing else."""
        if self._last is None or not same(self._last[0], values):
            self._last = (values, make())
        return self._last[1]


class Before(Memory, Generic[Made]):
    """The values of the last time: those that are there again are given again, so that they are known by their identity."""

    def clear(self) -> None:
        self._last: Sequence[Made] = ()

    def again(self, values: Sequence[Made]) -> list[Made]:
        """The values; those that equal the last ones at the same place from the beginning or from the end are these."""
        last, shorter = self._last, min(len(values), len(self._last))
        head = _alike(values, last, range(shorter))
        tail = _alike(values, last, range(-1, head - shorter - 1, -1))
        self._last = [*last[:head], *values[head : len(values) - tail], *last[len(last) - tail :]]
        return [*self._last]


def _alike(values: Sequence[object], earlier: Sequence[object], places: range) -> int:
    """At how many of these places, one after the other, both have the same."""
    return next((count for count, at in enumerate(places) if not same(values[at], earlier[at])), len(places))


def same(one: object, other: object) -> bool:
    """Whether two values are the same or equal; those that are nested too deep to compare are not."""
    try:
        return one is other or one == other
    except RecursionError:
        return False
