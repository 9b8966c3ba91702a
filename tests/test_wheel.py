"""The wheel is whole: a guideline is started and built with it in another folder, without the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def installed(repository: Path, git: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was installed, made from the tracked files alone."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=repository, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (repository / name).is_file():
            (folder / "repository" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(repository / name, folder / "repository" / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    made = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(folder / "repository")]
    subprocess.run(made, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", str(folder / "site"), str(wheel)], check=True)
    shutil.rmtree(folder / "repository")
    return folder


def mmguide(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed / "site"), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", "mmguide", *arguments]
    return subprocess.run(command, cwd=installed, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_carries_the_house(installed: Path) -> None:
    (wheel,) = installed.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"mmguide/house/source/guideline.yaml", "mmguide/house/styles/theme.yaml", "mmguide/py.typed"} <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/")) or "__pycache__" in name]


def test_a_guideline_is_started_and_built(installed: Path) -> None:
    where = mmguide(installed, "--version")
    assert where.returncode == 0, where.stderr
    started = mmguide(installed, "new", "demo")
    assert started.returncode == 0, started.stderr
    built = mmguide(installed, "build", "demo")
    assert built.returncode == 0, built.stderr
    assert sorted(path.suffix for path in (installed / "build").iterdir() if path.suffix in (".pdf", ".docx", ".html")) == [
        *(".docx", ".html", ".pdf")
    ]


def test_the_worked_example_is_started(installed: Path) -> None:
    assert mmguide(installed, "new", "example", "--example").returncode == 0
    assert mmguide(installed, "check", "example").returncode == 0


def test_the_installed_package_is_the_one_that_ran(installed: Path) -> None:
    code = "import mmguide, sys; print(mmguide.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(installed / "site"), "PYTHONSAFEPATH": "1"}
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=installed, env=environment, capture_output=True, text=True, check=True
    )
    assert Path(shown.stdout.strip()).is_relative_to(installed / "site")
