"""Stage cite: one run of pandoc's citeproc sets all citations and the reference list, for all outputs at once.

citeproc is given what it looks at, and no more: the citations in their order, the place of the reference list, and the references. So what
it made is known again after every edit that leaves these as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import normalize

from mmguide import pandoc
from mmguide.ast import (
    SPACE,
    Blocks,
    Element,
    Inlines,
    classes_of,
    id_of,
    iterate,
    para,
    plain_text,
    rewrite,
    rewrite_lists,
    string,
)
from mmguide.bibliography.printing import item as printed_item
from mmguide.bibliography.works import canonical
from mmguide.cache import NOTHING, Cache
from mmguide.model.manuscript import CitedManuscript, Manuscript

_SPACES = frozenset({"Space", "SoftBreak"})
# Classes by which a text tells citeproc something about the citations around them.
_MARKED = frozenset({"Header", "Div", "Span"})
_OF_CITEPROC = frozenset({"reset-citation-positions", "csl-quoted"})


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

    def normalised(element: Element) -> Element:
        citations, text = element["c"]
        settled = []
        for citation in citations:
            key = normalize("NFC", citation["citationId"])
            prefix, suffix = (rewrite(citation[part], normalised, {"Cite"}) for part in ("citationPrefix", "citationSuffix"))
            suffix = _as_text(suffix) if drops_locators else suffix
            settled.append({**citation, "citationId": other.get(key, key), "citationPrefix": prefix, "citationSuffix": suffix})
        return {"t": "Cite", "c": [_without_repeats(settled), text]}

    if _is_apart(manuscript.elements, style):
        asked = [para([normalised(e)]) if e["t"] == "Cite" else e for e in manuscript.elements if e["t"] == "Cite" or _is_list(e)]
        set_apart = pandoc.cite(asked, items, style, settings.language, limits, cache)
        blocks, entries = _put_back(manuscript.blocks, asked, set_apart)
    else:
        whole: Blocks = rewrite(manuscript.blocks, normalised, {"Cite"})
        entries = blocks = pandoc.cite(whole, items, style, settings.language, limits, cache)
    keys = (id_of(e) for e in iterate(entries) if e["t"] == "Div" and "csl-entry" in classes_of(e))
    return CitedManuscript(manuscript, blocks, tuple(i.removeprefix("ref-") for i in keys))


def _is_list(element: Element) -> bool:
    """Whether citeproc would put the reference list there."""
    return element["t"] == "Div" and id_of(element).endswith("refs")


def _is_apart(elements: Sequence[Element], style: str) -> bool:
    """Whether citations look the same taken out of their text: not in a style of footnotes, nor one inside another, nor where the text
    speaks to citeproc; and the list has one place, in which nothing stands.
    """
    lists = [(id_of(e), e["c"][1]) for e in elements if _is_list(e)]
    if 'class="note"' in style or lists != [("refs", [])]:
        return False
    within = any(inner["t"] == "Cite" for e in elements if e["t"] == "Cite" for inner in iterate(e["c"]))
    return not within and all(_OF_CITEPROC.isdisjoint(classes_of(e)) for e in elements if e["t"] in _MARKED)


def _put_back(blocks: Blocks, asked: Sequence[Element], made: Blocks) -> tuple[Blocks, Blocks]:
    """The blocks with what citeproc made of the citations and the list that were asked for, in their places; and the list."""
    pairs = list(zip(asked, made, strict=True))
    cites = [block["c"][0] for before, block in pairs if before["t"] == "Para"]
    (whole,) = (block for before, block in pairs if before["t"] == "Div")
    coming: Iterator[Element] = iter(cites)

    def action(element: Element) -> Element | None:
        if element["t"] == "Cite":
            return next(coming)
        return whole if _is_list(element) else None

    put: Blocks = rewrite(blocks, action, {"Cite", "Div"})
    touching = any(_is_raised(cite) or _ends_in_stop(cite) for cite in cites)
    return rewrite_lists(put, _closed_up) if touching else put, [whole]


def _closed_up(inlines: list[Element]) -> list[Element]:
    """As citeproc leaves the text around a citation: no space before a raised one, no second full stop behind one that ends in it."""
    if not any(e["t"] == "Cite" for e in inlines):
        return inlines
    out: Inlines = []
    at = 0
    while at < len(inlines):
        first, second, third = (inlines[at + n] if at + n < len(inlines) else SPACE for n in range(3))
        out.append(first)
        if first["t"] not in _SPACES and second["t"] in _SPACES and _is_raised(third):
            out.append(third)
            at += 3
        elif first["t"] == "Cite" and second == string(".") and _ends_in_stop(first):
            at += 2
        else:
            at += 1
    return out


def _is_raised(element: Element) -> bool:
    return element["t"] == "Cite" and [e["t"] for e in element["c"][1]] == ["Superscript"]


def _ends_in_stop(cite: Element) -> bool:
    return _last_character(cite["c"][1]) == "."


def _last_character(inlines: Inlines) -> str:
    """The last character of the words, a space for any space, '' where there are none; a footnote is not among them."""
    for element in reversed(inlines):
        kind: str = element["t"]
        content: Any = element.get("c")
        if kind == "Str":
            found = content[-1:]
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            found = " "
        elif kind in ("Code", "Math"):
            found = content[1][-1:]
        elif kind == "Quoted":
            found = "”"
        elif kind in ("Note", "RawInline"):
            found = ""
        else:
            found = _last_character(content[1] if kind in ("Span", "Link", "Image", "Cite") else content)
        if found:
            return str(found)
    return ""


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
