"""How fast a check begins: mmguide on the guideline, with and without what it kept, against the least that any such program must do.

The least is to load pydantic and a reader of YAML, and to have pandoc read once what a check has it read: the sections and the texts of
handouts. What that takes for the sections alone is told beside it.
"""

from __future__ import annotations

import glob
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

from bench.corpus import REPOSITORY
from bench.measure import Contestant, environment, in_turn
from mmguide import pandoc

LEAST, LESS = "pydantic, YAML and one run of pandoc", "the same for the sections alone"
KEPT = "mmguide check, unchanged"
EDITED, ANEW = "mmguide check, one paragraph edited", "mmguide check, nothing kept"
BOUND = 1.3
# A check in a process that tells how much processor time each part of it took. Modules are loaded first, those that a check before it had.
_TOLD = """
import json, resource, sys, time
from pathlib import Path
modules, project = json.loads(sys.argv[1]), Path(sys.argv[2])
marks = [("", 0.0), ("starting Python", time.process_time())]
groups = {"loading Python's own modules": lambda top: top in sys.stdlib_module_names, "loading msgspec": lambda top: "msgspec" in top,
    "loading other libraries": lambda top: top != "mmguide", "loading mmguide": lambda top: True}
for group, belongs in groups.items():
    for name in modules:
        if belongs(name.split(".")[0]) and name not in sys.modules:
            try: __import__(name)
            except ImportError: pass
    marks.append((group, time.process_time()))
from mmguide.build import check_project
def tell(stage, _): marks.append((stage, time.process_time()))
check_project(project, tell, drawn=False)
parts = {name: at - before for (name, at), (_, before) in zip(marks[1:], marks)}
parts["pandoc, at the same time"] = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
print(json.dumps([parts, [name for name in sys.modules]]))
"""


def section(rounds: int, temporary: Path, tell: Callable[[str], None]) -> str:
    """The section of docs/performance.md on the start of a check."""
    source, edited = REPOSITORY / "source", temporary / "edited"
    shutil.copytree(source, edited)
    texts, handouts = (sorted(glob.glob(str(source / folder / "*.md"))) for folder in ("sections", "handouts"))
    check = [sys.executable, "-m", "mmguide", "check", "--quiet"]
    loaded = [sys.executable, "-c", "import pydantic, ruamel.yaml"]
    parsed = [pandoc.executable(), "-f", "markdown", "-t", "json", "-o", str(temporary / "x.json")]
    numbers = count(1)

    def edit() -> None:
        with (edited / "sections" / Path(texts[len(texts) // 2]).name).open("a", encoding="utf-8") as file:
            file.write(f"\nEdit number {next(numbers)}.\n")

    # The first checks keep what the measured ones find.
    in_turn([Contestant("kept", [[*check, str(source)], [*check, str(edited)]], temporary)], 1, tell)
    runs = in_turn(
        [
            Contestant(LEAST, [loaded, [*parsed, *texts, *handouts]], temporary),
            Contestant(LESS, [loaded, [*parsed, *texts]], temporary),
            Contestant(KEPT, [[*check, str(source)]], temporary),
            Contestant(EDITED, [[*check, str(edited)]], temporary, edit),
            Contestant(ANEW, [[*check, str(source), "--no-cache"]], temporary),
        ],
        rounds,
        tell,
    )
    lines = ["## The start of a check", "", "| | time, s | ratio | must | CPU, s | ratio |", "|---|---|---|---|---|---|"]
    for name, one in runs.items():
        ratio, cpu = one.median() / runs[LEAST].median(), one.median("cpu") / runs[LEAST].median("cpu")
        must = "" if name in (LEAST, LESS) else BOUND
        lines.append(f"| {name} | {one.shown()} | {ratio:.2f} | {must} | {one.shown('cpu')} | {cpu:.2f} |")
    return "\n".join([*lines, "", *_profile(rounds, source, temporary)]) + "\n"


def _profile(rounds: int, source: Path, temporary: Path) -> list[str]:
    """Where the processor time of a check goes for which nothing is kept."""
    parts, modules = _told([], source, temporary)
    own = [name for name in modules if name.startswith("mmguide")]
    runs = [_told(modules, source, temporary)[0] for _ in range(rounds)]
    medians = {name: statistics.median(run[name] for run in runs) for name in parts}
    counted = f"({len(modules)} modules are loaded, {len(own)} of them mmguide's)"
    lead = f"Where the processor time of a check goes for which nothing is kept {counted}:"
    rows = (f"| {name} | {seconds:.2f} |" for name, seconds in medians.items())
    return [lead, "", "| | CPU, s |", "|---|---|", *rows]


def _told(modules: list[str], source: Path, temporary: Path) -> tuple[Mapping[str, float], list[str]]:
    command = [sys.executable, "-c", _TOLD, json.dumps(modules), str(source)]
    done = subprocess.run(command, cwd=temporary, env=environment(), capture_output=True, text=True, check=True)
    parts, loaded = json.loads(done.stdout)
    return parts, loaded
