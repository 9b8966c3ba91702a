"""Stage render, PDF: a bound for the time and memory of one layout, since it runs in our own process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mmguide.errors import LimitExceeded

_MEGABYTE = 1024 * 1024


@contextmanager
def limited(seconds: int, megabytes: int) -> Iterator[None]:
    """Stop what runs inside with LimitExceeded when it takes longer than `seconds` or wants more than `megabytes` beside what is in use."""
    with _memory(megabytes), _time(seconds):
        try:
            yield
        except MemoryError as error:
            raise LimitExceeded(
                f"the layout of the pages needs more than {megabytes} MB of memory",
                "look for a huge table or picture, or raise limits.memory_mb in guideline.yaml",
            ) from error


@contextmanager
def _time(seconds: int) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: Any) -> None:
        raise LimitExceeded(
            f"the layout of the pages takes longer than {seconds} seconds",
            "look for a rule of the style sheet that multiplies itself, or raise limits.seconds in guideline.yaml",
        )

    before = signal.signal(signal.SIGALRM, stop)
    # Again each second: somewhere in the layout the first exception may be caught together with others.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    try:
        import resource

        in_use = _address_space()
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = in_use + megabytes * _MEGABYTE
    if soft != resource.RLIM_INFINITY:
        wanted = min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int:
    """The bytes of address space in use. Raises OSError where the system does not tell."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
