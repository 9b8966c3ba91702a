"""Stage scan: everything in one Markdown file with its exact place. pandoc gives no places; its parse is this stage's oracle."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import is_normalized, normalize

from msgspec.structs import replace

from mmguide.cache import NOTHING, Cache
from mmguide.characters import unwanted_characters
from mmguide.memory import Known
from mmguide.model.source import Citation, Scan, Source
from mmguide.scan.aliases import with_aliases
from mmguide.scan.assembling import Collector
from mmguide.scan.blocks import BlockReader
from mmguide.scan.front import front_matter
from mmguide.scan.text import expand

# The files of a guideline that is watched: all but the one just saved are as they were.
_KEPT = 256


_known: Known[Scan] = Known(_KEPT)


def scan(source: Source, max_depth: int = 60, cache: Cache = NOTHING) -> Scan:
    """What stands where in `source`; what pandoc could not read within reason is among the diagnostics."""
    return _known.of((), lambda: _kept(source, max_depth, cache), (source, max_depth))


def _kept(source: Source, max_depth: int, cache: Cache) -> Scan:
    key = cache.key_of("scan", str(max_depth), source.path, source.text)
    if known := cache.value(key, Scan):
        return replace(known, source=source)
    found = _scanned(source, max_depth)
    if not found.diagnostics:
        cache.keep(key, found)
    return found


def _scanned(source: Source, max_depth: int) -> Scan:
    front, metadata = front_matter(source)
    text = expand(source, front)
    lines = []
    start = 0
    for line in text.text.split("\n"):
        lines.append((start, start + len(line)))
        start += len(line) + 1
    reader = BlockReader(text.text, max_depth)
    reader.read(lines, 0)
    collector = Collector(text, reader.found, max_depth)
    collector.collect()
    body = _body(source, front, collector.citations)
    return with_aliases(collector.scan(body, metadata, tuple(unwanted_characters(source))))


def _body(source: Source, front: int, citations: Iterable[Citation]) -> str:
    """The text for pandoc: without the leading YAML block, and with keys in Unicode form C, since pandoc ends a key at an accent."""
    text = source.text
    parts, read = ["\n" * text.count("\n", 0, front)], front
    for citation in () if is_normalized("NFC", text) else sorted(citations, key=lambda c: c.span):
        start = source.offset(citation.span.line, citation.span.column)
        end = source.offset(citation.span.end_line, citation.span.end_column)
        parts += [text[read:start], normalize("NFC", text[start:end])]
        read = end
    return "".join([*parts, text[read:]])
