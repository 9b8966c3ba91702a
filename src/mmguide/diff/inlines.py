"""Stage diff, inlines: the words of two versions of one paragraph as one run of inlines, with what came and what went marked.

Both are taken apart into words, each with the emphasis, links and spans around it; the longest common run of these stays, the rest is
marked, and the whole is put together again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from mmguide.ast import SPACE, Blocks, Element, Inlines, attr_of, string
from mmguide.diff.marks import WRAPPERS, Change, Marker, joined
from mmguide.diff.words import changes, said, tokens

# Below this share of common words, a reader is better served by the old sentence struck and the new one behind it.
_LEAST_COMMON = 0.25
# The key of every footnote, which no word can be; whether two say the same is seen inside them.
_NOTE = "{note}"
# Whole in every change: what the compiler prints as one, and what renderers look for as it stands.
_ATOMS = frozenset(
    {"caption-label", "caption-separator", "recommendation-number", "csl-left-margin", "crossref", "unconfirmed-mark"}
)
_OF_OPERATION: dict[str, Change] = {"removed": "deletion", "added": "insertion"}


class Around(Struct, frozen=True, eq=False):
    """One element around words: how it looks, and itself without its words. Two of the same look are still two."""

    look: str
    element: Element


class Token(Struct, frozen=True, eq=False):
    """A word, space, citation, note or picture, with what is around it, outermost first. Tokens of one `key` are the same."""

    leaf: Element
    key: str
    around: tuple[Around, ...]


Marked = tuple[str, Element]


class InlineMerger(Struct, frozen=True):
    """Merges inlines; `on_notes` merges the blocks of two footnotes, `key` gives what makes two elements the same."""

    marker: Marker
    key: Callable[[Element], str]
    on_notes: Callable[[Blocks, Blocks], Blocks]

    def merge(self, old: Inlines, new: Inlines) -> Inlines:
        """The words of both, changes marked."""
        a, b = list(self._tokens(old, ())), list(self._tokens(new, ()))
        operations = _operations([t.key for t in a], [t.key for t in b])
        if not any(_said(a[i].key) for kind, i1, i2, _, _ in operations if kind == "equal" for i in range(i1, i2)):
            operations = [("replace", 0, len(a), 0, len(b))]
        return self._marked(self._built(self._laid_out(a, b, operations), 0))

    def _tokens(self, given: Inlines, around: tuple[Around, ...]) -> Iterator[Token]:
        for element in given:
            kind = element["t"]
            inside = _inside(element)
            if kind == "Str":
                for piece in tokens(element["c"]):
                    yield self._token(string(piece), piece, around)
            elif kind in ("Space", "SoftBreak"):
                yield self._token(SPACE, " ", around)
            elif kind == "Note":
                yield self._token(element, _NOTE, around)
            elif inside and not _ATOMS & set(attr_of(element).classes):
                one = Around(self.key(_filled(element, [])), element)
                yield from self._tokens(inside, (*around, one))
            else:
                yield self._token(element, self.key(element), around)

    def _token(self, leaf: Element, key: str, around: tuple[Around, ...]) -> Token:
        return Token(leaf, json.dumps([key, *(a.look for a in around)]), around)

    def _laid_out(self, a: Sequence[Token], b: Sequence[Token], operations: Sequence[Operation]) -> list[tuple[str, Token]]:
        """All tokens in the order of reading. A removed word stands inside what its neighbours stand in, where that stayed."""
        partner: dict[Around, Around] = {}
        for kind, i1, i2, j1, j2 in operations:
            for old, new in zip(a[i1:i2], b[j1:j2], strict=True) if kind == "equal" else ():
                partner.update(zip(old.around, new.around, strict=True))
        out: list[tuple[str, Token]] = []
        for kind, i1, i2, j1, j2 in operations:
            if kind == "equal":
                out += [("same", self._both(old, new)) for old, new in zip(a[i1:i2], b[j1:j2], strict=True)]
                continue
            for old in a[i1:i2]:
                out.append(("removed", Token(old.leaf, old.key, _in_place(old.around, partner))))
            out += [("added", new) for new in b[j1:j2]]
        return out

    def _both(self, old: Token, new: Token) -> Token:
        if new.leaf["t"] != "Note":
            return new
        return Token({"t": "Note", "c": self.on_notes(old.leaf["c"], new.leaf["c"])}, new.key, new.around)

    def _built(self, laid_out: list[tuple[str, Token]], depth: int) -> list[Marked]:
        """The tokens inside what is around them, each element with its operation."""
        out: list[Marked] = []
        for around, group in groupby(laid_out, key=lambda t: t[1].around[depth] if len(t[1].around) > depth else None):
            found = list(group)
            if around is None:
                out += [(operation, token.leaf) for operation, token in found]
                continue
            inside = self._built(found, depth + 1)
            kinds = {operation for operation, _ in inside}
            if len(kinds) == 1:
                out.append((kinds.pop(), _filled(around.element, joined([e for _, e in inside]))))
            else:
                out.append(("same", _filled(around.element, self._marked(inside))))
        return out

    def _marked(self, given: list[Marked]) -> Inlines:
        out: Inlines = []
        for operation, group in groupby(given, key=lambda m: m[0]):
            content = joined([element for _, element in group])
            out += self.marker.spanned(content, _OF_OPERATION[operation]) if operation in _OF_OPERATION else content
        return out


Operation = tuple[str, int, int, int, int]


def _operations(a: list[str], b: list[str]) -> list[Operation]:
    """What stays and what is replaced: everything, where too little stays."""
    out = changes(a, b, _said)
    same = sum(1 for kind, i1, i2, _, _ in out if kind == "equal" for key in a[i1:i2] if _said(key))
    most = max(sum(map(_said, a)), sum(map(_said, b)), 1)
    return out if same >= _LEAST_COMMON * most else [("replace", 0, len(a), 0, len(b))]


def _said(key: str) -> bool:
    """Whether a token is more than white space or a mark."""
    return said(json.loads(key)[0])


def _in_place(around: tuple[Around, ...], partner: dict[Around, Around]) -> tuple[Around, ...]:
    out: list[Around] = []
    for at, one in enumerate(around):
        if one not in partner:
            return (*out, *around[at:])
        out.append(partner[one])
    return tuple(out)


def _inside(element: Element) -> Inlines:
    """The inlines that an element is around; nothing for a word, a citation or a picture."""
    if element["t"] in WRAPPERS:
        found: Inlines = element["c"]
        return found
    return element["c"][1] if element["t"] in ("Span", "Link") else []


def _filled(element: Element, content: Inlines) -> Element:
    if element["t"] in WRAPPERS:
        return {**element, "c": content}
    return {**element, "c": [element["c"][0], content, *element["c"][2:]]}
