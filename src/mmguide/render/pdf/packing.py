"""Stage render, PDF: the bytes of a file of many objects: each is asked for its text once, all but streams are packed together.

pydyf's own writing packs everything twice and as small as can be, which for a long guideline takes longer than all else that joins it.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

_IN_ONE = 1000  # objects packed together
_LEVEL = 6


def packed(pdf: Any, version: str) -> bytes:
    """The file of the objects of a `pdf` of pydyf, with object streams and a stream of references (ISO 32000-1, 7.5.7 and 7.5.8)."""
    pdf.add_object(pdf.info)
    out = [b"%PDF-" + version.encode() + b"\n%\xf0\x9f\x96\xa4\n"]
    position = len(out[0])
    count = len(pdf.objects)
    places: list[tuple[int, int, int]] = [(0, 0, 65535)] * count

    def put(number: int, content: bytes) -> None:
        nonlocal position
        places[number : number + 1] = [(1, position, 0)]
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        position += len(out[-1])

    for each in pdf.objects[1:]:
        if not each.compressible:
            put(each.number, each.data)
    for number, together in enumerate(_parts([each for each in pdf.objects[1:] if each.compressible]), count):
        for at, each in enumerate(together):
            places[each.number] = (2, number, at)
        put(number, _together(together))
    start = position
    places.append((1, start, 0))
    identity = hashlib.md5(b"".join(out), usedforsecurity=False).hexdigest().encode()
    entries = b"".join(struct.pack(">BIBH", kind, place, at >> 16, at & 0xFFFF) for kind, place, at in places)
    facts = b"/Type /XRef/W [1 4 3]/Size %d/Root %d 0 R/Info %d 0 R/ID [<%s> <%s>]" % (
        len(places),
        pdf.catalog.number,
        pdf.info.number,
        identity,
        identity,
    )
    put(len(places) - 1, _stream(facts, entries))
    return b"".join((*out, b"startxref\n%d\n%%%%EOF\n" % start))


def _parts(objects: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (objects[at : at + _IN_ONE] for at in range(0, len(objects), _IN_ONE))


def _together(objects: Sequence[Any]) -> bytes:
    """An object stream of these."""
    texts = [each.data for each in objects]
    starts, at = [], 0
    for each, text in zip(objects, texts, strict=True):
        starts.append(b"%d %d" % (each.number, at))
        at += len(text) + 1
    head = b" ".join(starts) + b"\n"
    return _stream(b"/Type /ObjStm/N %d/First %d" % (len(texts), len(head)), head + b"\n".join(texts))


def _stream(facts: bytes, content: bytes) -> bytes:
    data = zlib.compress(content, _LEVEL)
    if data.endswith(b"\r"):
        data += b"\0"  # behind the end of the packed data, where no reader looks; else the length would be in doubt
    return b"<<%s/Filter /FlateDecode/Length %d>>\nstream\n%s\nendstream" % (facts, len(data), data)
