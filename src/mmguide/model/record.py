"""Base of what is written as JSON for others, and read back: closed to unknown names, frozen, the same values the same bytes."""

from __future__ import annotations

from typing import TypeVar

from msgspec import DecodeError, Struct, json

from mmguide.model.reading import read_strictly


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A record; its fields are written in their order, those without a value as null."""

    def as_json(self) -> str:
        """In one line."""
        return json.encode(self).decode()

    def json_bytes(self) -> bytes:
        """As a file, a value to a line."""
        return json.format(json.encode(self), indent=1) + b"\n"


R = TypeVar("R", bound=Record)


def read_record(model: type[R], content: bytes) -> R | str:
    """The record of this JSON file, or the first thing that is wrong with it: the place, then the problem."""
    try:
        value = json.decode(content)
    except RecursionError:
        return "it is nested too deeply"
    except (DecodeError, UnicodeDecodeError) as error:
        return f"it is no JSON: {error}"
    record, faults = read_strictly(model, value)
    if record is None:
        return ": ".join(part for part in (faults[0].name, faults[0].problem) if part)
    return record
