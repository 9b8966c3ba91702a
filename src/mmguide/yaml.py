"""YAML 1.2 with positions: the reader behind guideline.yaml and every other small YAML file of a project.

Scalars stay text (a version `1.10` is not the number 1.1; typed models convert them), mappings and lists become dicts and lists,
an empty value or `null` becomes None. Anchors, aliases and tags are refused before anything is expanded.

libyaml reads what it can, thirty times faster; whatever it refuses is read by ruamel.yaml, which alone says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Span

Place = tuple[str | int, ...]
DEEPEST = 40
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
# Characters that end a line in YAML 1.1 alone, and a mark of byte order, which ruamel.yaml does not count.
_READ_OTHERWISE = "\x85\u2028\u2029\ufeff"
# What an escape such as \ud83d in quotes makes, which no text can hold.
_HALF = re.compile("[\ud800-\udfff]")


class YamlProblem(Exception):
    """The text cannot be used; `kind` is syntax or alias."""

    def __init__(self, kind: str, problem: str, span: Span) -> None:
        super().__init__(problem)
        self.kind, self.problem, self.span = kind, problem, span


class YamlDocument(NamedTuple):
    """The value, and for each key and list item the span it stands at (a key's own span, an item's first line)."""

    value: Any
    places: dict[Place, Span]


def load(path: str, text: str, cache: Cache = NOTHING) -> YamlDocument:
    """Read one document, or take it from the `cache`. Raises YamlProblem; runs in time linear in the text."""
    key = cache.key_of("yaml", text)
    if entry := cache.get(key):
        value, places = entry.facts
        return YamlDocument(value, {tuple(place): Span(path, *span) for place, span in places})
    document = _read(path, text)
    cache.put(key, [document.value, [[list(at), _numbers(span)] for at, span in document.places.items()]])
    return document


def _numbers(span: Span) -> list[int]:
    return [span.line, span.column, span.end_line, span.end_column]


def _read(path: str, text: str) -> YamlDocument:
    return _read_by_libyaml(path, text) or _read_by_ruamel(path, text)


def _read_by_libyaml(path: str, text: str) -> YamlDocument | None:
    """The document, None where libyaml cannot say. It knows YAML 1.1, in which a line also ends where it does not in YAML 1.2."""
    import yaml

    if not yaml.__with_libyaml__ or any(sign in text for sign in _READ_OTHERWISE):
        return None
    places: dict[Place, Span] = {}
    try:
        value = _document(_Events(iter(yaml.CLoader(text).get_event, None), path), places)
    except (yaml.YAMLError, YamlProblem):
        return None
    return YamlDocument(value, places) if isinstance(value, dict | list) else None


def _read_by_ruamel(path: str, text: str) -> YamlDocument:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    places: dict[Place, Span] = {}
    reader = YAML(typ="safe", pure=True)
    try:
        return YamlDocument(_document(_Events(reader.parse(text), path), places), places)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(path, mark.line + 1, mark.column + 1) if mark else Span(path)
        raise YamlProblem("syntax", str(error.problem or error.context or "unexpected text"), span) from error
    except YAMLError as error:
        raise YamlProblem("syntax", str(error).splitlines()[0], Span(path)) from error


class _Events:
    """A parser's events one by one, with aliases and tags refused."""

    def __init__(self, events: Iterator[Any], path: str) -> None:
        self._events, self.path = events, path

    def next(self) -> tuple[str, Any]:
        """The name of an event and the event."""
        event = next(self._events)
        name = type(event).__name__
        if name == "AliasEvent" or getattr(event, "anchor", None):
            raise YamlProblem("alias", "anchors and aliases", self.span(event))
        if getattr(event, "tag", None) is not None and str(event.tag) not in ("None", "!"):
            raise YamlProblem("alias", "tags", self.span(event))
        if name == "ScalarEvent" and not event.value.isascii() and _HALF.search(event.value):
            raise YamlProblem("syntax", "an escape stands for half a character: write the character itself", self.span(event))
        return name, event

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _document(events: _Events, places: dict[Place, Span]) -> Any:
    kind, event = events.next()
    while kind in ("StreamStartEvent", "DocumentStartEvent"):
        kind, event = events.next()
    return None if kind == "StreamEndEvent" else _value(events, kind, event, (), places)


