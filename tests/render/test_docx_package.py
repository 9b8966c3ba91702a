"""Nothing is wrong with the Word files, said by three judges; our own judge is itself tried with planted faults."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from judges.docx import findings
from render.docx_samples import VARIANTS, long_text, pages_for, written

from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.render.docx import docx

Parts = dict[str, bytes]
DOCUMENT, STYLES, RELS = "word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels"


@pytest.fixture(scope="module")
def deep_review(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The Word file of a long real text."""
    checked = check_project(long_text(shared, tmp_path_factory.mktemp("deep")))
    assert checked.manuscript is not None
    assert checked.look is not None
    given = cite(checked.manuscript, checked.look.style.xml)
    return docx(given, checked.look.theme, pages_for(given))


@pytest.mark.parametrize("name", VARIANTS)
def test_our_judge_finds_nothing(name: str) -> None:
    assert findings(written(name)) == []


@pytest.mark.parametrize("name", VARIANTS)
def test_the_open_xml_sdk_finds_nothing(name: str, ooxml_validator: str, tmp_path: Path) -> None:
    assert sdk(ooxml_validator, written(name), tmp_path) == []


@pytest.mark.parametrize("name", VARIANTS)
def test_openxml_audit_finds_nothing(name: str, tmp_path: Path) -> None:
    assert audit(written(name), tmp_path) == []


def test_nobody_finds_anything_in_a_long_real_text(deep_review: bytes, ooxml_validator: str, tmp_path: Path) -> None:
    assert findings(deep_review) == []
    assert sdk(ooxml_validator, deep_review, tmp_path) == []
    assert audit(deep_review, tmp_path) == []


def sdk(validator: str, content: bytes, folder: Path) -> list[str]:
    import json

    (folder / "file.docx").write_bytes(content)
    done = subprocess.run([validator, str(folder / "file.docx")], capture_output=True, check=False)
    report = json.loads(done.stdout)
    return [f"{e['path']}: {e['description']}" for e in report["errors"]] or ([] if report["ok"] else ["not ok"])


def audit(content: bytes, folder: Path) -> list[str]:
    from openxml_audit import OpenXmlValidator

    (folder / "file.docx").write_bytes(content)
    return [str(error) for error in OpenXmlValidator().validate(str(folder / "file.docx")).errors]


def swap(part: str, old: bytes, new: bytes) -> Callable[[Parts], None]:
    """A fault: the first `old` of a part is `new`."""

    def plant(parts: Parts) -> None:
        assert old in parts[part], f"{old!r} is not in {part}"
        parts[part] = parts[part].replace(old, new, 1)

    return plant


def add(part: str, content: bytes) -> Callable[[Parts], None]:
    return lambda parts: parts.update({part: content})


def drop(part: str) -> Callable[[Parts], None]:
    return lambda parts: parts.__delitem__(part)


