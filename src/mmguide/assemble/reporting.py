"""Stage assemble, reporting: where the guideline answers each item of a reporting standard, and the appendix that says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from mmguide.ast import SPACE, Attr, Blocks, Element, Inlines, attr_of, link, plain, string, strong, words
from mmguide.labels import label
from mmguide.model.history import History
from mmguide.model.manuscript import Manuscript, Recommendation, Target
from mmguide.model.settings import Answer, Settings
from mmguide.reporting import NAMES, Item, Standard, standard
from mmguide.walks import elements_of, rewrite_where

PRESENT, ABSENT, NOT_APPLICABLE, MISSING = "present", "absent", "not-applicable", "missing"
# What stands in the settings is printed on the cover and the pages behind it.
FRONT = "front"
OTHERS = "others"
# What a release tells about its changes, in a file of its own.
CHANGES = "changes"


class Found(NamedTuple):
    """The answer to an item: `where` are identifiers, or FRONT for what the settings print and CHANGES for what a release tells of them;
    `reason` says why it is absent or does not apply.
    """

    item: Item
    state: str
    where: tuple[str, ...] = ()
    reason: str = ""


class Guideline(NamedTuple):
    """What answers are looked for in."""

    settings: Settings
    targets: tuple[Target, ...]
    recommendations: tuple[Recommendation, ...]
    list_in: str = ""
    history: History = History()


def guideline_of(manuscript: Manuscript) -> Guideline:
    """What answers are looked for in, of a whole manuscript."""
    m = manuscript
    return Guideline(m.project.settings, m.targets, m.recommendations, section_of_list(m.blocks), m.history)


def answers(wanted: Standard, guideline: Guideline) -> tuple[Found, ...]:
    """The answer to each item: what the settings name, else what can be found, else missing."""
    given = guideline.settings.reporting.answers(wanted.id)
    return tuple(_answer(item, given.get(item.id), guideline) for item in wanted.items)


def _answer(item: Item, answer: Answer | None, guideline: Guideline) -> Found:
    if answer is not None:
        if answer.not_applicable is not None:
            return Found(item, NOT_APPLICABLE, reason=answer.not_applicable)
        if answer.absent is not None:
            return Found(item, ABSENT, reason=answer.absent)
        return Found(item, PRESENT, answer.where)
    for name in item.found:
        where = _FINDERS[name](guideline) if name in _FINDERS else _part(name.removeprefix("part-"), guideline)
        if where:
            return Found(item, PRESENT, where)
    return Found(item, MISSING)


def _front(*filled: object) -> tuple[str, ...]:
    return (FRONT,) if all(filled) else ()


def _title(g: Guideline) -> tuple[str, ...]:
    return _front(re.search(r"guideline|recommendation|leitlinie|empfehlung", f"{g.settings.title} {g.settings.subtitle}", re.I))


def _grades(g: Guideline) -> tuple[str, ...]:
    graded = [r for r in g.recommendations if r.graded]
    return tuple(r.id for r in graded if r.strength and r.certainty)[:1]


def _part(name: str, g: Guideline) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(r.id for r in g.recommendations if any(part == name for part, _ in r.parts)))
    return (found[0], *([OTHERS] if len(found) > 1 else [])) if found else ()


def _updated(g: Guideline) -> tuple[str, ...]:
    """What the version brings: told in changes.yaml, printed in what changed."""
    note = g.history.note(g.settings.version)
    return (CHANGES,) if note and note.summary and g.history.before(g.settings.version) else ()


def _dated(g: Guideline) -> tuple[str, ...]:
    """Since when each recommendation holds, which stands on it where there is a history; deleted ones are told in what changed."""
    found = [r.id for r in g.recommendations]
    return (found[0], OTHERS, CHANGES) if found and g.history.kept and g.history.before(g.settings.version) else ()


def _reasons(g: Guideline) -> tuple[str, ...]:
    """Every change of a recommendation, and why."""
    now, note = g.history.edition(g.settings.version), g.history.note(g.settings.version)
    if now is None or note is None or not g.history.before(now.version):
        return ()
    return (CHANGES,) if all(name in note.reasons and note.reasons[name].why for name in now.advice) else ()


# A single contributor or recommendation without its statement is told by a check of its own.
_FINDERS: Mapping[str, Callable[[Guideline], tuple[str, ...]]] = {
    "title": _title,
    "dates": lambda g: _front(g.settings.dates.published or g.settings.dates.updated),
    "version": lambda g: _front(g.settings.version),
    "summary": lambda g: _front(g.settings.summary),
    "contact": lambda g: _front(g.settings.contact or (g.settings.feedback and g.settings.feedback.email)),
    "contributors": lambda g: _front(any(c.affiliation for c in g.settings.contributors)),
    "interests": lambda g: _front(any(c.interests for c in g.settings.contributors)),
    "funding": lambda g: _front(g.settings.funding),
    "review": lambda g: _front(g.settings.dates.review_by),
    "abbreviations": lambda g: ("abbreviations",) if g.settings.abbreviations else (),
    "list": lambda g: (g.list_in,) if g.list_in else (),
    "recommendations": lambda g: tuple(r.id for r in g.recommendations if r.graded)[:1],
    "linked": lambda g: tuple(r.id for r in g.recommendations if r.keys or r.evidence)[:1],
    "grades": _grades,
    "updated": _updated,
    "dated": _dated,
    "reasons": _reasons,
}


def section_of_list(blocks: Blocks) -> str:
    """The identifier of the section in which the list of recommendations stands."""
    section = ""
    for element in elements_of(blocks):
        if element["t"] == "Header":
            section = attr_of(element).id
        elif element["t"] == "Div" and "recommendations" in attr_of(element).classes:
            return section
    return ""


def with_reporting(blocks: Blocks, guideline: Guideline) -> Blocks:
    """`::: {.reporting standard="right"}` filled with the items and where each is answered."""
    targets = {t.id: t for t in guideline.targets}

    def action(element: Element) -> Element | None:
        attr = attr_of(element)
        if "reporting" not in attr.classes or attr.get("standard") not in NAMES:
            return None
        wanted = standard(attr.get("standard"))
        table = _table(wanted, answers(wanted, guideline), targets, guideline.settings.language)
        return {**element, "c": [element["c"][0], [*element["c"][1], table]]}

    return rewrite_where(blocks, {".reporting"}, action, {"Div"})


def _table(wanted: Standard, found: Sequence[Found], targets: Mapping[str, Target], language: str) -> Element:
    bare = Attr().raw()
    bodies = []
    for topic, group in groupby(found, key=lambda answer: answer.item.topic):
        rows = [_row([_cell([string(a.item.id)]), _cell(words(a.item.asks)), _cell(_where(a, targets, language))]) for a in group]
        bodies.append([bare, 1, [_row([_cell(words(topic), 3)])], rows])
    heads = _row([_cell(words(label(f"reporting-{name}", language))) for name in ("item", "asks", "where")])
    specs = [[{"t": "AlignLeft"}, {"t": "ColWidth", "c": width}] for width in (0.07, 0.55, 0.38)]
    classes = Attr(classes=("reporting-table", wanted.id)).raw()
    return {"t": "Table", "c": [classes, [None, []], specs, [bare, [heads]], bodies, [bare, []]]}


def _where(answer: Found, targets: Mapping[str, Target], language: str) -> Inlines:
    if answer.state == MISSING:
        return [strong(words(label("reporting-missing", language)))]
    if answer.state in (ABSENT, NOT_APPLICABLE):
        return words(f"{label('reporting-' + answer.state, language)}: {answer.reason}")
    out: Inlines = []
    for place in answer.where:
        if place == OTHERS:
            out += [SPACE, *words(label("and-others", language))]
            continue
        out += [string(","), SPACE] if out else []
        if place in (FRONT, CHANGES):
            out += words(label(f"reporting-{place}", language))
        else:
            out.append(_link(place, targets.get(place), language))
    return out


def _link(place: str, target: Target | None, language: str) -> Element:
    """A link that print and Word follow with the page."""
    if target is None:
        text = label("abbreviations", language) if place == "abbreviations" else place
        return link(words(text), f"#{place}", _page_attr("sec", language))
    word = label({"fig": "figure", "tbl": "table", "sec": "section", "rec": "recommendation"}[target.kind], language)
    text = f"{word}\u00a0{target.number}" if target.number else target.title
    return link(words(text) if not target.number else [string(text)], f"#{place}", _page_attr(target.kind, language))


def _page_attr(kind: str, language: str) -> Attr:
    return Attr(
        classes=("crossref", "with-page"), attributes=(("kind", kind), ("data-page-word", label("page", language).lower()))
    )


def _row(cells: list[list[object]]) -> list[object]:
    return [Attr().raw(), cells]


def _cell(inlines: Inlines, span: int = 1) -> list[object]:
    return [Attr().raw(), {"t": "AlignDefault"}, 1, span, [plain(inlines)]]
