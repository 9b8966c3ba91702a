"""How many processors a process may use. Asked before anything is loaded that shares work."""

from __future__ import annotations

import os

_builds = 1


def processors() -> int:
    """How many processors this process may use: its share of them where several builds go on."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, there // _builds)


def share(builds: int) -> None:
    """From now on this process, and all that it forks, is one of so many builds that go on at the same time."""
    global _builds
    _builds = builds
