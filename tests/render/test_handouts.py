"""The handouts of the worked example: every sheet bears what it must, in files that fulfil PDF/UA-1, PDF/A-3a and are Word files."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import page
import pikepdf
import pytest
from judges import pdf as judge
from msgspec.structs import replace

from mmguide.handouts import HandoutOptions, build_handouts
from mmguide.labels import label, long_date
from mmguide.sheets import Variant

VARIANTS = {
    "a4": HandoutOptions(),
    "a5": HandoutOptions(paper="a5", formats=("pdf",), languages=("en-GB", "ar")),
    "large": HandoutOptions(variant=Variant(points=16.0), formats=("pdf",), languages=("en-GB", "de")),
    "larger": HandoutOptions(variant=Variant(points=18.0), formats=("pdf",), languages=("en-GB",)),
    "clinic": HandoutOptions(clinics=("example-a",)),
}
# The others: every language on half a sheet, in the largest print, and large in grey on Letter.
MORE = {
    "a5 in all languages": HandoutOptions(paper="a5", formats=("pdf",)),
    "half letter": HandoutOptions(("lenalidomide",), paper="half-letter", formats=("pdf",), clinics=("example-b",)),
    "larger in all languages": HandoutOptions(variant=Variant(points=18.0), formats=("pdf",)),
    "large, grey, letter": HandoutOptions(paper="letter", variant=Variant(points=16.0, grey=True), formats=("pdf",)),
}


@pytest.fixture(scope="module", params=[*VARIANTS, *(pytest.param(name, marks=pytest.mark.nightly) for name in MORE)])
def files(request: pytest.FixtureRequest, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    asked = {**VARIANTS, **MORE}[request.param]
    folder = tmp_path_factory.mktemp("handouts")
    built = build_handouts(repository / "source", replace(asked, output=folder))
    assert built.written, built.checked.diagnostics
    return {path.name: path for path in built.written}


def test_pdfs_are_accessible_and_can_be_kept(files: dict[str, Path]) -> None:
    pdfs = [path for name, path in files.items() if name.endswith(".pdf")]
    assert len(pdfs) >= 4
    for path in pdfs:
        for profile in ("ua1", "3a"):
            failures = page.validate_pdf_bytes(path.read_bytes(), profile=profile).failures
            assert [f"{path.name} {f.rule_id}: {f.message}" for f in failures] == []


def test_every_sheet_says_which_version_it_is(files: dict[str, Path], pdftotext: str) -> None:
    for path in (path for name, path in files.items() if name.endswith(".pdf")):
        text = subprocess.run([pdftotext, path, "-"], capture_output=True, check=True, text=True).stdout
        for sheet in text.removesuffix("\f").split("\f"):
            words = " ".join(sheet.split())
            language = language_of(path)
            due = f"{label('date-review_by', language)} {long_date(date(2027, 11, 22), language)}"
            day, loose = long_date(date(2026, 11, 26), language), label("handout-uncontrolled", language)
            everywhere = ("mm-maintenance 1.0.0", "2026", "2027")
            # What runs from the right is read as it was written in the tree only, and the foot of a page is not in it.
            for wanted in everywhere if language == "ar" else (*everywhere, day, due, loose, label("page", language)):
                assert wanted in words, (path.name, wanted)


def test_nothing_is_cut_off_at_the_foot(files: dict[str, Path], pdftotext: str) -> None:
    """A notice is as long as its language makes it, on small paper and in large print too."""
    for path in (path for name, path in files.items() if name.endswith(".pdf")):
        text = subprocess.run([pdftotext, "-bbox", path, "-"], capture_output=True, check=True, text=True).stdout
        for page_text in text.split("<page ")[1:]:
            height = float(re.search(r'height="([\d.]+)"', page_text)[1])  # type: ignore[index]
            lowest = max(float(y) for y in re.findall(r'yMax="([\d.]+)"', page_text))
            assert height - lowest > 7, path.name


def language_of(path: Path) -> str:
    """The language of a handout, by the name of its file."""
    found = re.search(r"-(ar|de|es|fr)(?=[-.])", path.name)
    return found[1] if found else "en"


def test_translations_say_who_made_them(files: dict[str, Path]) -> None:
    pdfs = {language_of(path): path for name, path in files.items() if name.endswith(".pdf") and "-lenalidomide" in name}
    assert pdfs
    for language, path in pdfs.items():
        with pikepdf.open(path) as opened:
            text = " ".join(element.text() for element in judge.read(opened).elements("P"))
        assert (label("translation-machine", language) in text) == (language != "en")


def test_word_and_web_have_the_same_head(files: dict[str, Path]) -> None:
    for name, path in files.items():
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
                text = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
            assert label("handout-from", language_of(path)) in text
            assert label("feedback-question", language_of(path)) in text
        if name.endswith(".html"):
            assert label("handout-from", language_of(path)) in path.read_text()
            assert label("qr-code", language_of(path)) in path.read_text()


def codes_on(path: Path, pdftoppm: str, folder: Path) -> set[str]:
    """What a reader of QR codes finds on the printed sheets of a PDF, in grey at 150 dots per inch."""
    import zxingcpp
    from PIL import Image

    subprocess.run([pdftoppm, "-r", "150", "-gray", path, folder / path.stem], check=True)
    pages = sorted(folder.glob(f"{path.stem}*.pgm"))
    assert pages
    return {code.text for one in pages for code in zxingcpp.read_barcodes(Image.open(one))}


def test_codes_lead_to_the_current_version_and_to_feedback(files: dict[str, Path], pdftoppm: str, tmp_path: Path) -> None:
    for path in (path for name, path in files.items() if name.endswith(".pdf")):
        assert codes_on(path, pdftoppm, tmp_path) == {
            "https://example.org/mm-maintenance/",
            "https://example.org/mm-maintenance/feedback",
        }
