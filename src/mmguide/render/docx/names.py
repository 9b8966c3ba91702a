"""Render, Word: identifiers of the tree as names of bookmarks.

Word takes letters, digits and underscores, at most 40 characters, and does not tell capitals apart. A name that begins with an underscore
is hidden from Word's list of bookmarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

# Leaves room for the prefixes of the bookmarks that hold a label or a number alone.
_LONGEST = 30


class Names:
    """The bookmark name of each identifier, each name once."""

    def __init__(self, identifiers: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        taken: set[str] = set()
        for identifier in identifiers:
            if identifier and identifier not in self._names:
                name = _plain(identifier)
                if name.lower() in taken or len(name) > _LONGEST:
                    name = f"{name[: _LONGEST - 9]}_{sha256(identifier.encode()).hexdigest()[:8]}"
                taken.add(name.lower())
                self._names[identifier] = name

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._names

    def get(self, identifier: str) -> str:
        """The bookmark around the whole element, '' where nothing has the identifier."""
        return self._names.get(identifier, "")

    def label(self, identifier: str) -> str:
        """The bookmark around label and number: `Figure 2`."""
        return f"_RefL_{self._names[identifier]}"

    def number(self, identifier: str) -> str:
        """The bookmark around the number alone."""
        return f"_RefN_{self._names[identifier]}"


def _plain(identifier: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", identifier)
    return name if re.match(r"[A-Za-z]", name) else f"b_{name}"
