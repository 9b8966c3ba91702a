"""The PDF fulfils its standards, and its structure is what a screen reader needs; the judges themselves are tried with planted faults."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
import weasyprint
from judges import pdf as judge
from judges import pdf_modern
from msgspec.structs import replace

from mmguide.errors import EnvironmentLacks
from mmguide.render.pdf.metadata import AssociatedFile, Metadata, PageLabels
from mmguide.render.pdf.tags import ARCHIVE, MODERN, Profile, contract
from mmguide.render.pdf.writing import write_tagged

TORTURE = Path(__file__).parent / "torture.html"
ABOUT = Metadata(
    title="Every construct",
    language="en",
    created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    authors=("The panel & others",),
    description="A document <for> tests",
    keywords=("one", "two"),
    tool="mmguide",
    engine="WeasyPrint",
    labels=(PageLabels(0, "r"), PageLabels(2, "D")),
    files=(AssociatedFile("sections/01.md", "# Größe".encode(), "text/markdown", "Source", "The first section"),),
)


def _write(html: str, profile: Profile = ARCHIVE, about: Metadata = ABOUT) -> bytes:
    return write_tagged(weasyprint.HTML(string=html).render(), profile, about)


@pytest.fixture(scope="module")
def torture() -> str:
    return TORTURE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def archive(torture: str) -> bytes:
    return _write(torture)


@pytest.fixture(scope="module")
def modern(torture: str) -> bytes:
    return _write(torture, MODERN)


def failures(content: bytes, profile: str) -> list[str]:
    return [f"{each.rule_id}: {each.message}" for each in page.validate_pdf_bytes(content, profile=profile).failures]


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_one_file_fulfils_both_standards(archive: bytes, profile: str) -> None:
    report = page.validate_pdf_bytes(archive, profile=profile)
    assert failures(archive, profile) == []
    assert report.rules.failed == 0
    assert report.rules.total > 90


def test_modern_file_fulfils_what_the_older_standard_asks_of_structure(modern: bytes) -> None:
    """No independent judge of PDF/UA-2 can be installed here: what is left over of PDF/UA-1's rules are those that name its version."""
    allowed = ("PDFUA1-ID-", "PDFUA1-HEADER-001", "PDFUA1-STRUCT-TREE-ROLE-MAP-001")
    assert [fault for fault in failures(modern, "ua1") if not fault.startswith(allowed)] == []


@pytest.mark.parametrize("which", ["archive", "modern"])
@pytest.mark.parametrize("each", judge.JUDGES, ids=lambda each: each.__name__)
def test_structure(request: pytest.FixtureRequest, which: str, each: Callable[[judge.Reading], list[str]]) -> None:
    with pikepdf.open(io.BytesIO(request.getfixturevalue(which))) as opened:
        assert each(judge.read(opened)) == []


@pytest.mark.parametrize("each", pdf_modern.MODERN_JUDGES, ids=lambda each: each.__name__)
def test_structure_of_the_newer_standard(modern: bytes, each: Callable[[judge.Reading], list[str]]) -> None:
    with pikepdf.open(io.BytesIO(modern)) as opened:
        assert each(judge.read(opened)) == []


@pytest.mark.parametrize("which", ["archive", "modern"])
def test_no_element_is_split_and_no_word_lost(request: pytest.FixtureRequest, which: str, torture: str) -> None:
    with pikepdf.open(io.BytesIO(request.getfixturevalue(which))) as opened:
        reading = judge.read(opened)
        over_pages = [each for each in reading.elements("P", "Table", "LI", "Link") if len(each.pages()) > 1]
        assert {each.role for each in over_pages} >= {"P", "Table"}, "nothing reaches over a page: the test would show nothing"
        assert judge.against_source(reading, torture) == []


# -- the judges see planted faults ---------------------------------------------------------------------------------------------


def _first(reading: judge.Reading, *roles: str) -> judge.Element:
    return next(each for each in reading.elements(*roles) if each.kids)


def _paint_outside(pdf: pikepdf.Pdf, _: judge.Reading) -> None:
    pdf.pages[0].contents_add(pikepdf.Stream(pdf, b"0 0 10 10 re f"), prepend=True)


