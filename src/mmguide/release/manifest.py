"""Stage release, manifest: what a release says about itself, as typed values, as JSON, and as the JSON Schema of that."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from mmguide.model.record import Record, read_record
from mmguide.model.schemas import schema_of

FORMAT = "mmguide-release-1"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
PROVENANCE, SBOM, CITATION = "provenance.intoto.json", "sbom.cdx.json", "CITATION.cff"
SOURCES, STYLES, PREVIOUS = "sources/", "styles/", "previous/"

Kind = Literal["output", "handout", "changes", "redline", "reporting", "source", "style", "previous", "description"]


class Entry(Record, frozen=True, kw_only=True):
    """A file of the release. A signed PDF begins with the bytes of the unsigned one, which are `unsigned_size` and `unsigned_sha256`."""

    path: str
    kind: Kind
    size: int
    sha256: str
    unsigned_size: int | None = None
    unsigned_sha256: str | None = None


class Commit(Record, frozen=True, kw_only=True):
    """The git commit that the sources were taken from; `clean` false where files had been changed since, `id` empty without git."""

    id: str
    clean: bool


class Allowance(Record, frozen=True, kw_only=True):
    """A condition that was not met and that somebody allowed: the rule's code, what it said, and the reason given."""

    code: str
    messages: tuple[str, ...]
    reason: str


class Approved(Record, frozen=True, kw_only=True):
    """A handout that somebody approved, in which role and when."""

    handout: str
    role: str
    date: date


class Surroundings(Record, frozen=True, kw_only=True):
    """What made the release: versions of mmguide, Python and native libraries, of the packages, digests of the font files and the lock."""

    tools: Mapping[str, str]
    packages: Mapping[str, str]
    fonts: Mapping[str, str]
    packages_sha256: str
    lock_sha256: str | None = None


class Manifest(Record, frozen=True, kw_only=True):
    """A release. `epoch` is the time that all files bear: seconds since 1970, the first of the day of the release (UTC)."""

    format: Literal["mmguide-release-1"] = "mmguide-release-1"
    id: str
    title: str
    version: str
    status: str
    date: date
    epoch: int
    language: str
    previous: str
    step: Literal["first", "major", "minor", "patch"]
    asked_for: Literal["major", "minor", "patch", "none"]
    commit: Commit
    allowed: tuple[Allowance, ...]
    warnings: Mapping[str, int]
    approvals: tuple[Approved, ...]
    made_by: Surroundings
    files: tuple[Entry, ...]

    @property
    def stem(self) -> str:
        """`<id>-<version>`, the name of the release's folder."""
        return f"{self.id}-{self.version}"


def read_manifest(content: bytes) -> Manifest | str:
    """The manifest of this JSON, or what is wrong with it."""
    return read_record(Manifest, content)


def schema() -> dict[str, Any]:
    """The JSON Schema of the manifest."""
    return schema_of(Manifest, f"urn:mmguide:{FORMAT}")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def entry(path: str, kind: Kind, content: bytes, unsigned: bytes | None = None) -> Entry:
    """The record of a file."""
    bare = (len(unsigned), digest(unsigned)) if unsigned is not None else (None, None)
    return Entry(path=path, kind=kind, size=len(content), sha256=digest(content), unsigned_size=bare[0], unsigned_sha256=bare[1])
