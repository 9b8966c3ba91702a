"""YAML 1.2 with positions: the reader behind guideline.yaml and every other small YAML file of a project.

Scalars stay text (a version `1.10` is not the number 1.1; typed models convert them), mappings and lists become dicts and lists,
an empty value or `null` becomes None. Anchors, aliases and tags are refused before anything is expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mmguide.diagnostics import Span

Place = tuple[str | int, ...]
DEEPEST = 40


class YamlProblem(Exception):
    """The text cannot be used; `kind` is syntax or alias."""

    def __init__(self, kind: str, problem: str, span: Span) -> None:
        super().__init__(problem)
        self.kind, self.problem, self.span = kind, problem, span


@dataclass(frozen=True)
class YamlDocument:
    """The value, and for each key and list item the span it stands at (a key's own span, an item's first line)."""

    value: Any
    places: dict[Place, Span]


def load(path: str, text: str) -> YamlDocument:
    """Read one document. Raises YamlProblem; runs in time linear in the text."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    places: dict[Place, Span] = {}
    reader = YAML(typ="safe", pure=True)
    try:
        events = _Events(reader.parse(text), path)
        value = _document(events, places)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(path, mark.line + 1, mark.column + 1) if mark else Span(path)
        raise YamlProblem("syntax", str(error.problem or error.context or "unexpected text"), span) from error
    except YAMLError as error:
        raise YamlProblem("syntax", str(error).splitlines()[0], Span(path)) from error
    return YamlDocument(value, places)


class _Events:
    """The parser's events one by one, with aliases and tags refused."""

    def __init__(self, events: Iterator[Any], path: str) -> None:
        self._events, self.path = events, path

    def next(self) -> Any:
        event = next(self._events)
        name = type(event).__name__
        if name == "AliasEvent" or getattr(event, "anchor", None):
            raise YamlProblem("alias", "anchors and aliases", self.span(event))
        if getattr(event, "tag", None) is not None and str(event.tag) not in ("None", "!"):
            raise YamlProblem("alias", "tags", self.span(event))
        return event

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _document(events: _Events, places: dict[Place, Span]) -> Any:
    event = events.next()
    while type(event).__name__ in ("StreamStartEvent", "DocumentStartEvent"):
        event = events.next()
    if type(event).__name__ == "StreamEndEvent":
        return None
    return _value(events, event, (), places)


def _value(events: _Events, event: Any, at: Place, places: dict[Place, Span]) -> Any:
    kind = type(event).__name__
    if len(at) > DEEPEST:
        raise YamlProblem("syntax", "nested too deeply", events.span(event))
    if kind == "ScalarEvent":
        return None if event.style is None and event.value in ("", "~", "null", "Null", "NULL") else event.value
    if kind == "SequenceStartEvent":
        items: list[Any] = []
        while type(event := events.next()).__name__ != "SequenceEndEvent":
            places[at + (len(items),)] = events.span(event)
            items.append(_value(events, event, (*at, len(items)), places))
        return items
    mapping: dict[str, Any] = {}
    while type(event := events.next()).__name__ != "MappingEndEvent":
        if type(event).__name__ != "ScalarEvent":
            raise YamlProblem("syntax", "a key must be a plain text", events.span(event))
        key = str(event.value)
        if key in mapping:
            raise YamlProblem("syntax", f"the key '{key}' stands twice", events.span(event))
        places[at + (key,)] = events.span(event)
        mapping[key] = _value(events, events.next(), (*at, key), places)
    return mapping
