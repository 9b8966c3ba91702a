"""bibliography: CSL-YAML, as pandoc writes and reads it: a list, or `references:` with a list; texts may hold Markdown emphasis."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mmguide import yaml
from mmguide.bibliography.items import DATES, NAMES, Found
from mmguide.diagnostics import Span
from mmguide.diagnostics.rules import references as rules
from mmguide.model.source import Source

_ITEM = re.compile(r"^([ ]*)-[ ]+(?=\S)", re.MULTILINE)
_ID = re.compile(r"id[\"']?[ ]*:[ ]*[\"']?((?:[^\s\"',}]|(?<=[^\s])[,}](?=\S))+)")
# Markdown that pandoc understands in these files, and what CSL-JSON writes for it.
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\\)\*\*(?!\s)([^*]+?)(?<![\s\\])\*\*"), r"<b>\1</b>"),
    (re.compile(r"(?<!\\)\*(?!\s)([^*]+?)(?<![\s\\])\*"), r"<i>\1</i>"),
    (re.compile(r"(?<![\\\w])_(?!\s)([^_]+?)(?<![\s\\])_(?!\w)"), r"<i>\1</i>"),
    (re.compile(r"(?<!\\)\^([^\s^]+)\^"), r"<sup>\1</sup>"),
    (re.compile(r"(?<![\\~])~([^\s~]+)~(?!~)"), r"<sub>\1</sub>"),
    (re.compile(r"\[([^\[\]]+)\]\{\.nocase\}"), r'<span class="nocase">\1</span>'),
    (re.compile(r"\[([^\[\]]+)\]\{\.smallcaps\}"), r'<span style="font-variant:small-caps;">\1</span>'),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!~^<>$@&'\"|:])"), r"\1"),
)
_VERBATIM = frozenset({"id", "type", "URL", "DOI", "PMID", "PMCID", "ISBN", "ISSN", "custom"})


def read(source: Source, found: Found) -> None:
    """Add the entries of a CSL-YAML file to `found`."""
    try:
        document = yaml.load(source.path, _one_document(source.text))
    except yaml.YamlProblem as problem:
        _read_by_item(source, problem, found)
        return
    at: yaml.Place = ()
    items = document.value
    if isinstance(items, dict):
        at, items = ("references",), items.get("references")
    if not isinstance(items, list):
        found.diagnostics.append(rules.UNREADABLE_FILE.at(Span(source.path), reason="it holds no list of references"))
        return
    lines = source.text.split("\n")
    for number, item in enumerate(items):
        _add(item, _place(document, (*at, number), lines), found)


def _one_document(text: str) -> str:
    """The text without the `---` or `...` that ends a block of metadata; lines keep their numbers.

    YAML would count lines at U+0085, U+2028 and U+2029 too, which no editor does: they become spaces.
    """
    text = re.sub("[\x85\u2028\u2029]", " ", text)
    return re.sub(r"^(?:---|\.\.\.)[ \t]*$(?=\s*\Z)", "", text, flags=re.MULTILINE)


def _place(document: yaml.YamlDocument, at: yaml.Place, lines: Sequence[str]) -> Span:
    """The place of an item's id; of the item if it has none. Line numbers are those of `lines`."""
    key = document.places.get((*at, "id"))
    if key is None:
        return document.places[at]
    value = _ID.search(lines[key.line - 1], key.column - 1)
    return key._replace(column=value.start(1) + 1, end_column=value.end(1) + 1) if value else key


def _add(item: Any, span: Span, found: Found) -> None:
    found.add(_as_json(item) if isinstance(item, Mapping) else item, span, "csl-yaml")


def _read_by_item(source: Source, problem: yaml.YamlProblem, found: Found) -> None:
    """Read each item of the list by itself, so that a broken one does not take the others with it."""
    first = _ITEM.search(source.text)
    if first is None:
        found.diagnostics.append(_refused(problem, rules.UNREADABLE_FILE.at(problem.span, reason=problem.problem)))
        return
    starts = [m.start() for m in _ITEM.finditer(source.text) if m[1] == first[1]]
    for start, end in zip(starts, [*starts[1:], len(source.text)], strict=True):
        line = source.position(start)[0] - 1
        lines = source.text[start:end].split("\n")
        try:
            document = yaml.load(source.path, _one_document(source.text[start:end]))
        except yaml.YamlProblem as own:
            span = _moved(own.span, line)
            broken = yaml.YamlProblem(own.kind, own.problem, span)
            found.diagnostics.append(_refused(broken, rules.UNREADABLE_ENTRY.at(span, reason=own.problem)))
            continue
        for number, item in enumerate(document.value if isinstance(document.value, list) else ()):
            _add(item, _moved(_place(document, (number,), lines), line), found)


def _refused(problem: yaml.YamlProblem, otherwise: Any) -> Any:
    if problem.kind != "alias":
        return otherwise
    return rules.REFUSED_YAML.at(problem.span, what=problem.problem)


def _moved(span: Span, lines: int) -> Span:
    return span._replace(line=span.line + lines, end_line=span.end_line + lines)


def _as_json(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item as CSL-JSON has it: markup as tags, the older spelling of dates as date-parts, true and false as such."""
    out: dict[str, Any] = {}
    for name, value in item.items():
        if name in DATES:
            out[name] = _date(value)
        elif name in NAMES and isinstance(value, list):
            out[name] = [_each(person, _name_part) for person in value]
        elif name in NAMES and isinstance(value, Mapping):
            out[name] = [_each(value, _name_part)]
        elif isinstance(value, str) and name not in _VERBATIM:
            out[name] = markup(value)
        else:
            out[name] = value
    return out


def _each(value: Any, change: Callable[[str, Any], Any]) -> Any:
    return {k: change(k, v) for k, v in value.items()} if isinstance(value, Mapping) else value


def _name_part(name: str, value: Any) -> Any:
    if name in ("comma-suffix", "static-ordering", "parse-names") and value in ("true", "false"):
        return value == "true"
    return markup(value) if isinstance(value, str) else value


def _date(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(v, Mapping) and "year" in v for v in value):
        return {"date-parts": [[_numbers(v[p]) for p in ("year", "month", "day") if v.get(p)] for v in value]}
    if isinstance(value, Mapping):
        return _each(value, lambda name, v: v == "true" if name == "circa" and v in ("true", "false") else _numbers(v))
    return value


def _numbers(value: Any) -> Any:
    """Lists of digits as lists of numbers."""
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,4}", value) else value


def markup(text: str) -> str:
    """Markdown's emphasis, raised and lowered text as the tags of CSL-JSON; backslashes before punctuation are dropped."""
    if not re.search(r"[*_^~\\\[]", text):
        return text
    for pattern, tags in _MARKUP:
        text = pattern.sub(tags, text)
    return text
