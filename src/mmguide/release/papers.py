"""Stage release, papers: the small files that other programs read: SHA256SUMS, CITATION.cff, the in-toto statement of provenance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from mmguide.model.settings import Settings
from mmguide.release.manifest import MANIFEST, Manifest, digest

_BUILD_TYPE = "urn:mmguide:release:1"


def sums(files: Mapping[str, bytes]) -> bytes:
    """SHA256SUMS as `sha256sum --check` reads it, sorted by path."""
    return "".join(f"{digest(files[path])}  {path}\n" for path in sorted(files)).encode()


def read_sums(text: bytes) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The digests by path, and the lines that are none."""
    found: dict[str, str] = {}
    strange = []
    for line in text.decode("utf-8", "replace").splitlines():
        value, _, path = line.partition("  ")
        if len(value) != 64 or set(value) - set("0123456789abcdef") or not path or path in found:
            strange.append(line)
        else:
            found[path] = value
    return found, tuple(strange)


def citation(settings: Settings, day: str) -> bytes:
    """CITATION.cff 1.2.0. Authors stand as they are named in guideline.yaml: a program cannot part a name into given and family name."""
    authors = [
        "  - name: " + _quoted(name) + (f"\n    orcid: {_quoted(orcid)}" if orcid else "") for name, orcid in _authors(settings)
    ]
    lines = [
        "cff-version: 1.2.0",
        f"message: {_quoted('Please cite this guideline as follows.')}",
        "type: dataset",
        f"title: {_quoted(settings.title + (': ' + settings.subtitle if settings.subtitle else ''))}",
        f"version: {_quoted(settings.version)}",
        f"date-released: {day}",
        *([f"abstract: {_quoted(' · '.join(p for p in (settings.notice, settings.summary) if p))}"] if settings.summary else []),
        "authors:",
        *(authors or [f"  - name: {_quoted(settings.title)}"]),
    ]
    return ("\n".join(lines) + "\n").encode()


def _authors(settings: Settings) -> Iterable[tuple[str, str]]:
    found: dict[str, str] = {}
    for person in settings.contributors:
        bare = person.orcid.rsplit("/", 1)[-1]
        found[person.name] = found.get(person.name) or (f"https://orcid.org/{bare}" if bare else "")
    return found.items()


def _quoted(text: str) -> str:
    """A YAML scalar: JSON's strings are YAML's."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def provenance(manifest: Manifest, manifest_bytes: bytes) -> bytes:
    """An in-toto statement (v1) with SLSA provenance (v1): what was made, from which commit, by which tools. No time but the release's."""
    made = [
        {"name": e.path, "digest": {"sha256": e.sha256}} for e in manifest.files if e.kind not in ("source", "style", "previous")
    ]
    made.append({"name": MANIFEST, "digest": {"sha256": digest(manifest_bytes)}})
    moment = datetime.fromtimestamp(manifest.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": made,
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": _BUILD_TYPE,
                "externalParameters": {"version": manifest.version, "status": manifest.status, "previous": manifest.previous},
                "internalParameters": {"SOURCE_DATE_EPOCH": str(manifest.epoch)},
                "resolvedDependencies": _materials(manifest),
            },
            "runDetails": {
                "builder": {"id": "urn:mmguide:builder", "version": dict(manifest.made_by.tools)},
                "metadata": {"invocationId": f"urn:mmguide:{manifest.stem}", "startedOn": moment, "finishedOn": moment},
            },
        },
    }
    return (json.dumps(statement, ensure_ascii=False, indent=1) + "\n").encode()


def _materials(manifest: Manifest) -> Sequence[Mapping[str, object]]:
    """What the release was made from: the commit, the sources one by one, the lock of the packages."""
    out: list[Mapping[str, object]] = []
    if manifest.commit.id:
        out.append({"name": "commit", "digest": {"gitCommit": manifest.commit.id}})
    if manifest.made_by.lock_sha256:
        out.append({"name": "requirements.lock", "digest": {"sha256": manifest.made_by.lock_sha256}})
    sources = (e for e in manifest.files if e.kind in ("source", "style", "previous"))
    return [*out, *({"name": e.path, "digest": {"sha256": e.sha256}} for e in sources)]
