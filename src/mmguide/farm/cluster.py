"""Line of many builds, on a Dask cluster that is there: parcels go out, what came of them comes back; the workers need the same mmguide.

A build depends on nothing but its parcel, so Dask does it again elsewhere when a worker is lost.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from asyncio import CancelledError
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from mmguide import __version__
from mmguide.errors import EnvironmentLacks, LimitExceeded, MmguideError, UsageError
from mmguide.farm.jobs import Done, Job
from mmguide.farm.local import known
from mmguide.farm.parcels import Return, answered_otherwise, is_sent, packed
from mmguide.files import locked, write_all

if TYPE_CHECKING:
    from distributed import Client

ANSWER = 15.0
"""Seconds in which a scheduler must answer."""


def build_on(jobs: Sequence[Job], address: str) -> Generator[tuple[int, Done], None, None]:
    """Build all jobs on the cluster whose scheduler is at `address`; gives (number of the job, what came of it) as they are done.

    Outputs are written here. Raises EnvironmentLacks without the extra `dask`, UsageError where no scheduler answers.
    """
    with _connected(address) as client:
        found = set()
        for number, done in known(jobs):
            found.add(number)
            yield number, done
        yield from _Orders(client, jobs).done(number for number in range(len(jobs)) if number not in found)


@contextmanager
def _connected(address: str) -> Generator[Client, None, None]:
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise EnvironmentLacks(f"--dask needs what is not installed here: {error.name}", "pip install 'mmguide[dask]'") from error
    # Whole projects are large for what Dask is used to.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "100 GB"})
    try:
        client = Client(address, timeout=ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at '{address}'", "give the address that `dask scheduler` prints, as tcp://HOST:8786"
        ) from error
    with client:
        yield client


class _Orders:
    """What is under way on a cluster: a few more builds than there are threads, so that nobody waits and little is held."""

    def __init__(self, client: Any, jobs: Sequence[Job]) -> None:
        from distributed import as_completed

        self._client, self._jobs = client, jobs
        self._coming: Any = as_completed([], loop=client.loop)  # type: ignore[no-untyped-call]
        self._numbers: dict[str, list[int]] = {}

    def done(self, numbers: Any) -> Generator[tuple[int, Done], None, None]:
        waiting = deque(numbers)
        while waiting or self._numbers:
            while waiting and len(self._numbers) < 2 + 2 * sum(self._client.nthreads().values()):
                number = waiting.popleft()
                try:
                    self._send(number)
                except MmguideError as error:
                    yield number, Done(None, error)
                except OSError as error:
                    yield number, Done(None, UsageError(f"{self._jobs[number].folder} cannot be read: {error.strerror}"))
            if self._numbers:
                yield from self._next()

    def _send(self, number: int) -> None:
        digest, content = packed(self._jobs[number]).sealed()
        key = f"mmguide-{digest}"
        if key not in self._numbers:
            self._coming.add(self._client.submit(work, content, __version__, key=key))
        self._numbers.setdefault(key, []).append(number)

    def _next(self) -> Generator[tuple[int, Done], None, None]:
        future = next(self._coming)
        numbers = self._numbers.pop(future.key)
        try:
            returned: Return = pickle.loads(future.result())
        except (Exception, CancelledError) as error:
            returned = Return(Done(None, _told(error)))
        future.release()
        for number in numbers:
            job = self._jobs[number]
            if others := answered_otherwise(job, returned.asked):
                yield number, Done(None, _differs(job, others[0][1]))
            else:
                yield number, _written(job, returned)


def _written(job: Job, returned: Return) -> Done:
    """The outputs at their place."""
    outcome = returned.done.outcome
    if outcome is None or not returned.outputs:
        return returned.done
    try:
        with locked(job.options.output):
            paths = tuple(write_all(job.options.output, returned.outputs))
    except MmguideError as error:
        return replace(returned.done, outcome=None, error=error)
    return replace(returned.done, outcome=replace(outcome, written=paths))


def _differs(job: Job, path: str) -> MmguideError:
    return UsageError(
        f"the answer for '{path}' in {job.folder} is another than the cluster had: it changed meanwhile, or is hidden or below build/",
        "build again; move what is hidden to a place that is sent, or build without --dask",
    )


def _told(error: BaseException) -> MmguideError:
    """What went wrong on the cluster, in words."""
    if isinstance(error, MmguideError):
        return error
    if isinstance(error, ModuleNotFoundError) and "mmguide" in str(error):
        return EnvironmentLacks("the workers of the cluster have no mmguide", f"install mmguide {__version__} where they run")
    if type(error).__name__ == "KilledWorker":
        return LimitExceeded(
            "every worker that began this build was lost", "a worker may have too little memory: give each build more of it"
        )
    return MmguideError(f"the cluster failed: {type(error).__name__}: {error}")


def work(content: bytes, version: str) -> bytes:
    """On a worker: build a parcel in a process of its own, since a worker has threads and a build forks."""
    from distributed import get_worker

    if version != __version__:
        raise EnvironmentLacks(f"a worker has mmguide {__version__}, not {version}", f"install mmguide {version} where it runs")
    command = [sys.executable, "-m", "mmguide.farm.hand", str(get_worker().state.nthreads)]
    own = {name: value for name, value in os.environ.items() if not is_sent(name)}
    made = subprocess.run(command, input=content, capture_output=True, env=own, check=False)
    if made.returncode:
        said = made.stderr.decode(errors="replace").strip()
        raise MmguideError(f"a build on a worker ended with status {made.returncode}: {said[-2000:]}")
    return made.stdout
