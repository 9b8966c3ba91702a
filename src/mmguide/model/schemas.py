"""JSON Schemas (2020-12) of typed values, for editors and for whoever reads what was written."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

from msgspec import Struct, json

from mmguide.model.part import Part

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(model: type[Struct], name: str = "") -> dict[str, Any]:
    """The schema of what is written as JSON, with this `$id` if there is one."""
    return {"$schema": _DIALECT, **({"$id": name} if name else {}), **_readable(json.schema(model))}


def schema_of_settings(model: type[Part]) -> dict[str, Any]:
    """The schema of a file of settings, with all short forms that `part.written_out` knows."""
    made: dict[str, Any] = _shortened(schema_of(model))
    short = {part.__name__: part.short_for for part in Part.__subclasses__() if part.short_for}
    for name in short.keys() & made["$defs"].keys():
        whole = made["$defs"][name]
        said = {key: whole.pop(key) for key in ("title", "description")}
        made["$defs"][name] = {**said, "anyOf": [_bare(whole["properties"][short[name]]), whole]}
    return made


def _readable(value: Any) -> Any:
    """A schema with its descriptions as paragraphs, and patterns as everybody's regular expressions have them."""
    if isinstance(value, Mapping):
        made = {key: _readable(inner) for key, inner in value.items()}
        if isinstance(made.get("description"), str):
            made["description"] = cleandoc(made["description"])
        if isinstance(made.get("pattern"), str):
            made["pattern"] = made["pattern"].replace(r"\Z", "$")
        return made
    return [_readable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _shortened(value: Any) -> Any:
    """A schema in which one item may stand for a list of it, unless it is an object."""
    if isinstance(value, list):
        return [_shortened(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    made = {key: _shortened(inner) for key, inner in value.items()}
    if made.get("type") != "array" or "$ref" in made["items"]:
        return made
    said = {key: made.pop(key) for key in ("description", "default") if key in made}
    return {"anyOf": [made["items"], made], **said}


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in schema.items() if key != "default"}
