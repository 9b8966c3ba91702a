"""Stage diff, words: the longest common words of two texts, and which block of one version became which block of the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from mmguide.diff.model import Operation, Words

_TOKEN = re.compile(r"\s+|[^\W_]+(?:[-’'.][^\W_]+)*|[^\w\s]|_", re.UNICODE)
# Below this share of common words, a paragraph is another one rather than an amended one.
ALIKE = 0.45
# A heading stays in place rather than some paragraphs below it do: what it weighs more than they, in characters.
HEADING = 5000
# With more equal pairs than these, such as the words of a whole book or a table of one word, the longest runs are matched instead.
_MOST_EQUAL = 200_000


def tokens(text: str) -> list[str]:
    """Words, spaces and marks, which together are the text again."""
    return _TOKEN.findall(text)


def word_changes(old: str, new: str) -> tuple[Words, ...]:
    """The runs of words that stay, go and come, in reading order, removed before added."""
    a, b = tokens(old), tokens(new)
    out: list[Words] = []
    for operation, i1, i2, j1, j2 in changes(a, b, said):
        if operation == "equal":
            _add(out, "same", a[i1:i2])
        else:
            _add(out, "removed", a[i1:i2])
            _add(out, "added", b[j1:j2])
    return tuple(out)


def said(token: str) -> bool:
    """Whether a token is more than white space or a mark."""
    return any(c.isalnum() for c in token)


def changes(a: Sequence[str], b: Sequence[str], said: Callable[[str], bool]) -> list[tuple[str, int, int, int, int]]:
    """What stays (`equal`) and what is replaced (`replace`), as difflib's operations.

    Spaces and marks that alone stay between changes count as changed: they hold nothing together.
    """
    found = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    out: list[tuple[str, int, int, int, int]] = []
    for at, (kind, i1, i2, j1, j2) in enumerate(found):
        lonely = 0 < at < len(found) - 1 and i2 - i1 < 3 and not any(said(key) for key in a[i1:i2])
        name = "equal" if kind == "equal" and not lonely else "replace"
        if out and out[-1][0] == name == "replace":
            out[-1] = ("replace", out[-1][1], i2, out[-1][3], j2)
        else:
            out.append((name, i1, i2, j1, j2))
    return out


def _add(out: list[Words], operation: Operation, words: Sequence[str]) -> None:
    if words:
        out.append(Words(operation, "".join(words)))


def likeness(old: str, new: str, least: float = ALIKE) -> float:
    """The share of common words, 0 to 1; 0 where it is certainly below `least`."""
    a, b = [t for t in tokens(old) if not t.isspace()], [t for t in tokens(new) if not t.isspace()]
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least else 0.0


def pairs(
    old: Sequence[str], new: Sequence[str], weight: Callable[[int], int] | None = None
) -> list[tuple[int | None, int | None]]:
    """Which text of `old` became which of `new`: `aligned` by their words."""
    return aligned(old, new, lambda i, j: likeness(old[i], new[j]), weight)


def aligned(
    old: Sequence[str], new: Sequence[str], alike: Callable[[int, int], float], weight: Callable[[int], int] | None = None
) -> list[tuple[int | None, int | None]]:
    """Which of `old` became which of `new`, in the order of the new version; None where one has no partner.

    Equal ones are matched first, as many as say the most, or are of the most `weight` (by their place in `old`); between them, those
    that `alike` gives at least ALIKE are paired in order.
    """
    out: list[tuple[int | None, int | None]] = []
    left = right = 0
    for i, j in [*_staying(old, new, weight or (lambda i: len(old[i]) + 1)), (len(old), len(new))]:
        out += _alike(alike, range(left, i), range(right, j))
        out.append((i, j))
        left, right = i + 1, j + 1
    return out[:-1]


def _staying(old: Sequence[str], new: Sequence[str], weight: Callable[[int], int]) -> list[tuple[int, int]]:
    """What stays in place: of all equal ones those in order that weigh the most, so that what moves is what is least.

    A heaviest increasing subsequence, with the best that ends at or before each place of the new in a tree of Fenwick's.
    """
    places: dict[str, list[int]] = {}
    for j, key in enumerate(new):
        places.setdefault(key, []).append(j)
    if sum(len(places.get(key, ())) for key in old) > _MOST_EQUAL:
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        return [(b.a + n, b.b + n) for b in blocks for n in range(b.size)]
    best: list[tuple[int, int]] = [(0, -1)] * (len(new) + 1)
    chain: list[tuple[int, int, int]] = []
    for i, key in enumerate(old):
        for j in reversed(places.get(key, ())):
            before, at = (0, -1), j
            while at > 0:
                before, at = max(before, best[at], key=_weight), at & (at - 1)
            chain.append((i, j, before[1]))
            made, at = (before[0] + weight(i), len(chain) - 1), j + 1
            while at <= len(new):
                best[at], at = max(best[at], made, key=_weight), at + (at & -at)
    found, link = [], max(best, key=_weight)[1]
    while link >= 0:
        i, j, link = chain[link]
        found.append((i, j))
    return found[::-1]


def _weight(entry: tuple[int, int]) -> int:
    return entry[0]


def _alike(alike: Callable[[int, int], float], left: range, right: range) -> list[tuple[int | None, int | None]]:
    """The best pairing in order of two short runs, by the sum of likenesses (dynamic programming)."""
    if not left or not right:
        return [(i, None) for i in left] + [(None, j) for j in right]
    if len(left) * len(right) > 40_000:
        return [(i, None) for i in left] + [(None, j) for j in right]
    score = {(i, j): alike(i, j) for i in left for j in right}
    best: dict[tuple[int, int], float] = {}
    for i in [*reversed(left), None]:
        for j in [*reversed(right), None]:
            if i is None or j is None:
                continue
            skip = max(best.get((i + 1, j), 0.0), best.get((i, j + 1), 0.0))
            match = score[i, j] + best.get((i + 1, j + 1), 0.0) if score[i, j] >= ALIKE else 0.0
            best[i, j] = max(skip, match)
    out: list[tuple[int | None, int | None]] = []
    i, j = left.start, right.start
    while i < left.stop and j < right.stop:
        if score[i, j] >= ALIKE and best[i, j] == score[i, j] + best.get((i + 1, j + 1), 0.0):
            out.append((i, j))
            i, j = i + 1, j + 1
        elif best.get((i + 1, j), 0.0) >= best.get((i, j + 1), 0.0):
            out.append((i, None))
            i += 1
        else:
            out.append((None, j))
            j += 1
    return out + [(k, None) for k in range(i, left.stop)] + [(None, k) for k in range(j, right.stop)]


def shortened(words: tuple[Words, ...], context: int = 60) -> tuple[Words, ...]:
    """Long runs that stayed, cut to what stands around the changes."""
    out = []
    for at, w in enumerate(words):
        if w.operation == "same" and len(w.text) > 2 * context + 10:
            left = "" if at == 0 else w.text[:context]
            right = "" if at == len(words) - 1 else w.text[-context:]
            out.append(Words("same", f"{left} … {right}"))
        else:
            out.append(w)
    return tuple(out)
