"""Render, Word: a CitedManuscript and a Theme become the bytes of a Word file that is finished when it opens.

The line: the tree rewritten, divided in chapters; each chapter through pandoc's Word writer, with a reference document from the theme,
and finished; then all joined in one package.
"""

from __future__ import annotations

from collections.abc import Mapping

from mmguide.ast import Blocks
from mmguide.cache import NOTHING, Cache
from mmguide.model.manuscript import CitedManuscript
from mmguide.pandoc import Limits
from mmguide.places import names_in_tree
from mmguide.render.docx import contents, front
from mmguide.render.docx.awaited import Awaited, fill
from mmguide.render.docx.captions import labelled
from mmguide.render.docx.chapters import divided, written
from mmguide.render.docx.fields import mark, raw_block
from mmguide.render.docx.joining import joined
from mmguide.render.docx.look import Look
from mmguide.render.docx.look import look as look_for
from mmguide.render.docx.names import Names
from mmguide.render.docx.options import DocxOptions
from mmguide.render.docx.package import Package
from mmguide.render.docx.setting import Counter, Setting
from mmguide.render.docx.tree import blocks, inlines, typed_numbers
from mmguide.theme import Theme
from mmguide.walks import marks_of, named_in

__all__ = ["DocxOptions", "begun", "completed", "docx"]


def docx(
    cited: CitedManuscript, theme: Theme, pages: Mapping[str, str] | None = None, options: DocxOptions = DocxOptions()
) -> bytes:
    """The Word file. `pages` gives the number of each identifier's page for the lists in front; without it they show none until updated."""
    return _made(cited, theme, pages, options).write()


def begun(cited: CitedManuscript, theme: Theme, options: DocxOptions = DocxOptions(), cache: Cache = NOTHING) -> Package:
    """The Word file but for its numbers of pages, which `completed` puts in; what is dear to make is kept in `cache`."""
    return _made(cited, theme, Awaited(), options, cache)


def completed(package: Package, pages: Mapping[str, str]) -> bytes:
    """The Word file that was begun, the same as with the pages known from the beginning."""
    fill(package, pages)
    return package.write()


def _made(
    cited: CitedManuscript, theme: Theme, pages: Mapping[str, str] | None, options: DocxOptions, cache: Cache = NOTHING
) -> Package:
    given, setting = rewritten(cited, theme, pages, options, cache)
    limits = cited.project.settings.limits
    made = written(divided(given), setting.look, Limits(limits.seconds, limits.memory_mb), cache)
    return joined(made, setting, options, pages)


def rewritten(
    cited: CitedManuscript, theme: Theme, pages: Mapping[str, str] | None, options: DocxOptions, cache: Cache = NOTHING
) -> tuple[Blocks, Setting]:
    """The whole text as it goes to pandoc, and what its joining depends on."""
    settings = cited.project.settings
    look = look_for(theme, settings.paper, settings.language, embedded=options.fonts, sheet=cited.manuscript.sheet)
    setting = _setting(cited, look, options).inside(pages=pages or {}, cache=cache)
    opening = [] if cited.manuscript.edition else _opening(setting, pages)
    return [*opening, *blocks(cited.blocks, setting)], setting


def _opening(setting: Setting, pages: Mapping[str, str] | None) -> Blocks:
    """Cover, those responsible, and the lists of what follows."""
    return [
        *front.cover(setting),
        *front.about(setting),
        *_lists(setting, pages),
        raw_block(mark("section", ends="front")),
    ]


def _setting(cited: CitedManuscript, look: Look, options: DocxOptions) -> Setting:
    return Setting(
        cited=cited,
        look=look,
        names=Names([name for name, _ in named_in(cited.blocks)]),
        counter=Counter(),
        on_blocks=blocks,
        on_inlines=inlines,
        zotero=options.citations == "zotero",
        labelled=labelled(cited.blocks),
        typed=typed_numbers(cited.blocks),
        measure=look.measure,
        places=names_in_tree(cited.manuscript, cited.blocks),
    )


def _lists(setting: Setting, pages: Mapping[str, str] | None) -> Blocks:
    settings = setting.cited.project.settings
    if "Header" not in marks_of(setting.cited.blocks):
        return []
    return contents.lists(setting.cited.blocks, setting.names, settings.contents_depth, settings.language, pages)