def _value(events: _Events, kind: str, event: Any, at: Place, places: dict[Place, Span]) -> Any:
    if len(at) > DEEPEST:
        raise YamlProblem("syntax", "nested too deeply", events.span(event))
    if kind == "ScalarEvent":
        return None if not event.style and event.value in _NOTHING else event.value
    if kind == "SequenceStartEvent":
        items: list[Any] = []
        while (found := events.next())[0] != "SequenceEndEvent":
            here = (*at, len(items))
            places[here] = events.span(found[1])
            items.append(_value(events, *found, here, places))
        return items
    mapping: dict[str, Any] = {}
    while (found := events.next())[0] != "MappingEndEvent":
        if found[0] != "ScalarEvent":
            raise YamlProblem("syntax", "a key must be a plain text", events.span(found[1]))
        key = str(found[1].value)
        if key in mapping:
            raise YamlProblem("syntax", f"the key '{key}' stands twice", events.span(found[1]))
        here = (*at, key)
        places[here] = events.span(found[1])
        mapping[key] = _value(events, *events.next(), here, places)
    return mapping


def edited(path: str, text: str, values: Mapping[Place, str]) -> str:
    """The text with these plain values set, and not one other character changed: comments, order and quotes stay as they are.

    A key that is missing is added behind the last key of its mapping, and the mapping, if that is missing, at the end of the text. Values
    are scalars that need no quotes. Raises YamlProblem, also where a value that is there is not a scalar.
    """
    for place, value in values.items():
        text = _with_value(path, text, place, value)
    return text


def _with_value(path: str, text: str, place: Place, value: str) -> str:
    from ruamel.yaml import YAML

    root = YAML(typ="rt", pure=True).compose(text)
    node, parent = root, None
    for at, key in enumerate(place):
        pair = next(((k, v) for k, v in node.value if k.value == key), None) if node is not None else None
        if pair is None:
            return _added(text, node if at else root, place[at:], value)
        node, parent = pair[1], pair[0]
        if at < len(place) - 1 and type(node).__name__ != "MappingNode":
            if node.start_mark.index != node.end_mark.index:
                raise YamlProblem("syntax", f"'{key}' is not a mapping", Span(path, parent.start_mark.line + 1))
            return _nested(text, parent, place[at + 1 :], value)
    if type(node).__name__ != "ScalarNode" or parent is None:
        raise YamlProblem("syntax", f"'{place[-1]}' is not a single value", Span(path))
    start, end = node.start_mark.index, node.end_mark.index
    if start == end:
        start = end = text.index(":", parent.end_mark.index) + 1
        value = f" {value}"
    return text[:start] + value + text[end:]


def _added(text: str, mapping: Any, keys: Place, value: str) -> str:
    """The text with a key, or a key below a new one, at the end of a mapping in the style that it has."""
    if mapping is None or not mapping.value:
        return text.rstrip("\n") + "\n" + _lines(keys, value, 0)
    first, last = mapping.value[0][0], mapping.value[-1][1]
    if mapping.flow_style:
        end = last.end_mark.index
        return f"{text[:end]}, {keys[-1]}: {value}{text[end:]}"
    if first.start_mark.column == 0:
        return text.rstrip("\n") + "\n" + _lines(keys, value, 0)
    end = text.find("\n", last.end_mark.index - 1 if last.style in ("|", ">") else last.end_mark.index)
    head = text if end < 0 else text[: end + 1]
    head += "" if head.endswith("\n") else "\n"
    return head + _lines(keys, value, first.start_mark.column) + ("" if end < 0 else text[end + 1 :])


def _nested(text: str, key: Any, keys: Place, value: str) -> str:
    """The text with a value below a key that has nothing yet."""
    end = text.find("\n", key.end_mark.index)
    head = text[: end + 1] if end >= 0 else text + "\n"
    return head + _lines(keys, value, key.start_mark.column + 2) + ("" if end < 0 else text[end + 1 :])


def _lines(keys: Place, value: str, column: int) -> str:
    lines = [f"{' ' * (column + 2 * depth)}{key}:" for depth, key in enumerate(keys)]
    return "\n".join(lines) + f" {value}\n"
