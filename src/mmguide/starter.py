"""Outside the line: what `mmguide new` copies: a short guideline that builds as it is, or the whole worked example.

The example's releases are its own: a copy of it is a guideline of which nothing was released yet.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from mmguide import house
from mmguide.errors import UsageError
from mmguide.history import CHANGES_FILE, HISTORY_FILE
from mmguide.yaml import edited

FIRST_VERSION = "0.1.0"
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", HISTORY_FILE, CHANGES_FILE)


def start(folder: Path, example: bool = False) -> list[Path]:
    """Copy the beginning into `folder`, which must not exist or be empty; the files written. Raises UsageError otherwise."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already and not empty", "choose another folder")
    origin = house.folder("source") if example else Path(__file__).parent / "beginning"
    try:
        shutil.copytree(origin, folder, dirs_exist_ok=True, ignore=_LEFT_OUT)
        settings = folder / "guideline.yaml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(edited(settings.name, text, {("version",): FIRST_VERSION}), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}", "choose a folder you may write to") from error
    return sorted(path for path in folder.rglob("*") if path.is_file())
