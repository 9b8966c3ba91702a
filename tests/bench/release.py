"""What a whole release of the guideline takes, stage by stage: rows for docs/performance.md.

The guideline is cloned at the commit of its last version but one, released, and then as it stands, so that redlines and what-changed are
part of it. Nothing is cached. Stages of one name (a PDF of each handout, say) are added up.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from mmguide.archives import verify
from mmguide.history import read_history
from mmguide.model.source import Source
from mmguide.releases import Wanted, release

REPOSITORY = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Row:
    """A part of the work: seconds by the clock and of all processes, how often, and the files or bytes it is about."""

    what: str
    wall: float
    cpu: float
    detail: str = ""


def rows() -> list[Row]:
    """The release of the current version with its stages, and making it again from its zip."""
    git, history = shutil.which("git"), REPOSITORY / "source" / "history.yaml"
    assert git
    editions, _, _ = read_history(Source(history.name, history.read_text(encoding="utf-8")))
    current, commit = editions[-1].version, editions[-2].commit
    with tempfile.TemporaryDirectory(prefix="mmguide-bench-") as made:
        clone, output = Path(made) / "clone", Path(made) / "releases"
        subprocess.run([git, "clone", "--quiet", str(REPOSITORY), str(clone)], check=True)
        stages: dict[str, list[float]] = defaultdict(list)
        for revision, version in ((commit, editions[-2].version), ("origin/HEAD", current)):
            subprocess.run([git, "checkout", "--quiet", "--detach", revision], cwd=clone, check=True)
            stages.clear()
            began, cpu = time.monotonic(), seconds()
            done = release(clone / "source", Wanted(version, output), lambda name, took: stages[name].append(took))
            wall, used = time.monotonic() - began, seconds() - cpu
            assert done.folder is not None
            assert done.manifest is not None
        archive = done.folder / f"{done.manifest.stem}.zip"
        out = [Row("release", wall, used, f"{len(done.manifest.files)} files, {archive.stat().st_size / 1e6:.1f} MB")]
        out += [Row(name, sum(times), 0.0, f"{len(times)} times") for name, times in sorted(stages.items())]
        began, cpu = time.monotonic(), seconds()
        assert verify(archive).faults == ()
        out.append(Row("verify", time.monotonic() - began, seconds() - cpu))
        began, cpu = time.monotonic(), seconds()
        proof = verify(archive, rebuild=True)
        assert proof.faults == ()
        return [*out, Row("verify --rebuild", time.monotonic() - began, seconds() - cpu, f"{proof.repeated} files made again")]


def seconds() -> float:
    """CPU seconds of this process and its children."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def section() -> str:
    """The rows as a section of docs/performance.md."""
    found = rows()
    whole = [row for row in found if row.cpu]
    lines = ["## A whole release", "", "| | time, s | CPU, s | |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.wall:.1f} | {row.cpu:.1f} | {row.detail} |" for row in whole]
    stages = ", ".join(f"{row.what} {row.wall:.1f} ({row.detail})" for row in found if not row.cpu)
    return "\n".join([*lines, "", f"Stages of the release, in seconds, those of one name added up: {stages}."]) + "\n"


if __name__ == "__main__":
    print(section())
