"""Stage watch: the line of stages again after each save, in a process that stays warm; the page follows in the browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from multiprocessing.connection import wait
from pathlib import Path

from mmguide.errors import UsageError
from mmguide.material import SETTINGS_FILE
from mmguide.options import Options
from mmguide.watch.builder import Builder
from mmguide.watch.changes import changes
from mmguide.watch.events import Done, Event, Page, Problems, Stopped, Written
from mmguide.watch.server import Server

__all__ = ["Done", "Event", "Page", "Problems", "Server", "Stopped", "Watch", "Written"]


class Watch:
    """Builds a guideline after each save; iterating gives what happens, until `close`.

    Raises UsageError when the folder is no guideline's.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        if not (folder / SETTINGS_FILE).is_file():
            raise UsageError(f"there is no {SETTINGS_FILE} in {folder}", "name the folder of a guideline")
        self._builder = Builder(folder, options)  # before any thread begins
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, args=(folder, options.output), daemon=True)

    def start(self) -> None:
        """Build once, and then after each save."""
        self._builder.build()
        self._watcher.start()

    def _watch(self, folder: Path, output: Path) -> None:
        for _ in changes(folder, output, self._stop):
            self._builder.build()

    def __iter__(self) -> Iterator[Event]:
        while not self._stop.is_set():
            if wait([self._builder.events], 0.5):
                try:
                    yield self._builder.events.recv()
                except EOFError:
                    return

    def close(self) -> None:
        """End every process."""
        self._stop.set()
        self._builder.close()
