"""The Word file made chapter by chapter is the one made in one piece, byte for byte, and so is the one from the cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from render.docx_samples import cited, pages_for
from render.docx_samples import written as written_file
from render.redline_samples import edited
from support.edits import excerpt

from mmguide import cache
from mmguide.ast import Blocks, Element, para, rewrite, string
from mmguide.cache import NOTHING, Cache
from mmguide.model.manuscript import CitedManuscript
from mmguide.pandoc import Limits
from mmguide.render.docx import DocxOptions, begun, completed, rewritten
from mmguide.render.docx.chapters import divided, written
from mmguide.render.docx.joining import joined
from mmguide.theme import Theme

Divide = Callable[[Blocks], list[Blocks]]
OPTIONS = DocxOptions("zotero")
WORD = "Word"


def whole(blocks: Blocks) -> list[Blocks]:
    return [blocks]


def made(given: CitedManuscript, theme: Theme, divide: Divide, *, together: bool) -> bytes:
    """The file of a text divided like this, its parts written together or each by itself."""
    pages = pages_for(given)
    tree, setting = rewritten(given, theme, pages, OPTIONS)
    parts = divide(tree)
    groups = [parts] if together else [[part] for part in parts]
    done = [chapter for group in groups for chapter in written(group, setting.look, Limits(), NOTHING)]
    return joined(done, setting, OPTIONS, pages).write()


def redline() -> tuple[CitedManuscript, Theme]:
    given, theme = cited("torture")
    _, _, both = edited(3, 5, excerpt())
    return replace(given, blocks=[block for part in both for block in part]), theme


@pytest.mark.parametrize(
    "sample", [lambda: cited("torture"), lambda: cited("arabic"), redline], ids=["torture", "arabic", "redline"]
)
def test_in_chapters_and_in_one_piece_it_is_the_same_file(sample: Callable[[], tuple[CitedManuscript, Theme]]) -> None:
    given, theme = sample()
    in_one = made(given, theme, whole, together=True)
    assert made(given, theme, divided, together=True) == in_one
    assert made(given, theme, divided, together=False) == in_one


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(20, 32))
def test_random_texts_are_the_same_in_chapters_and_in_one_piece(seed: int) -> None:
    given, theme = cited("torture")
    for parts in edited(seed, 6, excerpt())[1:]:
        text = replace(given, blocks=[block for part in parts for block in part])
        assert made(text, theme, divided, together=False) == made(text, theme, whole, together=True)


def test_pages_that_come_last_stand_in_a_text_from_the_right_as_those_known_at_first() -> None:
    given, theme = cited("arabic")
    assert completed(begun(given, theme), pages_for(given)) == written_file("arabic")


def changed(given: CitedManuscript) -> CitedManuscript:
    """The text with other words in its last chapter but the references: a list, a note, a link, and the first word of a paragraph."""
    done = []

    def action(element: Element) -> list[Element] | None:
        if element["t"] != "Para" or done:
            return None
        done.append(element)
        note = {"t": "Note", "c": [para([string("Below")])]}
        items = {"t": "BulletList", "c": [[para([string("One")])], [para([string("Two")])]]}
        address = {"t": "Link", "c": [["", [], []], [string("Elsewhere")], ["https://example.org/elsewhere", ""]]}
        return [para([string(WORD), note, *element["c"], address]), items]

    heads = [i for i, block in enumerate(given.blocks) if block["t"] == "Header" and block["c"][0] == 1]
    start, end = heads[-3], heads[-2]
    return replace(given, blocks=[*given.blocks[:start], *rewrite(given.blocks[start:end], action), *given.blocks[end:]])


def test_after_an_edit_one_chapter_is_written_anew_and_the_file_is_the_one_without_a_cache(tmp_path: Path) -> None:
    given, theme = cited("torture")
    kept = Cache(tmp_path)
    first = completed(begun(given, theme, OPTIONS, kept), pages_for(given))
    assert first == completed(begun(given, theme, OPTIONS), pages_for(given))
    after = changed(given)
    kept.misses = 0
    found = completed(begun(after, theme, OPTIONS, kept), pages_for(after))
    assert found == completed(begun(after, theme, OPTIONS), pages_for(after)) != first
    assert kept.misses == 1


def test_a_wrong_key_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the key of a chapter to miss most of its words, the file after an edit would be the one before."""
    given, theme = cited("torture")
    monkeypatch.setattr(f"{written.__module__}.key_of", lambda kind, *parts: cache.key_of(kind, parts[-1][:200]))
    kept = Cache(tmp_path)
    first = completed(begun(given, theme, OPTIONS, kept), pages_for(given))
    after = changed(given)
    assert completed(begun(after, theme, OPTIONS, kept), pages_for(given)) == first
