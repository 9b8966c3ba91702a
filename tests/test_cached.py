"""With and without the cache the outputs and messages are the same, byte for byte, whatever is edited, in whatever order."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mmguide import cache, memory, shortcut
from mmguide.build import build_project
from mmguide.cli.report import as_text
from mmguide.diagnostics import in_order
from mmguide.options import Options
from mmguide.watch.builder import Builder
from mmguide.watch.events import Done, Event, Page, Problems, Stopped, Written

GUIDELINE = """title: Small
sections: [sections/*.md]
bibliography: [references.json, more.bib]
data: [data/*.csv]
handouts: {leaflet: {title: A leaflet, recommendations: [all], audience: patient}}
"""
PLOT = """
::: {.forest data="trials.csv" value="hr" label="name" #fig:plot}
What the trials found.
:::

::: {.pathway #fig:way}
Who is treated.

- Fit for it?
    - **yes:** Treat
    - **no:** Wait
:::
"""
SCHEMA = "columns: {hr: {label: Hazard ratio, kind: ratio, low: low, high: high}}\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="9"><path d="M0 0h9v9z"/></svg>'


def sections(extra: dict[str, str]) -> dict[str, str]:
    return {f"sections/{name}.md": text for name, text in extra.items()}


def files() -> dict[str, str]:
    """A small project with one of everything."""
    one = "# One {#sec:one}\n\nText [@a2020; @b2021]. See @sec:two and @fig:plot, @fig:way.\n\n![A square](square.svg){#fig:square}\n"
    recommendation = (
        '::: {.recommendation #rec:treat strength="strong" certainty="high" direction="for"}\nWe recommend it [@a2020].\n:::\n'
    )
    two = (
        f'# Two {{#sec:two}}\n\n{recommendation}\nThe ratio is [a.hr]{{.value}}.\n\n::: {{.include file="dose.md"}}\n:::\n{PLOT}'
    )
    return {
        "guideline.yaml": GUIDELINE,
        **sections({"1-one": one, "2-two": two}),
        "dose.md": "Twice a day.\n",
        "references.json": json.dumps([reference("a2020", "A book")]),
        "more.bib": "@book{b2021, title = {Another {Book}}, author = {Doe, Jo}, year = 2021, publisher = {House}}\n",
        "square.svg": SVG.format(9),
        "data/trials.csv": "id,name,hr,low,high\na,Trial A,0.5,0.4,0.7\nb,Trial B,0.8,0.6,1.1\n",
        "data/trials.schema.yaml": SCHEMA,
    }


def reference(key: str, title: str) -> dict[str, object]:
    author = [{"family": "Roe", "given": "Ann"}]
    return {"id": key, "type": "book", "title": title, "author": author, "issued": {"date-parts": [[2020]]}}


Files = dict[str, str]
WORDS = st.sampled_from(
    ["alpha", "beta [@a2020]", "gamma [@b2021, p. 3]", "delta [@nobody]", "[b.hr]{.value}", "*some* words", "⊕"]
)
MOST = 6


@dataclass(frozen=True)
class Edit:
    """A change of some files; None deletes one."""

    name: str
    change: Callable[[Files], dict[str, str | None]]

    def __repr__(self) -> str:
        return self.name


def text_at(path: str, old: str, new: str) -> Edit:
    return Edit(f"{path}: {old!r} becomes {new!r}", lambda files: {path: files.get(path, "").replace(old, new)})


def added(path: str, more: str) -> Edit:
    return Edit(f"{path}: {more!r} behind", lambda files: {path: files.get(path, "") + more})


def whole(path: str, text: str | None) -> Edit:
    return Edit(f"{path}: {'deleted' if text is None else repr(text)}", lambda _: {path: text})


def edits() -> st.SearchStrategy[Edit]:
    """Everything that an editor does to the project."""
    section = st.sampled_from(["sections/1-one.md", "sections/2-two.md", "dose.md"])
    number = st.sampled_from(["0.5", "0.45", "0.9", "", "1e-3"])
    colour = st.sampled_from(["#004488", "#884400"])
    setting = st.sampled_from(
        ["language: de", "csl: apa", "numbering: false", "status: published", "paper: a5", "contents_depth: 1"]
        + ["dates: {review_by: 2020-01-01}", "abbreviations: {OS: overall survival}", "checks: {never-cited: off}", "titel: x"]
    )
    return st.one_of(
        st.builds(added, section, WORDS.map(lambda words: f"\n{words}.\n")),
        st.builds(added, section, st.sampled_from(["\n## New heading\n", "\n# Chapter\n\nText.\n", "\n[@a2020]\n"])),
        st.builds(text_at, section, st.just("Text"), WORDS),
        st.builds(text_at, st.just("data/trials.csv"), st.just("0.5"), number),
        st.builds(text_at, st.just("data/trials.csv"), st.just("Trial A"), st.sampled_from(["Trial \u2295", "Another trial"])),
        st.builds(text_at, st.just("data/trials.schema.yaml"), st.just("Hazard"), st.just("Odds")),
        st.builds(text_at, st.just("references.json"), st.just("A book"), st.sampled_from(["A <i>book</i>", "The book"])),
        st.builds(text_at, st.just("more.bib"), st.just("{Book}"), st.sampled_from(["{Novel}", '{Bo\\"ok}', "{"])),
        st.builds(added, st.just("more.bib"), st.just("@book{a2020, title = {Twice}, year = 2020}\n")),
        st.builds(text_at, st.just("sections/2-two.md"), st.just("Wait"), st.sampled_from(["Watch and wait", "Observe"])),
        st.builds(text_at, st.just("sections/2-two.md"), st.just('strength="strong"'), st.just('strength="conditional"')),
        st.builds(added, st.just("guideline.yaml"), setting.map(lambda line: f"{line}\n")),
        st.builds(whole, st.just("styles/theme.yaml"), colour.map(lambda c: f'colours: {{accent: "{c}"}}\n')),
        st.builds(whole, st.just("styles/web.css"), st.sampled_from(["p { color: black }\n", "p { top: url(x.png) }\n", None])),
        st.builds(whole, st.just("styles/print.css"), st.sampled_from(["p { color: #111 }\n", None])),
        st.builds(whole, st.just("square.svg"), st.sampled_from([SVG.format(12), "no picture", None])),
        st.builds(whole, st.just("sections/3-three.md"), st.sampled_from(["# Three\n\nMore text [@b2021].\n", "", None])),
        st.builds(whole, st.just("sections/1-one.md"), st.sampled_from([files()["sections/1-one.md"], None])),
        st.builds(whole, st.just("dose.md"), st.sampled_from([files()["dose.md"], None])),
        st.just(Edit("all as at first", lambda have: {**dict.fromkeys(have), **files()})),
    )


@dataclass(frozen=True)
class Seen:
    """What a user sees of a build: its messages, and the bytes of its outputs by name."""

    messages: str
    usable: bool
    outputs: dict[str, bytes]


def cached(folder: Path, formats: tuple[str, ...]) -> Seen:
    memory.forget()  # what the folder keeps counts, not what this process knows
    found = shortcut.build(folder, Options(formats, folder.parent / "build"))
    outputs = {path.name: path.read_bytes() for path in found.written}
    return Seen(as_text(found.diagnostics, found.sources), found.usable, outputs)


def anew(folder: Path, formats: tuple[str, ...]) -> Seen:
    memory.forget()
    built = build_project(folder, Options(formats, folder.parent / "anew", cache=False))
    checked = built.checked
    return Seen(as_text(checked.diagnostics, checked.sources), checked.manuscript is not None, dict(built.outputs))


def write(folder: Path, files: Files) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def save(folder: Path, have: Files, edit: Edit) -> None:
    """Make an edit, of the files there are and in the folder."""
    for path, text in edit.change(have).items():
        have.pop(path, None)
        (folder / path).unlink(missing_ok=True)
        if text is not None:
            have[path] = text
    write(folder, have)


def differences(edited: list[Edit], formats: tuple[str, ...]) -> list[str]:
    """The edits after which a build with the cache of all builds before gives something else than one without; each is built twice."""
    found = []
    with TemporaryDirectory() as name:
        folder, have = Path(name, "project"), files()
        write(folder, have)
        for edit in [Edit("nothing", lambda _: {}), *edited]:
            save(folder, have, edit)
            wanted = anew(folder, formats)
            found += [f"{edit} ({time})" for time in ("first", "again") if cached(folder, formats) != wanted]
    return found


@settings(max_examples=1, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(edits(), min_size=MOST, max_size=MOST))
def test_outputs_without_pages_are_the_same(edited: list[Edit]) -> None:
    assert differences(edited, ("html", "json")) == []


def test_pages_are_the_same() -> None:
    edited = [added("sections/1-one.md", "\nNew words [@b2021].\n"), text_at("data/trials.csv", "0.5", "0.45")]
    assert differences(edited, ("pdf", "docx")) == []


@pytest.mark.nightly
@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    st.lists(edits(), min_size=2, max_size=12), st.sampled_from([("html", "json"), ("pdf",), ("docx", "pdf"), ("docx", "fhir")])
)
def test_all_outputs_are_the_same(edited: list[Edit], formats: tuple[str, ...]) -> None:
    assert differences(edited, formats) == []


def watched(builder: Builder, output: Path) -> Seen:
    """What a process that stays warm tells after a save, and what it writes."""
    builder.build()
    events: list[Event] = []
    while not events or not (isinstance(events[-1], Done | Stopped) or (isinstance(events[-1], Problems) and events[-1].stop)):
        assert builder.events.poll(120), "it says nothing more"
        events.append(builder.events.recv())
    problems = [event for event in events if isinstance(event, Problems)]
    outputs = {Path(event.path).name: Path(event.path).read_bytes() for event in events if isinstance(event, Written)}
    pages = [event.content for event in events if isinstance(event, Page)]
    assert pages == [content for name, content in outputs.items() if name.endswith(".html")]
    assert all(Path(event.path).parent == output for event in events if isinstance(event, Written))
    found = in_order(tuple(d for each in problems for d in each.diagnostics))
    return Seen(as_text(found, {k: v for each in problems for k, v in each.sources.items()}), True, outputs)


def differences_while_watched(edited: list[Edit], formats: tuple[str, ...]) -> list[str]:
    """The edits after which a process that watched all edits before tells or writes something else than a build from nothing."""
    found = []
    with TemporaryDirectory() as name:
        folder, have = Path(name, "project"), files()
        write(folder, have)
        builder = Builder(folder, Options(formats, folder.parent / "build"))
        try:
            for edit in [Edit("nothing", lambda _: {}), *edited]:
                save(folder, have, edit)
                wanted = replace(anew(folder, formats), usable=True)
                found += [repr(edit)] if watched(builder, folder.parent / "build") != wanted else []
        finally:
            builder.close()
    return found


@settings(max_examples=1, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(edits(), min_size=MOST, max_size=MOST))
def test_what_is_watched_is_the_same(edited: list[Edit]) -> None:
    assert differences_while_watched(edited, ("html", "json")) == []


def test_pages_that_are_watched_are_the_same() -> None:
    edited = [added("sections/1-one.md", "\nNew words [@b2021].\n"), text_at("data/trials.csv", "0.5", "0.45")]
    assert differences_while_watched(edited, ("html", "pdf", "docx")) == []


@pytest.mark.nightly
@settings(max_examples=30, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(edits(), min_size=4, max_size=16), st.sampled_from([("html", "json"), ("html", "pdf"), ("html", "docx", "pdf")]))
def test_all_that_is_watched_is_the_same(edited: list[Edit], formats: tuple[str, ...]) -> None:
    assert differences_while_watched(edited, formats) == []


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        ("outcome", added("dose.md", "\nThree times.\n")),
        ("scan", added("dose.md", "\n[Three](#nowhere) times.\n")),
        ("table", text_at("data/trials.csv", "0.5", "0.45")),
        ("pandoc parse", added("dose.md", "\nThree times.\n")),
        ("pandoc convert", text_at("more.bib", "{Book}", "{Novel}")),
        ("pandoc cite", text_at("sections/1-one.md", "[@a2020; @b2021]", "[@b2021; @a2020]")),
        ("drawing", text_at("sections/2-two.md", "Wait", "Observe")),
        ("web chapter", added("dose.md", "\nThree times.\n")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_key_is_noticed(kind: str, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a key of one kind of result to miss what it depends on, the comparison would fail."""
    real = cache.key_of

    def blind(named: str, *parts: str | bytes) -> str:
        return real(named) if named == kind else real(named, *parts)

    for module in ("mmguide.shortcut", "mmguide.cache", "mmguide.render.html.chapters"):
        monkeypatch.setattr(f"{module}.key_of", blind)
    assert differences([edit], ("html",))
