"""The same sources give the same bytes, whatever folder, user, umask, locale, zone, hash seed, file order, processes and installation."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
FORMATS = ("pdf", "docx", "html")


@dataclass(frozen=True)
class Surroundings:
    """What differs between two builds of the same sources."""

    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022
    order: int = 0
    cpus: int = 0
    elsewhere: bool = False


EIGHT = (
    Surroundings("one"),
    Surroundings("another folder, with a longer name/and ünïcode", {"PYTHONHASHSEED": "1"}),
    Surroundings("umask", umask=0o077),
    Surroundings("locale", {"LANG": "de_DE.UTF-8", "LC_ALL": "C"}),
    Surroundings("zone", {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "77"}),
    Surroundings("home", {"HOME": "/nonexistent", "USER": "somebody", "TMPDIR": "."}),
    Surroundings("order", order=3, elsewhere=True),
    Surroundings("processes", cpus=1),
)


def build(base: Path, project: Path, around: Surroundings) -> dict[str, str]:
    """The digest of each output, made in a process of its own."""
    folder = base / around.folder
    _copy(project, folder / "guideline", around.order)
    command = [sys.executable, "-m", "mmguide", "build", "guideline", "-o", "out", "--quiet", "--no-cache"]
    if around.cpus and shutil.which("taskset"):
        command = ["taskset", "-c", str(min(os.sched_getaffinity(0))), *command]
    program = _installed(folder / "program") if around.elsewhere else REPOSITORY
    environment = {**os.environ, "PYTHONPATH": str(program / "src"), **around.environment}
    before = os.umask(around.umask)
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False)
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    return {path.suffix[1:]: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "out").iterdir() if path.suffix}


def _installed(folder: Path) -> Path:
    """mmguide in another place, its files written at another time."""
    for name in ("src", "source", "styles"):
        shutil.copytree(
            REPOSITORY / name, folder / name, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("__pycache__")
        )
    return folder


def _copy(project: Path, target: Path, order: int) -> None:
    """The project's files, written in another order and with other times."""
    files = sorted(path for path in project.rglob("*") if path.is_file())
    if order:
        random.Random(order).shuffle(files)
    for number, path in enumerate(files):
        new = target / path.relative_to(project)
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(path.read_bytes())
        os.utime(new, (1_000_000_000 + order * 1000 + number,) * 2)


def test_eight_builds_one_digest(tmp_path: Path) -> None:
    project = REPOSITORY / "tests" / "projects" / "torture"
    digests = [build(tmp_path, project, around) for around in EIGHT]
    assert set(digests[0]) == set(FORMATS)
    differing = {
        (kind, around.folder)
        for kind in FORMATS
        for around, each in zip(EIGHT, digests, strict=True)
        if each[kind] != digests[0][kind]
    }
    assert differing == set()


def test_another_date_gives_other_bytes(tmp_path: Path) -> None:
    """The comparison sees a difference where there is one."""
    project = REPOSITORY / "tests" / "projects" / "torture"
    later = build(tmp_path, project, Surroundings("later", {"SOURCE_DATE_EPOCH": "1800000000"}))
    earlier = build(tmp_path, project, Surroundings("earlier", {"SOURCE_DATE_EPOCH": "1700000000"}))
    assert later["pdf"] != earlier["pdf"]
