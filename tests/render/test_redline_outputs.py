"""The redline as a reader gets it: what is marked where, in words and by line and bar, in files that pass the judges."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from judges.changes import Decision, as_written, settled
from judges.docx import findings
from judges.pdf import all_faults
from lxml import etree
from lxml import html as lxml_html
from render.redline_samples import guideline, sample
from render.test_docx_package import audit, sdk

from mmguide.build import Checked, Options, check_version, render
from mmguide.diff import compare
from mmguide.redlines import RedlineOptions, redlines
from mmguide.releases import usable
from mmguide.render.html.changes import changes

SETTINGS = """
id: mini
title: Mini guideline
version: {version}
status: published
sections: [sections/a.md]
bibliography: [refs.yaml]
dates: {{published: 2026-01-05}}
"""
REFERENCES = """
references:
- {id: one, type: book, title: First, author: [{family: Aa}], publisher: House, issued: 2001}
- {id: two, type: book, title: Second, author: [{family: Bb}], publisher: House, issued: 2002}
- {id: three, type: book, title: Third, author: [{family: Cc}], publisher: House, issued: 2003}
"""
OLD = """
# Text {#sec:text}

Some words of the old version stand here [@one], then others [@two; @three].[^n]

[^n]: A note that stays.

## Gone heading

Words below the heading [@two]. See @tbl:x.

- item one
- item two here

| A | B |
|---|---|
| one | two |
| three | four |

