"""Stage assemble, recommendations: numbered by section, labelled with strength and certainty, listed where the text asks for the list.

What the panel weighed (justification, benefits and harms, values …) may stand inside the box, as divs or below headings, and is then
printed behind it; or below headings of its own behind the box, where it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from mmguide.assemble.crossrefs import PATTERN
from mmguide.ast import (
    SPACE,
    Attr,
    Blocks,
    Element,
    Inlines,
    attr_of,
    classes_of,
    div,
    iterate,
    link,
    plain,
    plain_text,
    rewrite_lists,
    string,
    strong,
    words,
)
from mmguide.ast import span as span_of
from mmguide.diagnostics import Span
from mmguide.grading import Scheme, in_language, scheme_of
from mmguide.labels import label
from mmguide.model.manuscript import Recommendation, Target
from mmguide.model.settings import Settings
from mmguide.model.source import Scan
from mmguide.walks import rewrite_where

NO_BREAK_SPACE = "\u00a0"
BOXES = frozenset({"recommendation", "statement"})
PARTS = (
    "justification",
    "benefits-harms",
    "certainty",
    "values",
    "resources",
    "equity",
    "acceptability",
    "feasibility",
    "implementation",
    "monitoring",
    "research",
)
# Words that a heading of a part contains, beside the part's own name in the language.
_WORDS = {
    "justification": ("justification", "rationale", "begründung"),
    "benefits-harms": ("benefit", "harm", "nutzen"),
    "certainty": ("certainty", "vertrauenswürdigkeit"),
    "values": ("values", "preferences", "werte"),
    "resources": ("resource", "cost", "kosten", "ressourcen"),
    "equity": ("equity", "gerechtigkeit"),
    "acceptability": ("acceptability", "akzeptanz"),
    "feasibility": ("feasibility", "machbarkeit"),
    "implementation": ("implementation", "umsetzung"),
    "monitoring": ("monitoring", "überwachung"),
    "research": ("research", "forschung"),
}


class Resolved(NamedTuple):
    """The tree with labelled recommendations, what can be pointed at, and the recommendations in order."""

    blocks: Blocks
    targets: tuple[Target, ...]
    recommendations: tuple[Recommendation, ...]


def resolve_recommendations(
    blocks: Blocks, scans: Sequence[Scan], settings: Settings, dating: Callable[[Recommendation], str] = lambda _: ""
) -> Resolved:
    """`blocks` are numbered already (headings carry `number`); cross-references are not yet resolved. `dating` tells the years of each."""
    maker = _Maker(settings, scans, dating)
    made = maker.walk(blocks)
    found = tuple(maker.found)
    targets = tuple(Target(r.id, "rec", r.number, plain_text(without_citations(r.blocks))) for r in found)
    return Resolved(_with_lists(made, found, maker.scheme, settings.language), targets, found)


class _Maker:
    """Walks the text once and builds the boxes, with the place it is at."""

    def __init__(self, settings: Settings, scans: Sequence[Scan], dating: Callable[[Recommendation], str]) -> None:
        self.dating = dating
        self.language, self.scheme = settings.language, scheme_of(settings.grading, settings.language)
        self.places = [c for scan in scans for c in scan.containers if BOXES & set(c.classes)]
        self.found: list[Recommendation] = []
        self._chapter = self._section = ""
        self._level = 0
        self._count = 0

    def walk(self, blocks: Blocks) -> Blocks:
        out: Blocks = []
        for at, block in enumerate(blocks):
            attr = attr_of(block)
            if block["t"] == "Header":
                self._enter(block["c"][0], attr)
                out.append(block)
            elif block["t"] == "Div" and BOXES & set(attr.classes):
                out += self._box(block, tuple(parts_behind(blocks[at + 1 :], self._level)))
            elif block["t"] == "Div":
                out.append({**block, "c": [block["c"][0], self.walk(block["c"][1])]})
            else:
                out.append(block)
        return out

    def _enter(self, level: int, attr: Attr) -> None:
        self._section, self._level = attr.id, level
        number = attr.get("number")
        if level == 1 and number != self._chapter:
            self._chapter, self._count = number, 0 if number else len([r for r in self.found if "." not in r.number])

    def _box(self, element: Element, behind: tuple[tuple[str, Blocks], ...]) -> Blocks:
        attr = attr_of(element)
        graded = "recommendation" in attr.classes
        self._count += 1
        number = f"{self._chapter}.{self._count}" if self._chapter else str(self._count)
        own, inside = split_parts(element["c"][1])
        recommendation = Recommendation(
            id=attr.id or f"rec:{number}",
            number=number,
            strength=attr.get("strength"),
            certainty=attr.get("certainty"),
            direction=attr.get("direction"),
            graded=graded,
            blocks=own,
            span=self._place(attr.id),
            keys=tuple(cited_in([*own, *(b for _, blocks in (*inside, *behind) for b in blocks)])),
            population=attr.get("population"),
            action=attr.get("action"),
            reason=attr.get("reason"),
            basis=attr.get("basis"),
            evidence=tuple(attr.get("evidence").split()),
            parts=(*inside, *behind),
            section=self._section,
        )
        recommendation = replace(recommendation, dated=self.dating(recommendation))
        self.found.append(recommendation)
        look = look_of(recommendation, self.scheme)
        made = attr.having(id=recommendation.id, classes=(f"strength-{look}",), number=number)
        box = div([label_of(recommendation, self.scheme, self.language), *own], made)
        return [box, _details(recommendation.id, inside, self.language)] if inside else [box]

    def _place(self, identifier: str) -> Span | None:
        """The place of the next box in the source; boxes without identifier are taken in order."""
        for at, container in enumerate(self.places):
            if container.id == identifier:
                return self.places.pop(at).span
        return None


def look_of(recommendation: Recommendation, scheme: Scheme) -> str:
    """The name in the theme of how the box looks."""
    level = scheme.strength(recommendation.strength) if recommendation.graded else None
    return "statement" if not recommendation.graded else level.look if level else "other"


def label_of(recommendation: Recommendation, scheme: Scheme, language: str, *, linked: bool = False) -> Element:
    """The line over a recommendation: its number, strength and certainty in words and symbols."""
    word = label("recommendation" if recommendation.graded else "statement", language)
    name: Inlines = [string(f"{word}{NO_BREAK_SPACE}{recommendation.number}".replace(" ", NO_BREAK_SPACE))]
    if linked:
        name = [link(name, f"#{recommendation.id}", Attr(classes=("crossref",), attributes=(("kind", "rec"),)))]
    parts = [span_of(name, Attr(classes=("recommendation-number",)))]
    if recommendation.graded and recommendation.strength:
        text = words(strength_text(recommendation, scheme, language))
        parts.append(span_of(text, Attr(classes=("recommendation-strength",))))
    if recommendation.graded and recommendation.certainty:
        parts.append(span_of(_certainty(recommendation, scheme, language), Attr(classes=("recommendation-certainty",))))
    if recommendation.dated:
        parts.append(span_of(words(f"[{recommendation.dated}]"), Attr(classes=("recommendation-dated",))))
    line: Inlines = []
    for part in parts:
        line += [SPACE, span_of([string("·")], Attr(classes=("separator",))), SPACE, part] if line else [part]
    return div([plain(line)], Attr(classes=("recommendation-label",)))


def strength_text(recommendation: Recommendation, scheme: Scheme, language: str) -> str:
    """`Strong recommendation against`: the strength in words, with the direction where the scheme has one."""
    level = scheme.strength(recommendation.strength)
    text = level.label(language) if level else recommendation.strength
    if scheme.directed and recommendation.direction in ("for", "against"):
        return f"{text} {label('direction-' + recommendation.direction, language)}"
    return text


def certainty_text(recommendation: Recommendation, scheme: Scheme, language: str) -> str:
    level = scheme.certainty(recommendation.certainty)
    return f"{in_language(scheme.certainty_caption, language)}: {level.label(language) if level else recommendation.certainty}"


def _certainty(recommendation: Recommendation, scheme: Scheme, language: str) -> Inlines:
    level = scheme.certainty(recommendation.certainty)
    text = words(certainty_text(recommendation, scheme, language))
    if level is None or not level.symbol:
        return text
    # The words say the same: a screen reader need not spell circles.
    symbol = span_of([string(level.symbol)], Attr(classes=("certainty-symbol",), attributes=(("aria-hidden", "true"),)))
    return [*text, string(NO_BREAK_SPACE), symbol]


def part_names(text: str, classes: Sequence[str] = ()) -> tuple[str, ...]:
    """The parts that a heading or a div's classes stand for; a heading such as "Values, resources and equity" names several."""
    by_class = tuple(c for c in classes if c in PARTS)
    lowered = text.lower()
    return by_class or tuple(name for name in PARTS if any(w in lowered for w in _WORDS[name]))


