"""Stage render, PDF: questions to the HTML tree that WeasyPrint lays out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# ElementTree's own type cannot be named here: WeasyPrint builds its tree with it, but its elements are hashed by identity only.
Element = Any

WHITESPACE = re.compile(r"[ \t\n\r\f]+")


def local_name(element: Element) -> str:
    """The element's name without namespace, lower case; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""


def classes(element: Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def role_attribute(element: Element) -> str:
    return (element.get("role") or "").strip().lower()


def language(element: Element) -> str | None:
    """The language the element declares itself, not what it inherits."""
    found = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang")
    return found.strip() or None if found else None


def is_hidden(element: Element) -> bool:
    """True for what is only decoration: a reader must not hear of it."""
    return element.get("aria-hidden") == "true" or role_attribute(element) in ("presentation", "none")


def is_picture(element: Element) -> bool:
    return local_name(element) in ("img", "svg")


def collapse(text: str) -> str:
    return WHITESPACE.sub(" ", text).strip(" ")


def picture_text(element: Element) -> str | None:
    """The alternative text of an `img` or `svg`; None where the source gives none, empty for decoration."""
    if is_hidden(element):
        return ""
    given = element.get("aria-label") or element.get("alt")
    if given is None and local_name(element) == "svg":
        title = next((child for child in element if local_name(child) == "title"), None)
        given = "".join(title.itertext()) if title is not None else None
    return None if given is None else collapse(given)


def formula_text(element: Element) -> str:
    """What a formula is called: its label, else its TeX, else its signs one after the other."""
    tex = next((each for each in element.iter() if local_name(each) == "annotation"), None)
    return collapse(element.get("aria-label") or "".join((element if tex is None else tex).itertext()))


def own_texts(element: Element) -> list[str]:
    """The text before the first child, then after each child: the text nodes that belong to the element itself."""
    return [element.text or "", *(child.tail or "" for child in element)]


class Tree:
    """The parents and places of all elements of one document."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.parent: dict[Element, Element] = {}
        self.index: dict[Element, int] = {}
        self.by_id: dict[str, Element] = {}
        for element in root.iter():
            identifier = element.get("id")
            if identifier:
                self.by_id.setdefault(identifier, element)
            for index, child in enumerate(element):
                self.parent[child] = element
                self.index[child] = index
        self.body = next((child for child in root if local_name(child) == "body"), root)

    def ancestors(self, element: Element) -> Iterator[Element]:
        """The element itself, then its parents up to the root."""
        current = element
        while current is not None:
            yield current
            current = self.parent.get(current)

    def within(self, element: Element, ancestor: Element) -> bool:
        return any(each is ancestor for each in self.ancestors(element))

    def described(self, picture: Element) -> str | None:
        """What a picture is called: its own description or else its caption; nothing for decoration."""
        given = picture_text(picture)
        if given is not None:
            return given or None
        figure = next((each for each in self.ancestors(picture) if local_name(each) == "figure"), None)
        caption = None if figure is None else next((each for each in figure.iter() if local_name(each) == "figcaption"), None)
        return None if caption is None else collapse("".join(caption.itertext())) or None