BODY = b"<w:body>"
FAULTS: dict[str, tuple[Callable[[Parts], None], str]] = {
    "bookmark twice": (
        swap(DOCUMENT, BODY, BODY + b'<w:bookmarkStart w:id="9901" w:name="sec_text"/><w:bookmarkEnd w:id="9901"/>'),
        "bookmark name sec_text stands 2 times",
    ),
    "bookmark number twice": (
        swap(DOCUMENT, BODY, BODY + b'<w:bookmarkStart w:id="1" w:name="other"/><w:bookmarkEnd w:id="1"/>'),
        "bookmark id 1 stands 2 times",
    ),
    "bookmark without end": (
        swap(DOCUMENT, BODY, BODY + b'<w:bookmarkStart w:id="9902" w:name="open"/>'),
        "bookmark open has no end",
    ),
    "bookmark name with a colon": (swap(DOCUMENT, b'w:name="sec_text"', b'w:name="sec:text"'), "is not one for Word"),
    "cut picture": (
        swap(
            DOCUMENT,
            b'<w:pStyle w:val="FeedbackCode"/>',
            b'<w:pStyle w:val="FeedbackCode"/><w:spacing w:line="231" w:lineRule="auto"/>',
        ),
        "is cut by a line of 231 (auto)",
    ),
    "dead link": (swap(DOCUMENT, b'w:anchor="sec_tables"', b'w:anchor="nowhere"'), "the bookmark nowhere, which does not exist"),
    "dead field": (swap(DOCUMENT, b" PAGEREF sec_text", b" PAGEREF nowhere"), "a field refers to the bookmark nowhere"),
    "lost part": (drop("word/fontTable.xml"), "which is not in the file"),
    "orphan part": (add("word/media/orphan.png", b""), "word/media/orphan.png is reached by no relationship"),
    "unused relationship": (
        swap(
            RELS,
            b"</Relationships>",
            b'<Relationship Id="rId999" Type="x/hyperlink" Target="http://x/" TargetMode="External"/></Relationships>',
        ),
        "rId999 (hyperlink) is used by nothing",
    ),
    "unknown relationship": (swap(DOCUMENT, b'r:embed="', b'r:embed="x'), "which word/_rels/document.xml.rels lacks"),
    "wrong content type": (
        swap("[Content_Types].xml", b'ContentType="image/svg+xml"', b'ContentType="image/png"'),
        "is called image/png",
    ),
    "missing content type": (
        swap("[Content_Types].xml", b'PartName="/word/styles.xml"', b'PartName="/word/other.xml"'),
        "word/styles.xml has only the content type of any XML",
    ),
    "missing style": (swap(DOCUMENT, b'w:val="BodyText"', b'w:val="NoStyle"'), "uses the style NoStyle, which does not exist"),
    "missing reserved style": (
        swap(STYLES, b'w:styleId="CommentText"', b'w:styleId="Comment"'),
        "the style CommentText is missing",
    ),
    "direct formatting": (
        swap(DOCUMENT, b"<w:r><w:t", b"<w:r><w:rPr><w:b/></w:rPr><w:t"),
        "a run is formatted directly: b",
    ),
    "paragraph without style": (swap(DOCUMENT, b'<w:pPr><w:pStyle w:val="BodyText"/></w:pPr>', b""), "a paragraph has no style"),
    "empty field": (
        swap(
            DOCUMENT,
            BODY,
            BODY + b'<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            b'<w:r><w:instrText> TOC </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        ),
        "the field TOC shows nothing",
    ),
    "endless field": (swap(DOCUMENT, b'<w:r><w:fldChar w:fldCharType="end"/></w:r>', b""), "never ends"),
    "path": (swap("docProps/app.xml", b"mmguide", b"/" + b"home/editor/mmguide"), "holds a path: /" + "home/editor"),
    "machine": (swap("word/settings.xml", b"<w:zoom", b"<w:rsids/><w:zoom"), "marks of the machine"),
    "update prompt": (swap("word/settings.xml", b"<w:zoom", b'<w:updateFields w:val="true"/><w:zoom'), "asks Word to update"),
    "row that breaks": (swap(DOCUMENT, b"<w:cantSplit/>", b""), "may break across pages"),
    "head that does not repeat": (swap(DOCUMENT, b"<w:tblHeader/>", b""), "does not repeat"),
    "grid that does not hold": (swap(DOCUMENT, b"<w:gridCol ", b'<w:gridCol w:w="1"/><w:gridCol '), "columns"),
    "table without description": (swap(DOCUMENT, b"<w:tblDescription ", b"<w:tblCaption "), "has no description"),
    "cell without paragraph": (swap(DOCUMENT, b"</w:tc>", b"<w:tbl/></w:tc>"), "does not end with a paragraph"),
    "picture without words": (swap(DOCUMENT, b'descr="Three bars of rising height"', b'descr=""'), "neither words nor"),
    "empty heading": (
        swap(DOCUMENT, BODY, BODY + b'<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr></w:p>'),
        "a heading is empty",
    ),
    "no language": (swap("docProps/core.xml", b"<dc:language>en-GB</dc:language>", b""), "dc:language is missing"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_our_judge_finds_a_planted_fault(fault: str) -> None:
    plant, expected = FAULTS[fault]
    with zipfile.ZipFile(BytesIO(written("torture"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    plant(parts)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    found = findings(out.getvalue())
    assert any(expected in sentence for sentence in found), found[:5]


def test_our_judge_finds_a_drawing_number_that_stands_twice() -> None:
    import re

    with zipfile.ZipFile(BytesIO(written("torture"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[DOCUMENT] = re.sub(rb'(<wp:docPr[^>]* id=)"\d+"', rb'\1"7"', parts[DOCUMENT])
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert any("drawing id 7 stands" in sentence for sentence in findings(out.getvalue()))