def split_parts(blocks: Blocks) -> tuple[Blocks, tuple[tuple[str, Blocks], ...]]:
    """A box's own words, and the parts inside it; what stands for several parts at once is the same list under each name."""
    own: Blocks = []
    groups: list[tuple[tuple[str, ...], Blocks]] = []
    below_heading = False
    for block in blocks:
        attr = attr_of(block)
        names = part_names(plain_text(block["c"][2]) if block["t"] == "Header" else "", attr.classes)
        if block["t"] == "Div" and names:
            below_heading = False
            groups.append((names, block["c"][1]))
        elif block["t"] == "Header" and names:
            below_heading = True
            groups.append((names, []))
        elif below_heading:
            groups[-1] = (groups[-1][0], [*groups[-1][1], block])
        else:
            own.append(block)
    return own, tuple((name, body) for names, body in groups for name in names)


def parts_behind(blocks: Blocks, above: int = 0) -> Iterator[tuple[str, Blocks]]:
    """The parts that follow a box below headings of their own, up to the next box or any other heading.

    The box stands below a heading of level `above`: one that is not deeper begins the next section, whatever it is called.
    """
    names: tuple[str, ...] = ()
    body: Blocks = []
    for block in blocks:
        is_box = block["t"] == "Div" and bool(BOXES & set(attr_of(block).classes))
        if block["t"] == "Header" or is_box:
            yield from ((name, body) for name in names)
            ended = is_box or block["c"][0] <= above
            names, body = (() if ended else part_names(plain_text(block["c"][2]), attr_of(block).classes)), []
            if not names:
                return
        elif names:
            body = [*body, block]
    yield from ((name, body) for name in names)


