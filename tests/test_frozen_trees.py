"""Trees that pandoc gave are kept and given again: no stage may change one in place, nor what else is remembered while a process lives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmguide import pandoc
from mmguide.build import check_project
from mmguide.cache import Cache
from mmguide.check import check
from mmguide.cite import cite
from mmguide.formats.data import guideline_json
from mmguide.handout import handout
from mmguide.render.html import html_page
from mmguide.render.html.paper import print_pieces
from mmguide.summary import summary

PROJECTS = ("source", "tests/projects/torture", "tests/projects/german")


@pytest.mark.parametrize("name", PROJECTS)
def test_no_stage_changes_a_tree(name: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[pandoc.Blocks, str]] = []
    real = pandoc.blocks_of

    def noted(tree: bytes) -> pandoc.Blocks:
        blocks = real(tree)
        given.append((blocks, json.dumps(json.loads(tree)["blocks"])))
        return blocks

    monkeypatch.setattr(pandoc, "blocks_of", noted)
    cache = Cache(tmp_path)
    checked = check_project(repository / name, cache=cache)
    assert checked.manuscript is not None
    assert checked.look is not None
    manuscript, look = checked.manuscript, checked.look
    check(manuscript)
    for text in (manuscript, summary(manuscript), *(handout(manuscript, each) for each in manuscript.project.settings.handouts)):
        cited = cite(text, look.style.xml, cache)
        html_page(cited, look.theme, cache=cache)
        print_pieces(cited, look.theme, "a4", cache)
        guideline_json(cited)
    assert len(given) > len(manuscript.sections)
    assert [json.dumps(blocks) == before for blocks, before in given] == [True] * len(given)
