"""pandoc at work on many texts: they are handed over one by one, as they become known, and what it makes of each is taken as it is made."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread, Timer

from msgspec import Struct

from mmguide import pandoc
from mmguide.ast import Blocks
from mmguide.cache import NOTHING, Cache
from mmguide.pandoc import Limits
from mmguide.processors import processors

# Bytes handed over before the answers to those before them are there, so that pandoc need not wait for us. Any system's pipe takes more.
_AHEAD = 12_000

# Texts with their bytes for pandoc, and None where there are no more; texts with what became of them, None where the process ended before.
Texts = SimpleQueue[tuple[str, bytes] | None]
Results = SimpleQueue[tuple[str, bytes | None]]


class Conversion(Struct, frozen=True):
    """What pandoc makes of a text. `kind` is its name in the cache.

    `arguments` of pandoc's command line make it of one text by itself. In Lua, where one process makes it of many, `settings` are worked
    out once, and `made` is the result for each `text`. One more process is worth its start for so many bytes. Tabs are stops every so
    many columns, or stay where that is 0.
    """

    kind: str
    arguments: tuple[str, ...]
    settings: str
    made: str
    worth: int
    tab: int = 0

    def script(self) -> str:
        """A loop over texts, a line with its length before each; it answers with the length and the result of each."""
        return (
            f"local executable = {json.dumps(pandoc.executable(), ensure_ascii=False)} {self.settings} "
            "for length in io.lines() do "
            # To read nothing, Lua would wait for what comes next.
            "local size = tonumber(length) local text = size > 0 and io.read(size) or '' "
            f"local made = {self.made} io.write(string.format('%d\\n', #made), made) io.flush() end"
        )


def _markdown() -> Conversion:
    # Raw TeX is read as text: no output of ours understands it. YAML blocks are settings, which a section cannot set.
    without = ("yaml_metadata_block", "raw_tex", "latex_macros", "pandoc_title_block")
    # As a table: the format as one word would be taken apart for each text, which takes longer than to read a short one. The reader's
    # options are those of pandoc's command line; an empty table as its environment is its sandbox: no file, no network.
    left_out = ", ".join(f"{extension} = false" for extension in without)
    settings = (
        "local words = pandoc.pipe(executable, {'--print-default-data-file=abbreviations'}, '') "
        "local short = {} for word in words:gmatch('%S+') do short[word] = true end "
        "local options = pandoc.ReaderOptions{columns = 72, abbreviations = short} "
        f"local format = {{format = 'markdown', extensions = {{{left_out}}}}}"
    )
    return Conversion(
        "pandoc parse",
        ("-f", "-".join(("markdown", *without)), "-t", "json"),
        settings,
        "pandoc.write(pandoc.read(text, format, options, {}), 'json')",
        worth=20_000,
        tab=4,  # as pandoc's command line does: the columns of a table are counted in spaces
    )


MARKDOWN = _markdown()
HTML = Conversion(
    "pandoc html",
    ("-f", "json", "-t", "html5", "--section-divs", "--wrap=none", "--mathml", "--syntax-highlighting=none"),
    "local options = pandoc.WriterOptions{section_divs = true, wrap_text = 'none', html_math_method = 'mathml', "
    "highlight_method = 'none'}",
    "pandoc.write(pandoc.read(text, 'json'), 'html5', options) .. '\\n'",
    worth=100_000,
)


class Converter:
    """What pandoc makes of texts, of each by itself: no reference, footnote or identifier reaches from one text into another.

    Used in a `with` block, at whose end nothing goes on that nobody waited for.
    """

    def __init__(self, conversion: Conversion, limits: Limits = Limits(), cache: Cache = NOTHING) -> None:
        self._conversion, self._limits, self._cache = conversion, limits, cache
        self._keys: dict[str, str] = {}
        self._kept: dict[str, bytes] = {}
        self._given = self._left = 0
        self._texts: Texts = SimpleQueue()
        self._results: Results = SimpleQueue()
        self._hands: list[_Hand] = []

    def __enter__(self) -> Converter:
        return self

    def __exit__(self, *error: object) -> None:
        for hand in self._hands:
            hand.stop()
            self._texts.put(None)
        # What has answered all ends by itself meanwhile.
        if self._left:
            for hand in self._hands:
                hand.join()

    def start(self) -> None:
        """Start a process before there is a text for it, where nothing is kept and so something will have to be made."""
        if self._cache.is_empty:
            self._hire(1)

    def give(self, text: str) -> None:
        """Have pandoc begin with a text, unless the result is kept or the text was given before."""
        if text in self._keys:
            return
        made = self._conversion
        key = self._cache.key_of(made.kind, pandoc.executable(), " ".join(made.arguments), str(self._limits), text)
        self._keys[text] = key
        if entry := self._cache.get(key):
            self._kept[text] = entry.content
            return
        content = (text.expandtabs(made.tab) if made.tab else text).encode()
        self._given += len(content)
        self._left += 1
        self._texts.put((text, content))
        # The caller has work of its own for one processor.
        self._hire(max(1, processors() - 1))

    def results(self) -> Iterator[tuple[str, bytes]]:
        """Each text given with its result, as they are there. Raises what `pandoc.run` raises for a text that it cannot convert alone."""
        if self._left:
            self._hire(processors())
        yield from self._kept.items()
        while self._left:
            text, made = self._results.get()
            self._left -= 1
            if made is None:
                # Where a process came to a limit, each of its texts is tried by itself.
                made = pandoc.run(["--sandbox", *self._conversion.arguments], text.encode(), self._limits)
            self._cache.put(self._keys[text], None, made)
            yield text, made

    def _hire(self, most: int) -> None:
        """So many processes as what is left to do is worth."""
        left = self._given - sum(hand.taken for hand in self._hands)
        while len(self._hands) < min(most, 1 + left // self._conversion.worth):
            self._hands.append(_Hand(self._conversion, self._texts, self._results, self._limits))


class _Hand(Thread):
    """A process that converts one text after another until it finds None, and the bytes that it took."""

    def __init__(self, conversion: Conversion, texts: Texts, results: Results, limits: Limits) -> None:
        super().__init__(daemon=True)
        self.taken = 0
        self._texts, self._results, self._limits = texts, results, limits
        self._process = pandoc.start(["lua", "-e", conversion.script()], limits)
        self._asked: deque[tuple[str, int]] = deque()
        self._ahead = 0
        self.start()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()

    def run(self) -> None:
        """Hand over and take, so that both sides always have something to do and neither waits for the other to take it."""
        watch = Timer(self._limits.seconds, self.stop)
        watch.daemon = True
        watch.start()
        # What a process that has ended was not handed any more cannot be handed when its pipe is closed either.
        with suppress(BrokenPipeError), self._process:
            while (given := self._texts.get()) is not None:
                text, content = given
                self.taken += len(content)
                while self._asked and self._ahead + len(content) > _AHEAD:
                    self._take()
                self._hand_over(text, content)
                while self._asked and self._texts.empty():
                    self._take()
            while self._asked:
                self._take()
            watch.cancel()
            self.stop()

    def _hand_over(self, text: str, content: bytes) -> None:
        assert self._process.stdin is not None
        self._asked.append((text, len(content)))
        self._ahead += len(content)
        # A process that has ended cannot be given anything: that there is no answer says enough.
        with suppress(OSError):
            self._process.stdin.write(b"%d\n%b" % (len(content), content))
            self._process.stdin.flush()

    def _take(self) -> None:
        text, size = self._asked.popleft()
        self._ahead -= size
        self._results.put((text, self._answer()))

    def _answer(self) -> bytes | None:
        assert self._process.stdout is not None
        length = self._process.stdout.readline()
        if not length.endswith(b"\n"):
            return None
        made = self._process.stdout.read(int(length))
        return made if len(made) == int(length) else None


def parse(text: str, limits: Limits = Limits(), cache: Cache = NOTHING) -> Blocks:
    """One Markdown text as blocks."""
    return pandoc.blocks_of(_converted(MARKDOWN, [text], limits, cache)[0])


def html_all(trees: Sequence[Blocks], language: str, limits: Limits = Limits(), cache: Cache = NOTHING) -> list[bytes]:
    """Each tree as HTML with sections, written by itself: the notes of each are counted from 1 and stand at its end."""
    spoken = {"lang": {"t": "MetaString", "c": language}}
    return _converted(HTML, [pandoc.document(blocks, spoken).decode() for blocks in trees], limits, cache)


def _converted(conversion: Conversion, texts: Sequence[str], limits: Limits, cache: Cache) -> list[bytes]:
    with Converter(conversion, limits, cache) as converter:
        for text in texts:
            converter.give(text)
        made = dict(converter.results())
    return [made[text] for text in texts]
