"""Stage data: the register of recommendations, which keeps every identifier that the guideline ever gave."""

from __future__ import annotations

from typing import Any

from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import recommendations as rules
from mmguide.model.manuscript import Registered
from mmguide.model.source import Source
from mmguide.yaml import YamlProblem, load

_KEYS = {"id", "since", "withdrawn"}


def read_register(source: Source, cache: Cache = NOTHING) -> tuple[tuple[Registered, ...], tuple[Diagnostic, ...]]:
    """The entries of the register file, and what is wrong with it."""
    try:
        document = load(source.path, source.text, cache)
    except YamlProblem as problem:
        return (), (rules.REGISTER.at(problem.span, problem=problem.problem),)
    value = [] if document.value is None else document.value
    if not isinstance(value, list):
        return (), (rules.REGISTER.at(Span(source.path), problem="it must be a list"),)
    entries: list[Registered] = []
    diagnostics: list[Diagnostic] = []
    first: dict[str, Span] = {}
    for number, item in enumerate(value):
        place = document.places.get((number, "id")) or document.places.get((number,)) or Span(source.path)
        fault = _problem(item)
        if fault is None and item["id"] in first:
            fault = f"'{item['id']}' stands twice"
        if fault is not None:
            diagnostics.append(rules.REGISTER.at(place, problem=fault))
            continue
        first[item["id"]] = place
        entries.append(Registered(item["id"], item["since"], item.get("withdrawn") or "", place))
    return tuple(entries), tuple(diagnostics)


def _problem(item: Any) -> str | None:
    if not isinstance(item, dict):
        return "an entry is written `- {id: …, since: …}`"
    if unknown := sorted(set(item) - _KEYS):
        return f"there is no '{unknown[0]}' in an entry"
    for name in ("id", "since"):
        if not isinstance(item.get(name), str) or not item[name].strip():
            return f"an entry has no '{name}'"
    return None
