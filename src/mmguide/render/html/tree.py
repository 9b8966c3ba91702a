"""Stage render: the few functions with which HTML trees are made and changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

Tree = Any


def make(tag: str, *children: Tree | str | None, **attributes: str | None) -> Tree:
    """An element with these children; `class_` and `aria_label` stand for `class` and `aria-label`, None leaves an attribute out."""
    element = etree.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            element.set(name.rstrip("_").replace("_", "-"), value)
    for child in children:
        append(element, child)
    return element


def append(element: Tree, child: Tree | str | None) -> None:
    """Put an element or a text at the end of another element's content."""
    if child is None:
        return
    if not isinstance(child, str):
        element.append(child)
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + child
    else:
        element.text = (element.text or "") + child


def prepend(element: Tree, child: Tree) -> None:
    """Put an element before everything else in another element's content."""
    child.tail, element.text = element.text, None
    element.insert(0, child)


def classes(element: Tree) -> tuple[str, ...]:
    return tuple((element.get("class") or "").split())


def add_class(element: Tree, *names: str) -> None:
    element.set("class", " ".join(dict.fromkeys((*classes(element), *names))))


# Found by libxml2, which is ten times as fast as looking at each element from here.
_WITH_CLASS = etree.XPath("descendant-or-self::*[contains(@class, $name)]")


def with_class(root: Tree, name: str) -> Iterator[Tree]:
    """The elements below `root` that have the class, in document order; the tree may be changed between them."""
    return (element for element in _WITH_CLASS(root, name=name) if name in classes(element))


def text_of(element: Tree) -> str:
    """The words of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def wrap(element: Tree, wrapper: Tree) -> Tree:
    """Put `wrapper` into the element's place and the element into it."""
    parent = element.getparent()
    wrapper.tail, element.tail = element.tail, None
    parent.replace(element, wrapper)
    wrapper.append(element)
    return wrapper


def remove(element: Tree) -> None:
    """Take the element out; the text behind it stays."""
    parent = element.getparent()
    if tail := element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(element)


def parse(markup: bytes) -> Tree:
    """pandoc's HTML, which is well-formed XML, as one `body` element."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(b"<body>" + markup + b"</body>", parser)


# Elements that HTML knows to be empty.
_EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def write_both(element: Tree) -> str:
    """The element as HTML that is XML at the same time; the tree stays the same but for empty texts."""
    for each in element.iter(etree.Element):
        if each.text is None and not len(each) and each.tag not in _EMPTY:
            each.text = ""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def write(element: Tree) -> str:
    """The element as HTML."""
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


_GAP = re.compile(r"<!--gap (\w+)-->")


def gap(name: str) -> Tree:
    """A place in a tree that is `filled` when the tree is written."""
    return etree.Comment(f"gap {name}")


def filled(markup: str, parts: Mapping[str, str]) -> str:
    """The markup of a tree with written parts in its gaps."""
    return _GAP.sub(lambda found: parts[found[1]], markup)
