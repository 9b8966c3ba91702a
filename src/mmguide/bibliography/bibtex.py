"""bibliography: BibTeX and BibLaTeX. bibtexparser finds blocks and places, inheritance is resolved here, pandoc reads the LaTeX."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unicodedata import normalize

from msgspec import Struct

from mmguide import pandoc
from mmguide.bibliography.inherit import BibEntry, inherited
from mmguide.bibliography.items import Found
from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Span
from mmguide.diagnostics.rules import references as rules
from mmguide.errors import MmguideError
from mmguide.model.source import Source

# Fields that no printed reference shows; keeping long abstracts from pandoc saves most of its time.
_UNPRINTED = frozenset({"abstract", "file", "keywords", "annotation", "annote", "owner", "timestamp", "bdsk-url-1", "groups"})
# Commands that define others can be made to unfold without end, and a reference never needs them.
_PROGRAM = re.compile(
    r"\\(?:re|provide)?new(?:command|environment)|\\(?:e|g|x)?def\b|\\let\b|\\(?:input|include|loop|csname|expandafter)\b"
)
_BRACE = re.compile(r"(?<!\\)[{}]")
# Far beyond what a reference holds, and little enough that pandoc stays quick.
_LONGEST = 100_000
_DEEPEST = 40
_SECONDS = 60
_NO_ENTRY = frozenset({"comment", "preamble", "string"})


def read(sources: Sequence[Source], found: Found, limits: pandoc.Limits, cache: Cache = NOTHING) -> None:
    """Add the entries of all BibTeX files to `found`; one run of pandoc converts them together."""
    macros: list[str] = []
    entries: list[BibEntry] = []
    for source in sources:
        entries += _entries(source, macros, found)
    complete, reports = inherited(entries)
    found.diagnostics += reports
    wanted = [e for e in complete if e.kind != "xdata" and _harmless(e, found)]
    for entry, item in _converted(wanted, macros, Converter(limits, cache), found):
        found.add(_finished(entry, item), entry.span, "bibtex")


def _entries(source: Source, macros: list[str], found: Found) -> Iterable[BibEntry]:
    """The entries of one file; macros go to `macros`, what cannot be read to `found`."""
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String
    from bibtexparser.splitter import Splitter

    # What the library logs comes back as failed blocks, which become diagnostics.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    entries: list[BibEntry] = []
    offset = -1
    for block in Splitter(source.text).split().blocks:
        raw = (block.raw or "").lstrip("\n")
        # A block that failed can reach over the beginning of the next one.
        offset = max(source.text.find(raw, offset + 1), offset, 0)
        if isinstance(block, DuplicateBlockKeyBlock):
            block = block.ignore_error_block or block
        elif isinstance(block, DuplicateFieldKeyBlock):
            names = ", ".join(sorted(block.duplicate_keys))
            found.diagnostics.append(
                rules.UNREADABLE_ENTRY.at(_at_key(source, offset, ""), reason=f"the field {names} stands twice")
            )
        elif isinstance(block, ParsingFailedBlock):
            reason = getattr(block.error, "abort_reason", "") or "it is not complete"
            found.diagnostics.append(rules.UNREADABLE_ENTRY.at(_at_key(source, offset, ""), reason=_plain(reason)))
        if isinstance(block, String):
            macros.append(f"@string{{{block.key} = {block.value}}}\n")
        elif isinstance(block, Entry) and block.entry_type.lower() not in _NO_ENTRY:
            entries.append(_entry(source, block, offset))
    return entries


def _plain(reason: str) -> str:
    """bibtexparser's reason as part of a sentence."""
    text = " ".join(reason.split()).rstrip(".")
    return text[:1].lower() + text[1:]


def _at_key(source: Source, offset: int, key: str) -> Span:
    """The place of a block's key, or of its `@` when the key is not there."""
    head = re.compile(r"\s*@\s*\w*\s*[{(]\s*").match(source.text, offset)
    if head is None:
        return source.span(offset, offset + 1)
    if not key:
        key = (re.compile(r"[^\s,{}()=\"]*").match(source.text, head.end()) or head)[0]
    start = source.text.find(key, head.end(), head.end() + len(key) + 200) if key else -1
    return source.span(start, start + len(key)) if start >= 0 else source.span(source.text.index("@", offset), head.end())


