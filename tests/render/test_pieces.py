"""A document laid out chapter by chapter is the same document as one laid out in one piece."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from judges import pdf as judge
from support.pages import pdf

from mmguide.cache import Cache
from mmguide.model.manuscript import CitedManuscript
from mmguide.render.html.front import shown_date
from mmguide.render.html.paper import print_css, print_html
from mmguide.render.pdf.document import PdfResult, begin, typeset
from mmguide.render.pdf.metadata import AssociatedFile
from mmguide.theme import Theme


@pytest.fixture(scope="module")
def joined(sample: CitedManuscript, theme: Theme) -> PdfResult:
    return pdf(sample, theme)


@pytest.fixture(scope="module")
def whole(sample: CitedManuscript, theme: Theme) -> PdfResult:
    """The same without the mark across the page, which `joined` gets from the same place: it is asked for by `pdf` alone."""
    from mmguide.render.addresses import BASE
    from mmguide.render.html.paper import PAPERS, WATERMARK, watermark_word
    from mmguide.render.pdf.watermark import watermark

    settings = sample.project.settings
    pictures = dict(sample.manuscript.pictures)
    if word := watermark_word(settings):
        pictures[WATERMARK.removeprefix(BASE)] = watermark(word, theme, *PAPERS[settings.paper])
    html, css = print_html(sample, theme, settings.paper), print_css(sample, theme, settings.paper)
    return typeset(html, css, pictures, theme, when=shown_date(settings))


def words(result: PdfResult, pdftotext: str, folder: Path) -> list[list[str]]:
    """The words of each page as they stand on it."""
    file = folder / "x.pdf"
    file.write_bytes(result.content)
    text = subprocess.run([pdftotext, "-layout", str(file), "-"], check=True, capture_output=True, text=True).stdout
    return [one.split() for one in text.split("\f")]


def outline(pdf: pikepdf.Pdf) -> list[tuple[str, int]]:
    def walk(items: Any, depth: int) -> Iterator[tuple[str, int]]:
        for item in items:
            yield item.title, depth
            yield from walk(item.children, depth + 1)

    with pdf.open_outline() as opened:
        return list(walk(opened.root, 0))


def links(pdf: pikepdf.Pdf) -> list[tuple[int, str, str]]:
    """Page, target and spoken text of each link."""
    found = []
    for number, each in enumerate(pdf.pages):
        for note in each.get("/Annots", []):
            target = str(note.get("/Dest", "")) or str(note.get("/A", {}).get("/URI", ""))
            found.append((number, target, str(note.get("/Contents", ""))))
    return sorted(found)


def roles(content: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return [element.role for element in judge.read(opened).elements()]


def test_same_pages_words_and_places(joined: PdfResult, whole: PdfResult, pdftotext: str, tmp_path: Path) -> None:
    assert joined.pages == whole.pages
    assert joined.anchors == whole.anchors
    assert words(joined, pdftotext, tmp_path) == words(whole, pdftotext, tmp_path)


def test_same_bookmarks_and_links(joined: PdfResult, whole: PdfResult) -> None:
    with pikepdf.open(io.BytesIO(joined.content)) as a, pikepdf.open(io.BytesIO(whole.content)) as b:
        assert outline(a) == outline(b)
        assert links(a) == links(b)
        assert len(outline(a)) > 3
        names = {bytes(name) for name in list(a.Root.Names.Dests.Names)[::2]}
        wanted = {bytes(note.Dest) for each in a.pages for note in each.get("/Annots", []) if "/Dest" in note}
        assert wanted <= names


def test_same_structure(joined: PdfResult, whole: PdfResult) -> None:
    assert roles(joined.content) == roles(whole.content)


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_joined_file_fulfils_the_standards(joined: PdfResult, profile: str) -> None:
    assert [(f.rule_id, f.message) for f in page.validate_pdf_bytes(joined.content, profile=profile).failures] == []


@pytest.mark.parametrize("each", judge.JUDGES, ids=lambda each: each.__name__)
def test_structure_of_the_joined_file(joined: PdfResult, each: Any) -> None:
    with pikepdf.open(io.BytesIO(joined.content)) as opened:
        assert each(judge.read(opened)) == []


def test_from_the_cache_come_the_same_bytes(sample: CitedManuscript, theme: Theme, joined: PdfResult, tmp_path: Path) -> None:
    first = begin(sample, theme, cache=Cache(tmp_path), hands=1).finish()
    kept = Cache(tmp_path)
    second = begin(sample, theme, cache=kept).finish()
    assert first.content == second.content == joined.content
    assert kept.misses == 0
    assert kept.hits > 2


def test_an_attached_file_that_changes_sets_no_page_anew(sample: CitedManuscript, theme: Theme, tmp_path: Path) -> None:
    def carrying(text: str, cache: Cache) -> PdfResult:
        file = AssociatedFile("data/a.csv", text.encode(), "text/csv", "Data", "The data")
        return pdf(sample, theme, cache=cache, files=(file,))

    first = carrying("id\na\n", Cache(tmp_path / "cache"))
    again = Cache(tmp_path / "cache")
    second = carrying("id\nb\n", again)
    assert (again.misses, bool(again.hits)) == (0, True)
    for result, text in ((first, b"id\na\n"), (second, b"id\nb\n")):
        opened = pikepdf.open(io.BytesIO(result.content))
        (only,) = opened.Root.AF
        assert opened.attachments["data/a.csv"].get_file().read_bytes() == text
        assert (str(only.AFRelationship), str(only.EF.F.Subtype)) == ("/Data", "/text/csv")
