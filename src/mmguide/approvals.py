"""Stage read, approvals: which handouts somebody approved, and the digests of all that they saw: text, recommendations, numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from mmguide.ast import Blocks, Element, attr_of, iterate, plain_text, rewrite, string
from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import language as rules
from mmguide.model.manuscript import Approval, Manuscript, Recommendation, Section
from mmguide.model.source import Source
from mmguide.yaml import YamlProblem, load

APPROVALS_FILE = "handouts/approvals.yaml"
_KEYS = {"role", "date", "seen"}
_HEAD = "# Written by `mmguide handout approve`: who approved each handout, when, and digests of what they saw.\n"


class Seen(NamedTuple):
    """Something that an approval rests on: its name, its content, and where it stands."""

    name: str
    content: str
    span: Span

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()[:16]


def read_approvals(source: Source, cache: Cache = NOTHING) -> tuple[Mapping[str, Approval], tuple[Diagnostic, ...]]:
    """The approvals by the name of their handout, and what is wrong with the file."""
    try:
        document = load(source.path, source.text, cache)
    except YamlProblem as problem:
        return {}, (rules.APPROVALS.at(problem.span, problem=problem.problem),)
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        return {}, (rules.APPROVALS.at(Span(source.path), problem="it must have an entry `name:` for each handout"),)
    found: dict[str, Approval] = {}
    faults: list[Diagnostic] = []
    for name, entry in value.items():
        span = document.places[(name,)]
        approval = _approval(entry, span)
        if approval is None:
            faults.append(rules.APPROVALS.at(span, problem=f"the entry of '{name}' has no role, date or list of digests"))
        else:
            found[name] = approval
    return found, tuple(faults)


def _approval(entry: Any, span: Span) -> Approval | None:
    if not isinstance(entry, dict) or set(entry) != _KEYS or not isinstance(entry["seen"], dict) or not entry["role"]:
        return None
    try:
        day = date.fromisoformat(str(entry["date"]))
    except ValueError:
        return None
    return Approval(str(entry["role"]), day, {str(k): str(v) for k, v in entry["seen"].items()}, span)


def approvals_text(approvals: Mapping[str, Approval]) -> str:
    """The file of these approvals."""
    lines = [_HEAD]
    for name in sorted(approvals):
        one = approvals[name]
        role = one.role.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'{name}:\n  role: "{role}"\n  date: {one.date.isoformat()}\n  seen:\n')
        lines += [f'    "{key}": "{digest}"\n' for key, digest in sorted(one.seen.items())]
    return "".join(lines)


def explained(section: Section) -> tuple[str, ...]:
    """The recommendations that a text says it explains: `explains="rec:a rec:b"` on its title."""
    headings = (attr_of(block) for block in section.blocks if block["t"] == "Header")
    return tuple(next((attr.get("explains") for attr in headings if attr.get("explains")), "").split())


def approval_name(manuscript: Manuscript, name: str, language: str = "") -> str:
    """The name under which the approval of a handout is kept: each translation has one of its own, `leaflet.es`."""
    return f"{name}.{language}" if language in manuscript.languages_of(name)[1:] else name


def rests_on(manuscript: Manuscript, name: str, language: str = "") -> tuple[Seen, ...]:
    """All that an approval of this handout covers: its text, the recommendations it explains, their tables, and each number in them;
    that of a translation also the original.

    Numbers from the data stand for themselves, so that what is told is the number and not all that prints it. A handout without
    a text of its own has nothing to approve: it repeats the guideline.
    """
    original, section = manuscript.text_of(name), manuscript.text_of(name, language)
    if original is None or section is None:
        return ()
    wanted = set(explained(original))
    found = [Seen("text", _words(section.blocks), _title(section))]
    if section is not original:
        found.append(Seen("original", _words(original.blocks), _title(original)))
    trees = [section.blocks, original.blocks]
    for one in (r for r in manuscript.recommendations if r.id in wanted):
        found.append(Seen(one.id, _of_recommendation(one), one.span or Span(manuscript.project.file)))
        evidence = _evidence(manuscript, one)
        found += [Seen(identifier, _words([block]), _anchor(manuscript, identifier)) for identifier, block in evidence]
        trees += [one.blocks, *(blocks for _, blocks in one.parts), *([block] for _, block in evidence)]
    found += [seen for tree in trees for seen in _values(manuscript, tree)]
    return tuple({seen.name: seen for seen in found}.values())


def _title(section: Section) -> Span:
    return section.scan.headings[0].span if section.scan.headings else Span(section.path)


def _of_recommendation(one: Recommendation) -> str:
    graded = (one.strength, one.certainty, one.direction)
    return "\n".join((*graded, _words(one.blocks), *(f"{name}: {_words(blocks)}" for name, blocks in one.parts)))


def _evidence(manuscript: Manuscript, one: Recommendation) -> list[tuple[str, Element]]:
    wanted = set(one.evidence)
    return [(name, e) for name, e in manuscript.named if name in wanted and e["t"] == "Div"]


def _anchor(manuscript: Manuscript, identifier: str) -> Span:
    places = (anchor.span for scan in manuscript.scans for anchor in scan.anchors if anchor.id == identifier)
    return next(places, Span(manuscript.project.file))


def _values(manuscript: Manuscript, blocks: Blocks) -> Iterator[Seen]:
    for element in iterate(blocks):
        name = attr_of(element).get("data-cell") if element["t"] == "Span" else ""
        fact = manuscript.data.fact(name) if name else None
        if fact is not None:
            cells = [cell.text for cell in (fact.cell, fact.low, fact.high) if cell is not None]
            yield Seen(f"data:{name}", " ".join(cells), fact.cell.span)


def _words(blocks: Blocks) -> str:
    """The words of a tree, with the names of values from the data in place of the values, and the keys of citations."""

    def action(element: Element) -> Element | None:
        name = attr_of(element).get("data-cell")
        return string(f"[{name}]") if name else None

    return " ".join(plain_text(rewrite(blocks, action, {"Span", "Image"})).split())
