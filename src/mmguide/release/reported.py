"""Stage release, reporting: where the guideline answers each item of the reporting standards, as a Manuscript of its own."""

from __future__ import annotations

from msgspec.structs import replace

from mmguide.assemble.reporting import guideline_of, with_reporting
from mmguide.ast import Attr, Blocks, Element, div, header, para, rewrite, words
from mmguide.labels import label
from mmguide.model.manuscript import Manuscript
from mmguide.reporting import standard

NAME = "reporting"
# RIGHT for a guideline, CheckUp for its updates; others where the guideline answers to them.
ALWAYS = ("right", "checkup")


def reported(manuscript: Manuscript) -> Manuscript:
    """The edition with a table for each reporting standard; its places are named and not linked, since they stand in another file."""
    settings = manuscript.project.settings
    given = [name for name in ("right", "agree", "right-pvg", "checkup") if settings.reporting.answers(name)]
    names = tuple(dict.fromkeys((*ALWAYS, *settings.reporting.require, *given)))
    title = header(1, words(label("changes-reporting", settings.language)), Attr(NAME, ("unnumbered",)))
    blocks: Blocks = [title]
    for name in names:
        wanted = standard(name)
        blocks.append(header(2, words(f"{wanted.name}: {wanted.title}"), Attr(f"{NAME}-{name}", ("unnumbered",))))
        blocks.append(para(words(wanted.source)))
        blocks.append(div([], Attr(classes=("reporting",), attributes=(("standard", name),))))
    made = rewrite(with_reporting(blocks, guideline_of(manuscript)), _without_link)
    return replace(manuscript, blocks=made, targets=(), edition=NAME)


def _without_link(element: Element) -> list[Element] | None:
    return list(element["c"][1]) if element["t"] == "Link" else None
