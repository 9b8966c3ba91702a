"""Stage cite: one run of pandoc's citeproc sets all citations and the reference list, for all outputs at once.

citeproc is given what it looks at, and no more: the citations in their order, the place of the reference list, and the references. So what
it made is known again after every edit that leaves these as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unicodedata import normalize

from msgspec import Struct

from mmguide import pandoc
from mmguide.ast import (
    SPACE,
    Blocks,
    Element,
    Inlines,
    Node,
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
from mmguide.memory import Known, Latest
from mmguide.model.manuscript import CitedManuscript, Manuscript
from mmguide.model.reference import Bibliography
from mmguide.walks import marks_of, within

_SPACES = frozenset({"Space", "SoftBreak"})
# Marks of a text that tells citeproc something about the citations around it.
_OF_CITEPROC = frozenset({".reset-citation-positions", ".csl-quoted"})


class _Desk(Struct, frozen=True):
    """What citations are set with."""

    bibliography: Bibliography
    style: str
    language: str
    limits: pandoc.Limits
    cache: Cache

    def set(self, blocks: Blocks, cites: Sequence[Element]) -> Blocks:
        """The blocks, in which these citations stand, as citeproc sets them."""
        wanted = tuple(dict.fromkeys(normalize("NFC", c["citationId"]) for e in cites for c in e["c"][0]))
        # One work is printed once, under whatever key it is cited; the checks report the second key.
        other = canonical(self.bibliography, wanted)
        references = (self.bibliography.get(key) for key in wanted if key not in other)
        items = [printed_item(found) for found in references if found is not None]
        drops_locators = 'variable="locator"' not in self.style

        def normalised(element: Element) -> Element:
            citations, text = element["c"]
            settled = []
            for citation in citations:
                key = normalize("NFC", citation["citationId"])
                around = (citation["citationPrefix"], citation["citationSuffix"])
                prefix, suffix = (rewrite(part, normalised, {"Cite"}) if part else part for part in around)
                suffix = _as_text(suffix) if drops_locators else suffix
                settled.append(
                    {**citation, "citationId": other.get(key, key), "citationPrefix": prefix, "citationSuffix": suffix}
                )
            return {"t": "Cite", "c": [_without_repeats(settled), text]}

        whole: Blocks = rewrite(blocks, normalised, {"Cite"})
        return pandoc.cite(whole, items, self.style, self.language, self.limits, self.cache)


class _Set(Struct, frozen=True):
    """What citeproc made of citations taken out of their text: each of them, the reference list, and the keys in it."""

    cites: tuple[Element, ...]
    entries: Element
    keys: tuple[str, ...]


# The citations that were set last, and blocks with theirs in their places: those of two states of the longest guideline.
_latest: Latest[_Set | None] = Latest()
_complete: Known[Blocks] = Known(20_000)


def cite(manuscript: Manuscript, style: str, cache: Cache = NOTHING) -> CitedManuscript:
    """The manuscript with citations in the CSL `style` (the XML of an independent style). Only cited entries go to pandoc."""
    settings = manuscript.project.settings
    asked = [e for e in manuscript.elements if e["t"] == "Cite" or _is_list(e)]
    cites = [e for e in asked if e["t"] == "Cite"]
    if not cites:
        return CitedManuscript(manuscript, manuscript.blocks)
    limits = pandoc.Limits(settings.limits.seconds, settings.limits.memory_mb)
    desk = _Desk(manuscript.bibliography, style, settings.language, limits, cache)
    apart = None
    if 'class="note"' not in style and _OF_CITEPROC.isdisjoint(marks_of(manuscript.blocks)):
        apart = _latest.of((asked, desk), lambda: _set_apart(asked, cites, desk))
    if apart:
        return CitedManuscript(manuscript, _put_back(manuscript.blocks, apart), apart.keys)
    blocks = desk.set(manuscript.blocks, cites)
    return CitedManuscript(manuscript, blocks, _keys(blocks))


def _keys(tree: Node) -> tuple[str, ...]:
    """The keys of the reference list."""
    names = (id_of(e) for e in iterate(tree) if e["t"] == "Div" and "csl-entry" in classes_of(e))
    return tuple(name.removeprefix("ref-") for name in names)


def _is_list(element: Element) -> bool:
    """Whether citeproc would put the reference list there."""
    return element["t"] == "Div" and id_of(element).endswith("refs")


def _set_apart(asked: Sequence[Element], cites: Sequence[Element], desk: _Desk) -> _Set | None:
    """The citations and the list set without their text, where they look the same so: none inside another, and one place for the list, in
    which nothing stands.
    """
    lists = [(id_of(e), e["c"][1]) for e in asked if _is_list(e)]
    if lists != [("refs", [])] or any(inner["t"] == "Cite" for e in cites for inner in iterate(e["c"])):
        return None
    made = desk.set([para([e]) if e["t"] == "Cite" else e for e in asked], cites)
    pairs = list(zip(asked, made, strict=True))
    (entries,) = (block for before, block in pairs if before["t"] == "Div")
    return _Set(tuple(block["c"][0] for before, block in pairs if before["t"] == "Cite"), entries, _keys(entries))


def _put_back(blocks: Blocks, apart: _Set) -> Blocks:
    """The blocks with what citeproc made of the citations and the list in their places."""
    out: Blocks = []
    at = 0
    for block in blocks:
        elements = within(block).elements
        own = apart.cites[at : (at := at + sum(e["t"] == "Cite" for e in elements))]
        whole = next((e for e in elements if _is_list(e)), None) and apart.entries
        if own or whole:
            out += _complete.of((block, *own, whole), lambda: _completed(block, own, whole))  # noqa: B023
        else:
            out.append(block)
    return out


def _completed(block: Element, cites: Sequence[Element], whole: Element | None) -> Blocks:
    """A block, as a list of one, with these citations and, where its place is there, the whole reference list."""
    coming = iter(cites)

    def action(element: Element) -> Element | None:
        if element["t"] == "Cite":
            return next(coming)
        return whole if _is_list(element) else None

    made: Blocks = rewrite([block], action, {"Cite", "Div"})
    touching = any(_is_raised(cite) or _ends_in_stop(cite) for cite in cites)
    return rewrite_lists(made, _closed_up) if touching else made


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
