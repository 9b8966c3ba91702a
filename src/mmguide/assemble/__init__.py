"""Stage assemble: sections, references and data become one Manuscript, with everything in its tree that an output will print.

Pure: whatever had to be read was read before. What does not fit is reported by the checks, which see the same Manuscript.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mmguide.assemble import crossrefs, identifiers, includes, numbering, raw
from mmguide.ast import Attr, Blocks, Element, attr_of, div, header, iterate, rewrite, words
from mmguide.labels import label
from mmguide.model.data import Data
from mmguide.model.manuscript import Manuscript, Picture, Section
from mmguide.model.reference import Bibliography
from mmguide.model.settings import Project


@dataclass(frozen=True)
class Material:
    """Everything that was read for one manuscript: `included` by path, `pictures` by path."""

    project: Project
    sections: tuple[Section, ...]
    included: Mapping[str, Section] = field(default_factory=dict)
    bibliography: Bibliography = Bibliography()
    data: Data = Data()
    pictures: Mapping[str, Picture] = field(default_factory=dict)


def assemble(material: Material) -> Manuscript:
    """The Manuscript of this material."""
    settings = material.project.settings
    sections = _clean(material.sections, material.included)
    joined = [block for blocks in identifiers.unique_identifiers(sections) for block in blocks]
    joined = _for_status(numbering.raised(joined), settings.status)
    counted = numbering.Numbering(settings)
    numbered = counted.blocks(joined)
    resolved = crossrefs.resolve(numbered, crossrefs.index(counted.targets), settings.language)
    return Manuscript(
        project=material.project,
        sections=material.sections,
        blocks=_with_reference_list(resolved, settings.language),
        bibliography=material.bibliography,
        data=material.data,
        pictures=material.pictures,
        targets=tuple(counted.targets),
        included=tuple(material.included.values()),
    )


def _clean(sections: Sequence[Section], included: Mapping[str, Section]) -> list[Section]:
    """Includes expanded and raw tags gone."""
    return [replace(s, blocks=raw.without_raw(includes.with_includes(s.blocks, included, (s.path,)))) for s in sections]


def _for_status(blocks: Blocks, status: str) -> Blocks:
    """Notes to the panel stay in drafts only."""
    if status == "draft":
        return blocks

    def action(element: Element) -> list[Element] | None:
        return [] if element["t"] == "Div" and "panel-note" in attr_of(element).classes else None

    made: Blocks = rewrite(blocks, action)
    return made


def _with_reference_list(blocks: Blocks, language: str) -> Blocks:
    """The blocks with a place for the reference list, where the text cites anything and has none of its own."""
    if any(e["t"] == "Div" and attr_of(e).id == "refs" for e in iterate(blocks)):
        return blocks
    if not any(e["t"] == "Cite" for e in iterate(blocks)):
        return blocks
    title = header(1, words(label("references", language)), Attr("references", ("unnumbered",)))
    return [*blocks, title, div([], Attr("refs"))]
