"""Whole builds: mmguide from nothing, after an edit, and with nothing changed, against the peers, on texts of three sizes and real ones."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench import peers
from bench.corpus import SIZES, Text, real, synthetic
from bench.measure import Contestant, Runs, environment, in_turn

COLD, EDIT, SAME = "mmguide, from nothing", "mmguide, one paragraph edited", "mmguide, nothing changed"
PEER = "pandoc + WeasyPrint, then pandoc docx"
# What issue and manual promise: the ratio to the usual chain, from nothing.
BOUNDS: Mapping[str, Mapping[str, float]] = {
    COLD: {"S": 1.0, "M": 0.6, "L": 0.55},
    EDIT: {"S": 0.35, "M": 0.15, "L": 0.12},
    SAME: {"S": 0.1, "M": 0.03, "L": 0.01},
}
MEMORY: Mapping[str, float] = {"S": 1.6, "M": 1.5, "L": 1.3}
# Quarto's books, PDF by Typst and Word together, as multiples of pandoc with WeasyPrint and pandoc's Word writer together: measured
# once, on synthetic guidelines of these sizes; Quarto is in none of the package registries, so it does not take part here.
QUARTO: Mapping[str, float] = {"S": (2.9 + 2.5) / (2.9 + 0.43), "M": (12.2 + 11.3) / (15.7 + 2.5), "L": (70.5 + 61) / (64 + 8.5)}
QUARTO_BOUNDS: Mapping[str, float] = {"S": 0.6, "M": 0.45, "L": 0.35}


def texts(names: tuple[str, ...], shared: Path, temporary: Path) -> Iterator[Text]:
    """The texts of these names (all when empty), written when they are asked for."""
    for size in SIZES:
        if not names or size.name in names:
            yield synthetic(size, temporary / size.name)
    for text in real(shared, temporary):
        if not names or text.name in names:
            yield text


class Edit:
    """Changes one word of one paragraph in the middle of a text, another one each time."""

    def __init__(self, text: Text) -> None:
        self.path = text.folder / text.sections[len(text.sections) // 2]
        self.lines = self.path.read_text(encoding="utf-8").split("\n")
        prose = [at for at, line in enumerate(self.lines) if re.match(r"[A-Z][^|#]{60,}", line)]
        self.at = prose[len(prose) // 2]
        self.times = 0

    def __call__(self) -> None:
        self.times += 1
        lines = [*self.lines]
        lines[self.at] = f"Edited for the {self.times}. time. {lines[self.at]}"
        self.path.write_text("\n".join(lines), encoding="utf-8")


def contestants(text: Text, output: Path) -> list[Contestant]:
    """mmguide in its three states and every peer that is here, in the order in which they run."""
    mine = output / "mmguide"
    theirs = output / "peers"
    theirs.mkdir(parents=True)
    build = [sys.executable, "-m", "mmguide", "build", str(text.folder), "-o", str(mine), "--quiet"]
    found = [
        Contestant(COLD, [build], text.folder, lambda: shutil.rmtree(mine, ignore_errors=True)),
        Contestant(EDIT, [build], text.folder, Edit(text)),
        Contestant(SAME, [build], text.folder),
    ]
    made = (make(text, theirs) for make in (peers.both, peers.typst, peers.manubot, peers.asciidoctor))
    return [*found, *(Contestant(peer.name, peer.commands, text.folder, needed=peer.name == PEER) for peer in made if peer)]


def stages(text: Text) -> str:
    """The seconds of each stage of a build from nothing, as `--timings` prints them."""
    command = [
        sys.executable,
        "-m",
        "mmguide",
        "build",
        str(text.folder),
        "-o",
        str(text.folder / "out"),
        "--no-cache",
        "--timings",
    ]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=environment()).stderr
    return ", ".join(f"{name} {seconds}" for name, seconds in re.findall(r"^ *([a-z ]+?) +(\d+\.\d+) s$", shown, flags=re.M))


def _table(text: Text, runs: Mapping[str, Runs]) -> list[str]:
    peer = runs[PEER]
    lines = [
        f"### {text.about}",
        "",
        "| | time, s | ratio | must | CPU, s | peak memory, MB | ratio | must |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in runs.items():
        must = BOUNDS.get(name, {}).get(text.name)
        memory = MEMORY.get(text.name) if name == COLD else None
        lines.append(
            f"| {name} | {one.shown()} | {one.median() / peer.median():.2f} | {must or ''} | {one.shown('cpu')} | {one.shown('megabytes')} "
            f"| {one.median('megabytes') / peer.median('megabytes'):.2f} | {memory or ''} |"
        )
    if text.name in QUARTO:
        ratio = runs[COLD].median() / peer.median() / QUARTO[text.name]
        lines += [
            "",
            f"Against Quarto's two, through their common peer: {ratio:.2f} (must be {QUARTO_BOUNDS[text.name]} at most).",
        ]
    return lines


def section(names: tuple[str, ...], rounds: Mapping[str, int], shared: Path, temporary: Path, tell: Callable[[str], None]) -> str:
    """The section of docs/performance.md on whole builds."""
    missing = peers.prepare()
    lines = [
        "## Whole builds",
        "",
        "mmguide writes the tagged PDF of two standards, the Word file and the web page; each peer only what its name says, untagged. "
        f"Ratios are to *{PEER}*, the usual chain. From nothing means without a cache.",
        "",
    ]
    cold: dict[str, float] = {}
    pages: dict[str, int] = {size.name: size.words for size in SIZES}
    for text in texts(names, shared, temporary):
        tell(text.about)
        runs = in_turn(contestants(text, temporary / f"{text.name}-out"), rounds.get(text.name, rounds[""]), tell)
        cold[text.name] = runs[COLD].median()
        lines += [*_table(text, runs), "", f"Stages of one build from nothing, in seconds: {stages(text)}.", ""]
    if {"M", "L"} <= set(cold):
        growth = cold["L"] / cold["M"] / (pages["L"] / pages["M"])
        lines += [f"From M to L the time grows {growth:.2f} times as much as the words (1 is linear).", ""]
    lines += [f"Not measured: {'; '.join(missing)}.", ""] if missing else []
    return "\n".join(lines)
