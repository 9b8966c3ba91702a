"""Stage watch, building: a process that stays warm, makes the page first, then PDF and Word in a process that a newer save ends."""

from __future__ import annotations

import gc
import os
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mmguide.build import Assembled, Stopwatch, assemble_project, checked_meanwhile, render_cited, stem_of
from mmguide.cache import Cache
from mmguide.check import check_outputs
from mmguide.cite import cite
from mmguide.diagnostics import has_errors, in_order
from mmguide.errors import MmguideError
from mmguide.files import locked, write_all
from mmguide.material import Look
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.source import Source
from mmguide.options import CACHE, Options
from mmguide.places import names_in_tree
from mmguide.render.html import html_page
from mmguide.render.html.paper import print_pieces
from mmguide.render.pdf.shop import open_shop
from mmguide.watch.events import Done, Event, Page, Problems, Stopped, Written

# Forked: what is loaded and known already is there at once, in a process without threads.
_FORK = get_context("fork")
Tell = Callable[[Event], None]


class Builder:
    """The process that builds; `events` is where what it tells is received, as Event values."""

    def __init__(self, folder: Path, options: Options) -> None:
        self.events, inside = _FORK.Pipe()
        self._process = _FORK.Process(target=_serve, args=(folder, options, inside, self.events), daemon=False)
        self._process.start()
        inside.close()

    def build(self) -> None:
        """Build what stands in the folder now; whatever is under way is dropped."""
        with suppress(OSError):
            self.events.send(monotonic())

    def close(self) -> None:
        """End the process and what it has under way."""
        with suppress(OSError):
            self.events.send(None)
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(folder: Path, options: Options, orders: Connection, other_end: Connection) -> None:
    """In the builder: wait for orders, pass on what the process that renders tells."""
    other_end.close()
    # Ctrl-C reaches every process of a terminal; the one that watches decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # what is known stays and would be walked over again and again; garbage is collected when there is nothing to do
    cache = Cache(options.output / CACHE)
    rendering: _Rendering | None = None
    text: _Text | None = None
    while True:
        ready = wait([orders, *([rendering.told] if rendering else [])])
        if orders in ready:
            saved = _latest(orders)
            if rendering:
                rendering.close()
                rendering = None
            if saved is None:
                return
            text = _text(folder, cache, saved, orders.send)
            if text is not None:
                _make_ready(text, options)  # the page is shown already
                rendering = _Rendering(text, options, saved)
        elif rendering:
            event = rendering.receive()
            if event is None:
                rendering.close()
                rendering = None
                _learn(text, options)
                _collect()
            else:
                orders.send(event)


def _make_ready(text: _Text, options: Options) -> None:
    """What all that render need, loaded once."""
    from mmguide.render import docx  # noqa: F401
    from mmguide.render.pdf.document import ready_press

    if {"pdf", "docx"} & set(_wanted(text, options)):
        ready_press(text.cited, text.look.theme, options.paper, text.look.sheets.get("print"))


def _wanted(text: _Text, options: Options) -> Sequence[str]:
    return options.formats or text.cited.project.settings.outputs


def _learn(text: _Text | None, options: Options) -> None:
    """While there is nothing to do: the words of each block, so that the next Word file looks at those alone that were edited."""
    if text and "docx" in _wanted(text, options):
        names_in_tree(text.cited.manuscript, text.cited.blocks)


