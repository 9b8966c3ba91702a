"""Stage cite: one run of pandoc's citeproc sets all citations and the reference list, for all outputs at once."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

from mmguide import pandoc
from mmguide.ast import SPACE, Element, Inlines, attr_of, iterate, plain_text, rewrite, string
from mmguide.bibliography.printing import item as printed_item
from mmguide.bibliography.works import canonical
from mmguide.cache import NOTHING, Cache
from mmguide.model.manuscript import CitedManuscript, Manuscript


def cite(manuscript: Manuscript, style: str, cache: Cache = NOTHING) -> CitedManuscript:
    """The manuscript with citations in the CSL `style` (the XML of an independent style). Only cited entries go to pandoc."""
    settings = manuscript.project.settings
    wanted = dict.fromkeys(normalize("NFC", c["citationId"]) for e in manuscript.elements if e["t"] == "Cite" for c in e["c"][0])
    if not wanted:
        return CitedManuscript(manuscript, manuscript.blocks)
    # One work is printed once, under whatever key it is cited; the checks report the second key.
    other = canonical(manuscript.bibliography, tuple(wanted))
    items = [
        printed_item(found) for key in wanted if key not in other and (found := manuscript.bibliography.get(key)) is not None
    ]
    drops_locators = 'variable="locator"' not in style
    limits = pandoc.Limits(settings.limits.seconds, settings.limits.memory_mb)

    def normalised(element: Element) -> Element | None:
        if element["t"] != "Cite":
            return None
        citations, text = element["c"]
        settled = []
        for citation in citations:
            key = normalize("NFC", citation["citationId"])
            prefix, suffix = (rewrite(citation[part], normalised) for part in ("citationPrefix", "citationSuffix"))
            suffix = _as_text(suffix) if drops_locators else suffix
            settled.append({**citation, "citationId": other.get(key, key), "citationPrefix": prefix, "citationSuffix": suffix})
        return {"t": "Cite", "c": [_without_repeats(settled), text]}

    blocks = pandoc.cite(rewrite(manuscript.blocks, normalised), items, style, settings.language, limits, cache)
    entries = (attr_of(e).id for e in iterate(blocks) if e["t"] == "Div" and "csl-entry" in attr_of(e).classes)
    return CitedManuscript(manuscript, blocks, tuple(i.removeprefix("ref-") for i in entries))


def _as_text(suffix: Inlines) -> Inlines:
    """A page or chapter in a form that citeproc prints as it stands: a style without a place for it would drop it."""
    if not suffix:
        return suffix
    # Braces mark a page for pandoc; as text they would be printed.
    bare = [string(e["c"].replace("{", "").replace("}", "")) if e["t"] == "Str" else e for e in suffix]
    joined = plain_text(suffix).startswith("{") and not plain_text(suffix).startswith("{}")
    return [string("{}"), *([string(","), SPACE] if joined else []), *bare]


def _without_repeats(citations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A group in which no work stands twice, unless a page or a word of its own stands beside it."""
    seen: set[str] = set()
    kept = []
    for citation in citations:
        key = citation["citationId"]
        if key not in seen or citation["citationPrefix"] or citation["citationSuffix"]:
            kept.append(citation)
        seen.add(key)
    return kept
