"""House: finds the files that mmguide ships, in an installed wheel (`mmguide/house/`) as in a checkout (the repository's folders)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mmguide.errors import EnvironmentLacks
from mmguide.model.source import Source

# A style is a few kilobytes; anything far beyond is not one.
_LARGEST_STYLE = 1_000_000


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
    return Source(name, (folder("styles") / name).read_text(encoding="utf-8"))


def project_style(root: Path, name: str) -> Source | None:
    """The project's own style file: `styles/<name>` in its folder, or in the folder beside it; None when it has none.

    The house's own file is not the project's, nor is a link that leads elsewhere.
    """
    for at, base in (("styles", root), ("../styles", root.parent)):
        file = base / "styles" / name
        if not file.is_file() or file.resolve() != base.resolve() / "styles" / name or file.stat().st_size > _LARGEST_STYLE:
            continue
        if file.resolve() == (folder("styles") / name).resolve():
            continue
        return Source(f"{at}/{name}", file.read_text(encoding="utf-8", errors="replace").lstrip("\ufeff").replace("\r\n", "\n"))
    return None
