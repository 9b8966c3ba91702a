"""refs: the reference files of a project listed, merged, converted and put in order. Reads and writes files, like build."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from mmguide import bibliography
from mmguide.assemble import assemble
from mmguide.bibliography import merging, retractions, writing
from mmguide.characters import read_source
from mmguide.check.cited import cited
from mmguide.diagnostics import Diagnostic, Severity
from mmguide.errors import UsageError
from mmguide.files import write_all
from mmguide.material import SETTINGS_FILE, read_material
from mmguide.model.reference import Bibliography, Reference
from mmguide.model.settings import Project
from mmguide.model.source import Source

_LARGEST_MB = 200


class Library(Struct, frozen=True):
    """The references of a project, and how often its text cites each key."""

    project: Project
    bibliography: Bibliography
    citations: Counter[str]

    @property
    def unused(self) -> tuple[Reference, ...]:
        return tuple(r for r in self.bibliography.references if not self.citations[r.key])


class Converted(Struct, frozen=True):
    """References of one file as text in another format, and what could not be read of them."""

    text: str
    count: int
    diagnostics: tuple[Diagnostic, ...]
    source: Source


class Added(Struct, frozen=True):
    """What an export brought: the file it went to, and what was new, known, renamed or unreadable."""

    path: Path
    merge: merging.Merge
    diagnostics: tuple[Diagnostic, ...]
    source: Source


def library(folder: Path) -> Library:
    """The references of the project in `folder`. Raises UsageError when guideline.yaml cannot be used."""
    reading = read_material(folder)
    if reading.material is None:
        raise UsageError(f"{SETTINGS_FILE} cannot be used", f"see `mmguide check {folder}`")
    manuscript, _ = assemble(reading.material)
    found = manuscript.bibliography
    keys = (reference.key for s in manuscript.scans for c in s.citations if (reference := found.get(c.key)) is not None)
    counts = Counter(keys)
    # What a table of the data cites, or the text by a second key, is cited too.
    counts.update(key for key in cited(manuscript) if not counts[key])
    return Library(manuscript.project, found, counts)


def convert(path: Path, to: str) -> Converted:
    """The references of one file in the format `to` (csl-json, csl-yaml, bibtex)."""
    found, diagnostics, source = _read(path)
    if not found.references and diagnostics:
        return Converted("", 0, diagnostics, source)
    return Converted(writing.WRITERS[to](r.csl for r in found.references), len(found.references), diagnostics, source)


def add(path: Path, folder: Path, into: str = "") -> Added:
    """Merge the references of an export into a file of the project: `into`, or the first one that can be added to."""
    found, diagnostics, source = _read(path)
    have = library(folder)
    target = folder / (into or _target(have))
    merge = merging.merge(have.bibliography, found.references)
    if merge.added:
        before = _text(target) if target.exists() else ""
        format = bibliography.format_of(target.name) or ""
        _write(target, writing.appended(before, format, merge.added))
    return Added(target, merge, diagnostics, source)


def _target(have: Library) -> str:
    files = [f for f in have.project.settings.bibliography if bibliography.format_of(f) in writing.WRITERS and "*" not in f]
    if not files:
        raise UsageError(
            "guideline.yaml names no file that references can be added to",
            "write `bibliography: [references.json]` into it, or give --into FILE",
        )
    return files[0]


def format_file(path: Path, write: bool) -> bool:
    """Put a CSL-JSON file into the usual form: one field a line, fields in one order. True when that changes it.

    Nothing is lost: a file with anything wrong in it is refused.
    """
    text = _text(path)
    found, diagnostics, _ = _read(path)
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise UsageError(f"{path} has errors, so it is left as it is", f"see `mmguide refs convert {path}`")
    if bibliography.format_of(path.name) != "csl-json":
        raise UsageError(f"{path} is not CSL-JSON", f"make it so with `mmguide refs convert {path} --to csl-json`")
    # From the file itself, not from what was read: reading settles empty fields and spellings.
    items = json.loads(text)
    new = writing.as_csl_json(items if isinstance(items, list) else [r.csl for r in found.references])
    if write and new != text:
        _write(path, new)
    return new != text


def update_retractions(table: Path, folder: Path) -> tuple[Path, int]:
    """Make the project's table of retractions from the CSV of Retraction Watch: its path, and how many works it names."""
    try:
        content = table.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {table}: {error.strerror}") from error
    text, count = retractions.compact(content)
    named = library(folder).project.settings.retractions or bibliography.RETRACTIONS
    target = folder / named
    _write(target, text)
    return target, count


def _read(path: Path) -> tuple[Bibliography, tuple[Diagnostic, ...], Source]:
    source = _source(path)
    found, diagnostics = bibliography.read([source])
    return found, diagnostics, source


def _source(path: Path) -> Source:
    try:
        if path.stat().st_size > _LARGEST_MB * 1_000_000:
            raise UsageError(f"{path} is larger than {_LARGEST_MB} MB")
        source = read_source(path.as_posix(), path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    if isinstance(source, Diagnostic):
        raise UsageError(f"{path}: {source.message}", source.hint)
    return source


def _text(path: Path) -> str:
    return _source(path).text


def _write(path: Path, text: str) -> None:
    # A file keeps the line ends that its owner's editor gave it.
    if path.exists() and b"\r\n" in path.read_bytes():
        text = text.replace("\n", "\r\n")
    write_all(path.parent, {path.name: text.encode()})


def first_author(reference: Reference) -> str:
    """The name that a list shows."""
    people: Sequence[object] = reference.csl.get("author") or reference.csl.get("editor") or ()
    first = people[0] if people else ""
    if isinstance(first, dict):
        return str(first.get("family") or first.get("literal") or "")
    return str(first)
