"""Work shared among processes: forked, so that what is loaded already is there at once, and gone when the work is done."""

from __future__ import annotations

import gc
import os
import pickle
import select
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from mmguide.errors import LimitExceeded, MmguideError

Job = TypeVar("Job")
Result = TypeVar("Result")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew(Generic[Job, Result]):
    """Forked processes that take jobs, the heaviest first; iterating gives (number of the job, result) as they are done.

    An MmguideError in a job is raised again here. `close` ends processes that still work.
    """

    def __init__(self, work: Callable[[Job], Result], jobs: Sequence[Job], weights: Sequence[int], hands: int) -> None:
        self._waiting = sorted(range(len(jobs)), key=lambda number: -weights[number])
        self._left = len(jobs)
        self._busy: dict[int, tuple[int, int, bytearray]] = {}
        self._work, self._jobs = work, jobs
        for _ in range(min(hands, len(jobs))):
            self._start()

    def _start(self) -> None:
        number = self._waiting.pop(0)
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _carry_out(lambda: self._work(self._jobs[number]), writing)
        os.close(writing)
        self._busy[reading] = (child, number, bytearray())

    def __iter__(self) -> Iterator[tuple[int, Result]]:
        return self

    def __next__(self) -> tuple[int, Result]:
        if not self._left:
            raise StopIteration
        while True:
            ready, _, _ = select.select(list(self._busy), [], [])
            for pipe in ready:
                child, number, received = self._busy[pipe]
                part = os.read(pipe, 1 << 20)
                if part:
                    received.extend(part)
                    continue
                del self._busy[pipe]
                os.close(pipe)
                _, status = os.waitpid(child, 0)
                self._left -= 1
                if self._waiting:
                    self._start()
                return number, self._outcome(bytes(received), status)

    def _outcome(self, received: bytes, status: int) -> Result:
        if not received:
            self.close()
            raise LimitExceeded(
                "a process of the build was ended from outside", "the machine may have run out of memory: build less at once"
            )
        good, value = pickle.loads(received)
        if good:
            result: Result = value
            return result
        self.close()
        raise value

    def close(self) -> None:
        """End what still works."""
        for pipe, (child, _, _) in self._busy.items():
            os.close(pipe)
            os.kill(child, 9)
            os.waitpid(child, 0)
        self._busy.clear()
        self._waiting.clear()
        self._left = 0


def _carry_out(work: Callable[[], object], pipe: int) -> None:
    """In the child: do the work, send its outcome, and end without touching anything of the parent's."""
    status = 0
    try:
        gc.disable()  # a short life with much that stays: collecting would only walk over it again and again
        try:
            outcome: tuple[bool, object] = (True, work())
        except MmguideError as error:
            outcome = (False, error)
        except BaseException:
            outcome = (False, MmguideError("a process of the build failed:\n" + traceback.format_exc()))
        with os.fdopen(pipe, "wb") as file:
            pickle.dump(outcome, file, pickle.HIGHEST_PROTOCOL)
    except BaseException:
        status = 1
    finally:
        os._exit(status)
