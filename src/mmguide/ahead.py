"""Stage read, its beginning: pandoc starts with the texts that guideline.yaml seems to name, before anything is loaded that can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mmguide import pandoc
from mmguide.ast import Blocks
from mmguide.cache import Cache
from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import structure as rules
from mmguide.files import ProjectFiles
from mmguide.model.source import Scan, Source
from mmguide.model.translation import beside, translations_among
from mmguide.scan import read_source, scan
from mmguide.yaml import YamlProblem, load

# The limits of a guideline that says nothing of them.
SOURCE_MB, NESTING = 10, 60
_ENDINGS = (".md", ".markdown")


class Trees:
    """pandoc's trees of texts, each read once, from the moment that a text is known."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._begun: dict[str, None] = {}
        self._coming: list[Callable[[], list[Blocks]]] = []

    def begin(self, scans: Iterable[Scan], limits: pandoc.Limits = pandoc.Limits()) -> None:
        """Have pandoc read those of the texts that it has not begun with."""
        new = [body for body in dict.fromkeys(one.body for one in scans if _may_be_parsed(one)) if body not in self._begun]
        if new:
            self._begun.update(dict.fromkeys(new))
            self._coming.append(pandoc.begin_parsing(new, limits, self._cache))

    def wait(self) -> Callable[[Scan], Blocks]:
        """What gives the tree of a scan; a text that a limit forbids to hand over has none. Raises what pandoc's adapter raises."""
        trees = dict(zip(self._begun, (tree for coming in self._coming for tree in coming()), strict=True))
        return lambda one: trees[one.body] if _may_be_parsed(one) else []


def _may_be_parsed(one: Scan) -> bool:
    """Whether pandoc can read a text in time that is in proportion to it."""
    return not any(d.rule in (rules.NESTING_TOO_DEEP, rules.BRACKETS_LEFT_OPEN) for d in one.diagnostics)


def read_ahead(files: ProjectFiles, settings: Source, cache: Cache) -> Trees:
    """Trees that pandoc begins with. What is wrong with a file is told later, when all are read that count."""
    trees = Trees(cache)
    try:
        value = load(settings.path, settings.text, cache).value
    except YamlProblem:
        return trees
    # With limits of its own, a text may have to be read in another way, or not at all.
    if isinstance(value, Mapping) and "limits" not in value:
        trees.begin(scan(source, NESTING) for source in _sources(files, value))
    return trees


def _sources(files: ProjectFiles, settings: Mapping[str, Any]) -> Iterator[Source]:
    for path in dict.fromkeys(_paths(files, settings)):
        content = files.read(path, None, SOURCE_MB)
        source = content if isinstance(content, Diagnostic) else read_source(path, content)
        if path.lower().endswith(_ENDINGS) and isinstance(source, Source):
            yield source


def _paths(files: ProjectFiles, settings: Mapping[str, Any]) -> Iterator[str]:
    """The sections, and the texts of handouts with their translations."""
    sections, handouts = settings.get("sections"), settings.get("handouts")
    for pattern in sections if isinstance(sections, list) else [sections]:
        yield from files.matching(pattern) if isinstance(pattern, str) else ()
    for handout in handouts.values() if isinstance(handouts, Mapping) else ():
        file = handout.get("file") if isinstance(handout, Mapping) else None
        if isinstance(file, str):
            yield file
            yield from translations_among(file, files.matching(beside(file))).values()
