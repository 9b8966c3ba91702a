"""Stage watch: what happened after a save, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mmguide.diagnostics import Diagnostic
from mmguide.model.source import Source


@dataclass(frozen=True)
class Page:
    """The web page of the text as it stands now, `seconds` after the save was seen."""

    content: bytes = field(repr=False)
    seconds: float


@dataclass(frozen=True)
class Problems:
    """Everything found in the sources and on the pages; `stop` when nothing is built until it is mended.

    `sources` by path are for showing their lines.
    """

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source] = field(repr=False)
    stop: bool = False


@dataclass(frozen=True)
class Written:
    """An output stands in its file, `seconds` after the save was seen."""

    path: str
    seconds: float


@dataclass(frozen=True)
class Done:
    """All outputs stand."""

    seconds: float


@dataclass(frozen=True)
class Stopped:
    """Something cannot go on, which the sources are not to blame for."""

    message: str
    hint: str | None = None


Event = Page | Problems | Written | Done | Stopped
