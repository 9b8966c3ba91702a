"""fixes: the findings whose mending is certain, as edits of single lines: keys, second keys of a work, DOI prefixes, HTML in titles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff
from html import unescape
from pathlib import Path
from unicodedata import normalize

from msgspec import Struct

from mmguide import bibliography
from mmguide.bibliography import works
from mmguide.check.keys import KnownKeys
from mmguide.diagnostics import Span
from mmguide.files import write_all
from mmguide.model.manuscript import Manuscript
from mmguide.model.reference import Bibliography
from mmguide.model.source import Citation, Source

_PREFIX = r"(?:https?://)?(?:dx\.)?(?:doi\.org/|doi:[ ]*)(?=10\.)"
# Where each format writes a DOI; the group is what has to go.
_DOIS: Mapping[str, re.Pattern[str]] = {
    "csl-json": re.compile(rf'"DOI"[ ]*:[ ]*"({_PREFIX})', re.IGNORECASE),
    "csl-yaml": re.compile(rf"^[ -]*[\"']?DOI[\"']?:[ ]*[\"']?({_PREFIX})", re.IGNORECASE | re.MULTILINE),
    "bibtex": re.compile(rf"\bdoi[ ]*=[ ]*[{{\"]({_PREFIX})", re.IGNORECASE),
}
_JSON_TITLE = re.compile(r'"(?:title|title-short|container-title|collection-title)"[ ]*:[ ]*"((?:[^"\\\n]|\\.)*)"')
_TAGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<(/?)(?:em|jats:italic)>"), r"<\1i>"),
    (re.compile(r"<(/?)(?:strong|jats:bold)>"), r"<\1b>"),
    (re.compile(r"<(/?)jats:(sup|sub)>"), r"<\1\2>"),
    (re.compile(r"</?(?:p|jats:p|jats:title|title)>"), ""),
    (re.compile(r"\s*<br\s*/?>\s*"), " "),
)
_TAG = re.compile(r"</?[A-Za-z]")


class Edit(Struct, frozen=True, order=True):
    """What stands at `span`, which lies in one line, is replaced by `new`."""

    span: Span
    new: str


def fixes(manuscript: Manuscript, sources: Mapping[str, Source]) -> tuple[Edit, ...]:
    """All edits, in the order of the files; no two overlap."""
    found = [*_keys(manuscript), *(edit for name in _reference_files(manuscript) for edit in _entries(sources[name]))]
    return tuple(sorted({edit.span: edit for edit in found}.values()))


def _reference_files(manuscript: Manuscript) -> list[str]:
    return list(dict.fromkeys(reference.span.path for reference in manuscript.bibliography.references))


def _keys(manuscript: Manuscript) -> Iterator[Edit]:
    """Keys in the spelling of their reference, and one key for each work."""
    known = KnownKeys(manuscript.bibliography.by_key)
    second = {normalize("NFC", alias.key) for scan in manuscript.scans for alias in scan.aliases}
    cited = ((scan, c, _meant(c, manuscript.bibliography, known)) for scan in manuscript.scans for c in scan.citations)
    meant = [(scan, c, key) for scan, c, key in cited if key is not None and normalize("NFC", c.key) not in second]
    other = works.canonical(manuscript.bibliography, [key for _, _, key in meant])
    for scan, citation, key in meant:
        new = other.get(key, key)
        if new != normalize("NFC", citation.key):
            yield Edit(citation.span, _written(scan.source, citation, new))


def _meant(citation: Citation, found: Bibliography, known: KnownKeys) -> str | None:
    """The key of the reference that a citation names, perhaps in another spelling; None where that is not certain."""
    key = normalize("NFC", citation.key)
    return None if citation.cut else key if key in found.by_key else known.alike(citation.key)


def _written(source: Source, citation: Citation, key: str) -> str:
    """The citation with another key, in braces where it had them or the key needs them."""
    line = source.line(citation.span.line)
    braces = line[citation.span.column : citation.span.column + 1] == "{"
    plain = re.fullmatch(r"[^\W_](?:[:.#$%&+?<>~/_-]?\w)*", key)
    return f"@{{{key}}}" if braces or not plain else f"@{key}"


def _entries(source: Source) -> Iterator[Edit]:
    """DOIs without their prefix; titles without HTML, in CSL-JSON."""
    format = bibliography.format_of(source.path) or ""
    if format in _DOIS:
        for match in _DOIS[format].finditer(source.text):
            yield Edit(source.span(*match.span(1)), "")
    if format == "csl-json":
        for match in _JSON_TITLE.finditer(source.text):
            old = json.loads(f'"{match[1]}"', strict=False)
            new = plain_title(old)
            if new != old:
                yield Edit(source.span(*match.span(1)), json.dumps(new, ensure_ascii=False)[1:-1])


def plain_title(title: str) -> str:
    """A title with its entities as signs and its markup in the few tags that CSL has."""
    text = title
    for pattern, tag in _TAGS:
        text = pattern.sub(tag, text)
    signs = unescape(text)
    # `&lt;i&gt;` stands for the letters <i>, which as a tag would mean something else.
    return (signs if len(_TAG.findall(signs)) == len(_TAG.findall(text)) else text).strip()


def as_diff(edits: Iterable[Edit], sources: Mapping[str, Source]) -> str:
    """The changes that the edits make, as a unified diff."""
    out = []
    for path, own in by_file(edits).items():
        old = sources[path].text.splitlines(keepends=True)
        new = edited(sources[path].text, own).splitlines(keepends=True)
        out += list(unified_diff(old, new, path, path, n=1))
    return "".join(line if line.endswith("\n") else line + "\n" for line in out)


def by_file(edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    found: dict[str, list[Edit]] = {}
    for edit in edits:
        found.setdefault(edit.span.path, []).append(edit)
    return found


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text of one file with its edits made. Line ends stay what they are."""
    lines = text.split("\n")
    for edit in sorted(edits, reverse=True):
        at = edit.span.line - 1
        lines[at] = lines[at][: edit.span.column - 1] + edit.new + lines[at][edit.span.end_column - 1 :]
    return "\n".join(lines)


def write(folder: Path, edits: Iterable[Edit]) -> list[Path]:
    """Make the edits in the files of the project in `folder`; byte-order marks and line ends stay."""
    written = []
    for path, own in by_file(edits).items():
        file = folder / path
        text = file.read_bytes().decode()
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        written += write_all(file.parent, {file.name: (mark + edited(text.removeprefix(mark), own)).encode()})
    return written