def _forget_content(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    _first(reading, "P").object.K = pikepdf.Array([])


def _cross_parents(pdf: pikepdf.Pdf, _: judge.Reading) -> None:
    tree = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    row = next(each for each in tree.values() if isinstance(each, pikepdf.Array) and len(each) > 3)
    row[0], row[2] = row[2], row[0]


def _misname_link(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    area = next(kid[1] for each in reading.elements("Link") for kid in each.kids if isinstance(kid, tuple))
    area.Contents = pikepdf.String("https://example.org/")


def _loose_link(pdf: pikepdf.Pdf, _: judge.Reading) -> None:
    area = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9]))
    pdf.pages[0].obj.Annots = pikepdf.Array([area])


def _no_scope(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    del _first(reading, "TH").object["/A"]


def _wide_cell(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    _first(reading, "TD").object["/A"] = pikepdf.Dictionary(O=pikepdf.Name.Table, ColSpan=2)


def _no_alt(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    del _first(reading, "Figure").object["/Alt"]


def _box_elsewhere(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    _first(reading, "Figure").object.A.BBox = pikepdf.Array([-90, 0, -10, 10])


def _nameless_note(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    del _first(reading, "Note").object["/ID"]


def _untied_note(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    del _first(reading, "Note").object["/Ref"]


def _entry_to_nowhere(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    del _first(reading, "TOCI").object["/Ref"]


def _loose_item(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    _first(reading, "LI").object.S = pikepdf.Name.P


def _skipped_level(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    _first(reading, "H2").object.S = pikepdf.Name.H4


def _other_bookmark(pdf: pikepdf.Pdf, _: judge.Reading) -> None:
    pdf.Root.Outlines.First.Title = pikepdf.String("Other")


def _no_language(pdf: pikepdf.Pdf, _: judge.Reading) -> None:
    del pdf.Root["/Lang"]


def _paragraph_in_paragraph(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    holder = next(each for each in reading.elements("LBody") if any(getattr(kid, "role", "") == "L" for kid in each.kids))
    holder.object.S = pikepdf.Name.P


def _split(pdf: pikepdf.Pdf, reading: judge.Reading) -> None:
    whole = next(each for each in reading.elements("P") if len(each.pages()) > 1)
    half = pdf.make_indirect(pikepdf.Dictionary(dict(whole.object)))
    kids = list(whole.object.K)
    whole.object.K, half.K = pikepdf.Array(kids[:2]), pikepdf.Array(kids[2:])
    siblings = whole.object.P.K
    at = next(i for i, each in enumerate(siblings) if getattr(each, "objgen", None) == whole.object.objgen)
    siblings.insert(at + 1, half)


PLANTED = (
    (judge.untagged_content, _paint_outside),
    (judge.untagged_content, _forget_content),
    (judge.parent_tree, _cross_parents),
    (judge.links, _misname_link),
    (judge.links, _loose_link),
    (judge.tables, _no_scope),
    (judge.tables, _wide_cell),
    (judge.pictures, _no_alt),
    (judge.pictures, _box_elsewhere),
    (judge.notes, _nameless_note),
    (judge.notes, _untied_note),
    (judge.contents_lists, _entry_to_nowhere),
    (judge.lists, _loose_item),
    (judge.headings, _skipped_level),
    (judge.headings, _other_bookmark),
    (judge.document_facts, _no_language),
    (judge.nesting, _paragraph_in_paragraph),
)


def _link_in_link(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    _first(reading, "Reference").object.S = pikepdf.Name.Link


def _old_namespace(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    _first(reading, "P").object.NS = _first(reading, "TOC").object.NS


def _caption_within(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    table = next(each for each in reading.elements("Table") if len(each.kids) > 2)
    table.object.K = pikepdf.Array([table.object.K[1], table.object.K[0], *list(table.object.K)[2:]])


def _uncounted_list(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    labelled = next(each for each in reading.elements("L") if any(kid.role == "Lbl" for kid in each.kids[0].kids))  # type: ignore[union-attr]
    labelled.object.A.ListNumbering = pikepdf.Name("/None")


def _other_note(_: pikepdf.Pdf, reading: judge.Reading) -> None:
    _first(reading, "FENote").object.A.NoteType = pikepdf.Name.Remark


def _bookmark_to_place(pdf: pikepdf.Pdf, _: judge.Reading) -> None:
    del pdf.Root.Outlines.First.A.SD


def _older_part(pdf: pikepdf.Pdf, _: judge.Reading) -> None:
    with pdf.open_metadata() as meta:
        meta["pdfuaid:part"] = "1"


PLANTED_MODERN = (
    (pdf_modern.containment, _link_in_link),
    (pdf_modern.namespaces, _old_namespace),
    (pdf_modern.captions, _caption_within),
    (pdf_modern.labelled_lists, _uncounted_list),
    (pdf_modern.note_kinds, _other_note),
    (pdf_modern.destinations, _bookmark_to_place),
    (pdf_modern.declarations, _older_part),
)


def test_every_judge_is_tried() -> None:
    assert {each for each, _ in PLANTED} == set(judge.JUDGES)
    assert {each for each, _ in PLANTED_MODERN} == set(pdf_modern.MODERN_JUDGES)


@pytest.mark.parametrize(("each", "plant"), PLANTED_MODERN, ids=lambda each: each.__name__.strip("_"))
def test_judge_of_the_newer_standard_sees_planted_fault(
    modern: bytes, each: Callable[[judge.Reading], list[str]], plant: Any
) -> None:
    with pikepdf.open(io.BytesIO(modern)) as opened:
        plant(opened, judge.read(opened))
        assert each(judge.read(opened)) != []


@pytest.mark.parametrize(("each", "plant"), PLANTED, ids=lambda each: each.__name__.strip("_"))
def test_judge_sees_planted_fault(archive: bytes, each: Callable[[judge.Reading], list[str]], plant: Any) -> None:
    with pikepdf.open(io.BytesIO(archive)) as opened:
        plant(opened, judge.read(opened))
        assert each(judge.read(opened)) != []


@pytest.mark.parametrize("plant", [_split, _forget_content, _loose_item], ids=lambda each: each.__name__.strip("_"))
def test_comparison_with_the_source_sees_planted_fault(archive: bytes, torture: str, plant: Any) -> None:
    with pikepdf.open(io.BytesIO(archive)) as opened:
        plant(opened, judge.read(opened))
        assert judge.against_source(judge.read(opened), torture) != []


def test_weasyprints_own_tags_do_not_pass(torture: str) -> None:
    """What the tagger is for: without it the same pages have these faults."""
    content = weasyprint.HTML(string=torture).write_pdf(pdf_variant="pdf/ua-1")
    assert failures(content, "ua1") != []
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert judge.against_source(judge.read(opened), torture) != []


def test_broken_tagger_fails(torture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The independent judge sees a tagger that forgets the scope of headers and lets go of link areas."""
    from mmguide.render.pdf.tags import tables

    monkeypatch.setattr(tables, "complete", lambda table, name: None)
    monkeypatch.setattr("mmguide.render.pdf.tags.remove_areas", lambda captured, dropped: None)
    found = failures(_write(torture), "ua1")
    assert any("TABLE" in fault for fault in found)
    assert any("LINK" in fault for fault in found)


# -- the promises of WeasyPrint ---------------------------------------------------------------------------------------------------


def test_weasyprint_keeps_what_the_tagger_relies_on() -> None:
    assert contract.broken_promises() == ()


def test_other_weasyprint_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "WEASYPRINT", "71.0")
    with pytest.raises(EnvironmentLacks, match=r"its version is 70\.0, not 71\.0") as caught:
        contract.require_weasyprint()
    assert "weasyprint==71.0" in (caught.value.hint or "")


def test_changed_function_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint.pdf, "add_tags", lambda pdf, document: None)
    with pytest.raises(EnvironmentLacks, match="add_tags is gone or takes other arguments"):
        contract.require_weasyprint()


def test_weasyprints_own_tagger_is_put_back() -> None:
    before = weasyprint.pdf.add_tags
    with pytest.raises(ZeroDivisionError), contract.capture():
        raise ZeroDivisionError
    assert weasyprint.pdf.add_tags is before


# -- what the file says about itself ----------------------------------------------------------------------------------------------


def test_same_input_same_bytes(torture: str, archive: bytes) -> None:
    assert _write(torture) == archive


def test_metadata(archive: bytes) -> None:
    with pikepdf.open(io.BytesIO(archive)) as opened, opened.open_metadata() as meta:
        assert meta["dc:title"] == "Every construct"
        assert meta["pdfaid:part"] == "3"
        assert meta["pdfaid:conformance"] == "A"
        assert meta["pdfuaid:part"] == "1"
        assert meta["xmp:CreateDate"] == "2026-01-02T03:04:05+00:00"
        assert str(opened.docinfo["/CreationDate"]) == "D:20260102030405+00'00'"
        assert [str(each.label) for each in opened.pages][:4] == ["i", "ii", "1", "2"]


def test_modern_metadata(modern: bytes) -> None:
    with pikepdf.open(io.BytesIO(modern)) as opened, opened.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:rev"], meta["pdfaid:conformance"]) == ("4", "2020", "F")
        assert (meta["pdfuaid:part"], meta["pdfuaid:rev"]) == ("2", "2024")
        assert opened.pdf_version == "2.0"
        assert "/Info" not in opened.trailer
        namespaces = [str(each.NS) for each in opened.Root.StructTreeRoot.Namespaces]
        assert namespaces == ["http://iso.org/pdf2/ssn", "http://iso.org/pdf/ssn"]


def test_modern_destinations_lead_to_structure(modern: bytes) -> None:
    with pikepdf.open(io.BytesIO(modern)) as opened:
        known = {each.object.objgen for each in judge.read(opened).elements()}
        places = [each for number in opened.pages for each in number.obj.get("/Annots", []) if "/URI" not in each.get("/A", {})]
        assert places
        for each in places:
            assert each.A.SD[0].objgen in known
        item = opened.Root.Outlines.First
        while item is not None:
            assert item.A.SD[0].objgen in known
            item = item.get("/Next")


def test_without_files_plain_a4_is_declared(torture: str) -> None:
    content = _write("<html lang=en><title>T</title><p>Words</p></html>", MODERN, replace(ABOUT, files=()))
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_metadata() as meta:
        assert "pdfaid:conformance" not in meta
        assert (
            failures(_write("<html lang=en><title>T</title><p>Words</p></html>", ARCHIVE, replace(ABOUT, files=())), "3a") == []
        )


def test_sources_are_carried(archive: bytes) -> None:
    with pikepdf.open(io.BytesIO(archive)) as opened:
        assert opened.attachments["sections/01.md"].get_file().read_bytes().decode() == "# Größe"
        assert [str(each.AFRelationship) for each in opened.Root.AF] == ["/Source"]


def test_repeated_heads_watermark_and_running_lines_are_artifacts(archive: bytes) -> None:
    with pikepdf.open(io.BytesIO(archive)) as opened:
        reading = judge.read(opened)
        shown = [(kind, text.strip()) for kind, text in reading.artifacts if text.strip()]
        assert ("/Pagination", "DRAFT") in shown
        assert ("/Pagination", "Events") in shown
        assert any(kind == "/Layout" and set(text) == {"."} for kind, text in shown)
        assert reading.document.text().count("Events") == 1


def test_language_abbreviation_and_recommendation(archive: bytes) -> None:
    with pikepdf.open(io.BytesIO(archive)) as opened:
        reading = judge.read(opened)
        languages = {str(each.object.Lang) for each in reading.elements() if "/Lang" in each.object}
        assert languages == {"en", "el", "ru", "la", "de", "ar", "he"}
        assert [(str(each.object.E), each.text()) for each in reading.elements() if "/E" in each.object] == [
            ("adverse event", "AE")
        ]
        unit = next(each for each in reading.elements("Sect") if str(each.object.get("/T", "")).startswith("Recommendation 1"))
        assert unit.text().startswith("Recommendation 1 (strong")
        assert "Remark two" in unit.text()


def test_words_are_the_sources_in_every_script(archive: bytes) -> None:
    with pikepdf.open(io.BytesIO(archive)) as opened:
        reading = judge.read(opened)
        arabic = next(each for each in reading.elements("P") if str(each.object.get("/Lang", "")) == "ar")
        assert arabic.text() == (
            "الرعاية الصحية للمرضى ضرورية جدا في كل وقت، والمبادئ التوجيهية تساعد الأطباء والممرضات على اتخاذ القرارات."
        )
        text = reading.document.text()
        assert "שלום עולם, הנחיות קליניות עוזרות לרופאים." in text
        assert "ευεργετικός" in text
        assert "здоровье" in text
        assert "≥ ≤ ± ≈ − × µ α β γ" in text


def test_figure_box_is_where_the_picture_is_painted() -> None:
    picture = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='4' height='3'><rect width='4' height='3'/></svg>"
    html = f"""<html lang=en><title>T</title><style>@page {{ size: 200pt 300pt; margin: 20pt }} body {{ margin: 0 }}
    img {{ display: block; width: 40pt; height: 30pt; margin: 50pt 0 0 10pt }}</style>
    <p style="margin: 0; height: 0"></p><img alt="a" src="{picture}"></html>"""
    with pikepdf.open(io.BytesIO(_write(html))) as opened:
        figure = judge.read(opened).elements("Figure")[0]
        assert [float(value) for value in figure.attribute("/BBox")] == [30, 200, 70, 230]
