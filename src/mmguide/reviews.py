"""The line of stages for review: a Word file that came back, and the guideline it was made of, become remarks at places of the source."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from mmguide.build import check_project
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import outputs as rules
from mmguide.errors import UsageError
from mmguide.places import similar, spans
from mmguide.review.archive import MOST_BYTES, Unusable, opened
from mmguide.review.remarks import Remark, remarks


class Reviewed(Struct, frozen=True):
    """The remarks with their places in the source (None where the file does not tell), what the file carries besides, what is wrong."""

    remarks: tuple[tuple[Remark, Span | None], ...] = ()
    ignored: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_review(path: Path, project: Path) -> Reviewed:
    """What a reviewer left in the Word file at `path`, made of the guideline in `project` or an older version of it.

    Raises UsageError when there is no such file or no guideline.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "name the Word file that came back") from error
    if len(content) > MOST_BYTES:
        return _unusable(path, f"it is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        parts = opened(content)
    except Unusable as problem:
        return _unusable(path, str(problem))
    checked = check_project(project, drawn=False)
    if checked.manuscript is None:
        raise UsageError(f"the guideline.yaml of {project} cannot be used", "mmguide check tells what is wrong with it")
    known = spans(checked.manuscript)
    return Reviewed(tuple((r, similar(r.bookmark, known) if r.bookmark else None) for r in remarks(parts)), parts.ignored)


def _unusable(path: Path, problem: str) -> Reviewed:
    return Reviewed(diagnostics=(rules.UNUSABLE_WORD_FILE.at(Span(path.name, 1, 1), path=path.name, problem=problem),))
