"""Stage summary: a Manuscript becomes its quick-reference edition: all recommendations and the pathways, on two pages or so."""

from __future__ import annotations

from msgspec.structs import replace

from mmguide.assemble import crossrefs
from mmguide.assemble.abbreviations import with_abbreviations
from mmguide.assemble.numbers import long_date
from mmguide.assemble.recommendations import summary_item, without_citations
from mmguide.ast import Attr, Blocks, Element, attr_of, div, header, iterate, para, rewrite, words
from mmguide.grading import scheme_of
from mmguide.labels import label
from mmguide.model.manuscript import Manuscript
from mmguide.model.settings import Settings

NAME = "summary"


def summary(manuscript: Manuscript) -> Manuscript:
    """The quick-reference edition. It cites nothing and points at the whole guideline by its version."""
    settings = manuscript.project.settings
    language, scheme = settings.language, scheme_of(settings.grading, settings.language)
    items = [summary_item(r, scheme, language, linked=False) for r in manuscript.recommendations]
    resolved = _without_links(crossrefs.resolve(items, crossrefs.index(manuscript.targets), language))
    pathways = [
        _without_identifier(e) for e in iterate(manuscript.blocks) if e["t"] == "Figure" and "pathway" in attr_of(e).classes
    ]
    title = header(1, words(settings.title), Attr("quick-reference", ("unnumbered",)))
    blocks = [title, div([para(words(_about(settings)))], Attr(classes=("edition-note",))), *pathways]
    blocks.append(div(resolved, Attr(classes=("recommendations",))))
    # Abbreviations are written out where they first stand; a list of them would cost a page.
    made = [b for b in with_abbreviations(without_citations(blocks), settings.abbreviations, language) if not _is_list(b)]
    targets = tuple(t for t in manuscript.targets if t.kind == "rec")
    return replace(manuscript, blocks=made, targets=targets, edition=NAME)


def _about(settings: Settings) -> str:
    """What this edition is, and of which version."""
    language, day = settings.language, settings.dates.updated or settings.dates.published
    parts = [
        label("quick-reference", language),
        f"{label('version', language)} {settings.version}",
        label(f"status-{settings.status}", language),
        long_date(day, language) if day else "",
    ]
    return " · ".join(part for part in parts if part) + ". " + label("quick-reference-note", language)


def _is_list(block: Element) -> bool:
    attr = attr_of(block)
    return attr.id == "abbreviations" or "abbreviations" in attr.classes


def _without_links(blocks: Blocks) -> Blocks:
    """Cross-references lead to places that this edition does not have; their words stay."""

    def action(element: Element) -> list[Element] | None:
        is_reference = element["t"] == "Link" and "crossref" in attr_of(element).classes
        return list(element["c"][1]) if is_reference else None

    made: Blocks = rewrite(blocks, action)
    return made


def _without_identifier(figure: Element) -> Element:
    """The figure without its number, which belongs to the whole guideline."""

    def action(element: Element) -> list[Element] | None:
        labelled = element["t"] == "Span" and {"caption-label", "caption-separator"} & set(attr_of(element).classes)
        return [] if labelled else None

    content = figure["c"]
    made: Element = {"t": "Figure", "c": [Attr(classes=("pathway",)).raw(), rewrite(content[1], action), content[2]]}
    return made
