"""Stage scan: looking ahead in a container's lines, without looking twice for an end that does not come."""

from __future__ import annotations

from collections.abc import Sequence

from mmguide.scan import lines as pattern
from mmguide.scan.lines import Line


class Lines:
    """Lines of a text, with what blocks need to know of the lines ahead."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.text, self.lines = text, list(lines)
        self.unfenced: dict[str, int] = {}
        self.unended: dict[str, int] = {}

    def at(self, i: int) -> str:
        s, e = self.lines[i]
        return self.text[s:e]

    def blank(self, i: int) -> bool:
        return i >= len(self.lines) or not self.at(i).strip()

    def behind_blanks(self, i: int) -> int:
        while i < len(self.lines) and self.blank(i):
            i += 1
        return i

    def fence_end(self, i: int, fence: str) -> int:
        mark, size = fence[0], len(fence)
        if size >= self.unfenced.get(mark, size + 1):
            return -1
        for j in range(i + 1, len(self.lines)):
            line = self.at(j).strip()
            if len(line) >= size and not line.strip(mark) and pattern.indent(self.at(j)) < 4:
                return j
        self.unfenced[mark] = size
        return -1

    def opaque(self, i: int, inside: list[Line] | None = None) -> int:
        """The line behind line `i`, or behind the end of a comment or verbatim element that line `i` leaves open."""
        line, at = self.at(i), 0
        low = line.lower()
        while (m := pattern.OPAQUE.search(line, at)) is not None:
            closing = "-->" if m["tag"] is None else f"</{m['tag'].lower()}"
            at = low.find(closing, m.end())
            if at >= 0:
                continue
            end = self.closing_line(i, closing)
            if end < 0:
                break
            if inside is not None:
                inside += self.lines[i + 1 : end + 1]
            i = end
            line = self.at(i)
            low = line.lower()
            at = low.find(closing)
        return i + 1

    def closing_line(self, i: int, closing: str) -> int:
        if i >= self.unended.get(closing, len(self.lines)):
            return -1
        for j in range(i + 1, len(self.lines)):
            if closing in self.at(j).lower():
                return j
        self.unended[closing] = i
        return -1
