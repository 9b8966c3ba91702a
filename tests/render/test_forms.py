"""The diary as a form: fields that are named, tagged and in order, in a PDF that stays accessible, in Word and on the web."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import page
import pikepdf
import pikepdf.form
import pytest

from mmguide.handouts import HandoutOptions, build_handouts
from mmguide.sheets import Variant


@pytest.fixture(scope="module")
def form(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The diary of a clinic that gives no number for the night."""
    asked = HandoutOptions(
        ("diary",),
        variant=Variant(form=True),
        clinics=("example-b",),
        output=tmp_path_factory.mktemp("form"),
        languages=("en-GB",),
    )
    built = build_handouts(repository / "source", asked)
    assert built.written, built.checked.diagnostics
    assert all(path.stem.endswith("-diary-form") for path in built.written)
    return {path.suffix: path for path in built.written}


@pytest.fixture(scope="module")
def pdf(form: dict[str, Path]) -> pikepdf.Pdf:
    return pikepdf.open(form[".pdf"])


def test_a_form_is_accessible_and_can_be_kept(form: dict[str, Path]) -> None:
    for profile in ("ua1", "3a"):
        failures = page.validate_pdf_bytes(form[".pdf"].read_bytes(), profile=profile).failures
        assert [f"{f.rule_id}: {f.message}" for f in failures] == []


def test_each_field_says_what_it_asks_for(pdf: pikepdf.Pdf) -> None:
    asked = {str(field.T): str(field.TU) for field in pdf.Root.AcroForm.Fields}
    assert len(asked) == len(pdf.Root.AcroForm.Fields) == 44
    assert asked["week-3-fri"] == "Week 3, Fri"
    assert asked["what-i-want-to-ask-at-my-next-visit"] == "What I want to ask at my next visit"
    assert asked["telephone-at-night-and-at-weekends"] == "Telephone at night and at weekends"


def test_a_field_is_drawn_without_the_help_of_a_viewer(pdf: pikepdf.Pdf) -> None:
    assert "/NeedAppearances" not in pdf.Root.AcroForm
    for field in pdf.Root.AcroForm.Fields:
        assert set(field.AP.keys()) == {"/N"}
        shown = field.AP.N[str(field.AS)] if field.FT == "/Btn" else field.AP.N
        x1, y1, x2, y2 = map(float, field.Rect)
        assert x2 - x1 > 8
        assert y2 - y1 > 8
        assert [round(float(edge)) for edge in shown.BBox] == [0, 0, round(x2 - x1), round(y2 - y1)]
        assert field.F == 4
        assert not {"/A", "/AA"} & set(field.keys())


NAMES = ("Łukasz Żółć", "Ειρήνη Ψάλτη", "Семён Йовчев", "Nguyễn Thị Ấn", "Zoë Ñandú – 5 €")


def test_what_is_typed_is_set_in_a_font_of_the_file(form: dict[str, Path], tmp_path: Path, pdftotext: str) -> None:
    """A viewer that draws fields anew, as poppler does where a file asks for that, finds all letters of a name in the file."""
    for number, name in enumerate(NAMES):
        with pikepdf.open(form[".pdf"]) as pdf:
            assert str(pdf.Root.AcroForm.DA) == "/F 12 Tf 0 g"
            {str(field.T): field for field in pdf.Root.AcroForm.Fields}["name"].V = name
            pdf.Root.AcroForm.NeedAppearances = True
            pdf.save(tmp_path / f"{number}.pdf")
        done = subprocess.run([pdftotext, tmp_path / f"{number}.pdf", "-"], capture_output=True, check=True, text=True)
        assert name in done.stdout
        assert done.stderr == ""


def test_the_widths_of_letters_are_those_of_the_font(pdf: pikepdf.Pdf) -> None:
    from fontTools.ttLib import TTFont

    (inner,) = pdf.Root.AcroForm.DR.Font.F.DescendantFonts
    font = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
    parts = list(inner.W)
    widths = {
        int(first) + at: int(width) for first, run in zip(parts[::2], parts[1::2], strict=True) for at, width in enumerate(run)
    }
    glyphs = inner.CIDToGIDMap.read_bytes()
    assert len(widths) > 900
    for code in map(ord, "Aż\u03c8Й"):
        glyph = font.getGlyphName(int.from_bytes(glyphs[2 * code : 2 * code + 2], "big"))
        assert glyph == font.getBestCmap()[code]
        assert widths[code] == round(font["hmtx"][glyph][0] * 1000 / font["head"].unitsPerEm)


def test_fields_are_tagged_and_are_read_where_they_stand(pdf: pikepdf.Pdf) -> None:
    order: list[str] = []

    def walk(element: pikepdf.Object) -> None:
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR" and kid.Obj.Subtype == "/Widget":
                assert element.S == "/Form"
                order.append(str(kid.Obj.T))
            elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                walk(kid)

    walk(pdf.Root.StructTreeRoot.K[0])
    assert order == [str(field.T) for field in pdf.Root.AcroForm.Fields]
    for sheet in pdf.pages:
        assert sheet.obj.Tabs == "/S"
        tabs = [str(area.T) for area in sheet.obj.get("/Annots", ()) if area.Subtype == "/Widget"]
        assert tabs == [name for name in order if name in tabs]


def test_a_box_that_is_ticked_can_be_read_back(form: dict[str, Path], tmp_path: Path) -> None:
    with pikepdf.open(form[".pdf"]) as pdf:
        filled = pikepdf.form.Form(pdf, pikepdf.form.DefaultAppearanceStreamGenerator)
        filled["week-1-mon"].checked = True
        pdf.save(tmp_path / "filled.pdf")
    with pikepdf.open(tmp_path / "filled.pdf") as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        assert fields["week-1-mon"].AS == "/Yes"


def test_word_has_content_controls(form: dict[str, Path], ooxml_validator: str) -> None:
    with zipfile.ZipFile(form[".docx"]) as package:
        document = package.read("word/document.xml").decode()
    assert len(re.findall(r"<w:sdt>", document)) == 44
    assert document.count("<w14:checkbox") == 28
    assert 'w:val="Week 3, Fri"' in document
    done = subprocess.run([ooxml_validator, str(form[".docx"])], capture_output=True, check=False)
    assert json.loads(done.stdout)["errors"] == []


def test_the_web_page_has_inputs(form: dict[str, Path]) -> None:
    page = form[".html"].read_text()
    assert len(re.findall(r"<input [^>]*type=\"checkbox\"", page)) == 28
    assert len(re.findall(r"<textarea ", page)) == 1
    assert 'aria-label="Week 3, Fri"' in page
