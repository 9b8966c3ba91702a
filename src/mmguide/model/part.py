"""Base of everything that is read from a YAML file of settings: typed, frozen, closed to unknown names, open to short forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

Writer = Callable[[Any], Any]

_TRUTH = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of settings. `short_for` names the field that is meant by a value which is no mapping: `grading: grade` is
    `grading: {scheme: grade}`.
    """

    short_for: ClassVar[str] = ""


def written_out(kind: Any, value: Any) -> Any:
    """A value as read from YAML, for this type, with all that may be left out written out. Nothing is judged here.

    One item may stand for a list of it, and a value without names for a Part that is `short_for`. An empty setting is as if it was not
    there, so that its default holds; only where a text or nothing may stand it is an empty text. yes, no, on and off are true and
    false. Space around a text of a certain form does not count.
    """
    return _writer(kind)(value)


def parts_of(kind: Any) -> tuple[Any, ...]:
    """The types that a type allows: those of a union, else itself, without what is said about it."""
    if get_origin(kind) is Annotated:
        return parts_of(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return tuple(part for member in get_args(kind) for part in parts_of(member))
    return (kind,)


def types_of(kind: type[Struct]) -> Mapping[str, Any]:
    """The type of each setting of a Struct by the name that it is written with."""
    return _types_of(kind)


@cache
def _types_of(kind: type[Struct]) -> dict[str, Any]:
    return {field.encode_name: field.type for field in fields(kind)}


@cache
def _writer(kind: Any) -> Writer:
    if get_origin(kind) is Annotated:
        inner = get_args(kind)[0]
        return _stripped if inner is str else _writer(inner)
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _writer_of_union(tuple(member for member in inside if member is not type(None)))
    if origin is tuple:
        return _writer_of_list(inside[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        writer = _writer(inside[1])
        return lambda value: {key: writer(given) for key, given in value.items()} if isinstance(value, dict) else value
    if isinstance(kind, type) and issubclass(kind, Part):
        return lambda value: _part(kind, value)
    return _truth if kind is bool else _same


def _same(value: Any) -> Any:
    return value


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _truth(value: Any) -> Any:
    return _TRUTH.get(value.lower(), value) if isinstance(value, str) else value


def _writer_of_list(item: Any) -> Writer:
    writer = _writer(item)
    alone = not is_named(item)

    def write(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [writer(one) for one in value]
        return [writer(value)] if alone and isinstance(value, str) else value

    return write


def _writer_of_union(members: tuple[Any, ...]) -> Writer:
    """That of the only member besides None. In a union of a text and a mapping the value tells which of them it is."""
    named = [_writer(member) for member in members if is_named(member)]
    others = [_writer(member) for member in members if not is_named(member)]
    if not named or not others:
        return (named or others)[0]
    return lambda value: (named if isinstance(value, dict) else others)[0](value)


def is_named(kind: Any) -> bool:
    """Whether values of this type are names with values: a Struct or a mapping."""
    shape = get_origin(kind) or kind
    return isinstance(shape, type) and issubclass(shape, Struct | Mapping)


def _part(kind: type[Part], value: Any) -> Any:
    if isinstance(value, Struct) or ((value is None or not kind.short_for) and not isinstance(value, dict)):
        return value
    given = value if isinstance(value, dict) else {kind.short_for: value}
    types = _types_of(kind)
    out: dict[str, Any] = {}
    for name, inner in given.items():
        if name not in types:
            out[name] = inner
        elif inner is not None:
            out[name] = _writer(types[name])(inner)
        elif str in get_args(types[name]) and get_origin(types[name]) is not Annotated:
            out[name] = ""
    return out
