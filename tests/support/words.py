"""The words of a guideline's source and of its outputs, each taken by a tool that is not ours, and their comparison.

Source: pandoc's plain writer on the Markdown, with two small Lua filters that count headings, figures and tables once more and
lay tables and lists out in the order of reading. PDF: pdftotext. Word: the XML in the file. Web page: Python's HTML parser.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unicodedata import normalize
from xml.etree import ElementTree

SUPPORT = Path(__file__).parent
READER = "markdown-yaml_metadata_block-raw_tex-latex_macros"
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+|[%≥≤<>=±×†‡]")
MARK = re.compile(r"⟦(\w+)(?::([^⟧]*))?⟧")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def tokens(text: str) -> list[str]:
    """Words, numbers and the signs that change a meaning; other punctuation, case of ligatures and invisible marks are dropped."""
    return TOKEN.findall(normalize("NFKC", text.replace("\u00ad", "").replace("\u200b", "").replace("−", "-")))


@dataclass(frozen=True)
class Word:
    """A word of the source; an optional one (a list's number, a heading's number in Word) may or may not be printed as text."""

    text: str
    optional: bool = False


@dataclass(frozen=True)
class Words:
    """The words of a source: the text, and its notes, which each output prints where it will."""

    main: tuple[Word, ...]
    notes: tuple[Word, ...]

    @property
    def required(self) -> list[str]:
        return [w.text for w in self.main + self.notes if not w.optional]


@dataclass(frozen=True)
class Comparison:
    """What an output lost and what it has too much, each with some words around it."""

    missing: tuple[str, ...]
    added: tuple[str, ...]


# --- the source -------------------------------------------------------------------------------------------------------


def pandoc(pandoc_path: str, arguments: Sequence[str], given: str) -> str:
    return subprocess.run([pandoc_path, *arguments], input=given.encode(), capture_output=True, check=True).stdout.decode()


def source_words(
    pandoc_path: str,
    texts: Iterable[str],
    references: Path,
    style: Path,
    *,
    change: Callable[[list[Any]], list[Any]] = lambda blocks: blocks,
) -> Words:
    """The words of Markdown texts joined, with citations and the reference list set by pandoc itself."""
    blocks: list[Any] = []
    whole: dict[str, Any] = {}
    for text in texts:
        whole = json.loads(pandoc(pandoc_path, ["-f", READER, "-t", "json"], text))
        blocks += whole["blocks"]
    joined = json.dumps({**whole, "meta": {}, "blocks": change(blocks)})
    plain = pandoc(
        pandoc_path,
        [
            *("-f", "json", "-t", "plain", "--wrap=none", "--columns=100000"),
            f"--lua-filter={SUPPORT / 'number.lua'}",
            *("--citeproc", f"--bibliography={references}", f"--csl={style}"),
            f"--lua-filter={SUPPORT / 'flatten.lua'}",
        ],
        joined,
    )
    main, _, notes = plain.partition("⟦notes⟧")
    return Words(tuple(marked(main)), tuple(marked(notes)))


def marked(text: str) -> Iterable[Word]:
    """Words and marks of the plain text."""
    at = 0
    for mark in MARK.finditer(text):
        yield from map(Word, tokens(text[at : mark.start()]))
        optional = mark[1] != "must"
        yield from (Word(t, optional) for t in tokens((mark[2] or "").replace("␣", " ")))
        at = mark.end()
    yield from map(Word, tokens(text[at:]))


VALUE = re.compile(r"\[([\w.-]+)\]\{\.value([^}]*)\}")


def data_cells(folder: Path) -> dict[str, str]:
    """`row.column` of every CSV file, the first that has it."""
    cells: dict[str, str] = {}
    for path in sorted(folder.glob("data/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                name = next(iter(row.values()))
                for column, text in row.items():
                    cells.setdefault(f"{name}.{column}", text or "")
    return cells


def with_values(text: str, cells: dict[str, str]) -> str:
    """The Markdown with each value of the data written out, as its cell has it."""

    def written(found: re.Match[str]) -> str:
        if "ci=" in found[2]:
            row, column = found[1].rsplit(".", 1)
            low, high = (
                cells.get(f"{row}.{n}_{end}") or cells.get(f"{row}.ci_{end}", "")
                for n, end in ((column, "low"), (column, "high"))
            )
            return f"{cells[found[1]]} (95% CI {low} to {high})"
        return cells[found[1]]

    return VALUE.sub(written, text)


# --- the outputs ------------------------------------------------------------------------------------------------------


def pdf_words(pdftotext: str, path: Path, furniture: Sequence[str], vocabulary: Iterable[str]) -> list[str]:
    """The words of a PDF in the order of its content.

    Lines that match one of `furniture` (running heads and feet) are left out, and each of these must occur. Words that a line's end
    divided are joined where the joined word is in the vocabulary.
    """
    raw = subprocess.run([pdftotext, "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True).stdout.decode()
    patterns = [re.compile(p) for p in furniture]
    seen: set[str] = set()
    lines: list[str] = []
    for line in normalize("NFKC", raw.replace("\f", "\n")).splitlines():
        hit = next((p.pattern for p in patterns if p.fullmatch(line.strip())), None)
        if hit is None:
            lines.append(line.strip())
        else:
            seen.add(hit)
    if unseen := [p for p in furniture if p not in seen]:
        raise AssertionError(f"no line of {path.name} looks like {unseen}")
    return joined_lines(lines, set(vocabulary))


def joined_lines(lines: Sequence[str], vocabulary: set[str]) -> list[str]:
    """The words of lines, where a word that a line's end divided is whole again if the vocabulary has it."""
    out: list[str] = []
    last = ""
    for line in lines:
        words = tokens(line)
        if not words:
            continue
        if out and (joined := last_and_first(out[-1], words[0], last, vocabulary)):
            out[-1] = joined
            words = words[1:]
        out += words
        last = line
    return out


