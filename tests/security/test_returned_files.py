"""Word files that come back from review, threats 48 to 53: refused with a reason, or named and ignored; never run, fetched or expanded."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mmguide.cli import cli

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT = f"<w:document {W}><w:body><w:p><w:r><w:t>Words.</w:t></w:r></w:p></w:body></w:document>"


def packed(*members: tuple[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def named_twice() -> bytes:
    made = packed(("word/document.xml", DOCUMENT), ("word/documenT.xml", "<x/>"))
    return made.replace(b"word/documenT.xml", b"word/document.xml")


def wrong_sum() -> bytes:
    made = packed(("word/document.xml", DOCUMENT))
    return made.replace(zlib.crc32(DOCUMENT.encode()).to_bytes(4, "little"), b"\1\2\3\4")


def locked() -> bytes:
    made = bytearray(packed(("word/document.xml", DOCUMENT)))
    at = made.index(b"PK\1\2")
    made[at + 8] |= 1
    made[6] |= 1
    return bytes(made)


def lying_about_its_size() -> bytes:
    """A member whose header says that it is small."""
    made = bytearray(packed(("word/document.xml", b"<x>" + b" " * 70_000_000)))
    at = made.index(b"PK\1\2")
    made[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(made)


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + DOCUMENT.replace("Words.", "&e;")
BOMB = (
    (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{n} "{"&a" + str(n - 1) * bool(n > 1) + ";"}">' for n in range(1, 9))
    )
    + "]>"
    + DOCUMENT.replace("Words.", "&a8;")
)

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "48 external entity": (lambda: packed(("word/document.xml", ENTITY)), "declares a document type"),
    "49 entity bomb": (lambda: packed(("word/document.xml", BOMB)), "word/document.xml"),
    "50 unpacks to 300 MB": (
        lambda: packed(("word/document.xml", DOCUMENT), ("word/media/a.bin", b"\0" * 300_000_000)),
        "unpacks to more than 60 MB",
    ),
    "50 many large parts": (
        lambda: packed(("word/document.xml", DOCUMENT), *((f"word/media/{n}.bin", b"\0" * 50_000_000) for n in range(5))),
        "unpacks to more than 200 MB",
    ),
    "50 lies about its size": (lying_about_its_size, "word/document.xml"),
    "51 leads outside": (lambda: packed(("word/document.xml", DOCUMENT), ("../../x", "x")), "leads outside"),
    "51 absolute": (lambda: packed(("word/document.xml", DOCUMENT), ("/etc/x", "x")), "leads outside"),
    "51 backslashes": (lambda: packed(("word/document.xml", DOCUMENT), ("..\\x", "x")), "leads outside"),
    "53 bad checksum": (wrong_sum, "damaged"),
    "53 part twice": (named_twice, "twice"),
    "53 locked": (locked, "password"),
    "53 no zip": (lambda: b"{\\rtf1 Words}", "no Word file"),
    "53 cut off": (lambda: packed(("word/document.xml", DOCUMENT))[:-40], "no Word file"),
    "53 another zip": (lambda: packed(("a.txt", "x")), "no word/document.xml"),
    "53 no XML": (lambda: packed(("word/document.xml", "<w:document>")), "no valid XML"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "sections").mkdir(parents=True)
    (folder / "guideline.yaml").write_text("title: T\nsections: [sections/a.md]\n", encoding="utf-8")
    (folder / "sections" / "a.md").write_text("# Text\n\nWords of the source.\n\nSome more of them.\n", encoding="utf-8")
    return folder


def review(content: bytes, project: Path, *more: str) -> Result:
    path = project.parent / "back.docx"
    path.write_bytes(content)
    return CliRunner().invoke(cli, ["review", str(path), "--project", str(project), *more])


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_and_broken_files_are_refused_with_a_reason(name: str, project: Path) -> None:
    made, reason = REFUSED[name]
    before = sorted(project.parent.rglob("*"))
    done = review(made(), project)
    assert done.exit_code == 1, done.output
    assert "back.docx:1:1: error: " in done.output
    assert "MMG940" in done.output
    assert reason in done.output
    assert sorted(p for p in project.parent.rglob("*") if p.name != "back.docx") == before


def test_52_macros_templates_and_remote_parts_are_named_and_ignored(project: Path) -> None:
    relations: Sequence[str] = [
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="http://example.org/{kind}" TargetMode="External"/>'
        for n, kind in enumerate(("attachedTemplate", "image", "oleObject", "hyperlink"))
    ]
    made = packed(
        ("word/document.xml", DOCUMENT),
        ("word/vbaProject.bin", b"\0"),
        ("word/activeX/activeX1.bin", b"\0"),
        ("word/embeddings/sheet.xlsx", b"\0"),
        ("word/_rels/settings.xml.rels", RELS.format("".join(relations))),
    )
    done = review(made, project)
    assert done.exit_code == 0, done.output
    for what in (
        "macros (word/vbaProject.bin)",
        "ActiveX",
        "embedded objects",
        "attachedTemplate from http",
        "image from",
        "oleObject",
    ):
        assert f"ignored: {what}" in done.output
    assert "hyperlink" not in done.output


def test_remarks_stand_at_their_lines(project: Path) -> None:
    from mmguide.build import Options, build_project

    (project / "guideline.yaml").write_text("title: T\nid: t\nsections: [sections/a.md]\n", encoding="utf-8")
    with (project / "sections" / "a.md").open("a", encoding="utf-8") as section:
        section.write("\nThe last words, around which a file has a mark.\n")
    built = build_project(project, Options(("docx",), project.parent / "build"))
    content = _commented(built.written[0].read_bytes())
    found = json.loads(review(content, project, "--format", "json").output)
    assert [(r["kind"], r["author"], r["text"], r["path"], r["line"]) for r in found["remarks"]] == [
        ("comment", "Ada", "Which ones?", "sections/a.md", 3),
        ("insertion", "Ada", "yet ", "sections/a.md", 5),
        ("deletion", "Ada", "Some more of them.", "sections/a.md", 5),
    ]
    assert found["remarks"][0]["about"] == "Words of the source."
    shown = review(content, project).output
    assert "sections/a.md:3: comment on 'Words of the source.': Which ones? [Ada, 2026-01-02]" in shown
    assert "3 remarks" in shown


def _commented(content: bytes) -> bytes:
    """A Word file as a reviewer sends it back: a comment, an insertion and a deletion."""
    by = 'w:author="Ada" w:date="2026-01-02T00:00:00Z"'
    comments = f'<w:comments {W}><w:comment w:id="7" {by}><w:p><w:r><w:t>Which ones?</w:t></w:r></w:p></w:comment></w:comments>'
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].decode()
    first = "<w:r><w:t>Words of the source.</w:t></w:r>"
    second = "<w:r><w:t>Some more of them.</w:t></w:r>"
    for run in (first, second):
        assert run in text or run.replace("<w:t>", '<w:t xml:space="preserve">') in text
        text = text.replace(run.replace("<w:t>", '<w:t xml:space="preserve">'), run)
    around = '<w:commentRangeStart w:id="7"/>{}<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>'
    gone = second.replace("w:t>", "w:delText>")
    came = f'<w:ins w:id="90" {by}><w:r><w:t>yet </w:t></w:r></w:ins><w:del w:id="91" {by}>{gone}</w:del>'
    parts["word/document.xml"] = text.replace(first, around.format(first)).replace(second, came).encode()
    return packed(*parts.items(), ("word/comments.xml", comments))
