"""Stage scan: from a block's text to its citations, links, spans, tags. One pass, in linear time, with a stack of open brackets."""

from __future__ import annotations

import re
from bisect import bisect_left

from msgspec import Struct

from mmguide.scan.attributes import Attributes, attributes, unreadable
from mmguide.scan.citekeys import Key, after_word, cross_reference, key_at, suppresses_author
from mmguide.scan.lines import BLOCK_TAG, STYLE

_TOKEN = re.compile(r"[\\`<\]@$;|(){]|[!^]?\[")
_LINK = re.compile(
    r"\(\s*(?P<target><[^<>\n]*>|(?:[^\s()\\]|\\.|\s+(?![\s\"')])|\((?:[^()\\]|\\.)*\))*)"
    r"(?:\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'))?\s*\)",
    re.DOTALL,
)
_MATH = re.compile(r"\$(?=[^\s$])(?:[^\s\\$]|\\.|\s(?!\s*\$))+\$(?!\d)", re.DOTALL)
_DISPLAY = re.compile(r"\$\$(?:[^$\\]|\\.|\$(?!\$))+\$\$", re.DOTALL)
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_TAG = re.compile(
    r"</?[A-Za-z][\w:-]*(?:\s+[\w:@.-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?>|<\?[^>]*\?>|<![A-Z][^>]*>"
)
_VERBATIM = re.compile(r"<(pre|script|textarea)(?=[\s>/])", re.IGNORECASE)
_SPACE_NEWLINE = re.compile(r" *(?:\n *)?")
_NOTE = re.compile(r"\^[^\s\]]+")
_TICKS = re.compile(r"`+")
_RAW = re.compile(r"\{=([\w-]+)\}")


def _closing(tag: str) -> re.Pattern[str]:
    return re.compile(rf"</{tag}\s*>", re.IGNORECASE)


class Cited(Struct):
    """A citation key met: offsets within the block; `bracket` is the bracket that made it part of a group, -1 if bare."""

    key: Key
    at: int
    start: int
    target: str | None
    suppress: bool
    group: int = -1
    bracketed: bool = False
    suffix: str = ""


class Bracket(Struct):
    """An open `[`, `![` or `^[`; `behind` is the bare citation that stands directly before it."""

    mark: str
    start: int
    inside: int
    cited: list[int] = []
    breaks: list[int] = []
    behind: int = -1
    inner: int = 0


class Inlines(Struct):
    """What stands in one block's text; offsets are those of that text."""

    cited: list[Cited] = []
    links: list[tuple[int, int, str, str, bool]] = []
    attributes: list[tuple[Attributes, str]] = []
    spans: list[tuple[int, int, str, Attributes]] = []
    unreadable: list[tuple[int, int]] = []
    raw: list[tuple[int, int, str, str]] = []
    comments: list[tuple[int, int]] = []
    notes: list[tuple[int, int, str]] = []
    depth: int = 0
    chained: int = 0
    open: int = 0
    open_spans: int = 0
    deepest: int = 0


