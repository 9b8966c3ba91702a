"""The words of pages that run from the right, where a PDF's own order of drawing says nothing of the order of reading.

Ours come from the structure tree. Those of other programs come from pdftotext with their places on the page, line by line from above;
within a line nobody can tell in which order they were written, so each line is held against as many words of the text.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from unicodedata import bidirectional, category, normalize

import pikepdf
from judges import pdf as judge
from lxml import etree

from support.words import tokens

# Words whose middles are no farther apart than this (in points) stand on the same line.
_SAME_LINE = 4.5


def turned(word: str) -> bool:
    """Whether a word is written from right to left."""
    return any(bidirectional(sign) in ("R", "AL") for sign in word)


def letters(text: str) -> list[str]:
    """The words of a text, those from the right as single letters without vowel signs: where one of them ends, and in which order its
    letters stand, a PDF need not say."""
    bare = "".join(sign for sign in normalize("NFKD", text) if category(sign) != "Mn")
    return [part for word in tokens(bare) for part in (word if turned(word) else (word.lower(),))]


def tree_text(path: Path, first_heading: str = "") -> str:
    """The text of a tagged PDF in the order of its tree, from this heading of the first level on; figures are left out."""
    with pikepdf.open(path) as pdf:
        read = judge.read(pdf)
        order = list(read.document.elements())
        beginning = 0
        if first_heading:
            found = (e for e in read.elements("H1") if tokens(first_heading) == tokens(re.sub(r"^\d+ ?", "", e.text())))
            beginning = order.index(next(found))
        return "".join(_text(order[0], {id(each) for each in order[:beginning]}))


def _text(element: judge.Element, before: set[int]) -> Iterator[str]:
    """An element's text without that of the elements `before`, but for what these hold of later ones."""
    for kid in element.kids:
        if isinstance(kid, judge.Content):
            yield "" if id(element) in before else kid.text
        elif isinstance(kid, judge.Element) and kid.role != "Figure":
            inner = "".join(_text(kid, before))
            yield inner if kid.role in ("Span", "Link", "Em", "Strong", "Quote") else f" {inner} "


def line_words(pdftotext: str, path: Path, first: int, top: float, bottom: float) -> list[list[str]]:
    """The words of each line from page `first` (from 1) on, between the margins (in points), in no order within the line."""
    command = [pdftotext, "-bbox", "-f", str(first), "-enc", "UTF-8", str(path), "-"]
    output = subprocess.run(command, capture_output=True, check=True).stdout
    found = etree.HTML(output, etree.HTMLParser(encoding="utf-8"))
    lines: list[list[str]] = []
    for page in found.iter("page"):
        end = float(page.get("height")) - bottom
        placed = [(_middle(word), word.text or "") for word in page.iter("word")]
        last = -100.0
        for middle, word in sorted(item for item in placed if top < item[0] < end):
            if middle - last > _SAME_LINE:
                lines.append([])
                last = middle
            lines[-1] += letters(word)
    return [line for line in lines if line]


def _middle(word: etree._Element) -> float:
    return (float(word.get("ymin")) + float(word.get("ymax"))) / 2


def in_order_of(expected: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """The words of lines; each line that holds the words expected at its place has them in the order expected."""
    out: list[str] = []
    for line in lines:
        here = list(expected[len(out) : len(out) + len(line)])
        out += here if sorted(here) == sorted(line) else line
    return out


def without_lines(lines: Sequence[Sequence[str]], left_out: Sequence[Sequence[str]]) -> list[list[str]]:
    """The lines but for those that hold just the words of one of `left_out`."""
    gone = [sorted(words) for words in left_out]
    return [list(line) for line in lines if line and sorted(line) not in gone]
