"""Stage release, bundle: what was built and what it was built from become the files of a release with manifest, digests and papers."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from mmguide.model.settings import Settings
from mmguide.release.manifest import CITATION, MANIFEST, PREVIOUS, PROVENANCE, SBOM, SOURCES, STYLES, SUMS, Kind, Manifest, entry
from mmguide.release.papers import citation, provenance, sums
from mmguide.release.sbom import sbom


class Piece(Struct, frozen=True):
    """A file of a release: what kind it is, its bytes, and for a signed PDF those it had before."""

    kind: Kind
    content: bytes
    unsigned: bytes | None = None


def sources(kind: Kind, files: Mapping[str, bytes]) -> dict[str, Piece]:
    """A snapshot of files as pieces, below the folder of their kind."""
    folder = {"source": SOURCES, "style": STYLES, "previous": PREVIOUS}[kind]
    return {folder + path: Piece(kind, content) for path, content in files.items()}


def bundle(facts: Manifest, settings: Settings, pieces: Mapping[str, Piece]) -> tuple[Manifest, dict[str, bytes]]:
    """The whole manifest, and all files of the release by path; `facts` is the manifest without files."""
    made = dict(pieces)
    made[CITATION] = Piece("description", citation(settings, facts.date.isoformat()))
    made[SBOM] = Piece("description", sbom(facts))
    entries = tuple(entry(path, made[path].kind, made[path].content, made[path].unsigned) for path in sorted(made))
    whole = replace(facts, files=entries)
    files = {path: piece.content for path, piece in made.items()}
    files[MANIFEST] = whole.json_bytes()
    files[PROVENANCE] = provenance(whole, files[MANIFEST])
    files[SUMS] = sums(files)
    return whole, files
