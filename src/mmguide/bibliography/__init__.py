"""bibliography: the stage that turns the text of reference files into References with their places, entry by entry.

One bad entry is a diagnostic, the others live. The format is taken from the file's ending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import PurePosixPath

from mmguide import pandoc
from mmguide.bibliography.items import Found
from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import references as rules
from mmguide.model.reference import Bibliography, Reference
from mmguide.model.source import Source

__all__ = ["FORMATS", "RETRACTIONS", "format_of", "read"]

# Where a project keeps its table of retractions unless guideline.yaml names another file.
RETRACTIONS = "retractions.csv"
FORMATS: Mapping[str, str] = {
    ".json": "csl-json",
    ".yaml": "csl-yaml",
    ".yml": "csl-yaml",
    ".bib": "bibtex",
    ".ris": "ris",
    ".nbib": "nbib",
    ".medline": "nbib",
    ".xml": "endnote",
}
# Reference files of a guideline that is watched seldom change.
_KEPT = 4
# The module that reads each format a file at a time, loaded when there is such a file: a project has one format or two.
_READERS = {"csl-json": "csl_json", "csl-yaml": "csl_yaml", "ris": "ris", "nbib": "nbib", "endnote": "endnote"}


def format_of(path: str) -> str | None:
    """The format that a file's ending stands for."""
    return FORMATS.get(PurePosixPath(path).suffix.lower())


def read(
    files: Sequence[Source],
    retracted: Source | None = None,
    limits: pandoc.Limits = pandoc.Limits(),
    cache: Cache = NOTHING,
) -> tuple[Bibliography, tuple[Diagnostic, ...]]:
    """All references of these files, in the order of the files and of the entries in each, and what is wrong with them.

    `retracted` is the project's table of retractions.
    """
    return _read(tuple(files), retracted, limits, cache)


@lru_cache(_KEPT)
def _read(
    files: tuple[Source, ...], retracted: Source | None, limits: pandoc.Limits, cache: Cache
) -> tuple[Bibliography, tuple[Diagnostic, ...]]:
    by_file: dict[str, list[Reference]] = {source.path: [] for source in files}
    found = Found()
    for source in files:
        format = format_of(source.path)
        if format is None:
            found.diagnostics.append(rules.UNKNOWN_FORMAT.at(Span(source.path), path=source.path, known=", ".join(FORMATS)))
        elif format in _READERS:
            import_module(f"mmguide.bibliography.{_READERS[format]}").read(source, found)
    if of_tex := [source for source in files if format_of(source.path) == "bibtex"]:
        from mmguide.bibliography import bibtex

        bibtex.read(of_tex, found, limits, cache)
    for reference in found.references:
        by_file[reference.span.path].append(reference)
    made = Bibliography(tuple(reference for references in by_file.values() for reference in references))
    if retracted is None:
        return made, tuple(found.diagnostics)
    from mmguide.bibliography import retractions

    known, reports = retractions.with_table(made, retracted)
    return known, (*found.diagnostics, *reports)
