"""Stage diff, words: the longest common words of two texts, and which block of one version became which block of the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from mmguide.diff.model import Operation, Words

_TOKEN = re.compile(r"\s+|[^\W_]+(?:[-’'.][^\W_]+)*|[^\w\s]|_", re.UNICODE)
# Below this share of common words, a paragraph is another one rather than an amended one.
ALIKE = 0.45


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


def pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Which text of `old` became which of `new`: `aligned` by their words."""
    return aligned(old, new, lambda i, j: likeness(old[i], new[j]))


def aligned(old: Sequence[str], new: Sequence[str], alike: Callable[[int, int], float]) -> list[tuple[int | None, int | None]]:
    """Which of `old` became which of `new`, in the order of the new version; None where one has no partner.

    Equal ones are matched first; between them, those that `alike` gives at least ALIKE are paired in order.
    """
    out: list[tuple[int | None, int | None]] = []
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            out += [(i1 + n, j1 + n) for n in range(i2 - i1)]
        else:
            out += _alike(alike, range(i1, i2), range(j1, j2))
    return out


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
