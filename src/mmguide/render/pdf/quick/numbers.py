"""Stage render, PDF: values of the file as bytes, told apart by their very type, of which there are four nearly always."""

from __future__ import annotations

from typing import Any


def apply() -> None:
    import pydyf

    original = pydyf._to_bytes

    def to_bytes(item: Any) -> bytes:
        kind = type(item)
        written: bytes
        if kind is bytes:
            written = item
        elif kind is str:
            written = item.encode("ascii")
        elif kind is int:
            written = b"%d" % item
        elif kind is float and not item.is_integer():
            written = f"{item:f}".rstrip("0").encode("ascii")
        else:
            written = original(item)
        return written

    pydyf._to_bytes = to_bytes
