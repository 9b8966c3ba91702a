"""Line of many builds, on a cluster: a project as a value that can be sent, and what comes back for it."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mmguide import __version__
from mmguide.errors import LimitExceeded
from mmguide.farm.jobs import Done, Job
from mmguide.files import MEGABYTE, ProjectFiles, Question
from mmguide.material import must_be_project
from mmguide.options import Options

# More than that is no guideline, but a folder that was named by mistake.
MOST_BYTES = 500 * MEGABYTE
MOST_FILES = 10_000
# Of the environment, what says the same on every machine; where fonts and libraries stand is each machine's own.
_SENT = ("SOURCE_DATE_EPOCH", "TZ", "LANG", "LANGUAGE")


def is_sent(variable: str) -> bool:
    """Whether this variable of the environment goes along with a parcel, and stays unset there where it is unset here."""
    return variable in _SENT or variable.startswith("LC_")


class Parcel(Struct, frozen=True):
    """A project: the name of its folder, its files and symbolic links (target by path), and how it is to be built, by which mmguide."""

    name: str
    files: Mapping[str, bytes]
    links: Mapping[str, str]
    options: Options
    environment: Mapping[str, str]
    version: str = __version__

    def sealed(self) -> tuple[str, bytes]:
        """The digest of all that it holds, and the parcel as bytes."""
        content = pickle.dumps(self, pickle.HIGHEST_PROTOCOL)
        return hashlib.sha256(content).hexdigest(), content


class Return(Struct, frozen=True):
    """What came of a parcel: as told, the outputs by name, and what the build asked of the folder, with a digest of each answer."""

    done: Done
    outputs: Mapping[str, bytes] = {}
    asked: Mapping[Question, str] = {}


def packed(job: Job) -> Parcel:
    """The parcel of a job: what stands in its folder but hidden files, outputs and `build`.

    Raises UsageError where it is no project, LimitExceeded where that is more than a guideline can be.
    """
    must_be_project(job.folder)
    root, output = job.folder.resolve(), job.options.output.resolve()
    files: dict[str, bytes] = {}
    links: dict[str, str] = {}
    total = 0
    for path in sorted(_standing(root, output)):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            target = path.resolve()
            inside = target.is_relative_to(root)
            links[name] = os.path.relpath(target, path.parent.resolve()) if inside else os.readlink(path)
        elif path.is_file() and os.access(path, os.R_OK):
            total += path.stat().st_size
            if total > MOST_BYTES or len(files) >= MOST_FILES:
                raise LimitExceeded(
                    f"{job.folder} holds more than {MOST_BYTES // MEGABYTE} MB or {MOST_FILES} files, too much to send",
                    "keep what the guideline does not use in another folder, or build it without --dask",
                )
            files[name] = path.read_bytes()
    variables = {name: value for name, value in sorted(os.environ.items()) if is_sent(name)}
    # Where the outputs go is this machine's.
    return Parcel(job.name, files, links, replace(job.options, output=Path(), cache=False), variables)


def _standing(root: Path, output: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(root):
        here = Path(folder)
        linked = [name for name in inner if (here / name).is_symlink()]
        inner[:] = [one for one in inner if one[0] != "." and one not in linked and here / one not in (output, root / "build")]
        yield from (here / name for name in (*names, *linked) if name[0] != ".")


def unpacked(parcel: Parcel, below: Path) -> Path:
    """Put the project down in a folder of its name below this one."""
    root = below / parcel.name
    root.mkdir()
    for name, content in parcel.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name, target in parcel.links.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)
    return root


def answered_otherwise(job: Job, asked: Mapping[Question, str]) -> list[Question]:
    """What the build asked of the parcel and got another answer than the folder itself gives now."""
    files = ProjectFiles(job.folder)
    return [question for question, answer in asked.items() if files.answer(question) != answer]
