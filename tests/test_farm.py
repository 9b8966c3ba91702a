"""Many projects in one run: what is written is what each build alone writes; a broken one stops nobody; an end leaves no process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mmguide.errors import UsageError
from mmguide.farm import jobs_of
from mmguide.options import Options

SETTINGS = "id: {name}\ntitle: About {name}\nversion: 1.0.0\nsections: [a.md]\n"
PATIENCE = 120.0


def project(folder: Path, text: str = "# One\n\nWords.\n\n# Two\n\nMore words.\n") -> Path:
    folder.mkdir(parents=True)
    (folder / "guideline.yaml").write_text(SETTINGS.format(name=folder.name))
    (folder / "a.md").write_text(text)
    return folder


def mmguide(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "mmguide", *map(str, arguments)], capture_output=True, text=True, check=False)


def files(folder: Path) -> dict[str, bytes]:
    """What stands in a folder of outputs, without what is hidden."""
    return {path.name: path.read_bytes() for path in folder.glob("[!.]*")}


def eventually(what: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_each_is_built_as_alone_and_a_broken_one_stops_nobody(tmp_path: Path) -> None:
    folders = [project(tmp_path / name) for name in ("asthma", "broken", "gout")]
    (tmp_path / "broken" / "a.md").write_text("# One\n\nSee [@nowhere].\n")
    nowhere = tmp_path / "nowhere"
    run = mmguide("build", *folders, nowhere, "-o", tmp_path / "many")
    assert run.returncode == 2
    told = [line for line in run.stderr.splitlines() if line.startswith("[") or "MMG201" in line or line.startswith("error:")]
    assert [line.split(" (")[0] for line in told] == [
        "[1/4] asthma: no problems",
        "[2/4] broken: 1 error: nothing was written",
        "a.md:3:6: error: no reference has the key 'nowhere'  [MMG201 undefined-citation]",
        "[3/4] gout: no problems",
        "[4/4] nowhere: stopped: nothing was written",
        f"error: there is no guideline.yaml in {nowhere}",
    ]
    assert run.stderr.endswith("4 projects: 2 could not be built\n")
    for name in ("asthma", "gout"):
        alone = tmp_path / "alone" / name
        assert mmguide("build", tmp_path / name, "-o", alone, "--quiet").returncode == 0
        made = files(tmp_path / "many" / name)
        assert made == files(alone)
        assert {Path(one).suffix for one in made} == {".pdf", ".docx", ".html"}
        assert all(f"{tmp_path}/many/{name}/{one}" in run.stdout for one in made)
    assert files(tmp_path / "many" / "broken") == {}
    again = mmguide("build", *folders, "-o", tmp_path / "many", "--timings")
    assert (again.returncode, again.stderr.count(" unchanged ")) == (1, 3)


@pytest.mark.parametrize("names", [("x/one", "y/one"), ("one", "./one"), ("x/one", "y/ONE")])
def test_two_that_would_be_written_to_one_place_are_refused(names: Sequence[str]) -> None:
    with pytest.raises(UsageError, match="would both be written to"):
        jobs_of([Path(name) for name in names], Options())


def test_one_folder_writes_where_it_always_did() -> None:
    (job,) = jobs_of([Path("one")], Options())
    assert job.options.output == Path("build")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_end_leaves_no_process(how: signal.Signals, tmp_path: Path) -> None:
    long = "".join(f"# Section {n}\n\n" + "Words about this and that. " * 2000 + "\n\n" for n in range(12))
    folders = [project(tmp_path / name, long) for name in ("one", "two", "three")]
    command = [sys.executable, "-m", "mmguide", "build", *map(str, folders), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:

        def members() -> list[str]:
            shown = subprocess.run(["ps", "-eo", "sid=,stat="], capture_output=True, text=True, check=True).stdout
            return [line for line in shown.splitlines() if line.split()[0] == str(process.pid) and "Z" not in line]

        # Itself, two builds, their shops, and what sets pages in these.
        eventually(lambda: len(members()) >= 6)
        os.kill(process.pid, how)
        assert process.wait(60) == {signal.SIGINT: 1, signal.SIGTERM: 128 + signal.SIGTERM}[how]
        eventually(lambda: not members())
    assert not list((tmp_path / "out").glob("*/[!.]*"))
    assert not list((tmp_path / "out").glob("*/.*.part"))
