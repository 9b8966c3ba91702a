"""Stage read, its beginning: pandoc starts with the texts that guideline.yaml seems to name, before anything is loaded that can tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from mmguide import pandoc
from mmguide.ast import Blocks
from mmguide.cache import Cache
from mmguide.characters import read_source
from mmguide.converting import MARKDOWN, Converter
from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import structure as rules
from mmguide.files import ProjectFiles
from mmguide.model.source import Scan, Source
from mmguide.model.translation import beside, translations_among
from mmguide.walks import elements_of

# The limits of a guideline that says nothing of them.
SOURCE_MB, NESTING = 10, 60
# A comment, or a path of Markdown with what says that it is a handout's: found sooner than a reader of YAML is loaded.
_NAMED = re.compile(
    r"(?:^|(?<=\s))#.*"
    r"|(?P<handout>\bfile:[ \t]*)?(?<![^\s\"',:\[\]{}])[\"']?(?P<path>[^\s\"',:\[\]{}]+\.(?:md|markdown)\b)",
    re.MULTILINE | re.IGNORECASE,
)


class Trees:
    """pandoc's trees of texts, each read once, from the moment that a text is known.

    Used in a `with` block, at whose end nothing goes on that nobody waited for.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._open = ExitStack()
        self._readers: dict[pandoc.Limits, Converter] = {}

    def __enter__(self) -> Trees:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def begin(self, scans: Iterable[Scan], limits: pandoc.Limits = pandoc.Limits()) -> None:
        """Have pandoc read those of the texts that it has not begun with; each as soon as its scan is there."""
        if limits not in self._readers:
            self._readers[limits] = self._open.enter_context(Converter(MARKDOWN, limits, self._cache))
            self._readers[limits].start()
        for one in scans:
            if _may_be_parsed(one):
                self._readers[limits].give(one.body)

    def wait(self) -> Callable[[Scan], Blocks]:
        """What gives the tree of a scan; a text that a limit forbids to hand over has none. Raises what pandoc's adapter raises."""
        trees = {}
        for reader in self._readers.values():
            for text, made in reader.results():
                trees[text] = tree = pandoc.blocks_of(made)
                elements_of(tree)  # what every stage asks for first is found out while the others are read
        return lambda one: trees[one.body] if _may_be_parsed(one) else []


def _may_be_parsed(one: Scan) -> bool:
    """Whether pandoc can read a text in time that is in proportion to it."""
    return not any(d.rule in (rules.NESTING_TOO_DEEP, rules.BRACKETS_LEFT_OPEN) for d in one.diagnostics)


def read_ahead(files: ProjectFiles, settings: Source, cache: Cache) -> Trees:
    """Trees that pandoc begins with. What is wrong with a file is told later, when all are read that count."""
    trees = Trees(cache)
    # With limits of its own, a text may have to be read in another way, or not at all.
    if "limits" not in settings.text:
        trees.begin(_scans(files, settings.text, cache))
    return trees


def _scans(files: ProjectFiles, settings: str, cache: Cache) -> Iterator[Scan]:
    from mmguide.scan import scan  # loaded while pandoc starts

    for path in dict.fromkeys(_paths(files, settings)):
        content = files.read(path, None, SOURCE_MB)
        source = content if isinstance(content, Diagnostic) else read_source(path, content)
        if isinstance(source, Source):
            yield scan(source, NESTING, cache)


def _paths(files: ProjectFiles, settings: str) -> Iterator[str]:
    """The files of Markdown that stand in guideline.yaml, those of handouts with their translations."""
    for named in _NAMED.finditer(settings):
        path = named["path"]
        if path and named["handout"]:
            yield path
            yield from translations_among(path, files.matching(beside(path))).values()
        elif path:
            yield from files.matching(path)
