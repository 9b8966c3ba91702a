"""`mmguide watch`: seconds from a save until page, PDF and Word file have it, against peers that start from nothing."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import peers
from bench.builds import Edit
from bench.corpus import SIZES, Text, synthetic
from bench.measure import environment, measured

PATIENCE = 900.0
PAGE, PDF, BOTH = "until the page shows it", "until the PDF is there", "until PDF and Word file are there"
TYPST, WITH_WORD = "pandoc → Typst", "pandoc → Typst, then pandoc docx"
AGAINST: Mapping[str, str] = {PAGE: TYPST, PDF: TYPST, BOTH: WITH_WORD}
# What issue and manual promise: the ratio to the peer from nothing.
BOUNDS: Mapping[str, Mapping[str, float]] = {
    PAGE: {"S": 0.7, "M": 0.3, "L": 0.2},
    PDF: {"S": 1.0, "M": 0.5, "L": 0.3},
    BOTH: {"S": 1.0, "M": 0.6, "L": 0.5},
}
_LINE = re.compile(r"^[\d:]+ +(\d+\.\d+) s  (page|\S+\.pdf|\S+\.docx|all done)", flags=re.M)


@dataclass(frozen=True)
class Watching:
    """A watch under way; `edited` makes an edit and gives the seconds of what followed, as the watch tells them."""

    log: Path

    def _told(self) -> list[tuple[float, str]]:
        return [(float(seconds), what) for seconds, what in _LINE.findall(self.log.read_text())]

    def rounds(self) -> int:
        """How often all was done."""
        return sum(what == "all done" for _, what in self._told())

    def wait(self, rounds: int) -> None:
        """Until all was done so often."""
        self._until(lambda: self.rounds() >= rounds)

    def _until(self, what: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not what():
            if time.monotonic() > until:
                raise SystemExit(f"the watch did not come to an end:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def edited(self, edit: Callable[[], None]) -> dict[str, float]:
        """Seconds from the save until page, PDF, and both PDF and Word file."""
        before = len(self._told())
        edit()
        self._until(lambda: "all done" in self._since(before))
        told = self._since(before)
        return {PAGE: told["page"], PDF: told[".pdf"], BOTH: max(told[".pdf"], told[".docx"])}

    def _since(self, before: int) -> dict[str, float]:
        """What was told since the last page that came after so many lines: on a busy machine one save can be seen as two."""
        told = [((Path(what).suffix if "." in what else what), seconds) for seconds, what in self._told()[before:]]
        pages = [at for at, (what, _) in enumerate(told) if what == "page"]
        return dict(told[pages[-1] :]) if pages else {}


@contextmanager
def watching(text: Text, output: Path) -> Iterator[Watching]:
    """`mmguide watch` on a text, its first build done."""
    output.mkdir(parents=True)
    log = output / "log"
    command = [sys.executable, "-m", "mmguide", "watch", str(text.folder), "-o", str(output / "made"), "--port", "0"]
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True, env=environment())
    try:
        one = Watching(log)
        one.wait(1)
        yield one
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _of_one(text: Text, rounds: int, temporary: Path, tell: Callable[[str], None]) -> list[str]:
    """The rows of a text: an edit and the peers in turn."""
    made = temporary / f"{text.name}-peers"
    made.mkdir()
    typst = peers.typst(text, made)
    contest = {TYPST: typst.commands, WITH_WORD: [*typst.commands, *peers.word(text, made).commands]} if typst else {}
    mine: dict[str, list[float]] = {PAGE: [], PDF: [], BOTH: []}
    theirs: dict[str, list[float]] = {name: [] for name in contest}
    edit = Edit(text)
    with watching(text, temporary / f"{text.name}-watched") as one:
        for _ in range(rounds):
            for what, seconds in one.edited(edit).items():
                mine[what].append(seconds)
            for name, commands in contest.items():
                theirs[name].append(measured(commands, text.folder).wall)
            told = ", ".join(f"{name} {values[-1]:.2f} s" for name, values in {**mine, **theirs}.items())
            tell(f"{text.name}: {told}")
    rows = []
    for what, values in mine.items():
        peer = statistics.median(theirs[AGAINST[what]]) if theirs else None
        shown = f"{peer:.2f} | {statistics.median(values) / peer:.2f}" if peer else "not here | "
        spread = f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"
        rows.append(f"| {text.name} | {what} | {spread} | {AGAINST[what]}: {shown} | {BOUNDS[what].get(text.name, '')} |")
    return rows


def section(names: tuple[str, ...], rounds: int, temporary: Path, tell: Callable[[str], None]) -> str:
    """The section of docs/performance.md on watching."""
    missing = peers.prepare()
    lines = [
        "## Watching",
        "",
        "One paragraph is edited while `mmguide watch` runs: seconds from the save, as the watch tells them, medians of "
        f"{rounds} edits. Peers start from nothing after each edit, in turn with the edits.",
        "",
        "| text | | mmguide, s | peer, s | ratio | must |",
        "|---|---|---|---|---|---|",
    ]
    for size in SIZES:
        if not names or size.name in names:
            lines += _of_one(synthetic(size, temporary / f"watch-{size.name}"), rounds, temporary, tell)
    lines += ["", f"Not measured: {'; '.join(missing)}.", ""] if missing else [""]
    return "\n".join(lines)
