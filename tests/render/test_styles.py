"""Every citation style that the manual recommends sets the sample bibliography as stored, without network.

`pytest tests/render/test_styles.py --accept` writes what the styles print now; read the difference before it is committed.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from mmguide import bibliography, pandoc, styles
from mmguide.ast import Blocks
from mmguide.cite import cite
from mmguide.converting import parse
from mmguide.diagnostics import Span
from mmguide.model.manuscript import Manuscript
from mmguide.model.reference import Bibliography
from mmguide.model.settings import Project, Settings
from mmguide.model.source import Source

FOLDER = Path(__file__).parent / "styles"
MANUAL = Path(__file__).parent.parent.parent / "docs" / "citation-styles.md"
TEXT = """One work [@attal2006]. A range [@mccarthy2012; @holstein2017; @dimopoulos2025]. Apart [@attal2006; @dimopoulos2025; @chen2017].
A page [@guyatt2008, p. 925]. The name: @chen2017 says. The rest
[@rems_lenalidomide; @nice_ta680; @kalff2014; @handbook; @handbook-chapter].
"""


def recommended() -> list[str]:
    """The names that the manual's page lists."""
    return re.findall(r"^\| `([a-z0-9-]+)` \|", MANUAL.read_text(encoding="utf-8"), flags=re.M)


@cache
def sample() -> Bibliography:
    found, diagnostics = bibliography.read([Source("sample.json", (FOLDER / "sample.json").read_text(encoding="utf-8"))])
    assert not diagnostics
    return found


def manuscript(blocks: Blocks, references: Bibliography) -> Manuscript:
    settings = Settings(title="Sample", sections=("a.md",), language="en-GB")
    return Manuscript(Project(Path(), settings), (), blocks, references)


@cache
def printed(style: str) -> str:
    found = styles.by_name(style, Span("guideline.yaml"))
    assert isinstance(found, styles.Style)
    assert 'rel="independent-parent"' not in found.xml, "citeproc would fetch the parent"
    cited = cite(manuscript(parse(TEXT), sample()), found.xml)
    return pandoc.write(cited.blocks, "plain", ["--wrap=none"]).decode()


def test_the_manual_recommends_enough_styles() -> None:
    assert len(recommended()) >= 20
    assert set(recommended()) == {path.stem for path in FOLDER.glob("*.txt")}


@pytest.mark.parametrize("style", recommended())
def test_a_style_prints_what_is_stored(style: str, request: pytest.FixtureRequest) -> None:
    now = printed(style)
    stored = FOLDER / f"{style}.txt"
    if request.config.getoption("--accept"):
        stored.write_text(now, encoding="utf-8")
    assert now == stored.read_text(encoding="utf-8")


@pytest.mark.parametrize("style", recommended())
def test_no_style_loses_a_work_or_a_page(style: str) -> None:
    now = " ".join(printed(style).split())
    titles = [str(r.csl["title"]).lower() for r in sample().references]
    plain = re.sub(r"[“”‘’\"']", "", now.lower())
    assert [title for title in titles if title not in plain] == []
    assert "925" in now.split("The name", maxsplit=1)[0]


def test_journals_are_abbreviated_where_the_style_wants_it() -> None:
    assert all("container-title-short" not in r.csl for r in sample().references)
    vancouver, other = printed("nlm-citation-sequence-brackets"), printed("apa")
    assert "N Engl J Med" in vancouver
    assert "Lancet Haematol." in vancouver
    assert "New England Journal of Medicine" in other
    assert "N Engl J Med" not in other
