"""Stage read, its door: text files and pictures of a project, each asked for once, with what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mmguide.cache import NOTHING, Cache
from mmguide.characters import read_source
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import figures as figure_rules
from mmguide.diagnostics.rules import project as rules
from mmguide.files import ProjectFiles
from mmguide.model.source import Source

if TYPE_CHECKING:
    from mmguide.model.picture import Picture
    from mmguide.model.settings import Project


class Texts:
    """The files of one reading, and what was found on the way."""

    def __init__(self, folder: Path, cache: Cache = NOTHING) -> None:
        self.files, self.cache = ProjectFiles(folder), cache
        self.diagnostics: list[Diagnostic] = []
        self.sources: dict[str, Source] = {}

    def text(self, path: str, span: Span | None, limit_mb: float) -> Source | None:
        """A text file of the project; None, and a diagnostic, when it cannot be had."""
        content = self.files.read(path, span, limit_mb)
        source = content if isinstance(content, Diagnostic) else read_source(path, content)
        if isinstance(source, Diagnostic):
            self.diagnostics.append(source)
            return None
        self.sources[path] = source
        return source

    def text_if_there(self, path: str, limit_mb: float = 1) -> Source | None:
        """A text file that a project may have at this place; None without it, and where it cannot be had."""
        return self.text(path, None, limit_mb) if self.files.exists(path) else None

    def texts(self, project: Project, setting: str, patterns: Iterable[str]) -> list[Source]:
        """The files of a setting that lists files or patterns."""
        found: dict[str, Source] = {}
        for number, pattern in enumerate(patterns):
            span = project.place(setting, number)
            paths = self.files.matching(pattern)
            if not paths:
                self.diagnostics.append(rules.NO_SECTIONS.at(span, pattern=pattern))
            for path in paths:
                source = self.text(path, span, project.settings.limits.source_mb) if path not in found else None
                if source is not None:
                    found[path] = source
        return list(found.values())

    def picture(self, section: str, target: str, span: Span, megapixels: int, found: dict[str, Picture]) -> None:
        """Read a picture by what a text of `section` calls it into `found`, or say what is wrong with it."""
        from mmguide.pictures import picture_paths, read_picture

        if "://" in target or target.startswith(("//", "data:")):
            self.diagnostics.append(figure_rules.REMOTE_PICTURE.at(span, path=target[:80]))
            return
        candidates = picture_paths(section, target)
        if any(path in found for path in candidates):
            return
        problems: list[Diagnostic] = []
        for path in candidates:
            content = self.files.read(path, span, 100)
            if not isinstance(content, Diagnostic):
                picture = read_picture(path, content, span, megapixels)
                if isinstance(picture, Diagnostic):
                    self.diagnostics.append(picture)
                else:
                    found[path] = picture
                return
            problems.append(content)
        self.diagnostics.append(_as_picture_fault(problems, span, target))


def _as_picture_fault(problems: list[Diagnostic], span: Span, target: str) -> Diagnostic:
    """What is said about a picture that could not be read: the gravest reason, or simply that it is not there."""
    other = [p for p in problems if p.rule is not rules.MISSING_FILE]
    if not other:
        return figure_rules.MISSING_PICTURE.at(span, path=target[:80])
    return figure_rules.PICTURE_OUTSIDE.at(span, path=target[:80]) if other[0].rule is rules.OUTSIDE_PROJECT else other[0]