: Caption here. {#tbl:x}

::: {.statement #rec:ask}
Ask everybody about their hands [@three].
:::
"""
NEW = """
# Before {#sec:before}

A chapter that comes first [@two].

# Text {#sec:text}

Some words of the new version stand here [@one], then others [@two; @three].[^n]

[^n]: A note that stays.

Words below the heading [@two]. See @tbl:x.

- item two here
- item three

| A | B |
|---|---|
| one | two |
| new | row |

: Caption there. {#tbl:x}

::: {.statement #rec:ask}
Ask everybody about their feet [@three].
:::
"""


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checked, Checked]:
    """Two small versions."""
    folder = tmp_path_factory.mktemp("versions")
    for name, version, text in (("old", "1.0.0", OLD), ("new", "1.1.0", NEW)):
        (folder / name / "sections").mkdir(parents=True)
        settings = SETTINGS.format(version=version) + FACTS[name]
        (folder / name / "guideline.yaml").write_text(settings, encoding="utf-8")
        (folder / name / "refs.yaml").write_text(REFERENCES, encoding="utf-8")
        (folder / name / "sections" / "a.md").write_text(text, encoding="utf-8")
    return check_version(str(folder / "old"), folder), check_version(str(folder / "new"), folder)


@pytest.fixture(scope="module")
def files(versions: tuple[Checked, Checked]) -> dict[str, bytes]:
    """The redline of two small versions, by the ends of the files' names."""
    old, new = versions
    outputs, found = redlines(old, new, RedlineOptions(author="The panel"))
    assert [str(d.message) for d in found if d.severity.value == "error"] == []
    assert sorted(outputs) == [f"mini-1.0.0-to-1.1.0.{end}" for end in ("docx", "html", "pdf")]
    return {name.rsplit(".", 1)[1]: content for name, content in outputs.items()}


FACTS = {
    "old": """
summary: What this is about, in old words.
notice: Not for use
contributors:
- {name: Ada Example, role: Author, affiliation: House of one, interests: none}
- {name: Eve Example, role: Author, affiliation: Quite elsewhere, interests: some}
- {name: Carl Example, role: Editor, affiliation: House of three, interests: none}
contact: somebody@example.org
""",
    "new": """
subtitle: A subtitle that came
summary: What this is about, in new words.
contributors:
- {name: Ada Example, role: Author, affiliation: House of one, interests: none}
- {name: Bob Example, role: Author, affiliation: House of two, interests: none}
- {name: Carl Example, role: Editor, affiliation: House of four, interests: none}
funding: Nobody paid for this.
contact: somebody@example.org
""",
}


def said(files: dict[str, bytes], tag: str) -> list[str]:
    """The words of every `ins` or `del` in the text of the web page, without those for screen readers."""
    root = lxml_html.fromstring(files["html"]).find(".//main")
    for word in root.find_class("change-word"):
        word.drop_tree()
    for other in (*root.find_class("redline-note"), *root.find_class("about")):
        other.drop_tree()
    return [" ".join(e.text_content().split()) for e in root.iter(tag)]


def test_words_are_marked_where_they_changed(files: dict[str, bytes]) -> None:
    assert said(files, "del") == ["old", "here", "hands"]
    assert said(files, "ins") == ["new", "there", "feet"]


def test_what_came_within_a_line_keeps_its_space() -> None:
    root = lxml_html.fromstring("<main><p>a <span class='insertion'>big </span>site</p></main>")
    changes(root, "en")
    assert root.text_content() == "a [inserted: big ]site"


def test_the_list_of_changes_has_a_row_as_one_and_a_note_once(versions: tuple[Checked, Checked]) -> None:
    old, new = (v.manuscript for v in versions)
    assert old is not None
    assert new is not None
    told = [
        "".join({"same": "", "added": "+", "removed": "-"}[w.operation] + w.text for w in t.words) for t in compare(old, new).text
    ]
    assert "-three | four" in told
    assert "+new | row" in told
    assert not any("note" in text for text in told)


def test_what_moved_on_by_number_is_no_change(files: dict[str, bytes]) -> None:
    text = lxml_html.fromstring(files["html"]).text_content()
    assert "stand here [2], then others [1,3]" in " ".join(text.split()), "numbers of the new version"
    assert not any(re.search(r"\d", words) for words in [*said(files, "ins"), *said(files, "del")])


def test_blocks_rows_and_headings_are_marked_whole(files: dict[str, bytes]) -> None:
    root = lxml_html.fromstring(files["html"])
    for e in root.find_class("change-word"):
        e.drop_tree()
    whole = {
        kind: [" ".join(e.text_content().split()) for e in root.find_class(kind) if e.tag != "span"]
        for kind in ("insertion", "deletion")
    }
    assert "three four" in whole["deletion"]
    assert "new row" in whole["insertion"]
    assert "item one" in whole["deletion"]
    assert "[deleted: item one]" in " ".join(lxml_html.fromstring(files["html"]).text_content().split())
    assert "1.1 Gone heading" in whole["deletion"]


def test_changes_are_told_in_words_and_shown_by_bars(files: dict[str, bytes]) -> None:
    root = lxml_html.fromstring(files["html"]).find(".//main")
    for tag, word in (("ins", "[inserted: "), ("del", "[deleted: ")):
        assert all(e.text_content().startswith(word) and e.text_content().endswith("]") for e in root.iter(tag))
        assert all(any("changed" in (a.get("class") or "") for a in e.iterancestors()) for e in root.iter(tag))
    assert {e.get("role") for e in root.iter("div") if e.get("class") in ("insertion", "deletion")} == {"insertion", "deletion"}


def test_a_deleted_heading_is_not_in_the_contents(files: dict[str, bytes]) -> None:
    contents = lxml_html.fromstring(files["html"]).find(".//nav").text_content()
    assert "Before" in contents
    assert "Gone" not in contents


def test_pages_fulfil_the_standards(files: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(files["pdf"])) as pdf:
        assert all_faults(pdf) == []
    for profile in ("ua1", "3a"):
        assert [f"{f.rule_id}: {f.message}" for f in page.validate_pdf_bytes(files["pdf"], profile=profile).failures] == []


def test_the_signs_in_print_are_told_as_words(files: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(files["pdf"])) as pdf:
        expansions = [str(o.E) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/E" in o]
    assert expansions.count("[inserted:") + expansions.count("[deleted:") == expansions.count("]") > 6


@pytest.mark.parametrize("which", ["mini", "excerpts", "guideline"])
def test_word_validators_find_nothing(which: str, files: dict[str, bytes], ooxml_validator: str, tmp_path: Path) -> None:
    made: dict[str, Callable[[], bytes]] = {
        "mini": lambda: files["docx"],
        "excerpts": lambda: sample().both,
        "guideline": lambda: guideline().both,
    }
    content = made[which]()
    assert sdk(ooxml_validator, content, tmp_path) == []
    assert audit(content, tmp_path) == []


@pytest.mark.parametrize(("decision", "which"), [("accept", 1), ("reject", 0)])
def test_cover_and_contributors_come_back_too(
    decision: Decision, which: int, files: dict[str, bytes], versions: tuple[Checked, Checked]
) -> None:
    def front(values: list[Any]) -> list[Any]:
        return values[: next(i for i, v in enumerate(values) if str(v[0]).startswith("Heading1"))]

    made, _ = render(*usable(versions[which]), Options(("docx",), cache=False))
    got, wanted = front(settled(files["docx"], decision)), front(as_written(next(iter(made.values()))))
    assert got == wanted
    assert "Carl Example" in str(got)


def test_print_and_page_mark_what_changed_in_front(files: dict[str, bytes]) -> None:
    root = lxml_html.fromstring(files["html"])
    masthead, about = root.find_class("masthead")[0], root.find_class("about")[0]
    for e in root.find_class("change-word"):
        e.drop_tree()
    assert [" ".join(e.text_content().split()) for e in masthead.iter("ins")] == ["new", "1.1.0"]
    assert [" ".join(e.text_content().split()) for e in masthead.iter("del")] == ["old", "1.0.0"]
    gone = {kind: [" ".join(e.text_content().split()) for e in about.find_class(kind)] for kind in ("deletion", "insertion")}
    assert gone == {
        "deletion": ["Eve ExampleAuthorQuite elsewheresome", "three"],
        "insertion": ["Bob ExampleAuthorHouse of twonone", "four", "Funding", "Nobody paid for this."],
    }


def test_word_says_whose_changes_they_are_and_when(files: dict[str, bytes]) -> None:
    import zipfile

    with zipfile.ZipFile(BytesIO(files["docx"])) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    found = list(root.iter(f"{space}ins", f"{space}del"))
    assert {(e.get(f"{space}author"), e.get(f"{space}date")) for e in found} == {("The panel", "2026-01-05T00:00:00Z")}
    assert len({e.get(f"{space}id") for e in found}) == len(found)


def test_the_small_word_file_is_sound(files: dict[str, bytes]) -> None:
    assert findings(files["docx"]) == []
