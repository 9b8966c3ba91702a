"""The Word files that the tests judge, each made once: the guideline, the torture project, and variants of them."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mmguide.ast import attr_of, iterate
from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.model.manuscript import CitedManuscript
from mmguide.render.docx import DocxOptions, docx
from mmguide.theme import Theme

REPOSITORY = Path(__file__).parent.parent.parent
VARIANTS = (
    "guideline",
    "torture",
    "torture-zotero",
    "torture-published",
    "torture-right-to-left",
    "torture-letter",
    "arabic",
    "german",
    "beginning",
)


@cache
def project(folder: Path) -> tuple[CitedManuscript, Theme]:
    """A project's cited manuscript, with the look."""
    checked = check_project(folder)
    assert checked.manuscript is not None
    assert checked.look is not None
    return cite(checked.manuscript, checked.look.style.xml), checked.look.theme


def folder(name: str) -> Path:
    elsewhere = {"guideline": "source", "beginning": "src/mmguide/beginning"}
    project = name.partition("-")[0]
    return REPOSITORY / elsewhere.get(project, f"tests/projects/{project}")


def long_text(shared: Path, made: Path) -> Path:
    """A review of 37,000 words that nobody wrote for mmguide, as a project in the folder `made`."""
    shutil.copytree(shared / "corpora" / "deep-review", made, dirs_exist_ok=True, copy_function=shutil.copyfile)
    title = "Opportunities and obstacles for deep learning in biology and medicine"
    (made / "guideline.yaml").write_text(f"title: {title}\nsections: [manuscript.md]\nbibliography: [references.json]\n")
    return made


def cited(name: str) -> tuple[CitedManuscript, Theme]:
    """The manuscript behind one of the variants."""
    made, theme = project(folder(name))
    changes: dict[str, dict[str, Any]] = {
        "torture-published": {"status": "published", "notice": "", "feedback": None, "contributors": ()},
        "torture-right-to-left": {"language": "he"},
        "torture-letter": {"paper": "letter", "numbering": False},
    }
    if name in changes:
        settings = replace(made.project.settings, **changes[name])
        made = replace(made, manuscript=replace(made.manuscript, project=replace(made.project, settings=settings)))
    return made, theme


def pages_for(given: CitedManuscript) -> dict[str, str]:
    """A page for each identifier, as a layout would give them."""
    return {attr_of(e).id: str(1 + i // 40) for i, e in enumerate(iterate(given.blocks)) if attr_of(e).id}


@cache
def written(name: str) -> bytes:
    """The Word file of a variant."""
    given, theme = cited(name)
    options = DocxOptions("zotero" if name.endswith("zotero") else "links")
    return docx(given, theme, pages_for(given), options)