def _entry(source: Source, block: Any, offset: int) -> BibEntry:
    fields = {f.key.lower(): f.value for f in block.fields}
    lines = {f.key.lower(): f.start_line + 1 for f in block.fields}
    places = {name: _field_place(source, line, name) for name, line in lines.items() if name in ("crossref", "xdata")}
    return BibEntry(
        normalize("NFC", block.key.strip()), block.entry_type.lower(), fields, _at_key(source, offset, block.key), places
    )


def _field_place(source: Source, line: int, name: str) -> Span:
    at = re.search(rf"\b{name}\b", source.line(line), re.IGNORECASE)
    return Span(source.path, line, at.start() + 1, line, at.end() + 1) if at else Span(source.path, line)


def _harmless(entry: BibEntry, found: Found) -> bool:
    """Whether the fields can be handed to pandoc; what cannot is reported."""
    for name, value in entry.fields.items():
        if name in _UNPRINTED:
            continue
        reason = None
        if command := _PROGRAM.search(value):
            reason = f"holds the TeX command {command[0]}, which is not carried out"
        elif len(value) > _LONGEST or _depth(value) > _DEEPEST:
            reason = f"is longer than {_LONGEST} signs or has more than {_DEEPEST} brackets inside each other"
        if reason is not None:
            found.diagnostics.append(rules.UNREADABLE_ENTRY.at(entry.span, reason=f"the field {name} of {entry.key} {reason}"))
            return False
    return True


def _depth(value: str) -> int:
    """How deep the braces of a value go."""
    deepest = depth = 0
    for mark in _BRACE.findall(value):
        depth += 1 if mark == "{" else -1
        deepest = max(deepest, depth)
    return deepest


class Converter(Struct, frozen=True):
    """pandoc within limits; what it made of the same entries before is in the cache."""

    limits: pandoc.Limits
    cache: Cache

    def items(self, entries: list[BibEntry], macros: list[str]) -> dict[str, dict[str, Any]]:
        """The CSL item of each entry by `e` and its number, where pandoc gives one."""
        # Keys of our own: pandoc drops the second of two entries with one key, and some keys that are fine elsewhere.
        written = [
            f"@{e.kind}{{e{number},\n" + "".join(f"  {n} = {v},\n" for n, v in e.fields.items() if n not in _UNPRINTED) + "}\n"
            for number, e in enumerate(entries)
        ]
        limits = pandoc.Limits(min(self.limits.seconds, _SECONDS), self.limits.memory_mb)
        out = pandoc.convert("".join([*macros, *written]), "biblatex", "csljson", limits, self.cache)
        return {item["id"]: item for item in json.loads(out)}


def _converted(
    entries: list[BibEntry], macros: list[str], converter: Converter, found: Found
) -> list[tuple[BibEntry, dict[str, Any]]]:
    """Each entry with the CSL item that pandoc makes of it. Where pandoc refuses a heap, its halves are tried."""
    if not entries:
        return []
    try:
        items = converter.items(entries, macros)
    except MmguideError as error:
        if len(entries) == 1:
            reason = error.message.removeprefix("pandoc failed: ").splitlines()[0][:300]
            found.diagnostics.append(rules.UNREADABLE_ENTRY.at(entries[0].span, reason=f"{entries[0].key}: {reason}"))
            return []
        half = len(entries) // 2
        return [*_converted(entries[:half], macros, converter, found), *_converted(entries[half:], macros, converter, found)]
    made: list[tuple[BibEntry, dict[str, Any]]] = []
    for number, entry in enumerate(entries):
        item = items.get(f"e{number}")
        if item is None:
            found.diagnostics.append(rules.UNREADABLE_ENTRY.at(entry.span, reason=f"{entry.key} gives no reference"))
        else:
            made.append((entry, item))
    return made


def _finished(entry: BibEntry, item: Mapping[str, Any]) -> dict[str, Any]:
    """The item with its own key and what pandoc leaves out."""
    csl = {"id": entry.key, **{name: value for name, value in item.items() if name != "id"}}
    fields = {name: _bare(value) for name, value in entry.fields.items()}
    if fields.get("eprinttype", fields.get("archiveprefix", "")).lower() in ("pubmed", "pmid"):
        csl.setdefault("PMID", fields.get("eprint", ""))
    for name, variable in (("abstract", "abstract"), ("keywords", "keyword")):
        if fields.get(name):
            csl.setdefault(variable, fields[name])
    return csl


def _bare(value: str) -> str:
    """A value without its outer braces or quotes."""
    value = value.strip()
    return value[1:-1].strip() if value[:1] in '{"' and value[-1:] in '}"' and len(value) > 1 else value
