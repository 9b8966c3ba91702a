"""Work shared among processes: forked, so that what is loaded already is there at once, and gone when the work is done."""

from __future__ import annotations

import gc
import os
import pickle
import select
import shutil
import signal
import sys
import tempfile
import traceback
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from msgspec import Struct

from mmguide.errors import LimitExceeded, MmguideError, no_room

Plan = TypeVar("Plan")
Job = TypeVar("Job")
Result = TypeVar("Result")


# Jobs that a process of a foreman's crew does, before it gives back the memory that they took.
_TURNS = 4


class _Hand(Struct, eq=False):
    """A process of a crew: the jobs that it has still to tell of, and what it has told so far."""

    process: int
    numbers: list[int]
    received: bytearray = bytearray()

    def told(self) -> Iterator[tuple[int, bytes]]:
        """The outcomes that have arrived whole, with their jobs."""
        while len(self.received) >= (end := _HEAD + int.from_bytes(self.received[:_HEAD], "big")) > _HEAD:
            outcome = bytes(self.received[_HEAD:end])
            del self.received[:end]
            yield self.numbers.pop(0), outcome


# Bytes that tell the length of an outcome.
_HEAD = 8


class Crew(Generic[Job, Result]):
    """Forked processes that take jobs, the heaviest first; iterating gives (number of the job, result) as they are done.

    A process does up to `turns` jobs one after the other, fewer where much is left to others: so it keeps what it has found out, and
    no process is still busy when all others are done.
    An MmguideError in a job is raised again here and ends all, unless `instead` makes a result of it. `close` ends processes that
    still work. Their temporary files go when they end, however they end.
    """

    def __init__(
        self,
        work: Callable[[Job], Result],
        jobs: Sequence[Job],
        weights: Sequence[int],
        hands: int,
        instead: Callable[[MmguideError], Result] | None = None,
        turns: int = 1,
    ) -> None:
        self._instead = instead
        self._waiting = sorted(range(len(jobs)), key=lambda number: -weights[number])
        self._busy: dict[int, _Hand] = {}
        self._told: list[tuple[int, bytes]] = []
        self._work, self._jobs, self._weights, self._hands, self._turns = work, jobs, weights, hands, turns
        self._folder = tempfile.mkdtemp(prefix="mmguide-")
        self._tidy = weakref.finalize(self, _remove, self._folder, os.getpid())
        for _ in range(hands):
            self._start()

    def _start(self) -> None:
        numbers = self._share()
        if not numbers:
            return
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _carry_out(self._work, [self._jobs[number] for number in numbers], writing, self._folder)
        os.close(writing)
        self._busy[reading] = _Hand(child, numbers)

    def _share(self) -> list[int]:
        """The jobs of the next process: the heaviest, and more while they are together no more than its half of what is left."""
        most = sum(self._weights[number] for number in self._waiting) / (2 * self._hands)
        count = heavy = 0
        for number in self._waiting[: self._turns]:
            heavy += self._weights[number]
            if count and heavy > most:
                break
            count += 1
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    def __iter__(self) -> Iterator[tuple[int, Result]]:
        return self

    def __next__(self) -> tuple[int, Result]:
        while not self._told and self._busy:
            ready, _, _ = select.select(list(self._busy), [], [])
            for pipe in ready:
                self._hear(pipe)
        if not self._told:
            self._tidy()
            raise StopIteration
        number, outcome = self._told.pop(0)
        return number, self._outcome(outcome)

    def _hear(self, pipe: int) -> None:
        """Take what a process tells; one that has ended is followed by another, and what it has not told of is lost."""
        hand = self._busy[pipe]
        part = os.read(pipe, 1 << 20)
        hand.received.extend(part)
        self._told.extend(hand.told())
        if not part:
            del self._busy[pipe]
            os.close(pipe)
            os.waitpid(hand.process, 0)
            self._told.extend((number, b"") for number in hand.numbers)
            self._start()

    def _outcome(self, received: bytes) -> Result:
        good: bool
        value: Any
        good, value = pickle.loads(received) if received else (False, _ended())
        if good:
            result: Result = value
            return result
        if self._instead:
            return self._instead(value)
        self.close()
        raise value

    def close(self, how: int = signal.SIGKILL) -> None:
        """End what still works, with this signal."""
        for pipe, hand in self._busy.items():
            os.close(pipe)
            os.kill(hand.process, how)
        for hand in self._busy.values():
            os.waitpid(hand.process, 0)
        self._busy.clear()
        self._waiting.clear()
        self._told.clear()
        self._tidy()


def _ended() -> LimitExceeded:
    return LimitExceeded(
        "a process of the build was ended from outside", "the machine may have run out of memory: build less at once"
    )


