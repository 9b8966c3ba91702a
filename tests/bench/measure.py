"""Measuring whole processes side by side: commands in turn, A B C A B C …; what is said is the ratio of medians of one session.

Single times on a busy machine say little. CPU is that of all processes of a command; memory the largest sum, over all of its
processes, of what they hold alone and their share of what they hold together (PSS), sampled.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import mmguide

SAMPLE = 0.1
Command = Sequence[str]


@dataclass(frozen=True)
class Run:
    """One run: seconds of wall and processor time, and megabytes at the peak."""

    wall: float
    cpu: float
    megabytes: float


@dataclass(frozen=True)
class Runs:
    """The runs of one contestant."""

    runs: tuple[Run, ...]

    def median(self, what: str = "wall") -> float:
        """The median of `wall`, `cpu` or `megabytes`."""
        return statistics.median(getattr(run, what) for run in self.runs)

    def shown(self, what: str = "wall") -> str:
        """The median, and in brackets the smallest and the largest."""
        values = [getattr(run, what) for run in self.runs]
        return f"{self.median(what):{_form(what)}} ({min(values):{_form(what)}} to {max(values):{_form(what)}})"


def _form(what: str) -> str:
    return ".0f" if what == "megabytes" else ".2f"


def _session(leader: int) -> Iterator[int]:
    """The processes of a session, which is what a command started."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader:
                yield int(name)


def held(leader: int) -> float:
    """Megabytes that the session of this process holds."""
    total = 0
    for process in _session(leader):
        try:
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), flags=re.M)
        except OSError:
            continue
        total += int(found[1]) if found else 0
    return total / 1024


def environment() -> dict[str, str]:
    """The environment in which a command finds this checkout, and keeps its modules compiled as every installed program does."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "PYTHONPATH": str(Path(mmguide.__file__).parents[1])}


class CommandFailed(Exception):
    """A command that is measured ended with another status than 0."""


def measured(commands: Sequence[Command], folder: Path) -> Run:
    """Run commands one after the other in `folder`: their times added, the larger of their memory.

    Raises CommandFailed when one of them fails.
    """
    wall = cpu = peak = 0.0
    for command in commands:
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        ended, seen = threading.Event(), [0.0]
        threads = [
            threading.Thread(target=_sample, args=(process.pid, ended, seen)),
            threading.Thread(target=lambda said=process.stderr: said.read() if said else b""),
        ]
        for thread in threads:
            thread.start()
        _, status, used = os.wait4(process.pid, 0)
        wall += time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        for thread in threads:
            thread.join()
        if process.returncode:
            raise CommandFailed(f"this command ended with {process.returncode}: {' '.join(map(str, command))}")
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, *seen)
    return Run(wall, cpu, peak)


def _sample(leader: int, ended: threading.Event, seen: list[float]) -> None:
    while not ended.wait(SAMPLE):
        seen.append(held(leader))


@dataclass(frozen=True)
class Contestant:
    """What takes part: `before` brings about the state that a run needs (an edit, an empty cache) and is not measured.

    One that is not `needed` drops out where it cannot compile the text.
    """

    name: str
    commands: Sequence[Command]
    folder: Path
    before: Callable[[], None] = lambda: None
    needed: bool = True


def in_turn(contestants: Sequence[Contestant], rounds: int, tell: Callable[[str], None] = print) -> Mapping[str, Runs]:
    """Measure each contestant once a round, `rounds` times. Raises CommandFailed where one that is needed fails."""
    found: dict[str, list[Run]] = {one.name: [] for one in contestants}
    for _ in range(rounds):
        for one in contestants:
            if one.name not in found:
                continue
            one.before()
            try:
                run = measured(one.commands, one.folder)
            except CommandFailed as failed:
                if one.needed:
                    raise
                del found[one.name]
                tell(f"{one.name} drops out: {failed}")
                continue
            found[one.name].append(run)
            tell(f"{one.name}: {run.wall:.2f} s, {run.cpu:.2f} s CPU, {run.megabytes:.0f} MB")
    return {name: Runs(tuple(runs)) for name, runs in found.items()}
