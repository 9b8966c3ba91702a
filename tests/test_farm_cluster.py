"""Builds on a Dask cluster of two workers, one of which is killed while it works, are byte for byte those of this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from test_farm import eventually, files, mmguide, project

from mmguide.errors import LimitExceeded
from mmguide.farm import jobs_of, parcels
from mmguide.options import Options


class Cluster:
    """A scheduler and two workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.log = (folder / "log").open("w")
        found = folder / "scheduler.json"
        self.processes = [self._start("scheduler", "--port", "0", "--scheduler-file", str(found))]
        eventually(lambda: found.exists() and found.read_text().endswith("}"))
        self.address = str(json.loads(found.read_text())["address"])
        for n in ("one", "two"):
            fixed = ("--no-nanny", "--nthreads", "1", "--name", n, "--local-directory", str(folder / n))
            self.processes.append(self._start("worker", self.address, *fixed))

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", what, "--host", "127.0.0.1", "--no-dashboard", *arguments]
        return subprocess.Popen(command, stdout=self.log, stderr=self.log, start_new_session=True)

    def kill_one_that_works(self) -> bool:
        """Kill a worker that has a build under way; False while none has."""
        for worker in self.processes[1:]:
            shown = subprocess.run(["ps", "-o", "args=", "--ppid", str(worker.pid)], capture_output=True, text=True, check=False)
            if "mmguide.farm.hand" in shown.stdout:
                worker.kill()
                return True
        return False

    def close(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):  # a killed worker leaves its build to itself
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.log.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    one = Cluster(folder)
    yield one
    one.close()


def test_a_lost_workers_builds_are_done_again(cluster: Cluster, tmp_path: Path) -> None:
    names = ("asthma", "croup", "gout")
    folders = [project(tmp_path / name, f"# {name}\n\nWords.\n\n![A square](s.svg)\n") for name in names]
    for folder in folders:
        (folder / "s.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>')
    broken = project(tmp_path / "broken", "# One\n\nSee [@nowhere].\n")
    output = tmp_path / "far"
    command = ["build", *folders, broken, tmp_path / "none", "-o", output, "--dask", cluster.address]
    with subprocess.Popen(
        [sys.executable, "-m", "mmguide", *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        eventually(cluster.kill_one_that_works)
        shown, told = run.communicate(timeout=300)
    assert run.returncode == 2, told
    assert "a.md:3:6: error: no reference has the key 'nowhere'" in told
    assert f"error: there is no guideline.yaml in {tmp_path}/none" in told
    assert told.endswith("5 projects: 2 could not be built\n")
    assert mmguide("build", *folders, "-o", tmp_path / "near", "--quiet").returncode == 0
    for name in names:
        assert len(files(output / name)) == 3
        assert files(output / name) == files(tmp_path / "near" / name)
        assert all(f"{output}/{name}/{one}" in shown for one in files(output / name))


def test_no_scheduler_is_said(tmp_path: Path) -> None:
    run = mmguide("build", project(tmp_path / "one"), "-o", tmp_path / "out", "--dask", "tcp://127.0.0.1:9")
    assert run.returncode == 2
    assert "error: no Dask scheduler answers at 'tcp://127.0.0.1:9'" in run.stderr


def test_a_missing_extra_names_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['distributed'] = None; from mmguide.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "build", str(project(tmp_path / "one")), "--dask", "tcp://127.0.0.1:9"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (run.returncode, "pip install 'mmguide[dask]'" in run.stderr) == (3, True)


def test_a_parcel_holds_the_project_and_nothing_else(tmp_path: Path) -> None:
    folder = project(tmp_path / "one")
    for name in (".git/config", ".env", "build/one.pdf", "out/one.pdf", "deep/er/b.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "b.md").symlink_to(folder / "deep" / "er" / "b.md")
    (folder / "deeper").symlink_to("deep/er")
    (folder / "outside").symlink_to("/etc/passwd")
    (job,) = jobs_of([folder], Options(output=folder / "out"))
    parcel = parcels.packed(job)
    assert set(parcel.files) == {"guideline.yaml", "a.md", "deep/er/b.md"}
    assert dict(parcel.links) == {"b.md": "deep/er/b.md", "deeper": "deep/er", "outside": "/etc/passwd"}
    assert parcel.sealed() == parcels.packed(job).sealed()
    (tmp_path / "there").mkdir()
    there = parcels.unpacked(parcel, tmp_path / "there")
    assert there.name == "one"
    assert (there / "b.md").read_text() == (there / "deeper" / "b.md").read_text() == "deep/er/b.md"


def test_what_is_too_much_to_send_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcels, "MOST_BYTES", 10)
    with pytest.raises(LimitExceeded, match="too much to send"):
        parcels.packed(jobs_of([project(tmp_path / "one")], Options())[0])


def test_what_the_cluster_did_not_have_is_noticed(tmp_path: Path) -> None:
    folder = project(tmp_path / "one")
    (job,) = jobs_of([folder], Options(formats=("html",)))
    from mmguide.farm.hand import build_parcel

    returned = build_parcel(parcels.packed(job))
    assert {Path(name).suffix for name in returned.outputs} == {".html"}
    assert parcels.answered_otherwise(job, returned.asked) == []
    (folder / "a.md").write_text("# Other\n")
    assert [argument for _, argument, _ in parcels.answered_otherwise(job, returned.asked)] == ["a.md"]
