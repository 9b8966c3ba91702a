"""Stage cite: one run of pandoc's citeproc sets all citations and the reference list, for all outputs at once."""

from __future__ import annotations

from unicodedata import normalize

from mmguide import pandoc
from mmguide.ast import Element, attr_of, iterate, rewrite
from mmguide.model.manuscript import CitedManuscript, Manuscript


def cite(manuscript: Manuscript, style: str) -> CitedManuscript:
    """The manuscript with citations in the CSL `style` (the XML of an independent style). Only cited entries go to pandoc."""
    settings = manuscript.project.settings
    wanted = dict.fromkeys(
        normalize("NFC", c["citationId"]) for e in iterate(manuscript.blocks) if e["t"] == "Cite" for c in e["c"][0]
    )
    items = [dict(found.csl, id=key) for key in wanted if (found := manuscript.bibliography.get(key)) is not None]
    if not wanted:
        return CitedManuscript(manuscript, manuscript.blocks)
    limits = pandoc.Limits(settings.limits.seconds, settings.limits.memory_mb)

    def normalised(element: Element) -> Element | None:
        if element["t"] != "Cite":
            return None
        citations, text = element["c"]
        return {"t": "Cite", "c": [[{**c, "citationId": normalize("NFC", c["citationId"])} for c in citations], text]}

    blocks = pandoc.cite(rewrite(manuscript.blocks, normalised), items, style, settings.language, limits)
    entries = (attr_of(e).id for e in iterate(blocks) if e["t"] == "Div" and "csl-entry" in attr_of(e).classes)
    return CitedManuscript(manuscript, blocks, tuple(i.removeprefix("ref-") for i in entries))
