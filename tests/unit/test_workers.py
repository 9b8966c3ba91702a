"""Work shared among processes comes back whole; failures end it with their own words."""

from __future__ import annotations

import os
import signal

import pytest

from mmguide.errors import LimitExceeded, MmguideError, OutputFailed
from mmguide.workers import Crew, processors


def test_every_job_is_done_once_and_elsewhere() -> None:
    crew = Crew(lambda n: (n * n, os.getpid()), [1, 2, 3, 4, 5], [1, 5, 2, 4, 3], 2)
    done = dict(crew)
    assert {at: value for at, (value, _) in done.items()} == {0: 1, 1: 4, 2: 9, 3: 16, 4: 25}
    assert os.getpid() not in {pid for _, pid in done.values()}


def test_large_results_pass_the_pipe() -> None:
    ((_, value),) = list(Crew(lambda n: b"x" * n, [5_000_000], [1], 1))
    assert len(value) == 5_000_000


def test_a_failure_is_raised_here() -> None:
    def fail(n: int) -> int:
        raise OutputFailed("no page", "less text")

    with pytest.raises(OutputFailed, match="no page") as caught:
        list(Crew(fail, [1, 2, 3], [1, 1, 1], 2))
    assert caught.value.hint == "less text"


def test_a_fault_of_ours_shows_where_it_was() -> None:
    with pytest.raises(MmguideError, match="ZeroDivisionError"):
        list(Crew(lambda n: 1 // n, [0], [1], 1))


def test_a_killed_process_is_reported() -> None:
    def die(n: int) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return n

    with pytest.raises(LimitExceeded, match="ended from outside"):
        list(Crew(die, [1], [1], 1))


def test_there_is_at_least_one_processor() -> None:
    assert processors() >= 1
