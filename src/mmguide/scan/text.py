"""Stage scan: the text as pandoc sees it (tabs as spaces) and the way back from there to places in the source."""

from __future__ import annotations

from bisect import bisect_right

from msgspec import Struct

from mmguide.diagnostics import Span
from mmguide.model.source import Source

TAB_STOP = 4


class Text(Struct, frozen=True):
    """`text` is the source with tabs expanded; `span` turns its offsets into places of the source.

    `starts` are offsets at which a run of equal shift begins, `origins` where each run begins in the source, `lengths` how many
    characters of the source it covers (none for a tab's own spaces, which all stand for the tab).
    """

    source: Source
    text: str
    starts: tuple[int, ...] = ()
    origins: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()

    def origin(self, offset: int) -> int:
        """The offset in the source of an offset in `text`."""
        if not self.starts:
            return offset
        run = bisect_right(self.starts, offset) - 1
        return self.origins[run] + min(offset - self.starts[run], self.lengths[run])

    def span(self, start: int, end: int) -> Span:
        return self.source.span(self.origin(start), self.origin(end))


def expand(source: Source, blanked: int = 0) -> Text:
    """The source's text with tabs expanded and its first `blanked` characters made spaces (line ends stay)."""
    text = source.text
    if blanked:
        head = "\n".join(" " * len(line) for line in text[:blanked].split("\n"))
        text = head + text[blanked:]
    if "\t" not in text:
        return Text(source, text)
    parts: list[str] = []
    starts, origins, lengths = [0], [0], [0]
    made = read = column = 0
    for at in _tabs(text):
        piece = text[read:at]
        newline = piece.rfind("\n")
        column = column + len(piece) if newline < 0 else len(piece) - newline - 1
        lengths[-1] = len(piece)
        width = TAB_STOP - column % TAB_STOP
        made += len(piece)
        parts += [piece, " " * width]
        starts += [made, made + width]
        origins += [at, at + 1]
        lengths += [0, 0]
        made, column, read = made + width, column + width, at + 1
    parts.append(text[read:])
    lengths[-1] = len(text) - read
    return Text(source, "".join(parts), tuple(starts), tuple(origins), tuple(lengths))


def _tabs(text: str) -> list[int]:
    found: list[int] = []
    at = text.find("\t")
    while at >= 0:
        found.append(at)
        at = text.find("\t", at + 1)
    return found
