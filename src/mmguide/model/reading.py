"""Reading of typed values: what was written becomes a frozen Struct, or all that is wrong with it becomes Faults."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeVar

from msgspec import Struct, ValidationError, convert

from mmguide.model.part import written_out

Model = TypeVar("Model", bound=Struct)


class Fault(NamedTuple):
    """A value that does not fit: where it stands, what kind of fault it is, the problem in words, and what may be meant."""

    place: tuple[str | int, ...]
    kind: Literal["unknown", "missing", "wrong"]
    problem: str
    meant: str = ""

    @property
    def name(self) -> str:
        """The place as people write it."""
        return ".".join(map(str, self.place))

    @property
    def hint(self) -> str | None:
        """What may be meant, as a question."""
        return f"did you mean '{self.meant}'?" if self.meant else None


def read(model: type[Model], value: Any) -> tuple[Model | None, tuple[Fault, ...]]:
    """The value as read from YAML, whose scalars are texts, as this model; or None and all its faults."""
    return _converted(model, written_out(model, value), strict=False)


def read_strictly(model: type[Model], value: Any) -> tuple[Model | None, tuple[Fault, ...]]:
    """The value as read from JSON, in no other form than the model's own."""
    return _converted(model, value, strict=True)


def _converted(model: type[Model], value: Any, strict: bool) -> tuple[Model | None, tuple[Fault, ...]]:
    try:
        return convert(value, model, strict=strict), ()
    except ValidationError as error:
        # What only faults need is loaded only for them.
        from mmguide.model.faults import faults

        return None, tuple(faults(model, value, strict)) or (Fault((), "wrong", str(error)),)