class InlineReader:
    """Reads one block's text."""

    def __init__(self, text: str, cells: bool = False, examples: frozenset[str] = frozenset(), html: bool = False) -> None:
        self.text, self.cells, self.examples, self.html = text, cells, examples, html
        self.found = Inlines()
        self.stack: list[Bracket] = []
        self.bare_end, self.bare = -1, -1
        self.parens: list[int] = []
        self.ticks: dict[int, list[int]] | None = None
        self.no_comment_end = False
        self.run_end = -1

    def read(self) -> Inlines:
        text, at = self.text, 0
        while (m := _TOKEN.search(text, at)) is not None:
            at = self.token(m.group(), m.start())
        self.found.open += len(self.stack)
        if self.examples:
            # A bare `@label` is the number of an example; between brackets it stays a citation.
            self.found.cited = [c for c in self.found.cited if c.bracketed or c.key.key not in self.examples]
        return self.found

    def token(self, mark: str, at: int) -> int:
        """Deal with what begins at `at`; where to go on."""
        text = self.text
        if mark == "@":
            return self.cite(at)
        if mark[-1] == "[":
            return self.opened(mark, at)
        if mark == "]":
            return self.closed(at)
        if mark == "\\":
            return at + 2
        if mark == "`":
            return self.code(at)
        if mark == "<":
            return self.angle(at)
        if mark == "$":
            m = _DISPLAY.match(text, at) or _MATH.match(text, at)
            return m.end() if m else at + (2 if text.startswith("$$", at) else 1)
        if mark == ";" and self.stack:
            self.stack[-1].breaks.append(at)
        elif mark == "|" and self.cells:
            self.found.open += len(self.stack)
            self.stack.clear()
        return at + 1

    def cite(self, at: int) -> int:
        if at != self.bare_end and after_word(self.text, at):
            return at + 1
        key = key_at(self.text, at)
        if key is None:
            return at + 1
        minus = suppresses_author(self.text, at)
        target = None if key.braced else cross_reference(key.key)
        self.found.cited.append(Cited(key, at, at - minus, target, minus))
        if self.stack:
            self.stack[-1].cited.append(len(self.found.cited) - 1)
        self.bare, self.bare_end = len(self.found.cited) - 1, key.end
        return key.end

    def opened(self, mark: str, at: int) -> int:
        inside = at + len(mark)
        behind = -1
        if mark == "[" and self.bare >= 0:
            m = _SPACE_NEWLINE.match(self.text, self.bare_end)
            behind = self.bare if m is not None and m.end() == at else -1
        self.stack.append(Bracket(mark, at, inside, behind=behind))
        self.found.deepest = max(self.found.deepest, len(self.stack))
        return inside

    def closed(self, at: int) -> int:
        """A `]`: what the bracket was depends on what stands behind it."""
        if not self.stack:
            return at + 1
        bracket, text = self.stack.pop(), self.text
        if self.stack:
            self.stack[-1].inner = max(self.stack[-1].inner, bracket.inner + 1)
        self.found.depth = max(self.found.depth, bracket.inner + 1)
        if bracket.mark == "^[":
            return at + 1
        follows = text[at + 1 : at + 2]
        inside = text[bracket.inside : at]
        if follows == "(":
            if (m := _LINK.match(text, at + 1)) is not None:
                return self.link(bracket, inside, m["target"].strip("<>"), m.end())
            self.found.chained += 1
        if bracket.mark == "[" and _NOTE.fullmatch(inside):
            self.found.notes.append((bracket.start, at + 1, inside[1:]))
            return at + 1
        if follows == "{" and (found := attributes(text, at + 1)) is not None:
            if bracket.mark == "[":
                self.found.spans.append((bracket.start, found.end, inside, found))
                self.found.attributes.append((found, "span"))
            else:
                self.found.links.append((bracket.start, at + 1, "", inside, True))
                self.found.attributes.append((found, "picture"))
            return found.end
        self.unreadable(at + 1)
        if bracket.mark == "![" or (not bracket.cited and bracket.behind < 0):
            self.found.links.append((bracket.start, at + 1, "", inside, bracket.mark == "!["))
        elif follows not in ("[", "(") or bracket.cited:
            self.group(bracket, at, follows)
        return at + 1

    def unreadable(self, at: int) -> None:
        if (end := unreadable(self.text, at)) > 0:
            self.found.unreadable.append((at, end))

    def link(self, bracket: Bracket, inside: str, target: str, end: int) -> int:
        picture = bracket.mark == "!["
        found = attributes(self.text, end)
        if found is not None:
            self.found.attributes.append((found, "picture" if picture else "link"))
        self.unreadable(end)
        self.found.links.append((bracket.start, end, target, inside, picture))
        return found.end if found is not None else end

    def group(self, bracket: Bracket, at: int, follows: str) -> None:
        """Make the keys of a bracket one group, if each of its parts has a key."""
        if follows == "[" and not self.text.startswith("[^", at + 1) and self.text.find("]", at + 2) >= 0:
            return
        cited = self.found.cited
        keys = bracket.cited
        places = [cited[k].at for k in keys]
        first: list[tuple[int, int]] = []
        begin = bracket.inside
        for part, end in enumerate([*bracket.breaks, at]):
            k = bisect_left(places, begin)
            if k < len(places) and places[k] < end:
                first.append((keys[k], end))
            elif not (part == 0 and bracket.behind >= 0):
                return
            begin = end
        group = bracket.start
        if bracket.behind >= 0:
            group = cited[bracket.behind].group if cited[bracket.behind].group >= 0 else bracket.start
            cited[bracket.behind].group = group
        for k, end in first:
            cited[k].group, cited[k].bracketed = group, True
            cited[k].suffix = self.text[cited[k].key.end : end].strip()

    def code(self, at: int) -> int:
        if self.ticks is None:
            self.ticks = {}
            for m in _TICKS.finditer(self.text):
                self.ticks.setdefault(len(m.group()), []).append(m.start())
        if at >= self.run_end:
            self.run_end = _TICKS.match(self.text, at).end()  # type: ignore[union-attr]
        end = self.run_end
        size = end - at
        places = self.ticks.get(size, [])
        k = bisect_left(places, end)
        if k >= len(places):
            # As pandoc does: the first backtick is text, and the others may still open a shorter span.
            return at + 1
        close = places[k] + size
        if (raw := _RAW.match(self.text, close)) is not None:
            self.found.raw.append((at, raw.end(), raw[1], self.text[end : places[k]]))
            return raw.end()
        if (found := attributes(self.text, close)) is not None:
            self.found.attributes.append((found, "code"))
            return found.end
        return close

    def angle(self, at: int) -> int:
        text = self.text
        if text.startswith("<!--", at):
            end = -1 if self.no_comment_end else text.find("-->", at + 4)
            if end < 0:
                self.no_comment_end = True
                return at + 1
            self.found.comments.append((at, end + 3))
            return end + 3
        if (m := _AUTOLINK.match(text, at)) is not None:
            target = text[at + 1 : m.end() - 1]
            self.found.links.append((at, m.end(), target if ":" in target else "mailto:" + target, target, False))
            return m.end()
        m = _TAG.match(text, at)
        if m is None:
            return at + 1
        end = m.end()
        verbatim = _VERBATIM.match(text, at) or (STYLE.match(text, at) if self.html else None)
        if verbatim is not None:
            close = _closing(verbatim[1]).search(text, end)
            end = close.end() if close else end
        if text[at : at + 5].lower() == "<span":
            self.found.open_spans += 1
        elif text[at : at + 6].lower() == "</span":
            self.found.open_spans = max(self.found.open_spans - 1, 0)
        self.found.raw.append((at, end, "html", text[at:end]))
        return end


def block_tag_end(text: str, at: int, end: int) -> int:
    """The end of the comment, verbatim element or block tag that begins at `at`, `at` itself if there is none before `end`."""
    if text.startswith("<!--", at):
        close = text.find("-->", at + 4, end)
        return close + 3 if close >= 0 else at
    style = STYLE.match(text, at) is not None
    if not style and not BLOCK_TAG.match(text, at):
        return at
    m = _TAG.match(text, at, end)
    if m is None:
        return at
    verbatim = _VERBATIM.match(text, at)
    if verbatim is None and not style:
        return m.end()
    closing = _closing(verbatim[1] if verbatim else "style").search(text, m.end(), end)
    return closing.end() if closing else at
