"""What moved, in redlines: a move in Word with both its ends, words in print and on the web page; only where it is sure."""

from __future__ import annotations

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from judges.changes import as_written, settled
from judges.docx import findings
from judges.pdf import all_faults
from lxml import etree
from lxml import html as lxml_html
from render.test_docx_package import audit, sdk
from render.test_redline import text_of

from mmguide import pandoc
from mmguide.build import Checked, Options, check_version, render
from mmguide.converting import parse
from mmguide.diff import compare
from mmguide.diff.marks import unmarked
from mmguide.diff.trees import merged
from mmguide.pandoc import write
from mmguide.redlines import RedlineOptions, redlines
from mmguide.release.changes import what_changed
from mmguide.releases import usable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SETTINGS = """
id: mini
title: Mini guideline
version: {version}
sections: [sections/a.md]
bibliography: [refs.yaml]
dates: {{updated: 2026-01-05}}
"""
REFERENCES = "references:\n- {id: one, type: book, title: First, author: [{family: Aa}], publisher: House, issued: 2001}\n"
FIRST = "# First {#sec:first}\n\nThe first chapter begins with words that nobody thinks of moving away.\n\n"
DIAGNOSIS = """## Diagnosis {#sec:dia}

This paragraph about diagnosis moves to some other place together with its heading [@one].[^n]

[^n]: With a note.

Short one.

"""
SECOND = "# Second {#sec:second}\n\nText of the second chapter stays where it is for as long as it can.\n\n## In it\n\nMore.\n\n"
ITEM = "- an item with as many words as a move needs\n"
LISTS = "- the first of the items that stay\n{}- the second of the items that stay\n\nBetween two lists.\n\n- of the other list {}\n{}"
BOX = "::: {.statement #rec:ask}\nAsk everybody about their hands and feet, and then wash them all.\n:::\n\n"
LAST = "# Third {#sec:third}\n\nOnly words stand here, and they are the last ones.\n\n"
OLD = FIRST + DIAGNOSIS + SECOND + BOX + LAST + LISTS.format(ITEM, "the first", "") + "\nThe end.\n"
NEW = FIRST + BOX + SECOND + DIAGNOSIS + LAST + LISTS.format("", "the first", ITEM) + "\nThe end.\n"


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checked, Checked]:
    folder = tmp_path_factory.mktemp("moves")
    checked = []
    for name, version, text in (("old", "1.0.0", OLD), ("new", "1.1.0", NEW)):
        (folder / name / "sections").mkdir(parents=True)
        (folder / name / "guideline.yaml").write_text(SETTINGS.format(version=version), encoding="utf-8")
        (folder / name / "refs.yaml").write_text(REFERENCES, encoding="utf-8")
        (folder / name / "sections" / "a.md").write_text(text, encoding="utf-8")
        checked.append(check_version(str(folder / name), folder))
    return checked[0], checked[1]


@pytest.fixture(scope="module")
def files(versions: tuple[Checked, Checked]) -> dict[str, bytes]:
    """The redline by the ends of the files' names, and `old` and `new`, the Word files of either version."""
    checked = versions
    made, _ = redlines(checked[0], checked[1], RedlineOptions(author="The panel"))
    out = {name.rsplit(".", 1)[1]: content for name, content in made.items()}
    for name, one in zip(("old", "new"), checked, strict=True):
        plain, _ = render(*usable(one), Options(("docx",), cache=False))
        out[name] = next(iter(plain.values()))
    return out


def body(content: bytes) -> Any:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return etree.fromstring(archive.read("word/document.xml")).find(f"{W}body")


def test_word_moves_what_moved_from_one_named_place_to_another(files: dict[str, bytes]) -> None:
    root = body(files["docx"])
    said: dict[str, list[str]] = {}
    for kind in ("moveFrom", "moveTo"):
        starts, ends = list(root.iter(f"{W}{kind}RangeStart")), list(root.iter(f"{W}{kind}RangeEnd"))
        assert sorted(s.get(f"{W}name") for s in starts) == ["move1", "move3"], "the second is a box"
        assert [s.get(f"{W}id") for s in starts] == [e.get(f"{W}id") for e in ends]
        assert {(e.get(f"{W}author")) for e in (*starts, *root.iter(f"{W}{kind}"))} == {"The panel"}
        said[kind] = ["".join(p.itertext(f"{W}t")) for p in root.iter(f"{W}p") if p.find(f"{W}{kind}") is not None]
        assert len(list(root.iterfind(f".//{W}pPr/{W}rPr/{W}{kind}"))) == 4, "the paragraphs with their marks"
    assert said["moveFrom"] == said["moveTo"]
    assert [text[:14] for text in said["moveTo"]] == ["Diagnosis", "This paragraph", "Short one.", "an item with a"]


