"""Outside the line: what `mmguide new` copies: a short guideline that builds as it is, or the whole worked example."""

from __future__ import annotations

import shutil
from pathlib import Path

from mmguide import house
from mmguide.errors import UsageError


def start(folder: Path, example: bool = False) -> list[Path]:
    """Copy the beginning into `folder`, which must not exist or be empty; the files written. Raises UsageError otherwise."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already and not empty", "choose another folder")
    origin = house.folder("source") if example else Path(__file__).parent / "beginning"
    try:
        shutil.copytree(origin, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}", "choose a folder you may write to") from error
    return sorted(path for path in folder.rglob("*") if path.is_file())
