"""The cache of a build: results under the digest of everything they depend on. Deleting it loses nothing.

An entry bears its own digest, so that a torn or altered file counts as absent; entries are written beside and renamed, so that two
builds share a cache safely; the least recently used go first when the bound is passed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from mmguide import __version__

Value = TypeVar("Value")

MOST_BYTES = 512_000_000
_DIGEST = 32
# An escape in YAML or JSON can stand for half a character.
_TEXT = ("utf-8", "surrogatepass")


class Entry(NamedTuple):
    """What is kept under a key: facts as JSON knows them, and bytes. Never code: a cache can come from strangers with a folder."""

    facts: Any
    content: bytes


class Cache:
    """Entries by key in a folder; a Cache without folder never has anything."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.hits = 0
        self.misses = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept yet."""
        return self.folder is None or not self.folder.exists()

    def key_of(self, kind: str, *parts: str | bytes) -> str:
        """The key of a result as the function has it; '' in a Cache without folder, which never has anything."""
        return key_of(kind, *parts) if self.folder is not None else ""

    def get(self, key: str) -> Entry | None:
        """What is kept under the key, or None where there is nothing that is whole."""
        if self.folder is None:
            return None
        path = self._path(key)
        try:
            content = path.read_bytes()
            if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
                raise ValueError("torn")
            length = int.from_bytes(content[_DIGEST : _DIGEST + 8], "big")
            start = _DIGEST + 8
            entry = Entry(json.loads(content[start : start + length].decode(*_TEXT)), content[start + length :])
            os.utime(path)
        except FileNotFoundError:
            self.misses += 1
            return None
        except Exception:  # whatever a damaged entry raises: it is no entry
            self.misses += 1
            with suppress(OSError):
                path.unlink()
            return None
        self.hits += 1
        return entry

    def value(self, key: str, kind: type[Value]) -> Value | None:
        """The value of this type, one of msgspec's, that `keep` was given under the key; None where there is none."""
        if entry := self.get(key):
            with suppress(msgspec.DecodeError):
                return msgspec.json.decode(entry.content, type=kind)
        return None

    def keep(self, key: str, value: object) -> None:
        """Keep a value for `value`."""
        if self.folder is not None:
            self.put(key, None, msgspec.json.encode(value))

    def put(self, key: str, facts: Any, content: bytes = b"") -> None:
        """Keep facts (as JSON knows them) and bytes. A folder that cannot be written to keeps nothing; the build goes on without."""
        if self.folder is None:
            return
        told = json.dumps(facts, ensure_ascii=False).encode(*_TEXT)
        content = len(told).to_bytes(8, "big") + told + content
        path = self._path(key)
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            if not self.folder.exists():
                self.folder.mkdir(parents=True)
                (self.folder / ".gitignore").write_text("*\n")
            path.parent.mkdir(exist_ok=True)
            beside.write_bytes(hashlib.sha256(content).digest() + content)
            os.replace(beside, path)

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / key[:2] / key[2:]

    def trim(self, most: int = MOST_BYTES) -> None:
        """Remove the least recently used entries until `most` bytes are left."""
        if self.folder is None:
            return
        entries = []
        for path in self.folder.glob("??/*"):
            with suppress(OSError):
                entries.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= most:
                break
            with suppress(OSError):
                path.unlink()
                total -= size


NOTHING = Cache(None)


def key_of(kind: str, *parts: str | bytes) -> str:
    """The key of a result of this kind from everything it depends on; the compiler itself is part of every key."""
    digest = hashlib.sha256(f"{kind}\0{compiler()}".encode())
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()


@cache
def compiler() -> str:
    """A digest of mmguide as it runs: its version, size and time of each of its files and of the house's styles, Python and all packages.

    So a changed checkout, an upgrade of a package or another interpreter shares nothing.
    """
    package = Path(__file__).parent
    styles = package / "house" / "styles"
    folders = [package] if styles.is_dir() else [package, package.parents[1] / "styles"]
    stamps = (stamp for folder in folders for stamp in _stamps(str(folder), len(str(folder))))
    return hashlib.sha256("\n".join((__version__, sys.version, *sorted(stamps), *_packages())).encode()).hexdigest()


def _stamps(folder: str, prefix: int) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _stamps(entry.path, prefix)
            else:
                at = entry.stat()
                yield f"{entry.path[prefix:]} {at.st_size} {at.st_mtime_ns}"


def _packages() -> Iterator[str]:
    """The installed packages: their names bear their versions; the time tells that one was installed anew."""
    for place in sys.path:
        with suppress(OSError), os.scandir(place or ".") as entries:
            yield from sorted(f"{e.name} {e.stat().st_mtime_ns}" for e in entries if e.name.endswith((".dist-info", ".egg-info")))
