"""How fast a check begins: mmguide on the guideline, with and without what it kept, against the least that any such program must do.

The least is to load pydantic and a reader of YAML, and to have pandoc read the same text once.
"""

from __future__ import annotations

import glob
import sys
from collections.abc import Callable
from pathlib import Path

from bench.corpus import REPOSITORY
from bench.measure import Contestant, in_turn
from mmguide import pandoc

LEAST, KEPT, ANEW = "pydantic, YAML and one run of pandoc", "mmguide check, unchanged", "mmguide check, nothing kept"
BOUND = 1.3


def section(rounds: int, temporary: Path, tell: Callable[[str], None]) -> str:
    """The section of docs/performance.md on the start of a check."""
    source = REPOSITORY / "source"
    texts = sorted(glob.glob(str(source / "sections" / "*.md")))
    check = [sys.executable, "-m", "mmguide", "check", str(source), "--quiet"]
    least = [
        [sys.executable, "-c", "import pydantic, ruamel.yaml"],
        [pandoc.executable(), "-f", "markdown", "-t", "json", *texts, "-o", str(temporary / "x.json")],
    ]
    # The first check keeps what the measured ones find.
    in_turn([Contestant("kept", [check], temporary)], 1, tell)
    runs = in_turn(
        [
            Contestant(LEAST, least, temporary),
            Contestant(KEPT, [check], temporary),
            Contestant(ANEW, [[*check, "--no-cache"]], temporary),
        ],
        rounds,
        tell,
    )
    lines = ["## The start of a check", "", "| | time, s | ratio | must | CPU, s | ratio |", "|---|---|---|---|---|---|"]
    for name, one in runs.items():
        ratio, cpu = one.median() / runs[LEAST].median(), one.median("cpu") / runs[LEAST].median("cpu")
        must = BOUND if name == KEPT else ""
        lines.append(f"| {name} | {one.shown()} | {ratio:.2f} | {must} | {one.shown('cpu')} | {cpu:.2f} |")
    return "\n".join(lines) + "\n"
