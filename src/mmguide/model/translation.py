"""Translations of handouts: which file is one of which text, and what is recorded of how it was made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from mmguide.diagnostics import Span

_NAME = re.compile(r"(?P<stem>.+)\.(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)(?P<ending>\.[A-Za-z]+)")


class Translation(NamedTuple):
    """The record of a translation: who made it, `machine` or a contributor's role, and the digests of the paragraphs it was made from."""

    by: str
    original: tuple[str, ...]
    span: Span | None = None


def translations_among(file: str, paths: Iterable[str]) -> dict[str, str]:
    """By language, those of the paths that translate `file`: beside `leaflet.md` these are `leaflet.es.md`, `leaflet.pt-BR.md` …"""
    found = {}
    for path in sorted(paths):
        match = _NAME.fullmatch(path)
        if match and match["stem"] + match["ending"] == file:
            found[match["language"]] = path
    return found


def beside(file: str) -> str:
    """The pattern that names everything which may translate `file`."""
    stem, dot, ending = file.rpartition(".")
    return f"{stem}.*{dot}{ending}"
