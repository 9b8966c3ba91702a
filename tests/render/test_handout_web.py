"""Handouts as web pages: on a phone and on a wide screen, in English, in Arabic, and as a form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.browser import layout_facts

from mmguide.handouts import HandoutOptions, build_handouts
from mmguide.sheets import Variant

SHEETS = {"decision-aid": ("decision-aid", False), "lenalidomide-ar": ("lenalidomide.ar", False), "diary-form": ("diary", True)}


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_fits_the_screen(repository: Path, name: str, tmp_path: Path, chromium: Callable[..., list[str]]) -> None:
    handout, form = SHEETS[name]
    asked = HandoutOptions((handout,), ("html",), clinics=("example-b",), variant=Variant(form=form), output=tmp_path)
    built = build_handouts(repository / "source", asked)
    assert [path.stem.removeprefix("mm-maintenance-1.0.0-") for path in built.written] == [name]
    page = built.written[0].read_text()
    for width in (390, 1400):
        facts = layout_facts(page, width, tmp_path, chromium)
        assert facts["wide"] == []
        assert facts["scroll"] <= width
        assert facts["text"] > min(width, 600) * 0.8
