"""Stage watch: what happened after a save, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from mmguide.diagnostics import Diagnostic
from mmguide.model.source import Source


class Page(Struct, frozen=True):
    """The web page of the text as it stands now, `seconds` after the save was seen."""

    content: bytes
    seconds: float


class Problems(Struct, frozen=True):
    """Everything found in the sources and on the pages; `stop` when nothing is built until it is mended.

    `sources` by path are for showing their lines.
    """

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    stop: bool = False


class Written(Struct, frozen=True):
    """An output stands in its file, `seconds` after the save was seen."""

    path: str
    seconds: float


class Done(Struct, frozen=True):
    """All outputs stand."""

    seconds: float


class Stopped(Struct, frozen=True):
    """Something cannot go on, which the sources are not to blame for."""

    message: str
    hint: str | None = None


Event = Page | Problems | Written | Done | Stopped
