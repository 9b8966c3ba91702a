"""Releases against what happens to machines: killed at any moment, run twice at once, made again elsewhere by somebody else."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from support.releases import GUIDELINE, TEXT, commit, run, write

from mmguide.archives import verify
from mmguide.editions import prepare

SOURCE = Path(__file__).parent.parent / "src"
PACKAGES = {"PYTHONPATH": os.pathsep.join([str(SOURCE), sysconfig.get_path("purelib")])}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, git: str) -> Path:
    """A small guideline, prepared and committed."""
    folder = tmp_path_factory.mktemp("safety") / "guideline"
    write(folder, {"guideline.yaml": GUIDELINE.format(version="1.0.0", day="2026-11-20"), "sections/a.md": TEXT})
    write(folder, {"references.json": '[{"id": "one", "type": "article-journal", "title": "One"}]'})
    write(folder, {"changes.yaml": "- {version: 1.0.0, summary: The first version.}\n"})
    run(git, folder, "init", "--quiet", "--initial-branch=main")
    prepare(folder, "1.0.0", day=date(2026, 11, 20))
    commit(git, folder)
    folder.parent.chmod(0o755)
    return folder


def command(project: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "mmguide", "release", "1.0.0", "--project", str(project), "-o", str(output), "--quiet"]


def start(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str] = {}, user: str | None = None
) -> subprocess.Popen[str]:
    around = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        arguments, cwd=folder, env=around, stdout=pipe, stderr=pipe, text=True, start_new_session=True, user=user
    )


def finished(arguments: Sequence[str], folder: Path, environment: Mapping[str, str] = {}, user: str | None = None) -> str:
    """What a run printed that ended well and told no problem."""
    process = start(arguments, folder, environment, user)
    printed, told = process.communicate()
    assert (process.returncode, told) == (0, "")
    return printed


def visible(output: Path) -> list[str]:
    return sorted(path.name for path in output.iterdir() if not path.name.startswith(".")) if output.exists() else []


def killed(project: Path, output: Path, after: float, *, writing: bool) -> None:
    """Start a release and kill it so many seconds after its start, or after it began to write."""
    process = start(command(project, output), project.parent)
    began = time.monotonic()
    while writing and process.poll() is None and not (output / ".small-1.0.0.part").exists():
        time.sleep(0.001)
    if not writing:
        time.sleep(max(0.0, after - (time.monotonic() - began)))
    else:
        time.sleep(after)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def kill_often(project: Path, folder: Path, rounds: int) -> None:
    chosen = random.Random(rounds)
    began = time.monotonic()
    finished(command(project, folder / "whole"), project.parent)
    length = time.monotonic() - began
    for number in range(rounds):
        output = folder / f"killed-{number}"
        writing = number % 2 == 0
        killed(project, output, chosen.uniform(0, 0.15 if writing else length), writing=writing)
        assert visible(output) in ([], ["small-1.0.0"])
        if visible(output):
            assert verify(output / "small-1.0.0").faults == ()
    # What a killed run left behind is swept away by the next.
    output = folder / "again"
    killed(project, output, 0.0, writing=True)
    if not visible(output):
        finished(command(project, output), project.parent)
    assert sorted(path.name for path in output.iterdir()) == [".lock", "small-1.0.0"]
    assert (output / "small-1.0.0/small-1.0.0.zip").read_bytes() == (folder / "whole/small-1.0.0/small-1.0.0.zip").read_bytes()


def test_killed_at_any_moment_it_leaves_nothing_or_the_whole(project: Path, tmp_path: Path) -> None:
    kill_often(project, tmp_path, 3)


@pytest.mark.nightly
def test_killed_at_fifty_moments(project: Path, tmp_path: Path) -> None:
    kill_often(project, tmp_path, 50)


def test_two_at_once_make_one_release(project: Path, tmp_path: Path) -> None:
    both = [start(command(project, tmp_path / "out"), project.parent) for _ in range(2)]
    told = [process.communicate()[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1]
    assert "version 1.0.0 was released before" in "".join(told)
    assert verify(tmp_path / "out" / "small-1.0.0").faults == ()


def test_a_clone_gives_the_same_zip_and_others_make_it_again(project: Path, tmp_path: Path, git: str) -> None:
    """In other folders, with another time zone, locale, umask and home, and, where root may do that, as another user."""
    finished(command(project, tmp_path / "out"), project.parent)
    elsewhere = tmp_path / "somewhere else, ünïcode"
    elsewhere.mkdir()
    run(git, tmp_path, "clone", "--quiet", str(project), str(elsewhere / "clone"))
    around = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "7"}
    before = os.umask(0o077)
    try:
        finished(command(elsewhere / "clone", elsewhere / "out"), elsewhere, around)
    finally:
        os.umask(before)
    archive = elsewhere / "out" / "small-1.0.0" / "small-1.0.0.zip"
    assert archive.read_bytes() == (tmp_path / "out" / "small-1.0.0" / "small-1.0.0.zip").read_bytes()
    stranger, interpreter = other_user()
    place = Path("/var/tmp" if stranger else tmp_path) / f"mmguide-{os.getpid()}.zip"
    try:
        shutil.copyfile(archive, place)
        place.chmod(0o644)
        again = [interpreter, "-m", "mmguide", "release", "verify", "--rebuild", str(place)]
        printed = finished(
            again, place.parent, {**around, **PACKAGES, "HOME": "/nonexistent", "TMPDIR": str(place.parent)}, stranger
        )
        assert "made again from its sources, byte for byte the same" in printed
    finally:
        place.unlink(missing_ok=True)


def other_user() -> tuple[str | None, str]:
    """A user that a program may be run as, and an interpreter that this user can read: this one, or the system's of the same version."""
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for interpreter in (sys.executable, system) if os.geteuid() == 0 else ():
        with contextlib.suppress(OSError):
            tried = start([interpreter, "-c", "import mmguide.archives, pikepdf"], Path("/"), PACKAGES, "nobody")
            tried.communicate()
            if tried.returncode == 0:
                return "nobody", interpreter
    return None, sys.executable
