"""The PDF: what stands on which page, how it is built, and what can never get into it."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import asdict
from support.pages import pdf

from mmguide.model.manuscript import CitedManuscript
from mmguide.model.picture import Picture
from mmguide.model.source import Source
from mmguide.render import fonts
from mmguide.render.html import print_html
from mmguide.render.pdf.document import PdfResult, typeset
from mmguide.render.pdf.numbering import roman
from mmguide.render.pdf.sheet import unknown
from mmguide.theme import Theme

from .conftest import cited, settings

NOTICE = "Worked example, not for clinical use"


@pytest.fixture(scope="module")
def printed(sample: CitedManuscript, theme: Theme) -> PdfResult:
    return pdf(sample, theme)


@pytest.fixture(scope="module")
def pages(printed: PdfResult, pdftotext: str, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    file = tmp_path_factory.mktemp("pdf") / "sample.pdf"
    file.write_bytes(printed.content)
    text = subprocess.run([pdftotext, "-layout", str(file), "-"], check=True, capture_output=True).stdout.decode()
    return text.split("\f")[:-1]


def test_nothing_is_refused_or_complained_of(printed: PdfResult) -> None:
    assert printed.refused == ()
    assert printed.complaints == ()


def test_cover(pages: list[str]) -> None:
    for words in (
        'A "guideline" & <its> title',
        "With a subtitle",
        "1.2.0",
        "Draft",
        "22 November 2026",
        "22 November 2027",
        "Example panel",
    ):
        assert words in pages[0]


def test_every_page_says_what_it_is(printed: PdfResult, pages: list[str]) -> None:
    assert len(pages) == printed.pages
    assert all(NOTICE in page for page in pages)
    assert printed.front == 2
    assert "Page" not in pages[0]
    assert "Page ii\n" in pages[1]
    for number, page in enumerate(pages[2:], 1):
        assert f"Page {number} of {len(pages) - 2}" in page
    for page in pages[1:]:
        assert "Version 1.2.0 · Draft · 22 November 2026" in page
        assert "Sample" in page


def test_contents_name_the_pages(printed: PdfResult, pages: list[str]) -> None:
    contents = next(page for page in pages if "Contents" in page)
    for title, anchor in (
        ("Scope", "sec:scope"),
        ("Population", "sec:population"),
        ("Evidence", "sec:evidence"),
        ("References", "references"),
    ):
        assert re.search(rf"{title}[ .]+{printed.anchors[anchor] - 2}$", contents, re.M), title


def test_notes_stand_at_the_foot_of_their_page(printed: PdfResult, pages: list[str]) -> None:
    page = pages[printed.anchors["sec:scope"] - 1]
    assert page.index("A note at the foot") > page.index("To be settled at the meeting")
    assert "Its second paragraph." in page


def test_landscape_page_is_turned(printed: PdfResult) -> None:
    with pikepdf.open(io.BytesIO(printed.content)) as document:
        sizes = [(round(float(p.mediabox[2])), round(float(p.mediabox[3]))) for p in document.pages]
    assert sizes.count((842, 595)) == 1
    assert sizes.count((595, 842)) == len(sizes) - 1


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a5", (420, 595))])
def test_other_papers(sample: CitedManuscript, theme: Theme, paper: str, size: tuple[int, int]) -> None:
    with pikepdf.open(io.BytesIO(pdf(sample, theme, paper).content)) as document:
        first = document.pages[0].mediabox
    assert (round(float(first[2])), round(float(first[3]))) == size


def test_only_our_fonts_and_all_embedded(printed: PdfResult) -> None:
    names = set()
    with pikepdf.open(io.BytesIO(printed.content)) as document:
        for object_ in document.objects:
            if isinstance(object_, pikepdf.Dictionary) and object_.get("/Type") == "/FontDescriptor":
                assert any(key in object_ for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                names.add(str(object_.FontName).split("+")[-1])
    assert names
    assert all(name.startswith(("Source-", "mmguide-Signs")) for name in names), names
    assert any(name.startswith("mmguide-Signs") for name in names)


def test_same_source_same_bytes(sample: CitedManuscript, theme: Theme, printed: PdfResult) -> None:
    assert pdf(sample, theme).content == printed.content


def test_published_guideline_has_no_mark_across(theme: Theme) -> None:
    from mmguide.render.html.paper import watermark_word

    assert watermark_word(settings(status="draft")) == "DRAFT"
    assert watermark_word(settings(status="withdrawn")) == "WITHDRAWN"
    assert watermark_word(settings(status="published")) == ""


def test_level_one_sections_are_siblings(sample: CitedManuscript, theme: Theme) -> None:
    from lxml import html

    body = html.fromstring(print_html(sample, theme, "a4")).find("body")
    assert [child.get("id") for child in body if "level1" in (child.get("class") or "")] == [
        "sec:scope",
        "sec:evidence",
        "references",
    ]


HOSTILE = {
    "attachment": ("<link rel=attachment href=file:///etc/hostname><a rel=attachment href=file:///etc/hostname>x</a>", ""),
    "image": ("<img src=http://127.0.0.1:9/x.png><img src=file:///etc/hostname>", ""),
    "svg": (
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:9/a'/><use href='file:///etc/hostname#x'/></svg>",
        "",
    ),
    "objects": (
        "<object data=http://127.0.0.1:9/></object><embed src=http://127.0.0.1:9/><iframe src=file:///etc/hostname></iframe>",
        "",
    ),
    "base": ("<base href=http://127.0.0.1:9/><img src=x.png>", ""),
    "import": ("x", "@import url(http://127.0.0.1:9/x.css); @import 'file:///etc/hostname';"),
    "background": ("x", "body { background: url(http://127.0.0.1:9/x.png) } p { background: url(file:///etc/hostname) }"),
    "content": ("<p>x", "p::before { content: url(http://127.0.0.1:9/x.png) }"),
    "font": ("<p style='font-family: bad'>x", "@font-face { font-family: bad; src: url(http://127.0.0.1:9/x.ttf) }"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_else_can_be_loaded(name: str, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    body, css = HOSTILE[name]
    result = typeset(f"<html><body>{body}", css, {}, theme)
    hostname = Path("/etc/hostname").read_bytes().strip() if Path("/etc/hostname").is_file() else b"\0"
    assert result.refused or result.complaints or name == "base"
    with pikepdf.open(io.BytesIO(result.content)) as document:
        assert not document.attachments
        assert all(hostname not in bytes(page.Contents.read_bytes()) for page in document.pages)


def test_svg_picture_cannot_load_either(theme: Theme) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/hostname" width="9" height="9"/></svg>'
    result = typeset('<img src="x.svg">', "", {"x.svg": Picture("x.svg", svg, "image/svg+xml")}, theme)
    assert result.refused == ("file:///etc/hostname",)


def test_machine_fonts_are_not_there(theme: Theme) -> None:
    result = typeset("<p style='font-family: DejaVu Serif, Liberation Serif, serif'>Text", "", {}, theme)
    with pikepdf.open(io.BytesIO(result.content)) as document:
        names = {
            str(o.FontName) for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
        }
    packaged = ("Source-", "Frank-Ruhl-Libre", "Noto-Sans", "mmguide-Signs")
    assert all(any(ours in name for ours in packaged) and "DejaVu-Serif" not in name for name in names), names


def test_signs_of_medicine_have_glyphs(theme: Theme) -> None:
    signs = "≥≤±≈−×µμ⊕⊖◯○●☐☑☒★☆αβγκλΩ†‡§→←↑↓✓✗½∞√Δ♂♀⁰¹²₀₁∈∇≡ℝ⚠″′°‰€"
    assert list(fonts.missing(signs + "العربية עברית Ж ẞ İ", asdict(theme.fonts))) == []
    assert list(fonts.missing("\U00013000 x", asdict(theme.fonts))) == ["\U00013000"]


def test_a_word_stands_alone_only_where_it_must(theme: Theme, pdftotext: str, tmp_path: Path) -> None:
    """Widths in steps of half a pixel: among them those where the text before the link fits but for its last space."""
    text = "treatment was recommended in"
    paragraphs = "".join(
        f'<p style="width: {150 + step / 2}px; font-size: 12px">{text} <a href="#x">Section&nbsp;12</a></p>' for step in range(80)
    )
    file = tmp_path / "lines.pdf"
    file.write_bytes(
        typeset(f"<html lang=en><body>{paragraphs}", "p { margin: 0; font-family: 'Source Serif 4' }", {}, theme).content
    )
    lines = subprocess.run([pdftotext, "-layout", str(file), "-"], check=True, capture_output=True).stdout.decode().split("\n")
    assert [line.strip() for line in lines].count("treatment") == 0


def test_own_sheet_changes_pages_and_shows_pictures(sample: CitedManuscript, theme: Theme) -> None:
    own = Source(
        "styles/print.css",
        "@page { size: 100mm 200mm; @bottom-right { color: var(--accent) } } h1 { background: url(../figures/square.svg) }",
    )
    result = pdf(sample, theme, own_css=own)
    assert result.refused == ()
    assert result.complaints == ()
    with pikepdf.open(io.BytesIO(result.content)) as document:
        assert round(float(document.pages[1].mediabox[2])) == 283


def test_unknown_declarations_are_told_with_their_place() -> None:
    found = list(unknown(Source("styles/print.css", "h1 { color: red }\n\nh2 { colour: red; margin: 1parsec }\n")))
    assert [(d.code, d.span and (d.span.line, d.span.column)) for d in found] == [("MMG908", (3, 6)), ("MMG908", (3, 19))]


def test_guideline_of_a_title_and_a_text(theme: Theme, pdftotext: str, tmp_path: Path) -> None:
    """Nothing about people, and words before the first heading: contents and text have pages with margins of their own."""
    bare = {"contributors": (), "funding": "", "contact": "", "feedback": None, "summary": "", "notice": ""}
    result = pdf(cited("Words before the heading.\n\n# One {#one}\n\nText.\n\n# Two {#two}\n\nText.\n", **bare), theme)
    file = tmp_path / "bare.pdf"
    file.write_bytes(result.content)
    pages = subprocess.run([pdftotext, "-layout", str(file), "-"], check=True, capture_output=True).stdout.decode().split("\f")
    assert result.pages == 5
    assert "Contents" in pages[1]
    assert "Words before the heading." in pages[2]
    assert "Page ii" in pages[1]
    assert all(f"Page {number} of 3" in pages[number + 1] for number in range(1, 4))


def test_symbols_of_certainty_stay_one_word(pages: list[str]) -> None:
    """They stand apart from the word before them, and are read as one sign."""
    assert any("low ⊕⊕◯◯" in page for page in pages)


def test_labels_are_the_printed_numbers(printed: PdfResult, pages: list[str]) -> None:
    """Viewers show i, ii, 1, 2 … where the page says so; the file names the same pages to the Word file."""
    with pikepdf.open(io.BytesIO(printed.content)) as document:
        labels = [str(page.label) for page in document.pages]
    assert labels[:3] == ["i", "ii", "1"]
    for label, page in list(zip(labels, pages, strict=True))[1:]:
        assert re.search(rf"Page {label}( of {labels[-1]})?$", page, re.M), label
    assert printed.printed() == {name: labels[page - 1] for name, page in printed.anchors.items()}


@pytest.mark.parametrize("number", [1, 4, 9, 14, 49, 100, 399])
def test_roman_numbers(number: int) -> None:
    pdf = pikepdf.new()
    for _ in range(number):
        pdf.add_blank_page()
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(S=pikepdf.Name.r)])
    assert roman(number) == str(pdf.pages[number - 1].label)
