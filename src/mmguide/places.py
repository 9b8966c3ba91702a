"""Stage places: which lines of the sources each paragraph of the finished text came from, and a name for each that fits a bookmark.

pandoc's tree has no places, the scan has. The two are laid side by side by their words; what the compiler prints of its own accord
(labels, values, citations, numbers) is left out of the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import chain

from msgspec import Struct

from mmguide.ast import Blocks, Element, Node, classes_of
from mmguide.diagnostics import Span
from mmguide.memory import Known
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Paragraph, Scan
from mmguide.walks import elements_of

PREFIX = "_mmg"
_NAME = re.compile(rf"^{PREFIX}([0-9a-f]{{8}})_(\d+)_([0-9a-f]{{6}})$")
# Printed by the compiler, at another place than the words of the source.
_GENERATED = {"recommendation-label", "recommendation-summary", "table-note", "caption-label", "caption-separator", "csl-entry"}
_NO_WORDS = frozenset({"Space", "SoftBreak", "LineBreak", "Cite", "Note"})
_UNWRITTEN = {"value", "crossref", "unconfirmed-mark", *_GENERATED}
# What stands in Markdown but not in the words: values, citations, notes, attributes, targets of links, comments.
_MARKUP = re.compile(
    r"<!--.*?-->|\[[^\[\]]*\]\{[^{}]*\.value[^{}]*\}|\[[^\[\]]*@[^\[\]]*\]|\[\^[^\[\]]*\]|\^\[[^\[\]]*\]|\{[^{}]*\}"
    r"|\]\([^()]*\)|-?@[\w:.#$%&+?<>~/-]+|<[^<>]+>",
    re.S,
)
_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.5
# A paragraph, heading or row of the tree, and its words.
Leaf = tuple[Element, tuple[str, ...]]


class Place(Struct, frozen=True):
    """A paragraph of a source: its bookmark's name, and where it stands."""

    name: str
    span: Span
    words: tuple[str, ...]


def places(manuscript: Manuscript) -> tuple[Place, ...]:
    """All paragraphs of the sources in the order of the text, included files where they are included."""
    included = {section.path: section.scan for section in manuscript.included}
    out: list[Place] = []
    for section in manuscript.sections:
        out += _of_scan(section.scan, included, (section.path,))
    return tuple(out)


def _of_scan(scan: Scan, included: Mapping[str, Scan], inside: tuple[str, ...]) -> Iterator[Place]:
    calls = [(c.span, dict(c.attributes).get("file", "")) for c in scan.containers if "include" in c.classes]
    for place in _places_of.of((scan,), lambda: tuple(map(_place, scan.paragraphs))):
        while calls and calls[0][0].line < place.span.line:
            yield from _of_call(calls.pop(0)[1], included, inside)
        yield place
    for _, path in calls:
        yield from _of_call(path, included, inside)


def _place(paragraph: Paragraph) -> Place:
    words = tuple(_WORD.findall(_MARKUP.sub(" ", paragraph.text).lower()))
    return Place(name_of(paragraph.span, words), paragraph.span, words)


def _of_call(path: str, included: Mapping[str, Scan], inside: tuple[str, ...]) -> Iterator[Place]:
    if path in included and path not in inside:
        yield from _of_scan(included[path], included, (*inside, path))


def name_of(span: Span, words: Iterable[str]) -> str:
    """File, line and words as a bookmark's name: hidden in Word, at most 40 characters, the same in every build."""
    file, text = (sha256(t.encode()).hexdigest() for t in (span.path, " ".join(words)))
    return f"{PREFIX}{file[:8]}_{span.line}_{text[:6]}"


def spans(manuscript: Manuscript) -> Mapping[str, Span]:
    """The place of each bookmark's name. Names of an older version are found by `similar`."""
    return {place.name: place.span for place in places(manuscript)}


def similar(name: str, known: Mapping[str, Span]) -> Span | None:
    """The place of a bookmark that an older build set: the same words in the same file, else the nearest line of that file."""
    if name in known:
        return known[name]
    match = _NAME.match(name)
    if not match:
        return None
    same_file = [(m, span) for other, span in known.items() if (m := _NAME.match(other)) and m[1] == match[1]]
    same_words = [span for m, span in same_file if m[3] == match[3]]
    return min(same_words or [span for _, span in same_file], key=lambda s: abs(s.line - int(match[2])), default=None)