def last_and_first(left: str, right: str, line: str, vocabulary: set[str]) -> str:
    """The word that ends on one line and begins on the next, '' where they are two."""
    for between in ("", "."):
        whole = left + between + right
        parts_known = left in vocabulary and right in vocabulary
        if whole in vocabulary and (line.endswith(("-", "\u2010", "\u00ad", between or "-")) or not parts_known):
            return whole
    return ""


def docx_words(path: Path) -> list[str]:
    """The words of a Word file: the text, then footnotes and endnotes; not headers, footers, field codes and contents."""
    out: list[str] = []
    with zipfile.ZipFile(path) as package:
        for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
            if name not in package.namelist():
                continue
            for paragraph in ElementTree.fromstring(package.read(name)).iter(f"{W}p"):
                style = paragraph.find(f"{W}pPr/{W}pStyle")
                if style is None or not (style.get(f"{W}val") or "").upper().startswith("TOC"):
                    out += tokens(_docx_text(paragraph))
    return out


def _docx_text(paragraph: ElementTree.Element) -> str:
    """Text of one paragraph, not of paragraphs inside it (text boxes), which come by themselves."""
    parts: list[str] = []

    def walk(element: ElementTree.Element) -> None:
        for child in element:
            if child.tag == f"{W}t":
                parts.append(child.text or "")
            elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
                parts.append(" ")
            elif child.tag == f"{W}noBreakHyphen":
                parts.append("-")
            elif child.tag not in (f"{W}p", f"{W}del", f"{W}pPr"):
                walk(child)

    walk(paragraph)
    return "".join(parts)


class _Page(HTMLParser):
    """Collects the text of the page's body that a reader sees; a space where a block begins or ends."""

    INLINE = frozenset(
        ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small", "span", "strong")
        + ("sub", "sup", "u", "var", "wbr")
    )
    VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
    HIDDEN = frozenset(("head", "script", "style", "template", "nav", "svg"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.INLINE:
            self.parts.append(" ")
        if (self.hidden or tag in self.HIDDEN or ("aria-hidden", "true") in attrs) and tag not in self.VOID:
            self.hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.INLINE:
            self.parts.append(" ")
        if tag in self.hidden:
            while self.hidden and self.hidden.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def html_words(path: Path) -> list[str]:
    """The words of a web page's body; not its contents list (`nav`)."""
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return tokens("".join(page.parts))


# --- the comparison ---------------------------------------------------------------------------------------------------


def body(words: Sequence[str], source: Words) -> tuple[list[str], list[str]]:
    """An output's words before the source's first words, and from there on.

    The headings stand in the contents as well, so the beginning is looked for by what follows the first heading too.
    """
    first = [w.text for w in source.main if not w.optional][:25]
    optional = {w.text for w in source.main[:60] if w.optional}
    for start in range(len(words)):
        at = 0
        for word in words[start : start + 60]:
            if at < len(first) and word == first[at]:
                at += 1
            elif word not in optional:
                break
        if at == len(first):
            while start and words[start - 1] in optional and words[start - 1] == source.main[0].text:
                start -= 1
            return list(words[:start]), list(words[start:])
    raise AssertionError("the output does not have the beginning of the text: " + " ".join(first))


def differences(expected: Sequence[str], found: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Where two lists of words differ, as (from, to, from, to): Myers' way, by GNU or BSD diff, which is quick on long lists."""
    out: list[tuple[int, int, int, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "a", Path(folder) / "b"]
        for path, words in zip(paths, (expected, found), strict=True):
            path.write_text("".join(w + "\n" for w in words), encoding="utf-8")
        done = subprocess.run(["diff", "-d", *map(str, paths)], capture_output=True, check=False, text=True)
    for line in re.findall(r"^(\d+)(?:,(\d+))?([acd])(\d+)(?:,(\d+))?$", done.stdout, flags=re.M):
        a, b, c, d = int(line[0]), int(line[1] or line[0]), int(line[3]), int(line[4] or line[3])
        out.append((a if line[2] == "a" else a - 1, b, c if line[2] == "d" else c - 1, d))
    return out


def compare(source: Words, found: Sequence[str], additions: Sequence[str] = ()) -> Comparison:
    """What the source has and the output lacks, and the other way round.

    Notes are looked for among what the output has besides the text. `additions` are regular expressions for what the compiler is
    known to add: a run of added words, joined by spaces, has to consist of them.
    """
    missing, runs = _aligned(source.main, found)
    extra = [word for run in runs for word in run]
    lost, left = _aligned(source.notes, extra)
    allowed = re.compile("(?:(?:" + "|".join(additions or ["(?!)"]) + ") )*")
    added = [" ".join(run) for run in (left if source.notes else runs) if not allowed.fullmatch(" ".join(run) + " ")]
    return Comparison(tuple(missing + lost), tuple(added))


def _aligned(expected: Sequence[Word], found: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Required words that are not found, with the words before them, and runs of words that nobody expected."""
    texts = [w.text for w in expected]
    missing: list[str] = []
    runs: list[list[str]] = []
    for a, b, c, d in differences(texts, found):
        lost = [w.text for w in expected[a:b] if not w.optional]
        if lost:
            missing.append(" ".join([*texts[max(0, a - 5) : a], "→", *lost]))
        if c < d:
            runs.append(list(found[c:d]))
    return missing, runs