def _details(identifier: str, parts: Sequence[tuple[str, Blocks]], language: str) -> Element:
    """What stood inside the box beside its own words, printed behind it, each part led by its name."""
    made: Blocks = []
    for _, together in groupby(parts, key=lambda part: id(part[1])):
        group = tuple(together)
        names, blocks = [name for name, _ in group], group[0][1]
        title = "; ".join(label(f"part-{name}", language) for name in names)
        lead: Inlines = [strong(words(title + ".")), SPACE]
        first = blocks[0] if blocks and blocks[0]["t"] in ("Para", "Plain") else None
        led = [{**first, "c": [*lead, *first["c"]]}, *blocks[1:]] if first else [{"t": "Para", "c": lead[:1]}, *blocks]
        made.append(div(led, Attr(classes=("part", *names))))
    return div(made, Attr(classes=("recommendation-details",), attributes=(("for", identifier),)))


def cited_in(blocks: Blocks) -> list[str]:
    """The keys that a tree cites, in order, each once; cross-references are none."""
    keys = (c["citationId"] for e in iterate(blocks) if e["t"] == "Cite" for c in e["c"][0])
    return list(dict.fromkeys(key for key in keys if not PATTERN.match(key)))


def without_citations(blocks: Blocks) -> Blocks:
    """The words alone: no citations, notes or identifiers, and no space left where a citation stood."""

    def action(elements: list[Element]) -> list[Element]:
        out: list[Element] = []
        for element in elements:
            if element["t"] == "Note" or (element["t"] == "Cite" and not PATTERN.match(element["c"][0][0]["citationId"])):
                if out and out[-1]["t"] in ("Space", "SoftBreak"):
                    out.pop()
                continue
            out.append(element)
        return out

    made: Blocks = rewrite_lists(blocks, action)
    return made


def _with_lists(blocks: Blocks, found: Sequence[Recommendation], scheme: Scheme, language: str) -> Blocks:
    """`::: {.recommendations}` filled with all recommendations, each linked to its place."""

    def action(element: Element) -> Element | None:
        return _filled(element, found, scheme, language) if "recommendations" in classes_of(element) else None

    return rewrite_where(blocks, {".recommendations"}, action, {"Div"})


def _filled(element: Element, found: Sequence[Recommendation], scheme: Scheme, language: str) -> Element:
    items = [summary_item(r, scheme, language) for r in found]
    return {**element, "c": [element["c"][0], [*element["c"][1], *items]]}


def summary_item(
    recommendation: Recommendation, scheme: Scheme, language: str, *, linked: bool = True, cited: bool = False
) -> Element:
    """One recommendation of the list: its label, as a link to it where it stands in the same document, and its words.

    Its citations stay where `cited` is true.
    """
    look = look_of(recommendation, scheme)
    attr = Attr(classes=("recommendation-summary", f"strength-{look}"))
    bare = recommendation if cited else replace(recommendation, blocks=without_citations(recommendation.blocks))
    return div([label_of(bare, scheme, language, linked=linked), *bare.blocks], attr)
