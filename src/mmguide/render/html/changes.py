"""Stage render: what came and went between two versions, in HTML: lines, bars and signs for eyes, words for ears, never colour alone."""

from __future__ import annotations

from collections.abc import Iterator

from mmguide.diff.marks import CHANGES, MOVED, Change
from mmguide.labels import label
from mmguide.render.html.tree import Tree, add_class, classes, make, prepend, with_class

_TAGS: dict[Change, str] = {"insertion": "ins", "deletion": "del"}
_WORDS: dict[Change, str] = {"insertion": "inserted", "deletion": "deleted"}
_MOVES: dict[Change, str] = {"insertion": "moved-from", "deletion": "moved-to"}
_SIGNS: dict[Change, str] = {"insertion": "+", "deletion": "\u2212"}
# What a bar can stand beside, and what words can be put into.
_LINES = frozenset({"p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "figcaption", "caption", "pre"})


def changes(root: Tree, language: str) -> None:
    """Turn the marks of a redline into `ins`, `del` and marked blocks, whose beginning and end are told in words; bars beside them."""
    for change in CHANGES:
        for element in with_class(root, change):
            if element.tag == "section":
                element.set("class", " ".join(c for c in element.get("class").split() if c not in (change, MOVED)))
                _moved(element, language)
            elif element.tag == "span":
                element.tag = _TAGS[change]
                _bar(element)
                _told(element, element, change, language)
            else:
                if element.tag == "div":
                    element.set("role", change)
                where = _moved(element, language)
                if where and element.tag == "div":
                    _headed(element, change, language, where)
                    continue
                lines = [e for e in element.iter() if e.tag in _LINES and not any(c.tag in _LINES for c in e.iterdescendants())]
                if lines:
                    _told(lines[0], lines[-1], change, language, where)


def in_print(roots: Iterator[Tree] | tuple[Tree, ...]) -> None:
    """For print, each telling word as a small sign that stands for it: pages show the sign, a screen reader says the word."""
    for root in roots:
        for word in with_class(root, "change-word"):
            word.tag = "abbr"
            word.set("title", word.text or "")
            word.text = word.attrib.pop("data-sign")


def as_new(heading: Tree) -> str:
    """The words of a heading in the new version."""
    gone = {text for e in with_class(heading, "deletion") for text in e.iter()} if "deletion" not in classes(heading) else set()

    def words(element: Tree) -> str:
        inside = (element.text or "") + "".join(words(child) + (child.tail or "") for child in element)
        return "" if element in gone else inside

    return " ".join(words(heading).split())


def _bar(element: Tree) -> None:
    """A bar beside the line, or the row, that a change stands in."""
    above = list(element.iterancestors())
    row = next((e for e in above if e.tag == "tr"), None)
    line = row if row is not None else next((e for e in above if e.tag in _LINES or "recommendation-label" in classes(e)), None)
    if line is not None:
        add_class(line, "changed")


def _moved(element: Tree, language: str) -> str:
    """The other place of what moved, in words; '' for what did not move."""
    number, where = element.attrib.pop("data-move", ""), element.attrib.pop("data-where", "")
    if not number:
        return ""
    if not where:
        return label("moved-near", language)
    return where if where.startswith("“") else f"{label('section', language)}\u00a0{where}"


def _headed(element: Tree, change: Change, language: str, where: str) -> None:
    """Where something moved to or from, which no sign can say, on a line of its own above it."""
    word = _MOVES[change]
    prepend(element, make("p", label(f"{word}-begin", language).format(where=where).strip(), class_="move-word"))
    lines = [e for e in element.iter() if e.tag in _LINES and not any(c.tag in _LINES for c in e.iterdescendants())]
    lines[-1].append(make("span", label(f"{word}-end", language), class_="move-word"))


def _told(first: Tree, last: Tree, change: Change, language: str, where: str = "") -> None:
    word = _MOVES[change] if where else _WORDS[change]
    begin = make("span", label(f"{word}-begin", language).format(where=where), class_="change-word", data_sign=_SIGNS[change])
    begin.tail, first.text = first.text, None
    first.insert(0, begin)
    last.append(make("span", label(f"{word}-end", language), class_="change-word end", data_sign=_SIGNS[change]))
