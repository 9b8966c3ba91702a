"""Pieces of a document as gatherings: nothing but references changes when they are stitched, and what is equal is kept once."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pydyf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from mmguide.model.picture import Picture
from mmguide.render.addresses import BASE
from mmguide.render.pdf.gathering import gathered, unpacked
from mmguide.render.pdf.packing import packed
from mmguide.render.pdf.press import Ink, Press
from mmguide.render.pdf.stitch import stitch
from mmguide.theme import Theme

# What looks like a reference, or like the end of a text, within a text.
TRICKY = r"A group 12 0 R (or 3 0 R) ends \) with /StructParent 7 \\"
SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
    + b"".join(b'<path d="M%d 0L40 %d" stroke="#123456"/>' % (n, n) for n in range(40))
    + b"</svg>"
)


def html(name: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><section class="level1" id="{name}"><h1>{name}</h1>'
        f'<p>Words of {name}, <a href="#other" title="x">a link</a>.</p><img src="{BASE}square.svg" alt="{TRICKY}" width="40" '
        f'height="40"></section></body></html>'
    )


@pytest.fixture(scope="module")
def press(theme: Theme) -> Press:
    return Press(
        Ink(
            "@page{size:200pt 200pt;margin:20pt}",
            {"square.svg": Picture("square.svg", SQUARE, "image/svg+xml")},
            asdict(theme.fonts),
        )
    )


@pytest.fixture(scope="module")
def pieces(press: Press) -> list[bytes]:
    return [press.typeset(html(name), piece=name).content for name in ("one", "other", "third")]


@pytest.fixture(scope="module")
def margins(press: Press) -> bytes:
    style = "<style>section{break-before:page}section:first-child{break-before:auto}@page{@top-left{content:'Page ' counter(page)}}</style>"
    return press.draw(f"<html><head>{style}</head><body>{'<section>&nbsp;</section>' * 4}</body></html>")


@pytest.fixture(scope="module")
def whole(pieces: list[bytes], margins: bytes) -> Any:
    with pikepdf.open(io.BytesIO(stitch([pieces[0], pieces[1], b"", pieces[2]], [margins]))) as opened:
        yield opened


def test_packing_keeps_all(pieces: list[bytes], margins: bytes) -> None:
    for content in (*pieces, margins):
        assert unpacked(content).packed() == content


def test_texts_stay_and_references_lead_to_the_same(whole: Any) -> None:
    found = [str(each.Alt) for each in whole.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    assert found == [TRICKY] * 3
    for number, name in ((0, "one"), (1, "other"), (3, "third")):
        page = whole.pages[number]
        (area,) = page.Annots
        owners = dict(
            zip(whole.Root.StructTreeRoot.ParentTree.Nums[::2], whole.Root.StructTreeRoot.ParentTree.Nums[1::2], strict=True)
        )
        assert owners[int(area.StructParent)].S == "/Link"
        assert all(each.Pg.objgen == page.objgen for each in owners[int(page.StructParents)] if "/Pg" in each)
        assert str(whole.Root.Outlines.First.Title) == "one"
        assert name.encode() in {bytes(each) for each in list(whole.Root.Names.Dests.Names)[::2]}
    assert whole.check_pdf_syntax() == []


def test_equal_streams_are_kept_once(whole: Any, pieces: list[bytes]) -> None:
    forms = [each for each in whole.objects if isinstance(each, pikepdf.Stream) and each.get("/N") == 3]
    assert len(forms) == 1, "the profile of colours"
    assert sum(digest != "" for piece in pieces for _, _, digest in unpacked(piece).streams()) >= len(pieces)


def test_margins_lie_over_every_page(whole: Any) -> None:
    drawn = []
    for page in whole.pages:
        names = [name for name in page.Resources.XObject if str(name).startswith("/Margins")]
        content = b"\n".join(part.read_bytes() for part in page.Contents)
        drawn += [name for name in names if f"{name} Do".encode() in content]
        assert content.count(b"/Artifact <</Type /Pagination>> BDC /Margins") == 1
    assert len(drawn) == len(whole.pages) == 4
    assert [float(edge) for edge in whole.pages[2].MediaBox] == [0, 0, 200, 200]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2500), st.binary(max_size=40))
def test_any_number_of_objects_is_packed(count: int, data: bytes) -> None:
    pdf = pydyf.PDF()
    pdf.catalog["Held"] = pydyf.Array()
    for number in range(count):
        each = pydyf.Dictionary({"N": number})
        pdf.add_object(each)
        pdf.catalog["Held"].append(each.reference)
    stream = pydyf.Stream([data])
    pdf.add_object(stream)
    pdf.catalog["Data"] = stream.reference
    pdf.info["Title"] = pydyf.String("T")
    with pikepdf.open(io.BytesIO(packed(pdf, "1.7"))) as opened:
        assert [int(each.N) for each in opened.Root.Held] == list(range(count))
        assert opened.Root.Data.read_bytes() == data
        assert str(opened.docinfo["/Title"]) == "T"


def test_an_object_that_nothing_leads_to_is_left_out() -> None:
    pdf = pydyf.PDF()
    resources = pydyf.Dictionary({"XObject": pydyf.Dictionary()})
    stream, lost = pydyf.Stream([b"q Q"]), pydyf.Dictionary({"Lost": 1})
    for each in (resources, stream, lost):
        pdf.add_object(each)
    page = {
        "Type": "/Page",
        "MediaBox": pydyf.Array([0, 0, 9, 9]),
        "Contents": stream.reference,
        "Resources": resources.reference,
    }
    pdf.add_page(pydyf.Dictionary({**page, "Parent": pdf.pages.reference}))
    assert b"Lost" not in gathered(pdf).packed()
