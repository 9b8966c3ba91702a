"""The edge to the file system: reads files of a project, and nothing else, within limits; writes outputs whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EEXIST
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.core import writable
from mmguide.diagnostics.rules import project as rules
from mmguide.errors import OutputFailed

MEGABYTE = 1_000_000


# Asked of a project's folder: read, exists or matching, the path or pattern, and the limit in megabytes where one holds.
Question = tuple[str, str, float]
# The answer where the same question was answered in two ways: somebody wrote meanwhile. No question is ever answered so.
_CHANGED_MEANWHILE = "changed meanwhile"


class ProjectFiles:
    """The files under a project's folder. Every path is relative to it, with `/`; symbolic links are followed and must stay inside.

    `asked` holds everything that was asked, with a digest of each answer: whoever gets the same answers has read the same project.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.asked: dict[Question, str] = {}
        self._contents: dict[Question, bytes] = {}
        self._folders: dict[str, str] = {}

    def answer(self, question: Question) -> str:
        """The digest of the answer that a question gets now."""
        kind, argument, limit = question
        if kind == "read":
            self.read(argument, None, limit)
        elif kind == "exists":
            self.exists(argument)
        else:
            self.matching(argument)
        return self.asked[question]

    def _answered(self, question: Question, answer: bytes) -> None:
        digest = hashlib.sha256(answer).hexdigest()
        if self.asked.setdefault(question, digest) != digest:
            self.asked[question] = _CHANGED_MEANWHILE

    def exists(self, path: str) -> bool:
        """Whether something stands at a path that mmguide itself looks for."""
        there = (self.root / path).exists()
        self._answered(("exists", path, 0), b"yes" if there else b"no")
        return there

    def resolve(self, path: str, span: Span | None) -> Path | Diagnostic:
        """The real path of a regular file inside the project, or the diagnostic that says why not."""
        if writable(path) != path:
            return rules.MISSING_FILE.at(span, path=path)
        plain = unquote(path)
        if plain.startswith(("/", "\\")) or "\\" in path or ":" in plain.split("/", 1)[0] or "\0" in plain:
            return rules.OUTSIDE_PROJECT.at(span, path=path)
        try:
            real = self._real(os.path.join(self.root, path))
            if os.path.commonpath((self.root, real)) != str(self.root):
                return rules.OUTSIDE_PROJECT.at(span, path=path)
            if not stat.S_ISREG(os.stat(real).st_mode):
                return rules.NOT_A_FILE.at(span, path=path)
        except (FileNotFoundError, NotADirectoryError):
            return rules.MISSING_FILE.at(span, path=path)
        except (OSError, ValueError) as error:
            return rules.UNREADABLE_FILE.at(span, path=path, problem=getattr(error, "strerror", None) or error)
        return Path(real)

    def _real(self, path: str) -> str:
        """A path without symbolic links; each folder is looked into once."""
        folder, name = os.path.split(path)
        if name in ("", ".", ".."):
            return os.path.realpath(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        plain = os.path.join(self._folders[folder], name)
        return os.path.realpath(plain) if os.path.islink(plain) else plain

    def read(self, path: str, span: Span | None, limit_mb: float) -> bytes | Diagnostic:
        """The bytes of a file of at most `limit_mb` megabytes; those that were read already, where it was asked for before."""
        known = self._contents.get(("read", path, limit_mb))
        if known is not None:
            return known
        content = self._read(path, span, limit_mb)
        if not isinstance(content, Diagnostic):
            self._contents[("read", path, limit_mb)] = content
        told = f"{content.code} {content.message}".encode() if isinstance(content, Diagnostic) else b"file " + content
        self._answered(("read", path, limit_mb), told)
        return content

    def _read(self, path: str, span: Span | None, limit_mb: float) -> bytes | Diagnostic:
        real = self.resolve(path, span)
        if isinstance(real, Diagnostic):
            return real
        try:
            with open(real, "rb") as file:
                content = _at_most(file, int(limit_mb * MEGABYTE) + 1)
        except OSError as error:
            return rules.UNREADABLE_FILE.at(span, path=path, problem=error.strerror or error)
        if len(content) > limit_mb * MEGABYTE:
            size = f"{real.stat().st_size / MEGABYTE:.1f} MB"
            return rules.FILE_TOO_LARGE.at(span, path=path, size=size, limit=f"{limit_mb:g} MB")
        return content

    def matching(self, pattern: str) -> list[str]:
        """The files that a pattern such as `sections/*.md` names, in the order of their names; a plain path stands for itself."""
        if not any(c in pattern for c in "*?["):
            return [pattern]
        if pattern.startswith("/") or ".." in PurePosixPath(pattern).parts:
            return []
        paths = sorted(p.relative_to(self.root).as_posix() for p in self.root.glob(pattern) if p.is_file())
        self._answered(("matching", pattern, 0), "\0".join(paths).encode("utf-8", "surrogateescape"))
        return paths


def _at_most(file: BinaryIO, most: int) -> bytes:
    """What stands in a file, or its first `most` bytes; room is made for as many as there are."""
    size = os.fstat(file.fileno()).st_size
    content = file.read(min(size + 1, most))
    return content if len(content) <= size else content + file.read(most - len(content))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the output folder for one build; a second build waits, so that outputs are never mixed."""
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputFailed(f"cannot write to {folder}: {error.strerror}", "choose another folder with -o") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_all(folder: Path, outputs: Mapping[str, bytes]) -> list[Path]:
    """Write these files into `folder`: all are written beside and synced first, then renamed one after the other.

    Raises OutputFailed with the old files untouched when one of them cannot be written.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for name, content in outputs.items():
            final = folder / name
            beside = folder / f".{name}.{os.getpid()}.part"
            staged.append((beside, final))
            with open(beside, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for beside, final in staged:
            os.replace(beside, final)
        _sync_folder(folder)
    except OSError as error:
        for beside, _ in staged:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        raise OutputFailed(
            f"cannot write to {folder}: {error.strerror}", "free some space or choose another folder with -o"
        ) from error
    return [final for _, final in staged]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Make `folder` with these files, whole or not at all: everything is written and synced beside it, then it gets its name.

    Whatever a killed run left beside it is swept away first; the caller holds the lock of the folder above.
    Raises OutputFailed where the folder is there already, or cannot be written.
    """
    import shutil

    beside = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        if folder.exists():
            raise FileExistsError(EEXIST, "it is there already")
        for name, content in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            path.chmod(0o444)
        for made in {beside, *(path for path in beside.rglob("*") if path.is_dir())}:
            _sync_folder(made)
        os.rename(beside, folder)
        _sync_folder(folder.parent)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise OutputFailed(
            f"cannot write {folder}: {error.strerror}", "free some space or choose another folder with -o"
        ) from error
    return folder