def _collect() -> None:
    """Garbage of the last text; pages of memory that only collecting would touch stay shared with processes that are forked."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _latest(orders: Connection) -> float | None:
    """The newest order; None when there are no more."""
    try:
        saved: float | None = orders.recv()
        while saved is not None and orders.poll():
            saved = orders.recv()
    except EOFError:
        return None
    return saved


class _Text(Struct, frozen=True):
    """A text without errors, and its page."""

    cited: CitedManuscript
    look: Look
    sources: Mapping[str, Source]
    page: bytes


def _text(folder: Path, cache: Cache, saved: float, tell: Tell) -> _Text | None:
    """The stages up to the page, which is told; None where the sources stand in the way."""
    try:
        assembled = assemble_project(folder, Stopwatch(None), cache=cache)
        checked, text = checked_meanwhile(assembled, lambda: _with_page(assembled, cache, dict(assembled.reading.sources)))
        found = checked.diagnostics
        shown = {d.span.path for d in found if d.span}
        told = {path: source for path, source in checked.sources.items() if path in shown}
        if text is None:
            tell(Problems(found, told, stop=True))
            return None
        tell(Page(text.page, monotonic() - saved))
        tell(Problems(found, told))
        return text
    except MmguideError as error:
        tell(Stopped(error.message, error.hint))
    except Exception:
        tell(Stopped("mmguide has a fault:\n" + traceback.format_exc(), "save again to go on; please report it"))
    return None


def _with_page(assembled: Assembled, cache: Cache, sources: Mapping[str, Source]) -> _Text | None:
    """The text with its page; None where guideline.yaml cannot be used."""
    manuscript, look = assembled.manuscript, assembled.reading.look
    if manuscript is None or look is None:
        return None
    cited = cite(manuscript, look.style.xml, cache)
    page = html_page(cited, look.theme, look.sheets.get("web"), cache)
    # What is known of chapters for print is kept by this process, not by the one that renders.
    print_pieces(cited, look.theme, manuscript.project.settings.paper, cache)
    return _Text(cited, look, sources, page)


class _Rendering:
    """The process that makes everything but the page, with all that it starts itself in a group that can be ended at once."""

    def __init__(self, text: _Text, options: Options, saved: float) -> None:
        self._options = options
        self.told, inside = _FORK.Pipe(duplex=False)
        self._process: BaseProcess = _FORK.Process(target=_render, args=(text, options, saved, inside))
        self._process.start()
        inside.close()

    def receive(self) -> Event | None:
        """What it tells next; None when it has ended."""
        try:
            event: Event = self.told.recv()
        except EOFError:
            return None
        return event

    def close(self) -> None:
        """End it and its own processes, and remove what it had not finished writing."""
        group = self._process.pid
        if group and self._process.is_alive():
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            with suppress(ProcessLookupError):  # before it had a group of its own
                self._process.kill()
        self._process.join()
        self.told.close()
        for part in self._options.output.glob(f".*.{group}.part"):
            part.unlink(missing_ok=True)


def _render(text: _Text, options: Options, saved: float, pipe: Connection) -> None:
    """In the process that renders: the outputs that are wanted, each written as soon as it is there."""
    os.setpgid(0, 0)

    cited, sources = text.cited, text.sources

    def written(name: str, content: bytes) -> None:
        for path in write_all(options.output, {name: content}):
            pipe.send(Written(str(path), monotonic() - saved))

    try:
        wanted = _wanted(text, options)
        with locked(options.output):
            if "html" in wanted:
                written(f"{stem_of(cited.manuscript)}.html", text.page)
            rest = replace(options, formats=tuple(name for name in wanted if name != "html"))
            if rest.formats:
                shop = open_shop() if rest.has_pages else None
                _, shown = render_cited(cited, text.look, rest, sources=sources.values(), shop=shop, ready=written)
                if shop:
                    shop.close()
                if found := check_outputs(cited.manuscript, shown):
                    paths = {d.span.path for d in found if d.span}
                    told: dict[str, Any] = {path: source for path, source in sources.items() if path in paths}
                    pipe.send(Problems(in_order(found), told, stop=has_errors(found)))
        pipe.send(Done(monotonic() - saved))
    except MmguideError as error:
        pipe.send(Stopped(error.message, error.hint))
    except Exception:
        pipe.send(Stopped("mmguide has a fault:\n" + traceback.format_exc(), "save again to go on; please report it"))