def names_in_tree(manuscript: Manuscript, blocks: Blocks) -> Mapping[int, str]:
    """The bookmark's name for each paragraph of the tree that came from a source, by the element's identity; one for each line."""
    sources, leaves = places(manuscript), tuple(chain.from_iterable(map(_known_leaves, blocks)))
    found: dict[int, str] = {}
    used: set[str] = set()
    pairs = list(_aligned(leaves, sources))
    for leaf, source in (*pairs, *_notes(blocks, sources, {source.name for _, source in pairs})):
        if source.name not in used:
            used.add(source.name)
            found[id(leaf)] = source.name
    return found


# Of the blocks and of the texts of two states of the longest guideline.
_leaves_of: Known[tuple[Leaf, ...]] = Known(20_000)
_places_of: Known[tuple[Place, ...]] = Known(1_000)


def _known_leaves(block: Element) -> tuple[Leaf, ...]:
    return _leaves_of.of((block,), lambda: tuple(_leaves(block)))


def _aligned(leaves: tuple[Leaf, ...], sources: tuple[Place, ...]) -> Iterator[tuple[Element, Place]]:
    matcher = SequenceMatcher(None, [words for _, words in leaves], [place.words for place in sources], autojunk=False)
    for kind, a, a_end, b, b_end in matcher.get_opcodes():
        if kind == "equal":
            yield from zip((leaf for leaf, _ in leaves[a:a_end]), sources[b:b_end], strict=True)
        elif kind == "replace":
            at = b
            for leaf, words in leaves[a:a_end]:
                near = next((i for i in range(at, b_end) if _alike(words, sources[i].words)), None)
                if near is not None:
                    yield leaf, sources[near]
                    at = near + 1


def _notes(blocks: Blocks, sources: tuple[Place, ...], used: set[str]) -> Iterator[tuple[Element, Place]]:
    """The footnotes, which stand elsewhere in the source, with what is left of it."""
    left = [place for place in sources if place.name not in used and place.words]
    for note in elements_of(blocks):
        for leaf, words in _leaves(note["c"]) if note["t"] == "Note" else ():
            if (near := next((place for place in left if _alike(words, place.words)), None)) is not None:
                left.remove(near)
                yield leaf, near


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    common = len(set(one) & set(other))
    return bool(common) and common >= _ALIKE * min(len(set(one)), len(set(other)))


def _leaves(node: Node) -> Iterator[Leaf]:
    """Paragraphs, headings and cells with their words, without what the compiler printed and without notes."""
    if isinstance(node, list):
        for item in node:
            yield from _leaves(item)
    elif isinstance(node, dict) and "t" in node:
        if node["t"] == "Note" or not _GENERATED.isdisjoint(classes_of(node)):
            return
        if node["t"] == "Table":
            yield from _table(node)
        elif node["t"] in ("Para", "Plain", "Header"):
            content = node["c"][2] if node["t"] == "Header" else node["c"]
            yield node, _words_of(content)
        else:
            yield from _leaves(node.get("c"))


def _table(table: Element) -> Iterator[Leaf]:
    """Each row, which is a line of the source, by its first paragraph; then the caption, which stands below."""
    _, (_, caption), _, head, bodies, foot = table["c"]
    for row in (*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]):
        first = next((b for cell in row[1] for b in cell[4] if b["t"] in ("Para", "Plain")), None)
        if first is not None:
            yield first, _words_of([cell[4] for cell in row[1]])
    yield from _leaves(caption)


def _words_of(node: Node) -> tuple[str, ...]:
    out: list[str] = []
    _words(node, out)
    return tuple(_WORD.findall("".join(out).lower()))


def _words(node: Node, out: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            if type(item) is dict and item.get("t") == "Str":  # most are
                out.append(item["c"])
            else:
                _words(item, out)
        out.append(" " if node and isinstance(node[0], dict) and node[0].get("t") in ("Para", "Plain") else "")
    elif isinstance(node, dict) and "t" in node:
        kind = node["t"]
        if kind == "Str":
            out.append(node["c"])
        elif kind in _NO_WORDS or not _UNWRITTEN.isdisjoint(classes_of(node)):
            out.append(" ")
        elif kind in ("Code", "Math"):
            out.append(node["c"][1])
        elif kind == "Image":
            out.append(" ")
            _words(node["c"][1], out)
        else:
            _words(node.get("c"), out)
