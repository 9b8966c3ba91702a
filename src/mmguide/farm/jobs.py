"""Line of many builds: what is to be built, where to, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mmguide.errors import MmguideError, UsageError
from mmguide.options import Options
from mmguide.shortcut import Outcome


class Job(Struct, frozen=True):
    """A project to build: its folder, the name under which it is shown, and what the build is asked for."""

    folder: Path
    name: str
    options: Options


class Done(Struct, frozen=True):
    """What came of a job: its outcome, or what stopped it; `stages` are the names and seconds of what it went through."""

    outcome: Outcome | None
    error: MmguideError | None = None
    seconds: float = 0.0
    stages: tuple[tuple[str, float], ...] = ()

    @property
    def status(self) -> int:
        """The exit status that the manual lists."""
        if self.outcome is None:
            return self.error.exit_status if self.error else 1
        return 0 if self.outcome.written else 1 if self.outcome.usable else 2


def jobs_of(folders: Sequence[Path], options: Options) -> tuple[Job, ...]:
    """The job of each folder. Where there are several, each writes into a folder of its own name in that of the outputs.

    Raises UsageError when two of them would write into the same one.
    """
    if len(folders) == 1:
        return (Job(folders[0], _name(folders[0]), options),)
    jobs: dict[str, Job] = {}
    for folder in folders:
        name = _name(folder)
        # Some file systems take two names that differ in capitals only for one.
        if other := jobs.get(name.casefold()):
            raise UsageError(
                f"{other.folder} and {folder} would both be written to {options.output / name}",
                "name each folder once; build folders of one name one after the other, each with its own -o",
            )
        jobs[name.casefold()] = Job(folder, name, replace(options, output=options.output / name))
    return tuple(jobs.values())


def _name(folder: Path) -> str:
    name = folder.resolve().name
    if not name:
        raise UsageError(f"{folder} has no name that its outputs could stand under", "name the folder of a guideline")
    return name
