"""pandoc as the reader of Markdown: texts are handed over one by one, as they become known, and their trees taken as they are made."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread, Timer

from mmguide import pandoc
from mmguide.ast import Blocks
from mmguide.cache import NOTHING, Cache
from mmguide.pandoc import Limits
from mmguide.processors import processors

# Raw TeX is read as text: no output of ours understands it. YAML blocks are settings, which a section cannot set.
READER = "markdown-yaml_metadata_block-raw_tex-latex_macros-pandoc_title_block"
# Columns from one stop of tabs to the next, pandoc's own.
_TAB = 4
# Bytes left to read for which one more process is worth its start.
_ENOUGH = 20_000
# Bytes handed over before the answers to those before them are there, so that pandoc need not wait for us. Any system's pipe takes more.
_AHEAD = 12_000

# Texts with their bytes for pandoc, and None where there are no more; texts with their trees.
Texts = SimpleQueue[tuple[str, bytes] | None]
Trees = SimpleQueue[tuple[str, bytes]]


class Parser:
    """Trees of texts, each read by itself: no reference, footnote or identifier reaches from one text into another.

    Used in a `with` block, at whose end nothing goes on that nobody waited for.
    """

    def __init__(self, limits: Limits = Limits(), cache: Cache = NOTHING) -> None:
        self._limits, self._cache = limits, cache
        self._keys: dict[str, str] = {}
        self._made: dict[str, bytes] = {}
        self._given = self._left = 0
        self._texts: Texts = SimpleQueue()
        self._trees: Trees = SimpleQueue()
        self._hands: list[_Hand] = []
        if cache.is_empty:
            # Something will have to be read: the process starts while the first text is looked at.
            self._hire(1)

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *error: object) -> None:
        for hand in self._hands:
            hand.stop()
            self._texts.put(None)
        # What has answered all ends by itself meanwhile.
        if self._left:
            for hand in self._hands:
                hand.join()

    def give(self, text: str) -> None:
        """Have pandoc read a text, unless its tree is kept or it was given before."""
        if text in self._keys:
            return
        key = self._keys[text] = self._cache.key_of("pandoc parse", pandoc.executable(), READER, str(self._limits), text)
        if entry := self._cache.get(key):
            self._made[text] = entry.content
            return
        # As pandoc's command line does: the columns of a table are counted in spaces.
        content = text.expandtabs(_TAB).encode()
        self._given += len(content)
        self._left += 1
        self._texts.put((text, content))
        # The caller has work of its own for one processor.
        self._hire(max(1, processors() - 1))

    def trees(self) -> Iterator[tuple[str, Blocks]]:
        """Each text given with its blocks, as they are there. Raises what `pandoc.run` raises for a text that it cannot read alone."""
        if self._left:
            self._hire(processors())
        for text, tree in self._made.items():
            yield text, pandoc.blocks_of(tree)
        while self._left:
            text, tree = self._trees.get()
            self._left -= 1
            # Where a process came to a limit, each of its texts is tried by itself.
            tree = tree or pandoc.run(["--sandbox", "-f", READER, "-t", "json"], text.encode(), self._limits)
            self._cache.put(self._keys[text], None, tree)
            yield text, pandoc.blocks_of(tree)

    def _hire(self, most: int) -> None:
        """One more process, where there is none or those that there are leave enough to do."""
        left = self._given - sum(hand.taken for hand in self._hands)
        if len(self._hands) < most and (not self._hands or left > _ENOUGH):
            self._hands.append(_Hand(self._texts, self._trees, self._limits))


class _Hand(Thread):
    """A process that reads one text after another until it finds None, and the bytes that it took.

    Its answer is the tree as JSON, empty where the process ended before.
    """

    def __init__(self, texts: Texts, trees: Trees, limits: Limits) -> None:
        super().__init__(daemon=True)
        self.taken = 0
        self._texts, self._trees, self._limits = texts, trees, limits
        self._process = pandoc.start(["lua", "-e", _script()], limits)
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
        assert self._process.stdout is not None
        text, size = self._asked.popleft()
        self._ahead -= size
        answer = self._process.stdout.readline()
        self._trees.put((text, answer if answer.endswith(b"\n") else b""))


def _script() -> str:
    """A loop over texts, a line with its length before each; it answers with a line of JSON for each.

    The reader's options are those of pandoc's command line; an empty table as its environment is its sandbox: no file, no network.
    """
    executable = json.dumps(pandoc.executable(), ensure_ascii=False)
    # As a table: the format as one word would be taken apart for each text, which takes longer than to read a short one.
    name, *without = READER.split("-")
    left_out = ", ".join(f"{extension} = false" for extension in without)
    return (
        f"local words = pandoc.pipe({executable}, {{'--print-default-data-file=abbreviations'}}, '') "
        "local short = {} for word in words:gmatch('%S+') do short[word] = true end "
        "local options = pandoc.ReaderOptions{columns = 72, abbreviations = short} "
        f"local format = {{format = '{name}', extensions = {{{left_out}}}}} "
        "for length in io.lines() do "
        # To read nothing, Lua would wait for what comes next.
        "local size = tonumber(length) local text = size > 0 and io.read(size) or '' "
        "io.write(pandoc.write(pandoc.read(text, format, options, {}), 'json'), '\\n') io.flush() end"
    )


def parse(text: str, limits: Limits = Limits(), cache: Cache = NOTHING) -> Blocks:
    """One Markdown text as blocks."""
    with Parser(limits, cache) as parser:
        parser.give(text)
        return dict(parser.trees())[text]
