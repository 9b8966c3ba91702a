"""Stage diff, redline: two cited versions become one manuscript, in which every output shows what came and what went.

Renderers know nothing of it but the classes of `marks`. A note below the first heading, for print and web, tells how to read them.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mmguide.ast import Attr, Blocks, Element, Inlines, attr_of, div, iterate, para, rewrite, span, string, words
from mmguide.diff.marks import MOVED, identifiers, side, unmarked
from mmguide.diff.numbers import renumbered
from mmguide.diff.trees import merged
from mmguide.labels import label
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.picture import Picture


def redline(old: CitedManuscript, new: CitedManuscript, both: CitedManuscript) -> CitedManuscript:
    """The redline from `old` to `new`; `both` is `numbers.together` of them, cited."""
    pictures, moved = _pictures(old.manuscript.pictures, new.manuscript.pictures)
    blocks = merged(old_side(old, new, both, moved), new_side(new), identifiers(new.blocks))
    manuscript = replace(new.manuscript, pictures=pictures)
    at = next((i + 1 for i, b in enumerate(blocks) if b["t"] == "Header"), 0)
    moves = any(MOVED in attr_of(e).classes for e in iterate(blocks))
    return replace(
        new, manuscript=manuscript, before=old.project, blocks=[*blocks[:at], _how_to_read(old, new, moves=moves), *blocks[at:]]
    )


def new_side(new: CitedManuscript) -> Blocks:
    """The new tree as it is compared, and what all changes accepted give."""
    return side(unmarked(new.blocks), "insertion")


def old_side(old: CitedManuscript, new: CitedManuscript, both: CitedManuscript, moved: Mapping[str, str] | None = None) -> Blocks:
    """The old tree as it is compared, and what all changes rejected give: under the numbers of the new one."""
    blocks = renumbered(old, new, both)
    return side(unmarked(_with_pictures(blocks, moved) if moved else blocks), "deletion")


def _pictures(old: Mapping[str, Picture], new: Mapping[str, Picture]) -> tuple[dict[str, Picture], dict[str, str]]:
    """The pictures of both; one of the old that looks otherwise than its namesake gets another path."""
    out, moved = dict(new), {}
    for path, picture in old.items():
        if path not in new:
            out[path] = picture
        elif new[path].content != picture.content:
            moved[path] = f"old/{path}"
            out[moved[path]] = replace(picture, path=moved[path])
    return out, moved


def _with_pictures(tree: Blocks, moved: Mapping[str, str]) -> Blocks:
    def action(element: Element) -> Element | None:
        if element["t"] != "Image" or element["c"][2][0] not in moved:
            return None
        attr, alt, (target, title) = element["c"]
        return {"t": "Image", "c": [attr, alt, [moved[target], title]]}

    made: Blocks = rewrite(tree, action)
    return made


def _how_to_read(old: CitedManuscript, new: CitedManuscript, *, moves: bool) -> Element:
    language = new.project.settings.language
    versions = [string(c.project.settings.version) for c in (old, new)]
    sample: Mapping[str, Inlines] = {
        "{old}": [versions[0]],
        "{new}": [versions[1]],
        "{inserted}": [span(words(label("redline-inserted", language)), Attr("", ("insertion",)))],
        "{deleted}": [span(words(label("redline-deleted", language)), Attr("", ("deletion",)))],
    }
    text: Inlines = []
    note = label("redline-note", language).replace("{moved}", label("redline-moved", language) if moves else "")
    for element in words(note):
        found = next((name for name in sample if name in element.get("c", "")), "")
        before, _, after = element["c"].partition(found) if found else ("", "", "")
        pieces = [string(before), *sample[found], string(after)] if found else [element]
        text += [p for p in pieces if p.get("c") != ""]
    return div([para(text)], Attr("", ("redline-note",)))
