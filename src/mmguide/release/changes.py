"""Stage release, what changed: the difference from the version before, with its reasons, as a Manuscript that every renderer prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mmguide import pandoc
from mmguide.assemble.dating import advice_of
from mmguide.assemble.recommendations import certainty_text, strength_text
from mmguide.ast import SPACE, Attr, Blocks, Element, Inlines, div, header, para, string, strong, words
from mmguide.diff.model import Difference, RecommendationChange, ReferenceChange, Words
from mmguide.diff.words import shortened, word_changes
from mmguide.grading import scheme_of
from mmguide.labels import label, long_date
from mmguide.model.history import Note
from mmguide.model.manuscript import Manuscript, Recommendation
from mmguide.model.reference import Reference
from mmguide.release.conditions import release_day

NAME = "what-changed"
_KINDS = ("new", "amended", "deleted", "moved")


class Versions(Struct, frozen=True):
    """The two versions, their difference, and what changes.yaml says about the new one."""

    old: Manuscript
    new: Manuscript
    difference: Difference
    note: Note | None

    @property
    def language(self) -> str:
        return self.new.project.settings.language

    def say(self, name: str, **values: str) -> str:
        return label(f"changes-{name}", self.language).format(**values)


def what_changed(old: Manuscript, new: Manuscript, difference: Difference) -> Manuscript:
    """The edition that tells what changed: summary, recommendations with their reasons, text, references, data."""
    both = Versions(old, new, difference, new.history.note(new.project.settings.version))
    title = both.say("title", old=difference.old_version, new=difference.new_version)
    blocks: Blocks = [
        header(1, words(title), Attr(NAME, ("unnumbered",))),
        div([para(words(_about(both)))], Attr(classes=("edition-note",))),
        *([para(words(both.note.summary))] if both.note and both.note.summary else []),
        para(words(both.say(f"step-{difference.level}"))),
        *_legend(both),
        *_part(both, "recommendations", [block for r in difference.recommendations for block in _recommendation(r, both)]),
        *_part(both, "text", list(_texts(both))),
        *_part(
            both, "references", [_listed([_reference(r, both) for r in difference.references])] if difference.references else []
        ),
        *_part(both, "data", [_listed([_cell(both, at) for at in range(len(difference.cells))])] if difference.cells else []),
    ]
    settings = replace(new.project.settings, abbreviations={})
    return replace(new, project=replace(new.project, settings=settings), blocks=blocks, targets=(), edition=NAME)


def as_markdown(manuscript: Manuscript) -> bytes:
    """The same words as CommonMark, for a changelog or a code host."""
    return pandoc.write(manuscript.blocks, "gfm-raw_html", ["--wrap=none"])


def _about(both: Versions) -> str:
    settings = both.new.project.settings
    _, day = release_day(settings)
    parts = (
        settings.title,
        settings.notice,
        label(f"status-{settings.status}", both.language),
        long_date(day, both.language) if day else "",
    )
    return " · ".join(part for part in parts if part)


def _legend(both: Versions) -> Blocks:
    """How words that went and came are marked; nothing where there are none."""
    if not (both.difference.text or any(r.kind in ("amended", "deleted") for r in both.difference.recommendations)):
        return []
    gone, come = _marked(Words("removed", both.say("gone"))), _marked(Words("added", both.say("come")))
    return [para([*words(both.say("legend")), SPACE, *gone, string(","), SPACE, *come, string(".")])]


def _part(both: Versions, name: str, blocks: Blocks) -> Blocks:
    return [header(2, words(both.say(name)), Attr(f"{NAME}-{name}", ("unnumbered",))), *blocks] if blocks else []


def _recommendation(change: RecommendationChange, both: Versions) -> Iterator[Element]:
    if change.kind not in _KINDS:
        return
    reason = both.note.reasons.get(change.id) if both.note else None
    number, word = change.new_number or change.old_number, label(_word(both, change.id), both.language)
    kind = "wording" if reason and reason.wording and change.kind == "amended" else _kind(change)
    yield header(3, words(f"{word} {number}: {both.say(kind)}"), Attr(f"{NAME}-{change.id.replace(':', '-')}", ("unnumbered",)))
    if change.grade_changed:
        yield para(words(f"{_grade(both.old, change.id)} → {_grade(both.new, change.id)}"))
    if reason and reason.why:
        yield para([strong(words(both.say("why"))), SPACE, *words(reason.why)])
    if change.words and (kind not in ("evidence", "moved")):
        yield para(_run(word_changes(_said(both.old, change.id), _said(both.new, change.id))))
    for name, keys, source in (("added", change.evidence_added, both.new), ("removed", change.evidence_removed, both.old)):
        if keys and change.kind == "amended":
            yield para(words(f"{both.say(f'references-{name}')} {'; '.join(_short(source, key) for key in keys)}"))


def _one(manuscript: Manuscript, identifier: str) -> Recommendation | None:
    return next((r for r in manuscript.recommendations if r.id == identifier), None)


def _said(manuscript: Manuscript, identifier: str) -> str:
    """The words of a recommendation without citations; '' in a version that does not have it."""
    found = _one(manuscript, identifier)
    return advice_of(found).words if found else ""


def _word(both: Versions, identifier: str) -> str:
    found = _one(both.new, identifier) or _one(both.old, identifier)
    return "recommendation" if found is None or found.graded else "statement"


def _kind(change: RecommendationChange) -> str:
    said = {w.operation for w in change.words}
    return "evidence" if change.kind == "amended" and said <= {"same"} and not change.grade_changed else change.kind


def _grade(manuscript: Manuscript, identifier: str) -> str:
    settings = manuscript.project.settings
    scheme, one = scheme_of(settings.grading, settings.language), _one(manuscript, identifier)
    if one is None:
        return ""
    strength = strength_text(one, scheme, settings.language) if one.strength else ""
    certainty = certainty_text(one, scheme, settings.language) if one.certainty else ""
    return ", ".join(part for part in (strength, certainty) if part) or "–"


def _texts(both: Versions) -> Iterator[Element]:
    """Each changed block of text, below the heading it stands under."""
    section = None
    for change in both.difference.text:
        if change.section != section:
            section = change.section
            yield para([strong(words(section))])
        moved = words(both.say("moved-from", section=change.moved_from)) if change.moved_from else []
        yield para([*moved, *([SPACE] if moved else []), *_run(shortened(change.words))])


def _run(changes: Sequence[Words]) -> Inlines:
    out: Inlines = []
    for change in changes:
        out += _marked(change)
    return out


def _marked(change: Words) -> Inlines:
    """Words as they stand, or marked by a sign and a line, so that neither colour nor shape alone carries the meaning."""
    lead = [SPACE] if change.text[:1].isspace() else []
    tail = [SPACE] if change.text[-1:].isspace() and change.text.strip() else []
    if change.operation == "same":
        return [*lead, *words(change.text), *tail]
    sign, kind = ("+", "Underline") if change.operation == "added" else ("−", "Strikeout")
    return (
        [*lead, {"t": kind, "c": words(f"[{sign}{' '.join(change.text.split())}{sign}]")}, *tail] if change.text.strip() else lead
    )


def _reference(change: ReferenceChange, both: Versions) -> Inlines:
    source = both.old if change.kind == "deleted" else both.new
    fields = f" ({', '.join(change.fields)})" if change.fields else ""
    return words(f"{both.say(change.kind)}: {_short(source, change.key)}{fields}")


def _short(manuscript: Manuscript, key: str) -> str:
    """A reference in a few words: who, when, and its title."""
    found: Reference | None = manuscript.bibliography.get(key)
    csl = found.csl if found else {}
    authors = csl.get("author")
    first = authors[0] if isinstance(authors, list) and authors else {}
    name = first.get("family") or first.get("literal") or "" if isinstance(first, dict) else ""
    year = str(found.year) if found and found.year is not None else ""
    return ", ".join(part for part in (str(name), year, str(csl.get("title") or key)) if part)


def _cell(both: Versions, at: int) -> Inlines:
    c = both.difference.cells[at]
    return words(f"{c.table}: {c.row}.{c.column}: {c.old or '–'} → {c.new or '–'}")


def _listed(items: Sequence[Inlines]) -> Element:
    return {"t": "BulletList", "c": [[{"t": "Plain", "c": item}] for item in items]}
