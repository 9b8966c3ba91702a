"""Many small projects: one `mmguide build DIR…` for all of them against a process for each."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from bench.corpus import Size, synthetic
from bench.measure import Run, measured

COUNT, SAMPLE = 200, 20
SMALL = Size("small", 4, 900, 8, 2)


def section(temporary: Path, tell: Callable[[str], None], count: int = COUNT, sample: int = SAMPLE) -> str:
    """The section of docs/performance.md on many projects."""
    home, out = temporary / "projects", temporary / "projects-out"
    names = [f"guideline-{n:03d}" for n in range(count)]
    for name in names:
        text = synthetic(SMALL, home / name)
        settings = text.folder / "guideline.yaml"
        settings.write_text(
            settings.read_text().replace("id: small", f"id: {name}").replace("A synthetic", f"{name}, a synthetic")
        )
    build = [sys.executable, "-m", "mmguide", "build", "--quiet"]
    # A sample alone before, and another one after the run of all, so that both meet the same machine.
    step = max(1, count // sample)
    chosen = names[::step][:sample]
    alone: list[Run] = []
    half = (len(chosen) + 1) // 2

    def one_by_one(some: list[str]) -> None:
        for name in some:
            alone.append(measured([[*build, str(home / name), "-o", str(out / "alone" / name)]], temporary))
            tell(f"{name} alone: {alone[-1].wall:.2f} s")

    one_by_one(chosen[:half])
    many = [*build, *(str(home / name) for name in names), "-o", str(out / "many")]
    together = measured([many], temporary)
    tell(f"{count} together: {together.wall:.1f} s")
    one_by_one(chosen[half:])
    again = measured([many], temporary)
    different = [name for name in chosen if not _same(out / "alone" / name, out / "many" / name)]
    if different:
        raise SystemExit(f"these differ when built alone: {', '.join(different)}")
    shutil.rmtree(home)
    shutil.rmtree(out)
    wall, cpu = (statistics.median(getattr(run, what) for run in alone) for what in ("wall", "cpu"))
    memory = statistics.median(run.megabytes for run in alone)
    return "\n".join(
        [
            "## Many projects",
            "",
            f"{count} guidelines of about {SMALL.pages} pages, PDF, Word file and web page of each, from nothing; alone is the median of "
            f"{len(chosen)} of them, each by a process of its own. What both write is the same, byte for byte.",
            "",
            "| | time for each, s | ratio | CPU for each, s | peak memory, MB |",
            "|---|---|---|---|---|",
            f"| one process each, one after the other | {wall:.2f} | 1 | {cpu:.2f} | {memory:.0f} |",
            _row(f"`mmguide build` of all {count}", together, count, wall),
            _row("the same again, nothing changed", again, count, wall),
            "",
        ]
    )


def _row(name: str, run: Run, count: int, alone: float) -> str:
    each = run.wall / count
    return f"| {name} | {each:.2f} | {each / alone:.2f} | {run.cpu / count:.2f} | {run.megabytes:.0f} |"


def _same(one: Path, other: Path) -> bool:
    mine, theirs = ({path.name: path.read_bytes() for path in folder.glob("[!.]*")} for folder in (one, other))
    return bool(mine) and mine == theirs
