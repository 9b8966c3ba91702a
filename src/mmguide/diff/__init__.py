"""Stage diff: what changed between two versions of a guideline, at the level of recommendations, of words, and of references and data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mmguide.ast import Blocks, Element, attr_of, iterate, plain_text, rewrite
from mmguide.diff.model import CellChange, Difference, RecommendationChange, ReferenceChange, TextChange, Words
from mmguide.diff.moves import LEAST_WORDS
from mmguide.diff.words import HEADING, pairs, said, tokens, word_changes
from mmguide.model.data import Data
from mmguide.model.manuscript import Manuscript, Recommendation

_TOLD = frozenset({"recommendation", "statement", "recommendations"})
_TEXTS = frozenset({"Para", "Plain", "Header", "CodeBlock", "LineBlock"})


def compare(old: Manuscript, new: Manuscript) -> Difference:
    """The Difference from `old` to `new`."""
    return Difference(
        old_version=old.project.settings.version,
        new_version=new.project.settings.version,
        recommendations=tuple(_recommendations(old, new)),
        text=tuple(_text(old, new)),
        references=tuple(_references(old, new)),
        cells=tuple(_cells(old.data, new.data)),
    )


def _recommendations(old: Manuscript, new: Manuscript) -> Iterator[RecommendationChange]:
    before = {r.id: r for r in old.recommendations}
    after = {r.id: r for r in new.recommendations}
    stays = [r.id for r in old.recommendations if r.id in after]
    order = {identifier: at for at, identifier in enumerate(stays)}
    kept = [r.id for r in new.recommendations if r.id in before]
    moved = {identifier for at, identifier in enumerate(kept) if order[identifier] != at}
    for r in new.recommendations:
        yield _recommendation(before.get(r.id), r, r.id in moved)
    for r in old.recommendations:
        if r.id not in after:
            yield RecommendationChange(
                r.id, "deleted", old_number=r.number, old_grade=_grade(r), words=word_changes(_said(r), "")
            )


def _recommendation(old: Recommendation | None, new: Recommendation, moved: bool) -> RecommendationChange:
    if old is None:
        return RecommendationChange(new.id, "new", "", new.number, new_grade=_grade(new), words=word_changes("", _said(new)))
    words = word_changes(_said(old), _said(new))
    same = _said(old) == _said(new) and _grade(old) == _grade(new) and set(old.keys) == set(new.keys)
    return RecommendationChange(
        id=new.id,
        kind="amended" if not same else "moved" if moved else "unchanged",
        old_number=old.number,
        new_number=new.number,
        old_grade=_grade(old),
        new_grade=_grade(new),
        words=words,
        evidence_added=tuple(k for k in new.keys if k not in old.keys),
        evidence_removed=tuple(k for k in old.keys if k not in new.keys),
    )


def _grade(r: Recommendation) -> tuple[str, str, str]:
    return (r.direction, r.certainty, r.strength)


def _said(r: Recommendation) -> str:
    """The words of a recommendation without the compiler's label."""
    said = [b for b in r.blocks if "recommendation-label" not in attr_of(b).classes]
    return plain_text(said)


def _text(old: Manuscript, new: Manuscript) -> Iterator[TextChange]:
    before, after = list(_paragraphs(old)), list(_paragraphs(new))
    found = [
        (before[i] if i is not None else ("", ""), after[j] if j is not None else ("", ""))
        for i, j in pairs([text for _, text in before], [text for _, text in after], lambda i: _weight(*before[i]))
    ]
    moved = _moved([was for was, now in found if not now[1]], [now for was, now in found if not was[1]])
    for was, now in found:
        if not was[1] and now[1] in moved:
            yield TextChange(now[0], (Words("same", now[1]),), moved_from=moved[now[1]])
        elif was[1] != now[1] and (now[1] or was[1] not in moved):
            yield TextChange(now[0] or was[0], word_changes(was[1], now[1]))


def _weight(heading: str, text: str) -> int:
    return len(text) + (HEADING if text == heading else 1)


def _moved(gone: Sequence[tuple[str, str]], come: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """What moved unchanged, with the heading it stood under: texts of several words that went once and came once."""
    counts = [Counter(text for _, text in texts) for texts in (gone, come)]
    return {
        text: heading
        for heading, text in gone
        if counts[0][text] == counts[1][text] == 1 and sum(map(said, tokens(text))) >= LEAST_WORDS
    }


def _paragraphs(manuscript: Manuscript) -> Iterator[tuple[str, str]]:
    """Each block of text with the heading above it; citations by key, so that renumbering them changes nothing.

    The words of recommendations are told with these, and the list of them repeats them.
    """

    def action(element: Element) -> list[Element] | None:
        return [] if element["t"] == "Div" and _TOLD & set(attr_of(element).classes) else None

    heading = ""
    for element, text in _units(rewrite(manuscript.blocks, action)):
        heading = text if element["t"] == "Header" else heading
        if text:
            yield heading, text


def _units(blocks: Blocks) -> Iterator[tuple[Element, str]]:
    """What is compared as one: a paragraph, a row of a table, a footnote. Each note behind what it stands in."""
    seen: set[int] = set()
    for element in iterate(blocks):
        if id(element) in seen:
            continue
        if element["t"] == "Table":
            seen.update(id(e) for e in iterate(element["c"][3:]))
            yield from ((element, row) for row in _rows(element))
        elif element["t"] in _TEXTS:
            yield element, plain_text(element)


def _rows(table: Element) -> Iterator[str]:
    """Each row as one line, then the notes of its cells."""
    _, _, _, head, bodies, foot = table["c"]
    for row in (*head[1], *(r for body in bodies for r in (*body[2], *body[3])), *foot[1]):
        yield " | ".join(plain_text(cell[4]) for cell in row[1])
        for note in (e for e in iterate(row[1]) if e["t"] == "Note"):
            yield plain_text(note["c"])


def _references(old: Manuscript, new: Manuscript) -> Iterator[ReferenceChange]:
    before, after = _cited(old), _cited(new)
    for key, item in after.items():
        if key not in before:
            yield ReferenceChange(key, "new")
        elif before[key] != item:
            names = sorted(n for n in {*item, *before[key]} if item.get(n) != before[key].get(n))
            yield ReferenceChange(key, "amended", tuple(names))
    for key in before:
        if key not in after:
            yield ReferenceChange(key, "deleted")


def _cited(manuscript: Manuscript) -> Mapping[str, Mapping[str, object]]:
    keys = dict.fromkeys(c["citationId"] for e in iterate(manuscript.blocks) if e["t"] == "Cite" for c in e["c"][0])
    found = ((key, manuscript.bibliography.get(key)) for key in keys)
    return {key: {k: v for k, v in r.csl.items() if k not in ("id", "custom", "note")} for key, r in found if r is not None}


def _cells(old: Data, new: Data) -> Iterator[CellChange]:
    before, after = _values(old), _values(new)
    for place in dict.fromkeys([*after, *before]):
        if before.get(place, "") != after.get(place, ""):
            yield CellChange(*place, before.get(place, ""), after.get(place, ""))


def _values(data: Data) -> dict[tuple[str, str, str], str]:
    return {
        (path, row, column.name): cell.text
        for path, table in data.tables.items()
        for row, cells in table.rows
        for column, cell in zip(table.columns, cells, strict=False)
    }
