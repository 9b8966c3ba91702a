"""The line of stages for handouts: from a project's folder to the handouts it names, each in every format asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mmguide import house
from mmguide.approvals import APPROVALS_FILE, approvals_text, rests_on
from mmguide.build import Built, Options, Progress, check_project, render_cited
from mmguide.cite import cite
from mmguide.diagnostics import Diagnostic, Severity, has_errors, in_order
from mmguide.errors import UsageError
from mmguide.files import locked, write_all
from mmguide.handout import LARGE_POINTS, TEXT_POINTS, cite_handout, handout, handout_theme
from mmguide.material import Look, today
from mmguide.model.manuscript import Approval, Manuscript

FORMATS = ("pdf", "docx", "html")


@dataclass(frozen=True)
class HandoutOptions:
    """What is asked for: the handouts by name (all when empty), formats, paper, letters of 16 points, the folder of the outputs."""

    names: tuple[str, ...] = ()
    formats: tuple[str, ...] = FORMATS
    paper: str = ""
    large_print: bool = False
    output: Path = Path("build")
    strict: bool = False


def build_handouts(folder: Path, options: HandoutOptions = HandoutOptions(), progress: Progress | None = None) -> Built:
    """Check the project and write its handouts, all of them or none. Raises UsageError for a name that guideline.yaml does not have."""
    checked = check_project(folder, progress)
    if checked.manuscript is None or checked.look is None:
        return Built(checked, ())
    names = _chosen(options.names, checked.manuscript)
    warned = options.strict and any(d.severity is Severity.WARNING for d in checked.diagnostics)
    if has_errors(checked.diagnostics) or warned:
        return Built(checked, ())
    with locked(options.output):
        outputs, found = _rendered(checked.manuscript, checked.look, names, options, progress)
        checked = replace(checked, diagnostics=in_order((*checked.diagnostics, *found)))
        return Built(checked, () if has_errors(found) else tuple(write_all(options.output, outputs)))


def approve(folder: Path, names: Sequence[str], role: str, day: date | None = None) -> Path:
    """Record that somebody in this role approved these handouts as they stand now, and say where.

    Raises UsageError for a role that no contributor has, a name that guideline.yaml does not have, and a handout with nothing to approve.
    """
    checked = check_project(folder)
    manuscript = checked.manuscript
    if manuscript is None:
        raise UsageError("guideline.yaml cannot be used", "mmguide check tells what is wrong with it")
    roles = dict.fromkeys(person.role for person in manuscript.project.settings.contributors)
    if role not in roles:
        raise UsageError(f"no contributor has the role '{role}'", f"guideline.yaml has {', '.join(roles) or 'no contributors'}")
    made = dict(manuscript.approvals)
    for name in _chosen(names, manuscript):
        seen = rests_on(manuscript, name)
        if not seen and names:
            raise UsageError(
                f"handout '{name}' has no text of its own", "it repeats the guideline, so there is nothing to approve"
            )
        if seen:
            made[name] = Approval(role, day or manuscript.project.today or today(), {one.name: one.digest for one in seen})
    path = folder / APPROVALS_FILE
    path.parent.mkdir(exist_ok=True)
    return write_all(path.parent, {path.name: approvals_text(made).encode()})[0]


def _chosen(names: Sequence[str], manuscript: Manuscript) -> tuple[str, ...]:
    known = manuscript.project.settings.handouts
    if not known:
        raise UsageError("guideline.yaml names no handouts", "list them under `handouts:`; docs/handouts.md shows how")
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"there is no handout '{unknown[0]}'", f"guideline.yaml has {', '.join(known)}")
    return tuple(dict.fromkeys(names)) or tuple(known)


def _rendered(
    manuscript: Manuscript, look: Look, names: Sequence[str], options: HandoutOptions, progress: Progress | None
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """The outputs of these handouts by file name, and what their layout showed."""
    points = LARGE_POINTS if options.large_print else TEXT_POINTS
    sheets = {"print": house.style("handout.css")}
    handout_look = replace(look, theme=handout_theme(look.theme, points), sheets=sheets)
    whole = cite(manuscript, look.style.xml)
    outputs: dict[str, bytes] = {}
    found: list[Diagnostic] = []
    for name in names:
        made = handout(manuscript, name, options.paper)
        wanted = Options(options.formats, options.output, cache=False, paper=made.project.settings.paper)
        files, shown = render_cited(cite_handout(made, look.style.xml, whole), handout_look, wanted, progress)
        large = "-large" if options.large_print else ""
        outputs.update({_named(path, large): content for path, content in files.items()})
        found += shown
    return outputs, tuple(found)


def _named(path: str, addition: str) -> str:
    stem, _, suffix = path.rpartition(".")
    return f"{stem}{addition}.{suffix}"
