"""Part of `make bench`: the handouts of the worked example for 200 clinics in one run, against a process for each handout and clinic.

The clinics are invented: numbers in place of names. The naive way is measured on a sample, since all of it would take hours.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from bench.corpus import REPOSITORY
from bench.measure import Contestant, Runs, in_turn

CLINICS, SAMPLE = 200, 4
HANDOUTS = ("answer", "quick-reference", "lenalidomide", "decision-aid", "diary")
MMGUIDE = [sys.executable, "-m", "mmguide", "handout"]
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><rect width="60" height="30" fill="#0c3b4c"/></svg>'


def project(folder: Path, clinics: int) -> Path:
    """The worked example with this many clinics, of which every third has a logo and every fourth no number at night."""
    made = folder / "source"
    shutil.copytree(REPOSITORY / "source", made)
    shutil.rmtree(made / "clinics")
    (made / "clinics").mkdir()
    (made / "clinics" / "logo.svg").write_text(LOGO, encoding="utf-8")
    for number in range(1, clinics + 1):
        lines = [f"name: Example clinic {number}", f"telephone: 01632 960{number:03}", "hours: weekdays, 8 am to 5 pm"]
        lines += [f"address: {number} Example Road, Example Town", "languages: [en]"]
        lines += [f"emergency: 0113 496 0{number:03}"] if number % 4 else []
        lines += ["logo: clinics/logo.svg"] if number % 3 == 0 else []
        (made / "clinics" / f"clinic-{number:03}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def ways(folder: Path, clinics: int, sample: int) -> tuple[Contestant, Contestant]:
    """All handouts for all clinics at once, and a sample of the naive way: a process for each handout and clinic."""
    made = project(folder, clinics)
    common = ["--project", str(made), "--to", "pdf", "--language", "en-GB", "--no-cache", "-q"]
    together = [[*MMGUIDE, *HANDOUTS, *common, "--clinic", "all", "-o", str(folder / "together")]]
    chosen = [(HANDOUTS[number % len(HANDOUTS)], number * 7 % clinics + 1) for number in range(sample)]
    single = [[*MMGUIDE, name, *common, "--clinic", f"clinic-{n:03}", "-o", str(folder / "single")] for name, n in chosen]
    return Contestant("together", together, folder), Contestant("single", single, folder)


def rows(runs: Runs, naive: Runs, handouts: int, sample: int) -> list[str]:
    """The table: for each handout, its time, processor time and the memory of the run."""
    out = ["| | all in one run | a process for each | ratio |", "|---|---|---|---|"]
    for what, name in (("wall", "time for each handout, s"), ("cpu", "CPU for each handout, s")):
        one, other = runs.median(what) / handouts, naive.median(what) / sample
        out.append(f"| {name} | {one:.3f} | {other:.2f} | {other / one:.0f} times |")
    out.append(f"| peak memory, MB | {runs.shown('megabytes')} | {naive.shown('megabytes')} | |")
    return out


def section(temporary: Path, tell: Callable[[str], None], clinics: int = CLINICS, sample: int = SAMPLE, rounds: int = 1) -> str:
    """The section of docs/performance.md."""
    together, single = ways(temporary, clinics, sample)
    found = in_turn((together, single), rounds, tell)
    handouts = clinics * len(HANDOUTS)
    written = sum(1 for _ in (temporary / "together" / "clinics").rglob("*.pdf"))
    if written != handouts:
        raise SystemExit(f"{written} handouts were written, not {handouts}")
    head = f"{clinics} clinics with {len(HANDOUTS)} handouts each, as PDF, in {found['together'].median():.0f} s. "
    tail = f"The naive way is measured on {sample} handouts."
    return "\n".join(
        ["## Handouts for clinics", "", head + tail, "", *rows(found["together"], found["single"], handouts, sample)]
    )
