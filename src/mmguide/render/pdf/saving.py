"""Stage render, PDF: a file that was opened again and changed becomes bytes, such that the length of each stream is beyond doubt."""

from __future__ import annotations

import io
import zlib
from typing import Any

# The end of a stream's data, if it is a carriage return, is read by some as part of the line's end behind it.
_AMBIGUOUS_END = b"\r\nendstream"


def saved(whole: Any) -> bytes:
    """The bytes of the file, such that the length of each stream is beyond doubt."""
    import pikepdf

    for each in whole.objects:
        if isinstance(each, pikepdf.Stream):
            _end_clearly(each)
    for mode in (pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable):
        out = io.BytesIO()
        whole.save(out, object_stream_mode=mode, deterministic_id=True)
        content = out.getvalue()
        if _AMBIGUOUS_END not in content:
            break
    return content


def _end_clearly(stream: Any) -> None:
    """A compressed stream ends with the checksum of its data, so that only other data can end otherwise."""
    import pikepdf

    filters = stream.get("/Filter")
    if filters not in (None, pikepdf.Name.FlateDecode) or "/DecodeParms" in stream:
        return
    raw = stream.read_raw_bytes()
    last = zlib.adler32(raw) & 0xFF if filters is None else (raw or b"\0")[-1]
    if last != ord("\r"):
        return
    data = stream.read_bytes()
    if "/Length1" in stream:
        stream.Length1 = len(data) + 1
        # The checksum ends with the low byte of the sum of all bytes: a zero would leave it as it is.
        stream.write(data + b"\1")
    elif stream.get("/Subtype") == "/Form" or not {"/Type", "/Subtype", "/N"} & set(stream.keys()):
        stream.write(data + b"\n")


def _streams(page: Any) -> list[Any]:
    import pikepdf

    contents = page.obj.Contents
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def page_content(page: Any) -> bytes:
    """All that is drawn on a page."""
    return b"\n".join(stream.read_bytes() for stream in _streams(page))
