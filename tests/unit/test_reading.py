"""Settings become typed values, or all that is wrong with them is told, each fault at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import UnionType
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, ValidationError, convert
from msgspec import field as named

from mmguide.data.schema import Schema
from mmguide.model.clinic import ClinicSettings
from mmguide.model.faults import faults
from mmguide.model.part import Part, is_named, types_of, written_out
from mmguide.model.reading import read, read_strictly
from mmguide.model.settings import Answer, Settings, Text
from mmguide.theme import Theme

MINIMUM = {"title": "T", "sections": ["a.md"]}


class Inner(Part, frozen=True, kw_only=True):
    short_for: ClassVar[str] = "words"

    words: tuple[Text, ...] = ()
    number: Annotated[int, Meta(ge=1, le=9)] = 1

    def __post_init__(self) -> None:
        if self.number == 7:
            raise ValueError("seven is taken")


class Outer(Part, frozen=True, kw_only=True):
    title: Text
    kind: Literal["one", "two"] = "one"
    day: date | None = None
    flag: bool = True
    share: Annotated[float, Meta(ge=0, le=1)] | None = None
    inner: Inner = Inner()
    more: tuple[Inner, ...] = ()
    by_name: Mapping[Annotated[str, Meta(pattern="^[a-z]+$")], Inner] = named(default_factory=dict, name="by-name")
    either: Text | Mapping[str, Text] = "x"
    note: str | None = None


# For each type: values that fit it, and values that do not, as YAML has them.
SOUND_TEXT, NO_TEXT = st.sampled_from(["x", " x ", "ü"]), st.sampled_from(["", "  ", None, ["x"], {"x": "y"}])
SOUND_NUMBER, NO_NUMBER = st.sampled_from(["1", "6", "9"]), st.sampled_from(["0", "10", "many", "2.5", "", ["1"], {}, "1_0"])
NAMES = st.text("abc", min_size=1, max_size=3)


@st.composite
def inner(draw: st.DrawFn, place: tuple[str | int, ...]) -> tuple[Any, set[tuple[str | int, ...]]]:
    """An Inner as written, and the places of its faults."""
    value: dict[str, Any] = {}
    planted = set()
    for name, sound, wrong in (("words", st.lists(SOUND_TEXT), {"x": "y"}), ("number", SOUND_NUMBER, draw(NO_NUMBER))):
        match draw(st.sampled_from(["absent", "sound", "wrong"])):
            case "sound":
                value[name] = draw(sound)
            case "wrong":
                value[name] = wrong
                planted.add((*place, name))
    if draw(st.booleans()):
        value["nubmer"] = "1"
        planted.add((*place, "nubmer"))
    if not planted and draw(st.integers(0, 9)) == 0:
        value["number"] = "7"
        planted.add(place)
    return value, planted


@st.composite
def outer(draw: st.DrawFn) -> tuple[dict[str, Any], set[tuple[str | int, ...]]]:
    """An Outer as written, and the places of its faults."""
    planted: set[tuple[str | int, ...]] = set()
    value: dict[str, Any] = {}
    for name, sound, wrong in (
        ("title", SOUND_TEXT, NO_TEXT.filter(lambda v: v is not None)),
        ("kind", st.sampled_from(["one", "two", None]), st.sampled_from(["three", "", ["one"], {"one": "two"}])),
        ("day", st.sampled_from(["2026-01-31", None]), st.sampled_from(["2026-02-30", "soon", "2026-1-1", ["2026-01-31"]])),
        ("flag", st.sampled_from(["true", "no", "Off", None]), st.sampled_from(["maybe", "2", [], {}])),
        ("share", st.sampled_from(["0.5", "1", None]), st.sampled_from(["2", "nan", "much", {}, "-1"])),
        ("either", st.one_of(SOUND_TEXT, st.dictionaries(NAMES, SOUND_TEXT)), st.sampled_from(["", [], ["x"]])),
    ):
        match draw(st.sampled_from(["absent", "sound", "wrong"])):
            case "sound":
                value[name] = draw(sound)
            case "wrong":
                value[name] = draw(wrong)
                planted.add((name,))
            case _ if name == "title":
                planted.add(("title",))
    value["inner"], found = draw(inner(("inner",)))
    planted |= found
    several = [draw(inner(("more", number))) for number in range(draw(st.integers(0, 3)))]
    value["more"] = [one for one, _ in several]
    mapped = {name: draw(inner(("by-name", name))) for name in draw(st.sets(NAMES | st.sampled_from(["A", "a b"]), max_size=3))}
    value["by-name"] = {name: one for name, (one, _) in mapped.items()}
    planted |= {place for _, places in (*several, *mapped.values()) for place in places}
    planted |= {("by-name", name) for name in mapped if not (name.isalpha() and name.islower())}
    return value, planted


@given(outer())
def test_the_faults_are_those_that_were_planted(made: tuple[dict[str, Any], set[tuple[str | int, ...]]]) -> None:
    value, planted = made
    model, found = read(Outer, value)
    assert (model is None) == bool(planted)
    assert {fault.place for fault in found} == planted


FIELDS = ("by-name", "x", *Outer.__struct_fields__, *Inner.__struct_fields__)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 12)
    | st.floats(allow_nan=True)
    | st.text("ab1 -", max_size=3)
    | st.sampled_from(["one", "7"]),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from([*Outer.__struct_fields__, *Inner.__struct_fields__, "by-name", "x"]), inside, max_size=4
        )
    ),
    max_leaves=12,
)
KINDS = (
    Outer,
    Inner,
    Settings,
    ClinicSettings,
    tuple[Inner, ...],
    Mapping[str, Inner],
    Text | Mapping[str, Text],
    int | None,
    date,
    bool,
)


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("kind", KINDS, ids=str)
@given(value=anything)
def test_there_are_faults_where_a_value_is_refused_and_only_there(kind: Any, strict: bool, value: Any) -> None:
    try:
        convert(value, kind, strict=strict)
        refused = False
    except ValidationError:
        refused = True
    assert bool(tuple(faults(kind, value, strict))) == refused


@given(anything)
def test_writing_out_is_done_once(value: Any) -> None:
    once = written_out(Outer, value)
    assert repr(written_out(Outer, once)) == repr(once)


def test_short_forms_mean_what_is_written_out() -> None:
    short = {
        "title": " T\n",
        "sections": "a.md",
        "grading": "esmo",
        "reporting": {"right": {"1a": "sec:a", "1b": ["sec:b", "sec:c"]}},
    }
    long = {
        "title": "T",
        "sections": ["a.md"],
        "grading": {"scheme": "esmo"},
        "reporting": {"right": {"1a": {"where": ["sec:a"]}, "1b": {"where": ["sec:b", "sec:c"]}}},
    }
    assert read(Settings, short) == read(Settings, long)
    assert read(Settings, short)[0] is not None


def test_an_empty_setting_leaves_the_default() -> None:
    empty = {"language": None, "limits": {"seconds": None}, "clinics": None, "dates": {"search": None}, "notice": None}
    assert read(Settings, {**MINIMUM, **empty}) == read(Settings, MINIMUM)
    assert [f.kind for f in read(Settings, {**MINIMUM, "title": None, "colour": None})[1]] == ["unknown", "missing"]
    # An empty reason is told by the check of reporting, an empty value under a name of the guideline's own here.
    assert read(Answer, {"absent": None})[0] == Answer(absent="")
    assert [f.name for f in read(Settings, {**MINIMUM, "abbreviations": {"PFS": None}})[1]] == ["abbreviations.PFS"]


@pytest.mark.parametrize(
    ("setting", "written", "value"),
    [
        ("version", "1.0", "1.0"),
        ("version", "2026", "2026"),
        ("contents_depth", "3", 3),
        ("contents_depth", "3.0", 3),
        ("numbering", "no", False),
        ("numbering", "FALSE", False),
        ("numbering", "0", False),
        ("id", " one ", "one"),
        ("language", "de-CH", "de-CH"),
        ("csl", "  nature\n", "nature"),
        ("notice", " as written\n", " as written\n"),
        ("outputs", "pdf", ("pdf",)),
        ("clinics", "c/*.yaml", ("c/*.yaml",)),
        ("clinics", [], ()),
    ],
)
def test_what_yaml_calls_a_text_becomes_what_the_setting_is(setting: str, written: Any, value: object) -> None:
    settings, found = read(Settings, {**MINIMUM, setting: written})
    assert found == ()
    assert getattr(settings, setting) == value


@pytest.mark.parametrize(
    ("setting", "written", "problem"),
    [
        ("contents_depth", "5", "'5' is not a whole number from 1 to 4"),
        ("contents_depth", "2.5", "'2.5' is not a whole number from 1 to 4"),
        ("contents_depth", "", "it is empty, and must be a whole number from 1 to 4"),
        ("numbering", "perhaps", "'perhaps' is not true or false"),
        ("status", "drafts", "'drafts' is not one of draft, review, published, superseded, withdrawn"),
        ("sections", [], "it is an empty list, and must be a list with at least 1 in it"),
        ("sections", {"a": "b"}, "it has names of its own below it, and must be a list with at least 1 in it"),
        ("title", ["a"], "it is a list, and must be a text"),
        ("title", "", "it is empty, and must be a text"),
        ("limits", "300", "'300' is not a list of lines `seconds: …`"),
        ("contributors", ["A. B."], "'A. B.' is not a list of lines `name: …`, `role: …`"),
        ("dates", {"search": "2026"}, "'2026' is not a date such as 2026-01-31"),
        ("id", "a b", "'a b' is not a name of at most 60 letters, digits, dots and dashes"),
        ("id", "a" * 70, f"'{'a' * 59}…' is not a name of at most 60 letters, digits, dots and dashes"),
        ("handouts", {"a": {"title": "T"}}, "it names no file, no recommendations and no sections, so nothing would stand on it"),
        ("paper", "A4", "'A4' is not one of a4, letter, a5, half-letter"),
        ("pdf_standard", "x\ny", "'x y' is not one of ua-1, ua-2"),
    ],
)
def test_the_words_say_what_is_wrong_and_what_is_wanted(setting: str, written: Any, problem: str) -> None:
    assert [fault.problem for fault in read(Settings, {**MINIMUM, setting: written})[1]] == [problem]


def test_the_nearest_word_is_offered() -> None:
    found = read(Settings, {**MINIMUM, "statsu": "draft", "status": "drafts", "print": {"chapters": "rigth"}})[1]
    assert [fault.hint for fault in found] == ["did you mean 'status'?", "did you mean 'draft'?", "did you mean 'right'?"]


def test_json_is_read_in_no_other_form() -> None:
    assert read_strictly(Inner, {"number": "2"})[0] is None
    assert read_strictly(Inner, {"words": "a"})[0] is None
    assert read_strictly(Inner, {"words": ["a"], "number": 2})[0] == Inner(words=("a",), number=2)


def _types(kind: Any) -> Iterator[Any]:
    """The type and all types in it, also those of the settings of a Part."""
    yield kind
    inside = types_of(kind).values() if isinstance(kind, type) and issubclass(kind, Part) else get_args(kind)
    for inner in inside:
        if not isinstance(inner, Meta):
            yield from _types(inner)


def _breaks_msgspec(kind: Any) -> bool:
    """Whether it is a union of a text with a pattern and a list or mapping, which msgspec 0.22 frees wrongly."""
    if get_origin(kind) not in (Union, UnionType):
        return False
    members = get_args(kind)
    patterns = [m for m in members if get_origin(m) is Annotated and any(isinstance(s, Meta) and s.pattern for s in get_args(m))]
    return bool(patterns) and any(is_named(m) or get_origin(m) is tuple for m in members)


def test_no_setting_has_a_type_that_breaks_msgspec() -> None:
    pattern = Annotated[str, Meta(pattern="a")]
    assert _breaks_msgspec(pattern | Mapping[str, str])
    kinds = [kind for model in (Settings, ClinicSettings, Theme, Schema) for kind in _types(model)]
    assert len(kinds) > 200
    assert [kind for kind in kinds if _breaks_msgspec(kind)] == []
