"""Reading of typed values, where they do not fit: every fault of a value at its place, in words that come from the type.

msgspec judges each value; it stops at the first fault and does not tell the keys of mappings, so the walk to all of them is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args, get_origin

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields

from mmguide.model.part import is_named, parts_of, types_of
from mmguide.model.reading import Fault

Place = tuple[str | int, ...]
LONGEST_SHOWN = 60
_NEAR = 0.5
_MOST_NAMES = 3


def faults(kind: Any, value: Any, strict: bool, place: Place = ()) -> Iterator[Fault]:
    """Every fault of the value, which `msgspec.convert` refuses for this type if there are any."""
    part = _part_for(kind, value)
    found = tuple(_inside(part, value, strict, place))
    yield from found
    if not found and (problem := _problem(kind, value, strict)):
        yield Fault(place, "wrong", problem, _meant(kind, value))


def _part_for(kind: Any, value: Any) -> Any:
    """The type that a value is meant for: where it may be several, its shape tells."""
    parts = [part for part in parts_of(kind) if part is not type(None)]
    fitting = [
        part for part in parts if is_named(part) == isinstance(value, dict) and (get_origin(part) is tuple) == _is_list(value)
    ]
    return (fitting or parts)[0]


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _inside(kind: Any, value: Any, strict: bool, place: Place) -> Iterator[Fault]:
    """The faults of what a list, a mapping or a Struct holds."""
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, Struct):
        yield from _of_struct(kind, value, strict, place)
    elif isinstance(value, dict) and is_named(kind):
        of_name, of_value = get_args(kind)
        for name, given in value.items():
            if problem := _problem(of_name, name, strict):
                yield Fault((*place, name), "wrong", problem)
            yield from faults(of_value, given, strict, (*place, name))
    elif _is_list(value) and get_origin(kind) is tuple:
        for number, item in enumerate(value):
            yield from faults(get_args(kind)[0], item, strict, (*place, number))


def _of_struct(kind: type[Struct], value: dict[str, Any], strict: bool, place: Place) -> Iterator[Fault]:
    types = types_of(kind)
    for name, given in value.items():
        if name in types:
            yield from faults(types[name], given, strict, (*place, name))
        else:
            yield Fault((*place, name), "unknown", "there is no such setting", _nearest(name, types))
    for field in fields(kind):
        if field.required and field.encode_name not in value:
            yield Fault((*place, field.encode_name), "missing", "it is missing")


def _problem(kind: Any, value: Any, strict: bool) -> str:
    """What is wrong with the value as a whole, empty if nothing is."""
    try:
        convert(value, kind, strict=strict)
    except ValidationError as error:
        if isinstance(error.__cause__, ValueError):
            return str(error.__cause__)
        return _unlike(value, wanted(kind))
    return ""


def _unlike(value: Any, what: str) -> str:
    """That a value is not what is wanted."""
    if value is None or value == "":
        return f"it is empty, and must be {what}"
    if isinstance(value, dict):
        return f"it has names of its own below it, and must be {what}"
    if _is_list(value):
        return f"it is a list, and must be {what}" if value else f"it is an empty list, and must be {what}"
    shown = " ".join(str(value).split())
    return f"'{shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + '…'}' is not {what}"


def wanted(kind: Any) -> str:
    """What a value of this type is, in words: those given with the type, else its own."""
    if get_origin(kind) is Annotated:
        inner, *said = get_args(kind)
        metas = [meta for meta in said if isinstance(meta, Meta)]
        return next((meta.description for meta in metas if meta.description), None) or _bounded(inner, metas)
    parts = [part for part in (get_args(kind) if len(parts_of(kind)) > 1 else (kind,)) if part is not type(None)]
    return " or ".join(_plainly(part) for part in parts)


def _bounded(kind: Any, metas: Iterable[Meta]) -> str:
    what = wanted(kind)
    for meta in metas:
        if meta.ge is not None and meta.le is not None:
            return f"{what} from {meta.ge} to {meta.le}"
        if meta.min_length and get_origin(kind) is tuple:
            return f"{what} with at least {meta.min_length} in it"
    return what


def _plainly(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        return wanted(kind)
    if get_origin(kind) is Literal:
        names = get_args(kind)
        return f"one of {', '.join(names)}" if len(names) > 1 else f"'{names[0]}'"
    if get_origin(kind) is tuple:
        return "a list"
    if isinstance(kind, type) and issubclass(kind, Struct):
        needed = [field.encode_name for field in fields(kind) if field.required] or [fields(kind)[0].encode_name]
        return f"a list of lines {', '.join(f'`{name}: …`' for name in needed[:_MOST_NAMES])}"
    if is_named(kind):
        return "a list of `name: value` lines"
    return {int: "a whole number", float: "a number", bool: "true or false", date: "a date such as 2026-01-31"}.get(
        kind, "a text"
    )


def _meant(kind: Any, value: Any) -> str:
    """The nearest of the words that may stand here."""
    words = [word for part in parts_of(kind) if get_origin(part) is Literal for word in get_args(part)]
    return _nearest(value, words) if isinstance(value, str) else ""


def _nearest(name: str, names: Iterable[str]) -> str:
    near = get_close_matches(name, tuple(names), 1, _NEAR)
    return near[0] if near else ""
