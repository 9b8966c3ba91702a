"""What is written in other scripts stands in the file as it stands in the source; the signs are drawn by us."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import page
import pikepdf
import pytest
from fontTools.ttLib import TTFont
from judges import pdf as judge

from mmguide import signs
from mmguide.render.pdf.document import PdfResult, typeset
from mmguide.render.pdf.watermark import _font_with, watermark
from mmguide.signs.draw import SIGNS
from mmguide.signs.font import font
from mmguide.theme import Theme

TEXTS = {
    "en": "Naïve Æther ẞ Ő ŵ: 5 ≥ 3 ± 2 − 1 × 4 µg ≈ ½",
    "vi": "Tiếng Việt được viết đúng",
    "el": "Ελληνικά με τόνους, ᾧ ἔστιν",
    "ru": "Русский текст, Ґґ Ўў",
    "kk": "Қазақ тілі: Ә Ғ Қ Ң Ө Ұ Ү Һ",
    "ar": "العربية مرحبا ضد شيء",
    "he": "עברית שלום עולם",
    "zh-CN": "多发性骨髓瘤的维持治疗。",
    "ja": "多発性骨髄腫の維持療法、カタカナ",
    "ko": "다발골수종 유지요법",
    "la": "⊕⊕⊖◯ ★☆ ☐☑☒ ⚠ ∈ ∀ ≡ ℝ ℃ → ⇒",
}
RIGHT_TO_LEFT = ("ar", "he")


@pytest.fixture(scope="module")
def written(theme: Theme) -> PdfResult:
    lines = "".join(
        f'<p lang="{tag}" dir="{"rtl" if tag in RIGHT_TO_LEFT else "ltr"}">{text} <b>{text}</b></p>'
        for tag, text in TEXTS.items()
    )
    css = f"@page{{size:A4 landscape}}body{{font:12pt/18pt '{theme.fonts.text}', \"{signs.FAMILY}\"}}"
    return typeset(f'<html lang="en"><title>Scripts</title><body>{lines}</body></html>', css, {}, theme)


def test_the_tree_says_what_the_source_says(written: PdfResult) -> None:
    assert written.missing == ()
    with pikepdf.open(io.BytesIO(written.content)) as opened:
        read = [element.text() for element in judge.read(opened).elements("P")]
    assert read == [f"{text} {text}" for text in TEXTS.values()]


def test_copied_text_is_the_source(written: PdfResult, pdftotext: str, tmp_path: Path) -> None:
    """Readers that know nothing of structure get the same. (Those of right-to-left text turn it as they think fit.)"""
    file = tmp_path / "scripts.pdf"
    file.write_bytes(written.content)
    text = subprocess.run([pdftotext, "-raw", str(file), "-"], check=True, capture_output=True).stdout.decode()
    lines = text.splitlines()
    for tag, wanted in TEXTS.items():
        if tag not in RIGHT_TO_LEFT:
            assert f"{wanted} {wanted}" in lines, tag


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_file_fulfils_the_standards(written: PdfResult, profile: str) -> None:
    assert [
        f"{each.rule_id}: {each.message}" for each in page.validate_pdf_bytes(written.content, profile=profile).failures
    ] == []


def test_fonts_are_cut_to_what_is_used(written: PdfResult) -> None:
    assert len(written.content) < 500_000
    with pikepdf.open(io.BytesIO(written.content)) as opened:
        names = {str(each.FontName) for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each}
    assert any("CJK" in name for name in names)
    assert all(name[7] == "+" for name in names), names


@pytest.mark.parametrize("weight", signs.WEIGHTS)
def test_font_files_are_the_drawn_ones(weight: int) -> None:
    made = font(weight)
    made.save(drawn := io.BytesIO())
    drawn.seek(0)
    with TTFont(drawn) as one, TTFont(signs.file(weight)) as other:
        assert one.getBestCmap() == other.getBestCmap()
        for name in one.getGlyphOrder():
            assert one["glyf"][name] == other["glyf"][name], name
            assert one["hmtx"][name] == other["hmtx"][name], name


@pytest.mark.parametrize("weight", signs.WEIGHTS)
def test_every_sign_keeps_to_its_line(weight: int) -> None:
    with TTFont(signs.file(weight)) as made:
        glyphs, characters = made["glyf"], made.getBestCmap()
        for sign in SIGNS:
            glyph, (width, _) = glyphs[characters[ord(sign)]], made["hmtx"][characters[ord(sign)]]
            assert glyph.numberOfContours > 0, sign
            assert glyph.xMin >= 0, sign
            assert glyph.xMax <= width, sign
            assert glyph.yMin >= -250, sign
            assert glyph.yMax <= 850, sign


@pytest.mark.parametrize("word", ["DRAFT", "BORRADOR", "مسودة"])
def test_the_mark_across_the_page_is_drawn_in_a_font_that_has_its_letters(word: str, theme: Theme) -> None:
    with TTFont(_font_with(word, theme)) as chosen:
        assert all(ord(letter) in chosen.getBestCmap() for letter in word)
        assert ("arab" in str(chosen["name"].getDebugName(4)).lower()) == (word[0] > "z")
    assert watermark(word, theme, 210, 297).content.count(b"M") > len(word) / 2
