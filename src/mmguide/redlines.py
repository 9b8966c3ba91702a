"""The line of stages for redlines: from two versions of a guideline to one document that shows what came and what went."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from mmguide.build import Built, Checked, Options, Progress, check_version, render_cited
from mmguide.cite import cite
from mmguide.diagnostics import Diagnostic, has_errors, in_order
from mmguide.diff.numbers import together
from mmguide.diff.redline import redline
from mmguide.errors import UsageError
from mmguide.files import locked, write_all

FORMATS = ("docx", "pdf", "html")


class RedlineOptions(Struct, frozen=True):
    """What is asked for: formats, whose changes Word shows, paper of the PDF, the folder of the outputs."""

    formats: tuple[str, ...] = FORMATS
    author: str = "mmguide"
    paper: str = ""
    output: Path = Path("build")


def write_redlines(
    old: str, new: str, project: Path, options: RedlineOptions = RedlineOptions(), progress: Progress | None = None
) -> Built:
    """Write the redline from version `old` to `new`, each a folder, a release's zip or a git revision of `project`.

    Raises UsageError when one of them cannot be read as a guideline.
    """
    before, after = check_version(old, project), check_version(new, project)
    with locked(options.output):
        outputs, found = redlines(before, after, options, progress)
        checked = Checked(after.manuscript, after.look, in_order(found), after.sources)
        return Built(checked, tuple(write_all(options.output, outputs)))


def redlines(
    old: Checked, new: Checked, options: RedlineOptions = RedlineOptions(), progress: Progress | None = None
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """The redline's outputs by file name (`<id>-<old>-to-<new>.docx` …) from two checked versions, and what their layout showed.

    No outputs when the layout shows errors. Citations are set in the style of the new version.
    """
    if old.manuscript is None or new.manuscript is None or new.look is None:
        raise UsageError("the guideline.yaml of one version cannot be used", "mmguide check tells what is wrong with it")
    style = new.look.style.xml
    cited = [cite(m, style) for m in (old.manuscript, new.manuscript, together(old.manuscript, new.manuscript))]
    made = redline(cited[0], cited[1], cited[2])
    wanted = Options(options.formats, options.output, cache=False, paper=options.paper, docx_author=options.author)
    outputs, found = render_cited(made, new.look, wanted, progress)
    if has_errors(found):
        return {}, found
    whole, versions = made.project.output_stem, [m.project.settings.version for m in (old.manuscript, new.manuscript)]
    stem = f"{new.manuscript.project.settings.id}-{versions[0]}-to-{versions[1]}"
    return {stem + name.removeprefix(whole): content for name, content in outputs.items()}, found
