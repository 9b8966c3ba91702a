"""`make bench`: everything that docs/performance.md says, measured anew.  run.py [--only NAME,…] [--texts NAME,…] [--rounds N]

Each part is a module with a function that measures and returns its section as Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import builds, clinics, measure, profile, projects, release, start, watch
from bench.corpus import REPOSITORY
from mmguide import pandoc

Section = Callable[[argparse.Namespace, Path], str]


def _builds(chosen: argparse.Namespace, temporary: Path) -> str:
    # A large text is measured less often: its runs are long, and so steadier.
    long = {"M": chosen.rounds - 1, "deep-review": chosen.rounds - 1, "L": chosen.rounds - 2}
    rounds = {"": chosen.rounds, **{name: max(1, times) for name, times in long.items()}}
    return builds.section(tuple(filter(None, chosen.texts.split(","))), rounds, chosen.shared, temporary, _tell)


def _clinics(chosen: argparse.Namespace, temporary: Path) -> str:
    return clinics.section(temporary, _tell)


def _projects(chosen: argparse.Namespace, temporary: Path) -> str:
    return projects.section(temporary, _tell)


def _profile(chosen: argparse.Namespace, temporary: Path) -> str:
    return profile.section(tuple(filter(None, chosen.texts.split(","))), chosen.shared, temporary, _tell)


def _watch(chosen: argparse.Namespace, temporary: Path) -> str:
    return watch.section(tuple(filter(None, chosen.texts.split(","))), chosen.rounds, temporary, _tell)


def _start(chosen: argparse.Namespace, temporary: Path) -> str:
    return start.section(chosen.rounds, temporary, _tell)


def _release(chosen: argparse.Namespace, temporary: Path) -> str:
    return release.section()


SECTIONS: dict[str, Section] = {
    "builds": _builds,
    "profile": _profile,
    "watch": _watch,
    "projects": _projects,
    "clinics": _clinics,
    "start": _start,
    "release": _release,
}


def _tell(line: str) -> None:
    print(line, flush=True)


def head() -> str:
    """What is said before the sections: how it was measured, where, and when."""
    told = " ".join((measure.__doc__ or "").split())
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, pandoc {pandoc.version()}"
    when = f"Measured on {date.today():%Y-%m-%d} with {machine}; load {os.getloadavg()[1]:.1f}."
    return f"# Performance\n\nMade by `make bench`. {told}\n\n{when}\n"


def written(path: Path, made: dict[str, str]) -> str:
    """The page with these sections in the place of its old ones; the others stay as they are."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    kept = dict(re.findall(r"<!-- (\w+) -->\n(.*?)(?=<!-- |\Z)", old, flags=re.S))
    kept.update(made)
    return "\n".join([head(), *(f"<!-- {name} -->\n{kept[name].strip()}\n" for name in SECTIONS if name in kept)])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", help=f"sections, separated by commas: {', '.join(SECTIONS)}")
    parser.add_argument(
        "--texts", default="", help="texts of builds and watching, separated by commas: S, M, L, guideline, deep-review"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    parser.add_argument("--output", type=Path, default=REPOSITORY / "docs" / "performance.md")
    chosen = parser.parse_args()
    names = tuple(filter(None, chosen.only.split(","))) or tuple(SECTIONS)
    # What is measured is written at once: the whole takes long, and a part that fails must not take the others with it.
    for name in names:
        with tempfile.TemporaryDirectory() as temporary:
            made = SECTIONS[name](chosen, Path(temporary))
        chosen.output.write_text(written(chosen.output, {name: made}), encoding="utf-8")


if __name__ == "__main__":
    main()
