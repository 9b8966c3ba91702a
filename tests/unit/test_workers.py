"""Work shared among processes comes back whole; failures end it with their own words."""

from __future__ import annotations

import errno
import os
import select
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mmguide.errors import LimitExceeded, MmguideError, OutputFailed
from mmguide.processors import processors, share
from mmguide.workers import Crew, Foreman


def test_every_job_is_done_once_and_elsewhere() -> None:
    crew = Crew(lambda n: (n * n, os.getpid()), [1, 2, 3, 4, 5], [1, 5, 2, 4, 3], 2)
    done = dict(crew)
    assert {at: value for at, (value, _) in done.items()} == {0: 1, 1: 4, 2: 9, 3: 16, 4: 25}
    assert os.getpid() not in {pid for _, pid in done.values()}


def test_a_process_does_several_light_jobs_and_a_heavy_one_alone() -> None:
    done = dict(Crew(lambda n: (n, os.getpid()), list(range(9)), [20, *[1] * 8], 2, turns=3))
    assert {at: value for at, (value, _) in done.items()} == {at: at for at in range(9)}
    by_process: dict[int, list[int]] = {}
    for at, (_, process) in sorted(done.items()):
        by_process.setdefault(process, []).append(at)
    assert [0] in by_process.values()
    assert 4 <= len(by_process) < 9
    assert max(map(len, by_process.values())) <= 3


def test_a_killed_process_loses_only_what_it_has_not_told_of() -> None:
    def die(n: int) -> int:
        if n == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    done = dict(Crew(die, [0, 1, 2, 3], [1] * 4, 1, lambda error: -error.exit_status, turns=4))
    assert done == {0: 0, 1: 1, 2: -LimitExceeded.exit_status, 3: 3}


def test_large_results_pass_the_pipe() -> None:
    ((_, value),) = list(Crew(lambda n: b"x" * n, [5_000_000], [1], 1))
    assert len(value) == 5_000_000


def test_a_process_takes_its_temporary_files_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = dict(Crew(lambda _: tempfile.mkdtemp(), [1, 2], [1, 1], 2))
    assert len(set(made.values())) == 2
    assert all(tmp_path in Path(folder).parents for folder in made.values())
    assert not list(tmp_path.iterdir())


def test_a_killed_process_leaves_no_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def end(_: int) -> None:
        tempfile.mkdtemp()
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(LimitExceeded):
        list(Crew(end, [1, 2], [1, 1], 1))
    assert not list(tmp_path.iterdir())


def test_a_failure_is_raised_here() -> None:
    def fail(n: int) -> int:
        raise OutputFailed("no page", "less text")

    with pytest.raises(OutputFailed, match="no page") as caught:
        list(Crew(fail, [1, 2, 3], [1, 1, 1], 2))
    assert caught.value.hint == "less text"


def test_a_fault_of_ours_shows_where_it_was() -> None:
    with pytest.raises(MmguideError, match="ZeroDivisionError"):
        list(Crew(lambda n: 1 // n, [0], [1], 1))


def test_a_full_disk_is_told_without_a_traceback() -> None:
    def fail(n: int) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OutputFailed, match=r"no room is left to write: No space left on device$"):
        list(Crew(fail, [1], [1], 1))


def test_a_killed_process_is_reported() -> None:
    def die(n: int) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return n

    with pytest.raises(LimitExceeded, match="ended from outside"):
        list(Crew(die, [1], [1], 1))


def test_a_lost_job_can_leave_the_others_alone() -> None:
    def die(n: int) -> int:
        if n == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        if n == 2:
            raise OutputFailed("no page", "less text")
        return n

    done = dict(Crew(die, [0, 1, 2, 3], [1] * 4, 2, lambda error: -error.exit_status))
    assert done == {0: 0, 1: -LimitExceeded.exit_status, 2: -OutputFailed.exit_status, 3: 3}


def test_builds_that_go_on_at_the_same_time_share_the_processors() -> None:
    def work(builds: int) -> int:
        share(builds)
        return processors()

    all_of_them = processors()
    assert [n for _, n in sorted(Crew(work, [1, all_of_them, 10**6], [1] * 3, 1))] == [all_of_them, 1, 1]
    assert processors() == all_of_them


def test_there_is_at_least_one_processor() -> None:
    assert processors() >= 1


def _times(factor: int) -> Callable[[int], tuple[int, int]]:
    def work(n: int) -> tuple[int, int]:
        if n < 0:
            raise OutputFailed("no page", "less text")
        if n == 0:
            os.kill(os.getppid(), signal.SIGKILL)
        return factor * n, os.getppid()

    return work


def test_a_foreman_takes_order_after_order() -> None:
    made: Foreman[int, int, tuple[int, int]] = Foreman(lambda: None, _times)
    first, second = dict(made.do(2, [1, 2, 3], [1, 2, 3], 2)), dict(made.do(10, [4], [1], 2))
    assert {at: value for at, (value, _) in first.items()} == {0: 2, 1: 4, 2: 6}
    assert second[0][0] == 40
    (process,) = {parent for _, parent in (*first.values(), *second.values())}
    assert process != os.getpid()
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_foreman_loads_while_this_process_goes_on_and_passes_much() -> None:
    made: Foreman[int, int, bytes] = Foreman(lambda: None, lambda size: lambda n: bytes([n]) * size)
    results = made.do(3_000_000, [1, 2, 3], [1, 1, 1], 2)
    assert {at: (len(value), value[0]) for at, value in results} == {0: (3_000_000, 1), 1: (3_000_000, 2), 2: (3_000_000, 3)}
    made.close()


def test_who_gives_a_large_order_does_not_wait_until_the_foreman_is_ready() -> None:
    heard, tell = os.pipe()
    in_time: list[bool] = []
    made: Foreman[bytes, int, tuple[bool, int]] = Foreman(
        lambda: in_time.append(bool(select.select([heard], [], [], 20)[0])), lambda much: lambda n: (in_time[0], len(much) * n)
    )
    results = made.do(bytes(1_000_000), [1], [1], 1)
    os.write(tell, b"x")  # too late, had the order waited for who reads it
    assert dict(results) == {0: (True, 1_000_000)}
    made.close()
    os.close(heard)
    os.close(tell)


def test_a_failure_under_a_foreman_is_raised_here() -> None:
    with pytest.raises(OutputFailed, match="no page") as caught:
        list(Foreman(lambda: None, _times).do(2, [1, -1], [1, 1], 2))
    assert caught.value.hint == "less text"


def test_a_foreman_that_cannot_make_ready_says_so_when_asked() -> None:
    def fail() -> None:
        raise OutputFailed("no Pango", "install it")

    with pytest.raises(OutputFailed, match="no Pango"):
        list(Foreman(fail, _times).do(2, [1], [1], 1))


def test_a_killed_foreman_is_reported() -> None:
    with pytest.raises(LimitExceeded, match="ended from outside"):
        list(Foreman(lambda: None, _times).do(2, [0], [1], 1))


def test_a_foreman_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made: Foreman[int, int, tuple[int, int]] = Foreman(lambda: None, _times)
    assert len(list(made.do(2, [1, 2], [1, 1], 2))) == 2
    made.close()
    assert not list(tmp_path.iterdir())
