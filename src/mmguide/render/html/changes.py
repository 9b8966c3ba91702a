"""Stage render: what came and went between two versions, in HTML: lines, bars and signs for eyes, words for ears, never colour alone."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from mmguide.diff.marks import CHANGES, MOVED, Change
from mmguide.diff.words import aligned, word_changes
from mmguide.labels import label
from mmguide.render.html.tree import Tree, add_class, classes, make, prepend, text_of, with_class

_TAGS: dict[Change, str] = {"insertion": "ins", "deletion": "del"}
_WORDS: dict[Change, str] = {"insertion": "inserted", "deletion": "deleted"}
_MOVES: dict[Change, str] = {"insertion": "moved-from", "deletion": "moved-to"}
_OF_OPERATION = {"added": "insertion", "removed": "deletion"}
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
                lines = _lines(element)
                _told(lines[0], lines[-1], change, language, where)


def against(old: Tree | None, new: Tree, language: str) -> Tree:
    """`new`, made of the settings, with what came and went since `old`, the same made of those of the version before (None without one)."""
    if old is not None:
        _compared(old, new)
        changes(new, language)
    return new


def _compared(old: Tree, new: Tree) -> None:
    """Marks in `new` for what only it has, and what only `old` has put into it."""
    before, after = list(old), list(new)
    keys = [[etree.tostring(child, with_tail=False).decode() for child in children] for children in (before, after)]
    at = 0
    for i, j in aligned(keys[0], keys[1], lambda i, j: _alike(before[i], after[j])):
        if j is not None:
            at = new.index(after[j])
        if i is None and j is not None:
            _whole(after[j], "insertion")
        elif j is None and i is not None:
            _whole(before[i], "deletion")
            new.insert(at, before[i])
        elif i is not None and j is not None and keys[0][i] != keys[1][j]:
            _compared(before[i], after[j])
        at += 1
    if (old.text or "") != (new.text or ""):
        changed = word_changes(old.text or "", new.text or "")
        new.text = None
        for words in reversed(changed):
            if words.operation == "same":
                new.text = words.text + (new.text or "")
            else:
                prepend(new, make("span", words.text, class_=_OF_OPERATION[words.operation]))


def _whole(element: Tree, change: Change) -> None:
    add_class(element, change)
    if element.tag in ("p", "dd"):
        add_class(element, "changed")


def _alike(one: Tree, other: Tree) -> float:
    """1 where one piece of the front took the place of another: those of one class, and rows and lines of the same name."""
    if one.tag != other.tag or one.get("class") != other.get("class") or one.tag in ("h3", "dt"):
        return 0.0
    if one.tag == "dd":
        return float(len(one.getparent()) == len(other.getparent()) == 2)
    named = one.tag in ("div", "tr") and one.get("class") is None
    return float(not named or text_of(one[0]) == text_of(other[0]))


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
    word, last = _MOVES[change], _lines(element)[-1]
    if last is element:
        # The words of an item without paragraphs: what is lined has to be an element of its own.
        last = make("span")
        last.text, element.text = element.text, None
        last.extend(list(element))
        element.append(last)
    _end(last, make("span", label(f"{word}-end", language), class_="move-word"))
    prepend(element, make("p", label(f"{word}-begin", language).format(where=where).strip(), class_="move-word"))


def _lines(element: Tree) -> list[Tree]:
    """The innermost of what words can be put into, in reading order; the element itself where nothing is in it."""
    found = [e for e in element.iter() if e.tag in _LINES and not any(c.tag in _LINES for c in e.iterdescendants())]
    return found or [element]


def _told(first: Tree, last: Tree, change: Change, language: str, where: str = "") -> None:
    word = _MOVES[change] if where else _WORDS[change]
    begin = make("span", label(f"{word}-begin", language).format(where=where), class_="change-word", data_sign=_SIGNS[change])
    begin.tail, first.text = first.text, None
    first.insert(0, begin)
    _end(last, make("span", label(f"{word}-end", language), class_="change-word end", data_sign=_SIGNS[change]))


def _end(line: Tree, word: Tree) -> None:
    """Put a word right behind the last of a line; a change within one keeps the space that it ends with."""
    if line.tag in _TAGS.values():
        pass
    elif len(line):
        line[-1].tail = (line[-1].tail or "").rstrip()
    else:
        line.text = (line.text or "").rstrip()
    line.append(word)