def _remove(folder: str, owner: int) -> None:
    """Remove a temporary folder; a fork of the process that made it leaves it alone."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _carry_out(work: Callable[[Any], object], jobs: Sequence[Any], pipe: int, folder: str) -> None:
    """In the child: do the jobs, send the outcome of each, and end without touching anything of the parent's.

    Its temporary files stand in a folder of its own, since nothing registered for its end will run.
    """
    status = 0
    try:
        gc.disable()  # a short life with much that stays: collecting would only walk over it again and again
        with os.fdopen(pipe, "wb") as file, tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as own:
            tempfile.tempdir = own
            for job in jobs:
                outcome = pickle.dumps(_outcome(lambda job=job: work(job)), pickle.HIGHEST_PROTOCOL)  # type: ignore[misc]
                file.write(len(outcome).to_bytes(_HEAD, "big") + outcome)
                file.flush()
    except BaseException:
        status = 1
    finally:
        os._exit(status)


def _outcome(work: Callable[[], object]) -> tuple[bool, object]:
    """What the work gives, or what it failed with."""
    try:
        return True, work()
    except MmguideError as error:
        return False, error
    except BaseException as error:
        return False, no_room(error) or MmguideError("a process of the build failed:\n" + traceback.format_exc())


class Foreman(Generic[Plan, Job, Result]):
    """A process that makes itself ready while this one goes on, then hands jobs to a crew of its own.

    `ready` is what can be made before anything is known (imports); `tool` makes the worker for a plan, once for all jobs that follow
    with the same plan. Orders and results go by files in a folder of its own, so that nobody waits for one who does not read. It ends
    with `close`, or with this process.
    """

    def __init__(self, ready: Callable[[], object], tool: Callable[[Plan], Callable[[Job], Result]]) -> None:
        self._plan: Plan | None = None
        self._orders = 0
        self._folder = tempfile.mkdtemp(prefix="mmguide-")
        heard, to = os.pipe()
        came_from, telling = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if process == 0:
            os.setpgid(0, 0)
            os.close(to)
            os.close(came_from)
            _lead(ready, tool, heard, telling, self._folder)
        with suppress(OSError):  # both do this, whoever comes first
            os.setpgid(process, process)
        os.close(heard)
        os.close(telling)
        self._to, self._from = os.fdopen(to, "wb"), os.fdopen(came_from, "rb")
        self.close = weakref.finalize(self, _dismiss, process, os.getpid(), self._to, self._from, self._folder)

    def do(self, plan: Plan, jobs: Sequence[Job], weights: Sequence[int], hands: int) -> Iterator[tuple[int, Result]]:
        """Begin the jobs now; the iterator gives (number of the job, result) as they are done.

        It must come to its end before more is asked.
        An MmguideError in a job is raised again, and ends the foreman.
        """
        order = (None if plan is self._plan else plan, tuple(jobs), tuple(weights), hands)
        self._plan = plan
        self._orders += 1
        name = f"order-{self._orders}"
        # It may have ended, its folder with it: that shows when results are awaited.
        with suppress(FileNotFoundError):
            _put(self._folder, name, order)
        with suppress(BrokenPipeError):
            pickle.dump(name, self._to)
            self._to.flush()
        return self._results(len(jobs))

    def _results(self, count: int) -> Iterator[tuple[int, Result]]:
        for _ in range(count):
            try:
                good, value = pickle.load(self._from)
            except EOFError:
                self.close()
                raise _ended() from None
            if not good:
                self.close()
                raise value
            result: Result = _taken(self._folder, str(value))
            yield value, result


def _put(folder: str, name: str, value: object) -> None:
    with open(os.path.join(folder, name), "wb") as file:
        pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)


def _taken(folder: str, name: str) -> Any:
    """What was put there, which is no longer there."""
    path = os.path.join(folder, name)
    with open(path, "rb") as file:
        value = pickle.load(file)
    os.unlink(path)
    return value


def _dismiss(process: int, owner: int, to: Any, came_from: Any, folder: str) -> None:
    """End a foreman and what still works for it; a fork of the process that started it leaves it alone."""
    if os.getpid() != owner:
        return
    with suppress(OSError):
        to.close()
    came_from.close()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGTERM)
    os.waitpid(process, 0)
    shutil.rmtree(folder, ignore_errors=True)


def _lead(
    ready: Callable[[], object], tool: Callable[[Any], Callable[[Any], Any]], heard: int, telling: int, folder: str
) -> None:
    """In the foreman: be ready, then take orders until there are none, and end without touching anything of the parent's."""
    try:
        gc.disable()
        tempfile.tempdir = folder
        with os.fdopen(heard, "rb") as orders, os.fdopen(telling, "wb") as results:
            prepared = _outcome(ready)
            work: Callable[[Any], Any] | None = None
            while True:
                plan, jobs, weights, hands = _taken(folder, pickle.load(orders))
                made = prepared
                if prepared[0] and (work is None or plan is not None):
                    made = _outcome(lambda plan=plan: tool(plan))  # type: ignore[misc]
                    work = made[1] if made[0] else None  # type: ignore[assignment]
                    gc.freeze()
                if work is None:
                    pickle.dump(made, results)
                else:
                    _direct(work, jobs, weights, hands, results, folder)
                results.flush()
    except (EOFError, BrokenPipeError):
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os._exit(0)


def _direct(work: Callable[[Any], Any], jobs: Any, weights: Any, hands: int, results: Any, folder: str) -> None:
    """Have the jobs of an order done; tell which is done, or what went wrong."""
    try:
        for number, result in Crew(work, jobs, weights, hands, turns=_TURNS):
            _put(folder, str(number), result)
            pickle.dump((True, number), results)
            results.flush()
    except MmguideError as error:
        pickle.dump((False, error), results)
    except OSError as error:
        pickle.dump((False, no_room(error) or MmguideError(f"a result of the build could not be kept: {error}")), results)
