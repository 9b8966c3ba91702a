"""pandoc: the one adapter to it. Text and trees go in, trees and bytes come out; always sandboxed, within limits."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from mmguide.ast import API_VERSION, Blocks
from mmguide.cache import NOTHING, Cache
from mmguide.errors import EnvironmentLacks, LimitExceeded, MmguideError

# Trees that stay at hand: those of a guideline that is watched.
_KNOWN = 128
# Bytes that a pipe takes before its writer waits, where the system lets us ask: the trees of a middling guideline.
_PIPE = 2**20


class Limits(NamedTuple):
    """Seconds of wall time and megabytes of heap for one run."""

    seconds: int = 300
    memory_mb: int = 2048


@cache
def executable() -> str:
    """Path of the pandoc that pypandoc_binary carries; never another one of the machine."""
    found = find_spec("pypandoc")
    for place in found.submodule_search_locations or () if found else ():
        for name in ("pandoc", "pandoc.exe"):
            if (path := Path(place, "files", name)).is_file():
                return str(path)
    raise EnvironmentLacks("pandoc was not found", "install the Python package pypandoc_binary")


@cache
def version() -> str:
    """pandoc's version, e.g. 3.9."""
    return run(["--version"], b"").split(b"\n", 1)[0].decode().removeprefix("pandoc").strip()


def run(arguments: Sequence[str], given: bytes, limits: Limits = Limits()) -> bytes:
    """Run pandoc with `given` on standard input; its standard output.

    Raises LimitExceeded when it needs too long or too much, MmguideError when it fails otherwise.
    """
    try:
        done = subprocess.run(
            _command(arguments, limits),
            input=given,
            capture_output=True,
            timeout=limits.seconds,
            env=_environment(),
            check=False,
            preexec_fn=_no_core_dumps,
        )
    except subprocess.TimeoutExpired as error:
        raise LimitExceeded(
            f"pandoc did not finish within {limits.seconds} seconds", "raise limits.seconds or shorten the text"
        ) from error
    if done.returncode == 251 or b"heap exhausted" in done.stderr.lower():
        raise LimitExceeded(f"pandoc needed more than {limits.memory_mb} MB", "raise limits.memory_mb or shorten the text")
    if done.returncode:
        raise MmguideError("pandoc failed: " + done.stderr.decode("utf-8", "replace").strip()[:2000])
    return done.stdout


def start(arguments: Sequence[str], limits: Limits = Limits()) -> subprocess.Popen[bytes]:
    """pandoc, started with pipes to its standard input and output; what it complains of is lost, and its time is the caller's to bound."""
    process = subprocess.Popen(
        _command(arguments, limits),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        pipesize=_PIPE,
    )
    if sys.platform == "linux":
        with suppress(OSError):  # it has ended already
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
    return process


def _command(arguments: Sequence[str], limits: Limits) -> list[str]:
    # A small room for what is new stays in the processor's cache, and old trees are looked through only when there are many: together this
    # saves a fifth of pandoc's time.
    old = min(128, limits.memory_mb // 8)
    return [executable(), "+RTS", f"-M{limits.memory_mb}M", "-H1M", "-A4M", f"-O{old}M", "-RTS", *arguments]


def _environment() -> dict[str, str]:
    """pandoc looks for templates and data in the user's folders: none of the machine's may reach an output."""
    return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "HOME": os.devnull, "XDG_DATA_HOME": os.devnull}


def _no_core_dumps() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@lru_cache(_KNOWN)
def blocks_of(tree: bytes) -> Blocks:
    """The blocks of a document as pandoc writes it. Whoever asks again gets the same tree, which nobody changes in place."""
    made: Blocks = msgspec.json.decode(tree)["blocks"]
    return made


def document(blocks: Blocks, meta: Mapping[str, Any] | None = None) -> bytes:
    """A pandoc JSON document of these blocks; `meta` holds MetaValues."""
    api = list(API_VERSION)
    return json.dumps({"pandoc-api-version": api, "meta": dict(meta or {}), "blocks": blocks}, ensure_ascii=False).encode()


def convert(given: str, source: str, to: str, limits: Limits = Limits(), cache: Cache = NOTHING) -> bytes:
    """References in the pandoc format `source` (biblatex, csljson) in another one."""
    arguments = ["--sandbox", "-f", source, "-t", to]
    return _kept(cache, "convert", [*arguments, given], limits, lambda: run(arguments, given.encode(), limits))


def cite(
    blocks: Blocks,
    references: Sequence[Mapping[str, Any]],
    style: str,
    language: str,
    limits: Limits = Limits(),
    cache: Cache = NOTHING,
) -> Blocks:
    """The blocks with citations and the reference list (`Div#refs`) set by citeproc in the CSL `style` (its XML).

    `references` are the cited CSL items only. The style must not be a dependent one.
    """
    meta = {
        "link-citations": {"t": "MetaBool", "c": True},
        "link-bibliography": {"t": "MetaBool", "c": True},
        "lang": {"t": "MetaString", "c": language},
    }
    given, items = document(blocks, meta), json.dumps(list(references), ensure_ascii=False).encode()

    def cited() -> bytes:
        import tempfile

        with tempfile.TemporaryDirectory(prefix="mmguide-") as folder:
            csl, library = Path(folder, "style.csl"), Path(folder, "references.json")
            csl.write_bytes(style.encode())
            library.write_bytes(items)
            arguments = ["--sandbox", "-f", "json", "-t", "json", "--citeproc", f"--csl={csl}", f"--bibliography={library}"]
            return run(arguments, given, limits)

    return blocks_of(_kept(cache, "cite", [given, items, style], limits, cited))


def _kept(cache: Cache, kind: str, given: Sequence[str | bytes], limits: Limits, make: Callable[[], bytes]) -> bytes:
    """What pandoc made of all this before, or makes of it now; what the limits forbid is never kept."""
    key = cache.key_of(f"pandoc {kind}", executable(), str(limits), *given)
    if entry := cache.get(key):
        return entry.content
    made = make()
    cache.put(key, None, made)
    return made


def write(
    blocks: Blocks,
    to: str,
    options: Sequence[str] = (),
    meta: Mapping[str, Any] | None = None,
    limits: Limits = Limits(),
) -> bytes:
    """The blocks in a pandoc output format (`html5`, `plain`, …) with further options."""
    return run(["--sandbox", "-f", "json", "-t", to, *options], document(blocks, meta), limits)


def write_docx(lists: Sequence[str], reference: bytes, limits: Limits = Limits()) -> bytes:
    """A Word file of these lists of blocks, each as JSON, one behind the other; styles are those of `reference`, a Word file."""
    given = document([]).removesuffix(b"]}") + ",".join(text[1:-1] for text in lists if text != "[]").encode() + b"]}"
    import tempfile

    with tempfile.TemporaryDirectory(prefix="mmguide-") as folder:
        path = os.path.join(folder, "reference.docx")
        with open(path, "wb") as file:
            file.write(reference)
        arguments = ["--sandbox", "-f", "json", "-t", "docx", "--syntax-highlighting=none", f"--reference-doc={path}", "-o", "-"]
        return run(arguments, given, limits)
