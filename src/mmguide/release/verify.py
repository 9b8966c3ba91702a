"""Stage release, verification: whether a release is as it was made, and what exactly differs in one that was made again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping

from msgspec import Struct

from mmguide.release.archive import Archive
from mmguide.release.manifest import MANIFEST, SUMS, Entry, Manifest, Surroundings, digest, read_manifest
from mmguide.release.papers import read_sums
from mmguide.release.signing import MINISIGN_SIGNATURE, SSH_SIGNATURE

# Made from the sources alone, and therefore made again to the byte. The other files also tell of the machine.
REPEATED = ("output", "handout", "changes", "redline", "reporting")


class Verified(Struct, frozen=True):
    """What reading a release showed: its manifest (None where it cannot be used), and every fault with the file it is in."""

    manifest: Manifest | None
    faults: tuple[str, ...]


def verified(archive: Archive) -> Verified:
    """Every digest and size, in both places that keep them, and nothing missing or added."""
    faults = list(archive.faults)
    content = archive.files.get(MANIFEST)
    manifest = read_manifest(content) if content is not None else "it is missing"
    if isinstance(manifest, str):
        faults.append(f"{MANIFEST}: {manifest}")
    known, strange = read_sums(archive.files.get(SUMS, b""))
    faults += [f"{SUMS}: this line is no digest: {line[:100]}" for line in strange]
    faults += [f"{SUMS}: it is missing"] if SUMS not in archive.files else []
    entries = {one.path: one for one in manifest.files} if isinstance(manifest, Manifest) else {}
    named = {fault.split(":", 1)[0] for fault in faults}
    faults += [
        fault for path in sorted({*known, *entries}) if path not in named for fault in _file(path, archive, known, entries)
    ]
    extra = set(archive.files) - set(known) - {SUMS, SSH_SIGNATURE, MINISIGN_SIGNATURE}
    faults += [f"{path}: it is in the release, and {SUMS} does not name it" for path in sorted(extra - named)]
    if isinstance(manifest, Manifest) and archive.top != manifest.stem:
        faults.append(f"the folder in the zip is '{archive.top}', and {MANIFEST} tells of {manifest.stem}")
    return Verified(manifest if isinstance(manifest, Manifest) else None, tuple(faults))


def _file(path: str, archive: Archive, known: Mapping[str, str], entries: Mapping[str, Entry]) -> Iterator[str]:
    content = archive.files.get(path)
    if content is None:
        yield f"{path}: it is missing"
        return
    found, said = digest(content), entries.get(path)
    if said is not None and said.sha256 == found and known.get(path) != found:
        yield f"{SUMS}: the digest of {path} is another one than in {MANIFEST}, with which the file agrees"
    elif known.get(path) != found or (said is not None and said.sha256 != found):
        yield f"{path}: it was changed: its SHA-256 is {found}, and {known.get(path) or (said and said.sha256)} was released"
    elif said is not None and said.unsigned_size is not None and digest(content[: said.unsigned_size]) != said.unsigned_sha256:
        yield f"{path}: it does not begin with the bytes that were signed"


def repeated(manifest: Manifest, archive: Archive, again: Mapping[str, bytes], now: Surroundings) -> tuple[str, ...]:
    """What differs between the release and the files that were made again from its sources: each file, and where in it."""
    out = []
    for one in manifest.files:
        if one.kind not in REPEATED:
            continue
        before = archive.files.get(one.path, b"")[: one.unsigned_size]
        after = again.get(one.path)
        if after is None:
            out.append(f"{one.path}: it was not made again")
        elif before != after:
            out.append(f"{one.path}: it differs in {', '.join(places(one.path, before, after))}")
    made = {one.path for one in manifest.files}
    out += [f"{path}: it was made now, and was not in the release" for path in sorted(set(again) - made)]
    return (*out, *other_tools(manifest.made_by, now)) if out else ()


def other_tools(then: Surroundings, now: Surroundings) -> Iterator[str]:
    """The tools, packages and fonts that are others than those that made the release: nearly always the reason for other bytes."""
    for kind in ("tools", "packages", "fonts"):
        before, after = getattr(then, kind), getattr(now, kind)
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                yield f"{name} was {_short(before.get(name))} and is {_short(after.get(name))} here"


def _short(version: str | None) -> str:
    return "not there" if version is None else version[:12]


def places(path: str, before: bytes, after: bytes) -> list[str]:
    """Where two files of one name differ: parts of a Word file, objects of a PDF, the first line of a text."""
    suffix = path.rpartition(".")[2]
    found = {"docx": _parts_of_zip, "pdf": _parts_of_pdf}.get(suffix, _lines)(before, after)
    return found or [f"byte {next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))}"]


def _parts_of_zip(before: bytes, after: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(before)) as one, zipfile.ZipFile(io.BytesIO(after)) as other:
        first, second = ({name: made.read(name) for name in made.namelist()} for made in (one, other))
    return [name for name in sorted({*first, *second}) if first.get(name) != second.get(name)]


def _parts_of_pdf(before: bytes, after: bytes) -> list[str]:
    import pikepdf

    with pikepdf.open(io.BytesIO(before)) as one, pikepdf.open(io.BytesIO(after)) as other:
        out = [] if len(one.pages) == len(other.pages) else [f"the number of pages ({len(one.pages)} and {len(other.pages)})"]
        pages = zip(one.pages, other.pages, strict=False)
        out += [f"page {number}" for number, (a, b) in enumerate(pages, 1) if _drawn(a) != _drawn(b)][:10]
        for name in ("/Metadata", "/StructTreeRoot", "/Names", "/Outlines"):
            if _unparsed(one.Root.get(name)) != _unparsed(other.Root.get(name)):
                out.append(name)
    return out


def _drawn(page: object) -> bytes:
    import pikepdf

    return pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))  # type: ignore[arg-type]


def _unparsed(value: object) -> bytes:
    import pikepdf

    if isinstance(value, pikepdf.Stream):
        return value.read_bytes()
    return value.unparse(resolved=False) if isinstance(value, pikepdf.Object) else b""


def _lines(before: bytes, after: bytes) -> list[str]:
    pairs = zip(before.split(b"\n"), after.split(b"\n"), strict=False)
    return [f"line {number}" for number, (a, b) in enumerate(pairs, 1) if a != b][:1]
