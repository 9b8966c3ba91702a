"""Stage check, keys: which citation keys can be taken for each other, and which references lie nearest to a key that has none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from unicodedata import name, normalize

# Letters of other alphabets that look like Latin ones, small ones only: capitals are made small before.
_LOOK_ALIKES: Mapping[str, str] = {
    **dict(zip("авсԁеһіјкӏмпорԛѕтихуѡ", "abcdehijklmnopqstuxyw", strict=True)),
    **dict(zip("αβεηικνορτυχω", "abenikvoptuxw", strict=True)),
    "ı": "i",
    "ɡ": "g",
    "ɑ": "a",
}
_TABLE = str.maketrans(dict(_LOOK_ALIKES))
_YEAR = re.compile(r"(?:19|20)\d\d")
MOST_CANDIDATES = 300


def looks(key: str) -> str:
    """What a key looks like: equal for keys that differ only in capitals, Unicode form or look-alike letters."""
    return normalize("NFKC", key).casefold().translate(_TABLE)


def difference(key: str, other: str) -> str:
    """How two keys differ that look the same, in words."""
    key, other = normalize("NFC", key), normalize("NFC", other)
    if key.casefold() == other.casefold():
        return "only capitals differ"
    foreign = next((c for c in key + other if not c.isascii() and c.casefold().translate(_TABLE).isascii()), None)
    if foreign is not None:
        return f"{foreign} is the letter {name(foreign, 'of another alphabet').lower()}"
    return "the same letters in another Unicode form"


class KnownKeys:
    """The keys that a citation can name."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.by_look: dict[str, list[str]] = {}
        self.by_part: dict[str, list[str]] = {}
        for key in keys:
            self.by_look.setdefault(looks(key), []).append(key)
            for part in _parts(key):
                self.by_part.setdefault(part, []).append(key)

    def alike(self, key: str) -> str | None:
        """The key that looks like this one but is another."""
        return next((k for k in self.by_look.get(looks(key), ()) if normalize("NFC", k) != normalize("NFC", key)), None)

    def nearest(self, key: str) -> list[str]:
        """Up to three keys that may have been meant, the nearest first."""
        candidates = dict.fromkeys(k for part in _parts(key) for k in self.by_part.get(part, ()))
        near = sorted(candidates, key=lambda k: abs(len(k) - len(key)))[:MOST_CANDIDATES]
        return get_close_matches(key, near, 3, 0.7)


def _parts(key: str) -> tuple[str, ...]:
    """What two keys must share one of to be compared at all: how they begin, how they end, their year."""
    shape = looks(key)
    year = _YEAR.search(shape)
    return tuple(dict.fromkeys((f"^{shape[:3]}", f"{shape[-4:]}$", year.group() if year else f"{shape[:6]}^")))
