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
from threading import Thread
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from mmguide.ast import API_VERSION, Blocks
from mmguide.cache import NOTHING, Cache
from mmguide.errors import EnvironmentLacks, LimitExceeded, MmguideError
from mmguide.processors import processors

# Characters that are worth a process of their own: some tenths of a second of reading.
_ENOUGH = 100_000


# Trees that stay at hand: those of a guideline that is watched.
_KNOWN = 128
# Bytes that a pipe takes before its writer waits, where the system lets us ask: the trees of a middling guideline.
_PIPE = 2**20

Result = TypeVar("Result")


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


def _each_once(
    kind: str,
    options: str,
    texts: Sequence[str],
    limits: Limits,
    cache: Cache,
    make: Callable[[Sequence[str], Limits], list[bytes]],
) -> Callable[[], list[bytes]]:
    """Begin to make what is not kept of each text by `make`, which takes many at once; what is returned waits for it and gives all.

    There are as many processes as processors, and fewer for little text, which one makes in the time that others need to start and the
    caller for its own work.
    """
    keys = {text: cache.key_of(kind, executable(), options, str(limits), text) for text in texts}
    made = {text: entry.content for text, key in keys.items() if (entry := cache.get(key))}
    missing = [text for text in keys if text not in made]
    shares = _shares(missing, _hands(missing))
    coming = [_Coming(make, share, limits) for share in shares]

    def all_of_them() -> list[bytes]:
        for share, results in zip(shares, coming, strict=True):
            made.update(zip(share, results.wait(), strict=True))
        for text in missing:
            cache.put(keys[text], None, made[text])
        return [made[text] for text in texts]

    return all_of_them


class _Coming(Generic[Result]):
    """What a function is making in a thread of its own. (`concurrent.futures` takes longer to load than to do this.)"""

    def __init__(self, make: Callable[..., Result], *arguments: Any) -> None:
        self._results: list[Result] = []
        self._errors: list[BaseException] = []
        self._thread = Thread(target=self._run, args=(make, *arguments), daemon=True)
        self._thread.start()

    def _run(self, make: Callable[..., Result], *arguments: Any) -> None:
        try:
            self._results.append(make(*arguments))
        except BaseException as error:
            self._errors.append(error)

    def wait(self) -> Result:
        """What was made, or the error that stopped it."""
        self._thread.join()
        for error in self._errors:
            raise error
        return self._results[0]


def _hands(texts: Sequence[str]) -> int:
    """How many processes these texts are worth."""
    most = min(len(texts), sum(map(len, texts)) // _ENOUGH + 1)
    return min(most, processors())


def _shares(texts: Sequence[str], count: int) -> list[list[str]]:
    """The texts in `count` shares of about the same length."""
    shares: list[list[str]] = [[] for _ in range(count)]
    lengths = [0] * count
    for text in sorted(texts, key=len, reverse=True):
        least = lengths.index(min(lengths))
        shares[least].append(text)
        lengths[least] += len(text) + 1
    return shares


# These stand for options of pandoc's command line, where the trees are written one by one.
_HTML_OPTIONS = ("--section-divs", "--wrap=none", "--mathml", "--syntax-highlighting=none")
_WRITE_ALL = (
    "local given = pandoc.json.decode(io.read('a'), false) "
    "local options = pandoc.WriterOptions{section_divs = true, wrap_text = 'none', html_math_method = 'mathml', "
    "highlight_method = 'none'} "
    "for _, tree in ipairs(given) do local made = pandoc.write(pandoc.read(tree, 'json'), 'html5', options) "
    "io.write(string.format('%d\\n', #made), made) end"
)


def html_all(trees: Sequence[Blocks], language: str, limits: Limits = Limits(), cache: Cache = NOTHING) -> list[bytes]:
    """Each tree as HTML with sections, written by itself: the notes of each are counted from 1 and stand at its end."""
    documents = [document(blocks, {"lang": {"t": "MetaString", "c": language}}).decode() for blocks in trees]
    return _each_once("pandoc html", " ".join(_HTML_OPTIONS), documents, limits, cache, _as_html)()


def _as_html(documents: Sequence[str], limits: Limits) -> list[bytes]:
    """The HTML of each document. Where one of them goes beyond the limits, each is tried by itself."""
    if len(documents) > 1:
        with suppress(MmguideError):
            made = _by_length(run(["lua", "-e", _WRITE_ALL], json.dumps(documents).encode(), limits))
            if len(made) == len(documents):
                return made
    return [run(["--sandbox", "-f", "json", "-t", "html5", *_HTML_OPTIONS], one.encode(), limits) for one in documents]


def _by_length(told: bytes) -> list[bytes]:
    """The parts of an answer in which a line with its length stands before each."""
    parts, at = [], 0
    while at < len(told):
        start = told.index(b"\n", at) + 1
        at = start + int(told[at:start])
        parts.append(told[start:at])
    return parts


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
