"""The signs that packaged fonts lack (⊕ ◯ ★ ⚠ ∈ …), as a font of our own; below every stage, since pages and drawings both take it.

`draw.py` draws them from numbers and `font.py` writes the files: `python -m mmguide.signs.font` after a change.
"""

from __future__ import annotations

from pathlib import Path

FAMILY = "mmguide Signs"
WEIGHTS = {400: "Signs-Regular.ttf", 700: "Signs-Bold.ttf"}


def file(weight: int) -> Path:
    """The font file for a weight; from 600 on the bold one."""
    return Path(__file__).parent / WEIGHTS[700 if weight >= 600 else 400]
