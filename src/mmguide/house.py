"""House: finds the files that mmguide ships, in an installed wheel (`mmguide/house/`) as in a checkout (the repository's folders)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mmguide.errors import EnvironmentLacks

if TYPE_CHECKING:
    from mmguide.model.source import Source


@cache
def folder(name: str) -> Path:
    """The house's folder `styles` or `source`."""
    package = Path(__file__).resolve().parent
    for place in (package / "house" / name, package.parents[1] / name):
        if place.is_dir():
            return place
    raise EnvironmentLacks(
        f"mmguide's own folder '{name}' was not found", "install mmguide again, or run it from a complete checkout"
    )


def style(name: str) -> Source:
    """One of the house's style files, for instance `theme.yaml` or `print.css`."""
    from mmguide.model.source import Source

    return Source(name, (folder("styles") / name).read_text(encoding="utf-8"))