def test_a_box_comes_and_goes_in_word_which_moves_no_tables(files: dict[str, bytes]) -> None:
    rows = [row for row in body(files["docx"]).iter(f"{W}tr") if row.find(f"{W}trPr") is not None]
    changes = [name for row in rows for name in ("ins", "del") if row.find(f"{W}trPr/{W}{name}") is not None]
    assert sorted(changes) == ["del", "ins"]


@pytest.mark.parametrize(("decision", "version"), [("accept", "new"), ("reject", "old")])
def test_either_version_comes_back(decision: str, version: str, files: dict[str, bytes]) -> None:
    # The box has its new number in both.
    both, one = (
        [v for v in text_of(found) if isinstance(v, tuple)]
        for found in (settled(files["docx"], decision), as_written(files[version]))  # type: ignore[arg-type]
    )
    assert both == one


def test_print_and_page_say_where_to_and_where_from(files: dict[str, bytes], pdftotext: str, tmp_path: Path) -> None:
    (tmp_path / "both.pdf").write_bytes(files["pdf"])
    printed = subprocess.run([pdftotext, tmp_path / "both.pdf", "-"], capture_output=True, text=True, check=True).stdout
    web = lxml_html.fromstring(files["html"]).find(".//main").text_content()
    for text in (" ".join(printed.split()), " ".join(web.split())):
        for words in (
            "[moved to Section 2: This paragraph",
            "[moved from Section 1: This paragraph",
            "[moved to Section 1:",
            "[moved from Section 2.1:",
            "[moved from elsewhere in this section: an item with as many words as a move needs]",
        ):
            assert words in text, words
        assert "Text that moved unchanged stands at both places" in text


def test_pages_fulfil_the_standards(files: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(files["pdf"])) as pdf:
        assert all_faults(pdf) == []
    for profile in ("ua1", "3a"):
        assert [f"{f.rule_id}: {f.message}" for f in page.validate_pdf_bytes(files["pdf"], profile=profile).failures] == []


def test_word_validators_find_nothing(files: dict[str, bytes], ooxml_validator: str, tmp_path: Path) -> None:
    assert sdk(ooxml_validator, files["docx"], tmp_path) == []
    assert audit(files["docx"], tmp_path) == []
    assert findings(files["docx"]) == []


def test_the_list_of_changes_tells_what_moved_once(versions: tuple[Checked, Checked]) -> None:
    old, new = (usable(one)[0] for one in versions)
    found = compare(old, new)
    assert [(t.moved_from, t.section, t.words[0].text[:22]) for t in found.text if t.kind == "moved"] == [
        ("Diagnosis", "Diagnosis", "This paragraph about d"),
        ("Third", "Third", "an item with as many w"),
    ]
    assert not any("as many words" in w.text for t in found.text if t.kind != "moved" for w in t.words)
    printed = pandoc.write(what_changed(old, new, found).blocks, "plain", ["--wrap=none"]).decode()
    assert "Moved here from “Third”: an item with as many words as a move needs" in printed


LONG = "A paragraph of so many words that it can be known again anywhere."
ITEMS, MORE = "- one item and another\n- the next of the items\n", "- something else is here\n- and again another thing\n"


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        (f"{LONG}\n\n# One\n\nText.", f"# One\n\nText.\n\n{LONG}", True),
        ("Few words here.\n\n# One\n\nText.", "# One\n\nText.\n\nFew words here.", False),
        (f"{LONG}\n\n# One\n\nText.\n\n# Two", f"# One\n\nText.\n\n{LONG}\n\n# Two\n\n{LONG}", False),
        (f"{LONG}\n\n# One\n\nText.", f"# One\n\nText.\n\n{LONG} More.", False),
        (f"- {LONG}\n{ITEMS}\n# One\n\n{MORE}", f"{ITEMS}\n# One\n\n{MORE}- {LONG}", True),
    ],
)
def test_only_what_is_sure_has_moved(old: str, new: str, *, moved: bool) -> None:
    shown = write(merged(unmarked(parse(old)), unmarked(parse(new))), "markdown").decode()
    assert (".insertion .moved" in shown, ".deletion .moved" in shown) == (moved, moved)
