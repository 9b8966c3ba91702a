"""pandoc as the reader of Markdown: texts are handed over one by one, as they become known, and their trees taken as they are made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread, Timer
from time import monotonic

from mmguide import pandoc
from mmguide.ast import Blocks
from mmguide.cache import NOTHING, Cache
from mmguide.pandoc import Limits
from mmguide.processors import processors

# Raw TeX is read as text: no output of ours understands it. YAML blocks are settings, which a section cannot set.
READER = "markdown-yaml_metadata_block-raw_tex-latex_macros-pandoc_title_block"
# Columns from one stop of tabs to the next, pandoc's own.
_TAB = 4
# Characters behind which one more process is worth its start: a tenth of a second of reading.
_ENOUGH = 20_000


class Parser:
    """Trees of texts, each read by itself: no reference, footnote or identifier reaches from one text into another.

    Used in a `with` block, at whose end nothing goes on that nobody waited for.
    """

    def __init__(self, limits: Limits = Limits(), cache: Cache = NOTHING) -> None:
        self._limits, self._cache = limits, cache
        self._keys: dict[str, str] = {}
        self._made: dict[str, bytes] = {}
        self._hands: list[_Hand] = []

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *error: object) -> None:
        for hand in self._hands:
            hand.stop()

    def give(self, text: str) -> None:
        """Have pandoc read a text, unless its tree is kept or it was given before."""
        if text in self._keys:
            return
        key = self._keys[text] = self._cache.key_of("pandoc parse", pandoc.executable(), READER, str(self._limits), text)
        if entry := self._cache.get(key):
            self._made[text] = entry.content
        else:
            self._free_hand().give(text)

    def trees(self) -> Mapping[str, Blocks]:
        """The blocks of each text given; waits for them. Raises what `pandoc.run` raises for a text that pandoc cannot read by itself."""
        for hand in self._hands:
            hand.end()
        found = {text: pandoc.blocks_of(tree) for text, tree in self._made.items()}
        for hand in self._hands:
            for text, tree in hand.trees():
                found[text] = pandoc.blocks_of(tree)
                self._cache.put(self._keys[text], None, tree)
        return found

    def _free_hand(self) -> _Hand:
        """The process with the least to read; one more where all have much."""
        if all(hand.given > _ENOUGH for hand in self._hands) and len(self._hands) < processors():
            self._hands.append(_Hand(self._limits))
        return min(self._hands, key=lambda hand: hand.given)


class _Hand:
    """A process that reads texts one after another, and how many characters it was given."""

    def __init__(self, limits: Limits) -> None:
        self.given = 0
        self._limits = limits
        self._texts: list[str] = []
        self._process = pandoc.start(["lua", "-e", _script()], limits)
        self._until = monotonic() + limits.seconds
        self._orders: SimpleQueue[bytes | None] = SimpleQueue()
        # What pandoc has no time for yet fills the pipe: whoever gives a text must not wait for that.
        self._giving = Thread(target=self._hand_over, daemon=True)
        self._giving.start()

    def give(self, text: str) -> None:
        # As pandoc's command line does: the columns of a table are counted in spaces.
        content = text.expandtabs(_TAB).encode()
        self.given += len(text)
        self._texts.append(text)
        self._orders.put(b"%d\n%b" % (len(content), content))

    def end(self) -> None:
        """There are no more texts."""
        self._orders.put(None)

    def _hand_over(self) -> None:
        entrance = self._process.stdin
        assert entrance is not None
        # A process that has ended cannot be given anything: what it told before says enough.
        with suppress(OSError), entrance:
            while (order := self._orders.get()) is not None:
                entrance.write(order)
                entrance.flush()

    def trees(self) -> Iterator[tuple[str, bytes]]:
        """Each text with its tree as JSON. Texts that the process leaves when it comes to a limit are tried each by itself."""
        assert self._process.stdout is not None
        watch = Timer(max(0.0, self._until - monotonic()), self._process.kill)
        watch.daemon = True
        watch.start()
        told = 0
        for text, line in zip(self._texts, self._process.stdout, strict=False):
            if not line.endswith(b"\n"):
                break
            told += 1
            yield text, line
        watch.cancel()
        self.stop()
        for text in self._texts[told:]:
            yield text, pandoc.run(["--sandbox", "-f", READER, "-t", "json"], text.encode(), self._limits)

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.end()
        self._process.kill()
        self._giving.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()


def _script() -> str:
    """A loop over texts, a line with its length before each; it answers with a line of JSON for each.

    The reader's options are those of pandoc's command line; an empty table as its environment is its sandbox: no file, no network.
    """
    executable = json.dumps(pandoc.executable(), ensure_ascii=False)
    return (
        f"local words = pandoc.pipe({executable}, {{'--print-default-data-file=abbreviations'}}, '') "
        "local short = {} for word in words:gmatch('%S+') do short[word] = true end "
        "local options = pandoc.ReaderOptions{columns = 72, abbreviations = short} "
        "for length in io.lines() do "
        "local text = io.read(tonumber(length)) or '' "
        f"io.write(pandoc.write(pandoc.read(text, '{READER}', options, {{}}), 'json'), '\\n') io.flush() end"
    )


def parse(text: str, limits: Limits = Limits(), cache: Cache = NOTHING) -> Blocks:
    """One Markdown text as blocks."""
    with Parser(limits, cache) as parser:
        parser.give(text)
        return parser.trees()[text]
