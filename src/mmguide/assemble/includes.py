"""Stage assemble, includes: `::: {.include file="…"}` is replaced by the blocks of that file."""

from __future__ import annotations

from collections.abc import Mapping

from mmguide.ast import Blocks, Element, attr_of, classes_of, rewrite
from mmguide.model.manuscript import Section


def with_includes(blocks: Blocks, files: Mapping[str, Section], inside: tuple[str, ...] = ()) -> Blocks:
    """The blocks with every include expanded, also in included files; a file that includes itself is left out there.

    `files` holds the included sections by their path; a path it lacks has been reported when it was read.
    """

    def action(element: Element) -> Element | list[Element] | None:
        if "include" not in classes_of(element):
            return None
        path = attr_of(element).get("file")
        if path in inside or path not in files:
            return []
        return with_includes(files[path].blocks, files, (*inside, path))

    made: Blocks = rewrite(blocks, action, {"Div"})
    return made


def loops(files: Mapping[str, Section]) -> tuple[tuple[str, str], ...]:
    """The pairs (file, included file) that close a circle of includes."""
    calls = {path: tuple(_included(section)) for path, section in files.items()}
    closing: list[tuple[str, str]] = []

    def walk(path: str, trail: tuple[str, ...]) -> None:
        for called in calls.get(path, ()):
            if called in trail or called == path:
                if (path, called) not in closing:
                    closing.append((path, called))
            else:
                walk(called, (*trail, path))

    for path in calls:
        walk(path, ())
    return tuple(closing)


def _included(section: Section) -> list[str]:
    return [dict(c.attributes).get("file", "") for c in section.scan.containers if "include" in c.classes]
