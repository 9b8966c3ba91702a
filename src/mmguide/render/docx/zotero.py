"""Render, Word: citations as live Zotero fields, with all of each item's data in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from mmguide.ast import Blocks, Element, plain_text
from mmguide.model.reference import Bibliography
from mmguide.render.docx.fields import FIELD_END, field_begin, raw_inline
from mmguide.render.docx.ooxml import attribute

_SCHEMA = "https://github.com/citation-style-language/schema/raw/master/csl-citation.json"
# What CSL calls the parts that a locator can name; pandoc keeps the locator in the suffix, words before it name the part.
_LABELS: Mapping[str, str] = {
    "p.": "page",
    "pp.": "page",
    "page": "page",
    "chap.": "chapter",
    "fig.": "figure",
    "sec.": "section",
}


def citation_field(cite: Element, bibliography: Bibliography) -> str:
    """The instruction of the field for one citation, '' when an item is not in the bibliography."""
    citations = cite["c"][0]
    items = [_item(citation, bibliography) for citation in citations]
    if not items or any(item is None for item in items):
        return ""
    text = plain_text(cite["c"][1])
    body = {
        "citationID": sha256(json.dumps([items, text], sort_keys=True).encode()).hexdigest()[:8],
        "properties": {"formattedCitation": text, "plainCitation": text, "noteIndex": 0},
        "citationItems": items,
        "schema": _SCHEMA,
    }
    return "ADDIN ZOTERO_ITEM CSL_CITATION " + json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _item(citation: Mapping[str, Any], bibliography: Bibliography) -> dict[str, Any] | None:
    reference = bibliography.get(citation["citationId"])
    if reference is None:
        return None
    made: dict[str, Any] = {
        "id": reference.key,
        "uris": [f"http://zotero.org/users/local/mmguide/items/{sha256(reference.key.encode()).hexdigest()[:8].upper()}"],
        "itemData": {**reference.csl, "id": reference.key},
    }
    prefix, suffix = plain_text(citation["citationPrefix"]), plain_text(citation["citationSuffix"])
    if prefix:
        made["prefix"] = prefix + " "
    if suffix:
        made.update(_locator(suffix))
    if citation["citationMode"]["t"] == "SuppressAuthor":
        made["suppress-author"] = True
    return made


def _locator(suffix: str) -> dict[str, str]:
    """`, p. 3` as a page, anything else as words behind the citation."""
    # `{}` tells citeproc that no locator is meant; Zotero has a place for one.
    suffix = suffix.removeprefix("{}")
    words = suffix.lstrip(", ").split(maxsplit=1)
    if len(words) == 2 and words[0] in _LABELS and words[1][:1].isdigit():
        return {"locator": words[1], "label": _LABELS[words[0]]}
    return {"suffix": suffix}


BIBLIOGRAPHY_FIELD = 'ADDIN ZOTERO_BIBL {"uncited":[],"omitted":[],"custom":[]} CSL_BIBLIOGRAPHY'


def in_field(entries: Blocks, instruction: str) -> Blocks:
    """The list's entries as the result of one field: begun in the first paragraph, ended in the last."""
    if not entries:
        return entries
    begun = [_with(entries[0], raw_inline(field_begin(instruction)), first=True), *entries[1:]]
    return [*begun[:-1], _with(begun[-1], raw_inline(FIELD_END), first=False)]


def _with(block: Element, piece: Element, *, first: bool) -> Element:
    if block["t"] == "Div":
        at = 0 if first else len(block["c"][1]) - 1
        content = [_with(b, piece, first=first) if i == at else b for i, b in enumerate(block["c"][1])]
        return {"t": "Div", "c": [block["c"][0], content]}
    return {**block, "c": [piece, *block["c"]] if first else [*block["c"], piece]}


def preferences(style: str, language: str) -> str:
    """What Zotero stores of a document: the style, and that citations are fields."""
    name = style.rsplit("/", 1)[-1].removesuffix(".csl")
    return (
        '<data data-version="3" zotero-version="7.0.0"><session id="mmguide"/>'
        f'<style id={attribute("http://www.zotero.org/styles/" + name)} locale={attribute(language)} hasBibliography="1" '
        'bibliographyStyleHasBeenSet="1"/><prefs><pref name="fieldType" value="Field"/>'
        '<pref name="automaticJournalAbbreviations" value="false"/></prefs></data>'
    )
