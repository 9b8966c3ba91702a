"""Stage watch, seeing: which saves matter. Editors write beside and rename; the build itself writes too."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

_SETTLED_MS = 20  # what is written within this time is one save
_MOST_MS = 300


def changes(folder: Path, ignored: Path, stop: threading.Event) -> Iterator[frozenset[str]]:
    """The paths that changed in `folder`, save by save, until `stop` is set. What stands in `ignored` is not looked at."""
    from watchfiles import Change, DefaultFilter, watch

    class OwnFilter(DefaultFilter):
        def __call__(self, change: Change, path: str) -> bool:
            return super().__call__(change, path) and not Path(path).is_relative_to(inside)

    inside = ignored.resolve()
    for found in watch(
        folder.resolve(), watch_filter=OwnFilter(), stop_event=stop, step=_SETTLED_MS, debounce=_MOST_MS, raise_interrupt=True
    ):
        yield frozenset(path for _, path in found)
