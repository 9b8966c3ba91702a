"""Stage read, translations: the record of what each translation was made from, and what has changed in the original since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import translations as rules
from mmguide.model.source import Paragraph, Scan, Source
from mmguide.model.translation import Translation
from mmguide.yaml import YamlProblem, load

TRANSLATIONS_FILE = "handouts/translations.yaml"
MACHINE = "machine"
_HEAD = (
    "# Written by `mmguide handout translated`: who made each translation, and digests of the paragraphs of the original "
    "that it was made from.\n"
)
_IN_A_LINE = 10


def read_translations(source: Source, cache: Cache = NOTHING) -> tuple[Mapping[str, Translation], tuple[Diagnostic, ...]]:
    """The records by the path of the translation, and what is wrong with the file."""
    try:
        document = load(source.path, source.text, cache)
    except YamlProblem as problem:
        return {}, (rules.TRANSLATIONS.at(problem.span, problem=problem.problem),)
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        return {}, (rules.TRANSLATIONS.at(Span(source.path), problem="it must have an entry `path:` for each translation"),)
    found: dict[str, Translation] = {}
    faults: list[Diagnostic] = []
    for path, entry in value.items():
        span = document.places[(path,)]
        record = _record(entry, span)
        if record is None:
            faults.append(rules.TRANSLATIONS.at(span, problem=f"the entry of '{path}' lacks `by` or the list `original`"))
        else:
            found[path] = record
    return found, tuple(faults)


def _record(entry: Any, span: Span) -> Translation | None:
    if (
        not isinstance(entry, dict)
        or set(entry) != {"by", "original"}
        or not entry["by"]
        or not isinstance(entry["original"], list)
    ):
        return None
    return Translation(str(entry["by"]), tuple(str(digest) for digest in entry["original"]), span)


def translations_text(records: Mapping[str, Translation]) -> str:
    """The file of these records."""
    lines = [_HEAD]
    for path in sorted(records):
        one = records[path]
        by = one.by.replace("\\", "\\\\").replace('"', '\\"')
        rows = [one.original[at : at + _IN_A_LINE] for at in range(0, len(one.original), _IN_A_LINE)]
        listed = "".join("    " + ", ".join(f'"{digest}"' for digest in row) + ",\n" for row in rows)
        lines.append(f'"{path}":\n  by: "{by}"\n  original: [\n{listed}  ]\n')
    return "".join(lines)


def digests(scan: Scan) -> tuple[str, ...]:
    """A digest of each paragraph, whatever its lines are broken at."""
    return tuple(_digest(paragraph) for paragraph in scan.paragraphs)


def _digest(paragraph: Paragraph) -> str:
    return hashlib.sha256(f"{paragraph.kind} {' '.join(paragraph.text.split())}".encode()).hexdigest()[:12]


class Change(NamedTuple):
    """A paragraph of the original that was `changed`, `added` or `removed`, and where the original and the translation have it."""

    what: str
    original: Span
    translation: Span


def changes(record: Translation, original: Scan, translation: Scan) -> Iterator[Change]:
    """What differs between the original and what the translation was made from, in the order of the text."""
    matcher = SequenceMatcher(None, record.original, digests(original), autojunk=False)
    for kind, was, was_end, now, now_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        for step in range(max(was_end - was, now_end - now)):
            before, after = was + step < was_end, now + step < now_end
            what = "changed" if before and after else "added" if after else "removed"
            here = _place(original, now + step if after else now)
            yield Change(what, here, _place(translation, was + step if before else was))


def _place(scan: Scan, number: int) -> Span:
    """Where a paragraph stands, the last one where there are fewer."""
    paragraphs: Sequence[Paragraph] = scan.paragraphs
    return paragraphs[min(number, len(paragraphs) - 1)].span if paragraphs else Span(scan.source.path)
