"""Line of many builds, on this machine: a process for each project, forked from one that has loaded all they need."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from types import FrameType

from mmguide import shortcut
from mmguide.errors import MmguideError
from mmguide.farm.jobs import Done, Job
from mmguide.processors import processors, share
from mmguide.workers import Crew


def known(jobs: Sequence[Job]) -> Iterator[tuple[int, Done]]:
    """(Number of the job, what came of it) of those in which nothing changed."""
    for number, job in enumerate(jobs):
        start = monotonic()
        with suppress(MmguideError):  # it shows again in the build
            if outcome := shortcut.known(job.folder, job.options):
                seconds = monotonic() - start
                yield number, Done(outcome, None, seconds, (("unchanged", seconds),))


def build_here(jobs: Sequence[Job]) -> Generator[tuple[int, Done], None, None]:
    """Build all jobs, as many at once as there are processors; gives (number of the job, what came of it) as they are done.

    A project that cannot be built leaves the others alone. Closing the iterator, and every way to end this process but SIGKILL, ends
    what is still under way.
    """
    found = set()
    for number, done in known(jobs):
        found.add(number)
        yield number, done
    left = [number for number in range(len(jobs)) if number not in found]
    if not left:
        return
    hands = min(processors(), len(left))
    _load(pages=any(jobs[number].options.has_pages for number in left))
    gc.freeze()  # what is there stays shared with the processes
    with _ending_in_order():
        crew = Crew(lambda number: _build(jobs[number], hands), left, [1] * len(left), hands, lambda error: Done(None, error))
        try:
            for at, done in crew:
                yield left[at], done
        finally:
            crew.close(signal.SIGTERM)


def _load(pages: bool) -> None:
    """Load what builds need, with or without what sets pages. What this machine lacks is told by the builds themselves."""
    from mmguide import build  # noqa: F401
    from mmguide.render import html  # noqa: F401

    if pages:
        from mmguide.render import docx  # noqa: F401
        from mmguide.render.pdf.shop import make_ready

        with suppress(MmguideError):
            make_ready()


def _build(job: Job, builds: int) -> Done:
    """In a process of its own, which is the head of a group that ends with it."""
    os.setpgid(0, 0)
    share(builds)
    owner = os.getpid()

    def stop(number: int, frame: FrameType | None) -> None:
        if os.getpid() != owner:
            os._exit(1)
        sys.exit(128 + number)  # through the build, which ends its own groups

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stages: list[tuple[str, float]] = []
    start = monotonic()
    try:
        outcome = shortcut.build(job.folder, job.options, lambda name, seconds: stages.append((name, seconds)))
    except SystemExit:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(owner, signal.SIGKILL)
        raise
    except MmguideError as error:
        return Done(None, error, monotonic() - start, tuple(stages))
    shown = shortcut.excerpts(outcome.diagnostics, outcome.sources)
    outcome = shortcut.Outcome(outcome.diagnostics, shown, outcome.usable, outcome.written)
    return Done(outcome, None, monotonic() - start, tuple(stages))


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Whatever asks this process to end lets it end its processes first."""

    def stop(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
