"""Stage release, archive: the files of a release as one zip, the same bytes everywhere; read back with every fault named.

Nothing in it is compressed: another zlib would give other bytes, and what is in it (PDF, Word, fonts) is compressed already.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath

from msgspec import Struct

MOST_BYTES = 2_000_000_000
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


class Archive(Struct, frozen=True):
    """A zip as it was read: its files by their path below the one folder in it, its times, and what is wrong with it as a zip."""

    files: Mapping[str, bytes] = {}
    top: str = ""
    moment: int = 0
    faults: tuple[str, ...] = ()


def pack(top: str, files: Mapping[str, bytes], moment: int) -> bytes:
    """The zip of these files below the folder `top`, all of one time (seconds since 1970; zip knows none before 1980)."""
    when = datetime.fromtimestamp(max(moment, 315532800), UTC).timetuple()[:6]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as made:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{name}", when)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            made.writestr(entry, files[name])
    return out.getvalue()


def unpack(content: bytes) -> Archive:
    """The files of a zip with everything that is wrong with it. What comes from somewhere else cannot name places outside, or grow."""
    files: dict[str, bytes] = {}
    faults: list[str] = []
    top, moment = "", 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            entries = opened.infolist()
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                return Archive(faults=(f"it unpacks to more than {MOST_BYTES // 1_000_000} MB",))
            for entry in entries:
                head, _, name = entry.filename.partition("/")
                top, moment = top or head, moment or _seconds(entry.date_time)
                if head != top or not (_inside(head) and _inside(name)) or name in files:
                    faults.append(f"{entry.filename}: no release has a file of this name, or it stands twice")
                elif isinstance(read := _read(opened, entry), bytes):
                    files[name] = read
                else:
                    faults.append(f"{name}: it cannot be read: {read}")
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError, UnicodeDecodeError) as error:
        return Archive(files, top, moment, (*faults, f"the archive's directory cannot be read: {error}"))
    if not faults and (at := _first_difference(content, pack(top, files, moment))) is not None:
        faults.append(f"{_entry_at(content, at)}: byte {at} of the zip is not what mmguide wrote")
    return Archive(files, top, moment, tuple(faults))


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | Exception:
    try:
        return opened.read(entry)
    except Exception as error:  # a damaged zip raises whatever its decompressor does
        return error


def _seconds(when: tuple[int, int, int, int, int, int]) -> int:
    try:
        return int(datetime(*when, tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        bool(name)
        and not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in name
        and ":" not in name
        and "\0" not in name
    )


def _first_difference(one: bytes, other: bytes) -> int | None:
    if one == other:
        return None
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _entry_at(content: bytes, at: int) -> str:
    """The file whose entry the byte belongs to."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        begun = [entry for entry in opened.infolist() if entry.header_offset <= at < opened.start_dir]
    return begun[-1].filename.partition("/")[2] if begun else "the archive's directory"
