"""Stage review, archive: the parts of a Word file that somebody sent, read without trust: nothing is unpacked, run, fetched or expanded."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

MOST_BYTES = 200_000_000
MOST_PART = 60_000_000
MOST_MEMBERS = 5_000
_ENCRYPTED = 0x1
_STORIES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")
# Parts that do something in Word; here they only get named.
_ACTIVE = {
    "vbaProject.bin": "macros",
    "vbaData.xml": "macros",
    "activeX": "ActiveX controls",
    "embeddings": "embedded objects",
    "customUI": "a changed menu",
    "attachedToolbars.bin": "toolbars",
}
_HARMLESS = ("/hyperlink",)


class Unusable(Exception):
    """The file cannot be read; the text says why."""


class Parts(Struct, frozen=True):
    """The parts that hold text, as trees, and what the file carries besides, which nobody acts on."""

    trees: dict[str, Any]
    ignored: tuple[str, ...] = ()


def opened(content: bytes) -> Parts:
    """The parts of a Word file. Raises Unusable."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            _sound(members)
            names = [m.filename for m in members]
            if "word/document.xml" not in names:
                raise Unusable("it has no word/document.xml: save it as .docx")
            trees = {name: _tree(name, _member(archive, name)) for name in _STORIES if name in names}
            rels = [n for n in names if n.endswith(".rels")]
            remote = [line for name in rels for line in _remote(name, _tree(name, _member(archive, name)))]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise Unusable(f"it is damaged or no Word file ({error})") from error
    return Parts(trees, tuple(dict.fromkeys([*_active(names), *remote])))


def _sound(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what no Word writes: names that lead elsewhere, names that stand twice, locked members, members without bound."""
    if len(members) > MOST_MEMBERS:
        raise Unusable(f"it has more than {MOST_MEMBERS} parts")
    seen: set[str] = set()
    for member in members:
        name, parts = member.filename, PurePosixPath(member.filename)
        if (
            parts.is_absolute()
            or ".." in parts.parts
            or "\\" in member.orig_filename
            or ":" in name
            or "\0" in member.orig_filename
        ):
            raise Unusable(f"it holds a part named '{name}', which leads outside it")
        if name.lower() in seen:
            raise Unusable(f"it holds '{name}' twice, so that two programs would read two texts")
        seen.add(name.lower())
        if member.flag_bits & _ENCRYPTED:
            raise Unusable(f"its part '{name}' is locked with a password: save it without one")
        if member.file_size > MOST_PART:
            raise Unusable(f"its part '{name}' unpacks to more than {MOST_PART // 1_000_000} MB")
    if sum(m.file_size for m in members) > MOST_BYTES:
        raise Unusable(f"it unpacks to more than {MOST_BYTES // 1_000_000} MB")


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a part, at most as many as are allowed whatever its header says; a wrong checksum is an error of the zip."""
    with archive.open(name) as file:
        content = file.read(MOST_PART + 1)
    if len(content) > MOST_PART:
        raise Unusable(f"its part '{name}' unpacks to more than {MOST_PART // 1_000_000} MB")
    return content


def _tree(name: str, content: bytes) -> Any:
    """XML without a document type: entities, which come with one, could fetch files or grow without bound."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unusable(f"its part '{name}' is no valid XML: {error.msg}") from error
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise Unusable(f"its part '{name}' declares a document type, which can hide text or load files")
    return root


def _active(names: list[str]) -> list[str]:
    found = [f"{what} ({name})" for name in names for key, what in _ACTIVE.items() if key in PurePosixPath(name).parts]
    return list(dict.fromkeys(found))


def _remote(name: str, root: Any) -> list[str]:
    """The relationships that lead out of the file, but links for readers."""
    found = []
    for relation in root:
        kind = str(relation.get("Type") or "")
        if relation.get("TargetMode") == "External" and not kind.endswith(_HARMLESS):
            found.append(f"{kind.rsplit('/', 1)[-1]} from {relation.get('Target')} ({name})")
    return found
