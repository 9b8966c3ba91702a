"""bibliography: references written as CSL-JSON, CSL-YAML or BibLaTeX, and added to a file without touching what stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mmguide import pandoc
from mmguide.bibliography.items import NAMES
from mmguide.errors import UsageError

Item = Mapping[str, Any]

# The order in which fields stand; others follow in the order they had.
_FIELDS = """
    id type title title-short author editor container-title container-title-short collection-title publisher publisher-place edition
    issued volume issue page DOI PMID PMCID ISSN ISBN URL accessed language
"""
_ORDER = tuple(_FIELDS.split())
_TAGS: tuple[tuple[str, str], ...] = (
    (r"<b>(.+?)</b>", r"**\1**"),
    (r"<i>(.+?)</i>", r"*\1*"),
    (r"<sup>([^\s<]+)</sup>", r"^\1^"),
    (r"<sub>([^\s<]+)</sub>", r"~\1~"),
    (r'<span class="nocase">(.+?)</span>', r"[\1]{.nocase}"),
    (r'<span style="font-variant:\s*small-caps;?">(.+?)</span>', r"[\1]{.smallcaps}"),
)
_PLAIN = frozenset({"id", "type", "URL", "DOI", "PMID", "PMCID", "ISBN", "ISSN", "custom"})


def ordered(item: Item) -> dict[str, Any]:
    """The item with its fields in the usual order."""
    return {name: item[name] for name in (*(n for n in _ORDER if n in item), *(n for n in item if n not in _ORDER))}


def as_csl_json(items: Iterable[Item]) -> str:
    """A list, one field a line."""
    return json.dumps([ordered(item) for item in items], ensure_ascii=False, indent=1) + "\n"


def as_csl_yaml(items: Iterable[Item]) -> str:
    """A list under `references:`, as pandoc takes it in a metadata block too."""
    return "references:\n" + "".join(_yaml_item(item) for item in items)


def _yaml_item(item: Item) -> str:
    lines: list[str] = []
    for name, value in ordered(item).items():
        shown = json.dumps(_with_markdown(name, value), ensure_ascii=False)
        lines.append(f"{'- ' if not lines else '  '}{name}: {shown}\n")
    return "".join(lines)


def _with_markdown(name: str, value: Any) -> Any:
    if isinstance(value, str) and name not in _PLAIN:
        text = re.sub(r"([\\*_^~\[\]`])", r"\\\1", value)
        for tag, mark in _TAGS:
            text = re.sub(tag, mark, text)
        return text
    if name in NAMES and isinstance(value, list):
        return [{k: _with_markdown("", v) for k, v in p.items()} if isinstance(p, Mapping) else p for p in value]
    return value


def as_bibtex(items: Iterable[Item]) -> str:
    """BibLaTeX entries, made by pandoc."""
    return pandoc.convert(as_csl_json(items), "csljson", "biblatex").decode()


WRITERS: Mapping[str, Callable[[Iterable[Item]], str]] = {
    "csl-json": as_csl_json,
    "csl-yaml": as_csl_yaml,
    "bibtex": as_bibtex,
}


def appended(text: str, format: str, items: Sequence[Item]) -> str:
    """The text of a reference file with these items behind those it has; every line that stood there stays as it was."""
    if not items:
        return text
    if format == "bibtex":
        return text.rstrip("\n") + "\n\n" * bool(text.strip()) + as_bibtex(items)
    if format == "csl-yaml":
        return _appended_yaml(text, items)
    if format == "csl-json":
        return _appended_json(text, items)
    raise UsageError(f"nothing can be added to a file in the format {format}", "add to a .json, .yaml or .bib file")


def _appended_json(text: str, items: Sequence[Item]) -> str:
    if not text.strip():
        return as_csl_json(items)
    body = text.rstrip()
    if not body.endswith("]") or not body.lstrip().startswith("["):
        raise UsageError("the file is not a plain list of references", "mend it, or add to another file")
    before, inside = body[:-1].rstrip(), as_csl_json(items).strip()[1:-1].strip("\n")
    comma = "" if before.endswith("[") else ","
    return f"{before}{comma}\n{inside}\n]\n"


def _appended_yaml(text: str, items: Sequence[Item]) -> str:
    if not text.strip():
        return as_csl_yaml(items)
    ending = re.search(r"\n(?:---|\.\.\.)\s*\Z", text)
    body, rest = (text[: ending.start() + 1], text[ending.start() + 1 :]) if ending else (text, "")
    first = re.search(r"^([ ]*)-[ ]", body, re.MULTILINE)
    indent = first[1] if first else ""
    lines = "".join(_yaml_item(item) for item in items).splitlines(keepends=True)
    return (body if body.endswith("\n") else body + "\n") + "".join(indent + line for line in lines) + rest
