"""The edge to other versions of a guideline: a folder, a release's zip, or a revision of the project's git repository, as a folder."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from msgspec import Struct

from mmguide.errors import UsageError
from mmguide.files import ProjectFiles

SETTINGS_FILE = "guideline.yaml"
MOST_BYTES = 1_000_000_000
MOST_MEGABYTES = 200
# The usual folder of the outputs, which is no part of a version where it stands beside the sources.
OUTPUTS = "build"


@contextmanager
def version_folder(name: str, project: Path) -> Iterator[Path]:
    """The folder with the guideline.yaml of a version. `name` is a folder, a release zip, or a git revision of `project`.

    Raises UsageError when it is none of these.
    """
    path = Path(name)
    if (path / SETTINGS_FILE).is_file():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="mmguide-version-") as made:
        folder = Path(made)
        if path.is_file() and zipfile.is_zipfile(path):
            _unzip(path, folder)
        else:
            _checkout(name, project, folder)
        yield _settings_folder(folder, name)


def _settings_folder(folder: Path, name: str) -> Path:
    found = sorted(folder.rglob(SETTINGS_FILE), key=lambda p: (len(p.parts), p))
    if not found:
        raise UsageError(f"'{name}' holds no {SETTINGS_FILE}", "name a guideline's folder, a release's zip or a git revision")
    return found[0].parent


def _unzip(path: Path, folder: Path) -> None:
    """The zip's files below `folder`; names that lead outside and archives that grow without bound are refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise UsageError(f"{path} unpacks to more than {MOST_BYTES // 1_000_000} MB", "this is not a release of mmguide")
            for member in archive.infolist():
                parts = PurePosixPath(member.filename)
                if parts.is_absolute() or ".." in parts.parts or "\\" in member.filename:
                    raise UsageError(f"{path} holds a file named '{member.filename}'", "this is not a release of mmguide")
            archive.extractall(folder)
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:
        raise UsageError(f"{path} cannot be unpacked: {error}", "fetch the release again") from error


def _checkout(revision: str, project: Path, folder: Path) -> None:
    """The project's folder as it was at a git revision."""
    if revision.startswith("-"):
        raise UsageError(f"'{revision}' is not a revision", "name a guideline's folder, a release's zip or a git revision")
    place = _git(project, "rev-parse", "--show-prefix").decode().strip()
    top = _git(project, "rev-parse", "--show-toplevel").decode().strip()
    commit = _git(project, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    archive = _git(Path(top), "archive", "--format=tar", commit, "--", place or ".")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar.getmembers():
            parts = PurePosixPath(member.name)
            if not (member.isfile() or member.isdir()) or parts.is_absolute() or ".." in parts.parts:
                continue
            tar.extract(member, folder, filter="data")


class TreeState(Struct, frozen=True):
    """The commit that a folder stands at ('' without git), and the paths in it that differ from that commit or are not in it."""

    commit: str = ""
    changed: tuple[str, ...] = ()


def tree_state(folder: Path) -> TreeState:
    """What git says about a folder; nothing where there is no repository with a commit."""
    try:
        commit = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
        listed = _git(folder, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--", ".")
    except UsageError:
        return TreeState()
    changed = sorted(part[3:] for part in listed.decode("utf-8", "replace").split("\0") if part[2:3] == " ")
    return TreeState(commit, tuple(changed))


def has_commit(folder: Path, commit: str) -> bool:
    """The repository of the folder has this commit."""
    try:
        return bool(_git(folder, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"))
    except UsageError:
        return False


def snapshot(folder: Path, *, alone: bool = False) -> dict[str, bytes]:
    """The files of a version by path: all that git knows or would take, without git (or `alone`) all whose names show, but for outputs.

    Raises UsageError for a file that cannot be read or leads out of the folder.
    """
    files = ProjectFiles(folder)
    found: dict[str, bytes] = {}
    for path in _listed(folder) if not alone and tree_state(folder).commit else _shown(folder):
        content = files.read(path, None, MOST_MEGABYTES)
        if not isinstance(content, bytes):
            raise UsageError(content.message, content.hint)
        found[path] = content
    return found


def _listed(folder: Path) -> list[str]:
    listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard").decode("utf-8", "surrogateescape")
    return sorted({path for path in listed.split("\0") if path and (folder / path).is_file()})


def _shown(folder: Path) -> list[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    kept = (path for path in found if path.parts[0] != OUTPUTS and not any(part.startswith(".") for part in path.parts))
    return sorted(path.as_posix() for path in kept)


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise UsageError("git is not installed", "install git, or name two folders") from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(
            f"git does not know this version: {told[0] if told else arguments[-1]}",
            "name a guideline's folder, a release's zip or a git revision such as v1.0.0",
        )
    return done.stdout
