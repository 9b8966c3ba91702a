"""The HTML of a text written chapter by chapter, from what is known already where it can be, is that of the text written in one piece."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from support.edits import EXCERPT, Editor

from mmguide import memory, pandoc
from mmguide.ast import Blocks
from mmguide.cache import NOTHING, Cache
from mmguide.converting import html_all
from mmguide.converting import parse as read_markdown
from mmguide.model.manuscript import CitedManuscript
from mmguide.render.html import chapters, html_page, paper, web
from mmguide.render.html.tree import parse
from mmguide.theme import Theme

STRANGE = """
Before any heading.[^a]

## Too deep

[^a]: First note.
[^b]: Second note, of two

    paragraphs.

::: box
# In a box

With a note.[^b]
:::

# Again

::: {.two}
# One
# Two
:::

Behind.[^c]

[^c]: Third.
"""


def in_one_piece(text: CitedManuscript) -> str:
    """The text as pandoc writes it as a whole, without what stands around its notes."""
    options = ("--section-divs", "--wrap=none", "--mathml", "--syntax-highlighting=none")
    language = {"lang": {"t": "MetaString", "c": text.project.settings.language}}
    return plain(pandoc.write(text.blocks, "html5", options, language))


def plain(written: bytes) -> str:
    root = parse(written)
    notes = [note for section in root.iter("section") if section.get("id") == "footnotes" for note in section.findall("ol/li")]
    for section in [section for section in root.iter("section") if section.get("id") == "footnotes"]:
        section.getparent().remove(section)
    shown = "".join(etree.tostring(each, encoding="unicode", with_tail=False) for each in (*root, *notes))
    return re.sub(r">\s+", ">", shown)


def edited(text: CitedManuscript, blocks: Blocks) -> CitedManuscript:
    return CitedManuscript(replace(text.manuscript, blocks=blocks), blocks, text.cited)


def longer(text: CitedManuscript, more: str) -> CitedManuscript:
    return edited(text, [*text.blocks, *read_markdown(more)])


@pytest.mark.parametrize("more", ["", EXCERPT, STRANGE], ids=["sample", "excerpt", "strange"])
def test_chapters_are_the_whole(sample: CitedManuscript, more: str) -> None:
    given = longer(sample, more) if more != STRANGE else edited(sample, read_markdown(STRANGE))
    written = html_all(chapters.divided(given.blocks), given.project.settings.language)
    assert len(written) == len(chapters.divided(given.blocks))
    sections, notes, before = [], [], 0
    for chapter in written:
        root = parse(chapter)
        found = [section for section in root.iter("section") if section.get("id") == "footnotes"]
        assert len(found) <= 1
        count = chapters.counted(chapter).notes
        assert count == sum(len(section.findall("ol/li")) for section in found)
        shifted = re.sub(r'((?:href|id)="#?fn(?:ref)?)(\d+)"', lambda m, by=before: f'{m[1]}{int(m[2]) + by}"', chapter.decode())
        shifted = re.sub(r"<sup>(\d+)</sup></a>", lambda m, by=before: f"<sup>{int(m[1]) + by}</sup></a>", shifted)
        text_of, _, end = shifted.partition('<section id="footnotes"')
        sections.append(text_of)
        notes += re.findall(r"<li id=\"fn\d+\".*?</li>(?=\n<li id=\"fn|\n</ol>\n</section>)", end, flags=re.S)
        before += count
    joined = "".join(sections) + '<section id="footnotes"><ol>' + "".join(notes) + "</ol></section>"
    assert plain(joined.encode()) == in_one_piece(given)


def forgotten(make: Callable[[], object]) -> object:
    """What is made by a process that knows nothing yet."""
    for memo in (chapters.counted, web._chapter, paper._chapter):
        memo.cache_clear()
    chapters._latest.clear()
    memory.forget()
    return make()


@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000))
def test_after_edits_the_same_as_from_nothing(sample: CitedManuscript, theme: Theme, tmp_path: Path, seed: int) -> None:
    text = longer(sample, EXCERPT)
    editor, cache = Editor(Random(seed)), Cache(tmp_path)
    versions = [text.blocks]
    for _ in range(3):
        versions.append(editor.edited(versions[-1], 2))
    # A chapter that goes changes what is counted before all that follow.
    versions.append([*chapters.divided(versions[-1])[0], *(b for c in chapters.divided(versions[-1])[2:] for b in c)])
    for each in versions:
        one = edited(text, deepcopy(each))
        made = html_page(one, theme, cache=cache), paper.print_pieces(one, theme, "a4", cache)
        assert made == forgotten(lambda one=one: (html_page(one, theme, cache=NOTHING), paper.print_pieces(one, theme, "a4")))


def test_a_chapter_that_stays_is_not_made_again(sample: CitedManuscript, theme: Theme) -> None:
    text = sample
    forgotten(lambda: html_page(text, theme))
    before = web._chapter.cache_info().misses
    assert before == len(chapters.divided(text.blocks)) == 3
    blocks = [*text.blocks[:-2], *read_markdown("# Another\n\nOf words.\n"), *text.blocks[-2:]]
    html_page(edited(text, blocks), theme)
    assert web._chapter.cache_info().misses == before + 1
