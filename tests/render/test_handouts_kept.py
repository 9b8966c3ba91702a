"""Handouts that nothing has changed are left alone; what is made with the cache is what is made without, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from support.projects import laid_out

from mmguide import shortcut
from mmguide.handouts import HandoutOptions
from mmguide.sheets import Variant

FILES = {
    "guideline.yaml": "title: A guideline\nid: g\naddress: https://example.org/g\nsections: [a.md]\n"
    "handouts: {leaf: {file: leaf.md}, tea: {file: tea.md}}\n",
    "a.md": "# Question\n\nText.\n",
    "leaf.md": "# Leaf {#hand:leaf}\n\nName: []{.field label=Name}\n",
    "tea.md": "# Tea {#hand:tea}\n\nTwo cups.\n",
    "clinics/north.yaml": "name: North\ntelephone: 01632 960001\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return laid_out(tmp_path, FILES)


def written(project: Path, options: HandoutOptions) -> dict[str, tuple[bytes, int]]:
    """Each file with its content and the time it was written at."""
    outcome = shortcut.handouts(project, options)
    assert outcome.usable
    return {str(p.relative_to(options.output)): (p.read_bytes(), p.stat().st_mtime_ns) for p in outcome.written}


@pytest.mark.parametrize("variant", [Variant(), Variant(form=True, grey=True)])
def test_what_is_kept_is_what_is_made(project: Path, variant: Variant) -> None:
    kept = HandoutOptions(formats=("pdf", "html"), variant=variant, output=project / "kept", cache=True)
    anew = replace(kept, output=project / "anew", cache=False)
    first = written(project, kept)
    assert len(first) == 4
    assert written(project, kept) == first
    (project / "tea.md").write_text(FILES["tea.md"].replace("Two", "Three"))
    second, third = written(project, kept), written(project, anew)
    assert {name: content for name, (content, _) in second.items()} == {name: content for name, (content, _) in third.items()}
    changed = {name for name in first if first[name][0] != second[name][0]}
    assert all("-tea" in name for name in changed)
    assert len(changed) == 2


def test_what_is_missing_is_written_again(project: Path) -> None:
    options = HandoutOptions(("leaf",), ("html",), clinics=("north",), output=project / "out", cache=True)
    first = written(project, options)
    (name,) = first
    assert name.startswith("clinics/north/")
    (options.output / name).unlink()
    assert written(project, options)[name][0] == first[name][0]
    (project / "clinics/north.yaml").write_text("name: North\ntelephone: 01632 960002\n")
    assert b"01632 960002" in written(project, options)[name][0].replace("\u00a0".encode(), b" ")
