"""Stage assemble, cross-references: `@fig:x` in the manner of pandoc-crossref, Manubot and Quarto becomes a link with its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from mmguide.assemble.numbering import NO_BREAK_SPACE
from mmguide.ast import Attr, Blocks, Element, Inlines, link, string
from mmguide.labels import label
from mmguide.model.manuscript import Target
from mmguide.walks import rewrite_lists_where

PATTERN = re.compile(r"^(fig|tbl|sec|rec)[:-](.+)$")
WORDS = {"fig": "figure", "tbl": "table", "sec": "section", "rec": "recommendation"}
# "Figure @fig:x", "Figs. @fig:x": the word stands in the text already, only the number is wanted.
_WRITTEN = {
    "fig": re.compile(r"^[(\[]*(fig(ure)?s?|abb(ildung)?(en)?)\.?$", re.I),
    "tbl": re.compile(r"^[(\[]*(tab(le|elle)?[sn]?|tbl)\.?$", re.I),
    "sec": re.compile(r"^[(\[]*(sec(tion)?s?|sect|abschnitt|chapter|§+)\.?$", re.I),
    "rec": re.compile(r"^[(\[]*(rec(ommendation)?s?|empfehlung(en)?)\.?$", re.I),
}


def index(targets: Sequence[Target]) -> Mapping[str, Target]:
    """Targets by every name they can be called: `fig:x` and `fig-x`, for sections also `sec:x` where the heading's id is x."""
    found: dict[str, Target] = {}
    for target in targets:
        match = PATTERN.match(target.id)
        name = f"{match[1]}:{match[2]}" if match and match[1] == target.kind else f"{target.kind}:{target.id}"
        found.setdefault(name, target)
    return found


def resolve(blocks: Blocks, targets: Mapping[str, Target], language: str) -> Blocks:
    """Every cross-reference that has a target as a link; one without keeps its text, and the check reports it."""

    def action(elements: list[Element]) -> list[Element]:
        if not any(e["t"] == "Cite" for e in elements):
            return elements
        out: Inlines = []
        for element in elements:
            out += _resolved(element, out, targets, language) if element["t"] == "Cite" else [element]
        return out

    return rewrite_lists_where(blocks, _is_crossref, action)


def _is_crossref(element: Element) -> bool:
    return element["t"] == "Cite" and all(PATTERN.match(c["citationId"]) for c in element["c"][0])


def _resolved(cite: Element, before: Inlines, targets: Mapping[str, Target], language: str) -> Inlines:
    citations, text = cite["c"]
    if not _is_crossref(cite):
        return [cite]
    names = [canonical(c["citationId"]) for c in citations]
    if any(name not in targets for name in names):
        return text if isinstance(text, list) else [cite]
    out: Inlines = []
    for number, (citation, name) in enumerate(zip(citations, names, strict=True)):
        target = targets[name]
        bare = citation["citationMode"]["t"] == "SuppressAuthor" or (number == 0 and _word_before(before, target.kind))
        if number:
            out += [string(","), {"t": "Space"}]
        out += [*citation["citationPrefix"], {"t": "Space"}] if citation["citationPrefix"] else []
        out.append(_link(target, bare, language))
        out += citation["citationSuffix"]
    return out


def canonical(identifier: str) -> str:
    """`fig-x` written as `fig:x`."""
    match = PATTERN.match(identifier)
    return f"{match[1]}:{match[2]}" if match else identifier


def _word_before(before: Inlines, kind: str) -> bool:
    words = [e for e in before if e["t"] not in ("Space", "SoftBreak")]
    if not words or len(before) < 2 or before[-1]["t"] not in ("Space", "SoftBreak"):
        return bool(words) and words[-1]["t"] == "Str" and bool(_WRITTEN[kind].match(str(words[-1]["c"]).strip(NO_BREAK_SPACE)))
    return words[-1]["t"] == "Str" and bool(_WRITTEN[kind].match(words[-1]["c"]))


def _link(target: Target, bare: bool, language: str) -> Element:
    attr = Attr("", ("crossref",), (("kind", target.kind),))
    if not target.number:
        return link([string(target.title)], f"#{target.id}", attr)
    word = "" if bare else label(WORDS[target.kind], language) + NO_BREAK_SPACE
    return link([string(word + target.number)], f"#{target.id}", attr)


def pointed_at(elements: Iterable[Element]) -> set[str]:
    """The identifiers that cross-references among the elements point at, and links of the author's own."""
    targets = (e["c"][2][0] for e in elements if e["t"] == "Link")
    return {target[1:] for target in targets if target.startswith("#")}
