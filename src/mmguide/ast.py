"""Pandoc's document tree as plain JSON values, with the few functions every stage needs to read and rewrite it.

An element is a dict `{"t": name, "c": content}` exactly as pandoc writes it (pandoc-types 1.23); blocks and inlines are lists of
them. Trees are treated as frozen: `rewrite` returns a new tree and shares what it did not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

Element = dict[str, Any]
Blocks = list[Element]
Inlines = list[Element]
Node = Any

API_VERSION = (1, 23, 1, 1)


class Attr(NamedTuple):
    """Identifier, classes and attributes of an element, as pandoc's Attr triple."""

    id: str = ""
    classes: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, raw: Sequence[Any]) -> Attr:
        return cls(raw[0], tuple(raw[1]), tuple((k, v) for k, v in raw[2]))

    def raw(self) -> list[Any]:
        return [self.id, list(self.classes), [[k, v] for k, v in self.attributes]]

    def get(self, name: str, default: str = "") -> str:
        return next((v for k, v in self.attributes if k == name), default)

    def having(self, *, id: str | None = None, classes: Sequence[str] = (), **attributes: str) -> Attr:
        """With these classes added and these attributes set; an underscore in a name stands for a hyphen."""
        named = {name.replace("_", "-"): value for name, value in attributes.items()}
        kept = tuple((k, v) for k, v in self.attributes if k not in named)
        more = tuple(c for c in classes if c not in self.classes)
        return Attr(self.id if id is None else id, self.classes + more, kept + tuple(named.items()))


# Where the Attr triple stands in each element that has one.
_ATTR_AT: Mapping[str, int] = {
    "Header": 1,
    "Div": 0,
    "Span": 0,
    "Link": 0,
    "Image": 0,
    "Code": 0,
    "CodeBlock": 0,
    "Figure": 0,
    "Table": 0,
}


_NO_ATTR = Attr()


def attr_of(element: Element) -> Attr:
    """The Attr of an element; an empty one if its kind has none."""
    at = _ATTR_AT.get(element["t"])
    return _NO_ATTR if at is None else Attr.read(element["c"][at])


def id_of(element: Element) -> str:
    """The identifier of an element, '' where it has none."""
    at = _ATTR_AT.get(element["t"])
    return "" if at is None else str(element["c"][at][0])


def classes_of(element: Element) -> Sequence[str]:
    """The classes of an element, none where it has none."""
    at = _ATTR_AT.get(element["t"])
    return () if at is None else element["c"][at][1]


def with_attr(element: Element, attr: Attr) -> Element:
    """The same element with another Attr."""
    content = list(element["c"])
    content[_ATTR_AT[element["t"]]] = attr.raw()
    return {"t": element["t"], "c": content}


def string(text: str) -> Element:
    return {"t": "Str", "c": text}


def words(text: str) -> Inlines:
    """Plain text as Str and Space elements."""
    out: Inlines = []
    for word in text.split():
        out += [SPACE, string(word)] if out else [string(word)]
    return out


SPACE: Element = {"t": "Space"}


def para(inlines: Inlines) -> Element:
    return {"t": "Para", "c": inlines}


def plain(inlines: Inlines) -> Element:
    return {"t": "Plain", "c": inlines}


def strong(inlines: Inlines) -> Element:
    return {"t": "Strong", "c": inlines}


def span(inlines: Inlines, attr: Attr = Attr()) -> Element:
    return {"t": "Span", "c": [attr.raw(), inlines]}


def div(blocks: Blocks, attr: Attr = Attr()) -> Element:
    return {"t": "Div", "c": [attr.raw(), blocks]}


def link(inlines: Inlines, target: str, attr: Attr = Attr()) -> Element:
    return {"t": "Link", "c": [attr.raw(), inlines, [target, ""]]}


def citation(key: str) -> Element:
    """A work cited in brackets, as `[@key]` in Markdown."""
    cited = {
        "citationId": key,
        "citationPrefix": [],
        "citationSuffix": [],
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }
    return {"t": "Cite", "c": [[cited], [string(f"[@{key}]")]]}


def header(level: int, inlines: Inlines, attr: Attr = Attr()) -> Element:
    return {"t": "Header", "c": [level, attr.raw(), inlines]}


def iterate(node: Node) -> Iterator[Element]:
    """Every element below `node` but words and the spaces between them, in document order, parents before their children."""
    # The innermost loop of half the stages: a stack of iterators, and no look into the text of words.
    waiting = [iter((node,))]
    while waiting:
        for item in waiting[-1]:
            below: Any = None
            if type(item) is dict:
                content = item.get("c")
                if type(content) is str:
                    continue
                if type(content) is list:
                    yield item
                    below = content
                elif type(content) is dict:
                    yield item
                    below = (content,)
                elif "citationId" in item:
                    # A prefix or locator can itself cite: `[@a2010, and @b2011]`.
                    below = (item["citationPrefix"], item["citationSuffix"])
            elif type(item) is list:
                below = item
            if below is not None:
                waiting.append(iter(below))
                break
        else:
            waiting.pop()


Action = Callable[[Element], "Element | list[Element] | None"]


def rewrite(node: Node, action: Action, kinds: Set[str] | None = None) -> Node:
    """A tree in which `action` was asked about every element but words and the spaces between them, parents first.

    It is asked about elements of these `kinds` alone where they are given, which saves most of the time.
    `action` returns None to keep the element and go into it, an element to put in its place, or a list to splice in; what it
    returns is not visited again (call `rewrite` inside the action where children must be).
    """
    if type(node) is list:
        return _rewritten(node, action, kinds)
    return _inside(node, action, kinds) if type(node) is dict else node


def _rewritten(node: list[Any], action: Action, kinds: Set[str] | None) -> list[Any]:
    out: list[Any] | None = None
    for i, item in enumerate(node):
        made = item
        if type(item) is dict:
            content = item.get("c")
            if type(content) is list:
                answer = action(item) if kinds is None or item.get("t") in kinds else None
                if answer is None:
                    inside = _rewritten(content, action, kinds)
                    made = item if inside is content else {**item, "c": inside}
                else:
                    made = answer
            elif type(content) is dict or "citationId" in item:
                made = _inside(item, action, kinds)
        elif type(item) is list:
            made = _rewritten(item, action, kinds)
        if made is not item:
            if out is None:
                out = node[:i]
            if type(made) is list and type(item) is dict:
                out.extend(made)
            else:
                out.append(made)
        elif out is not None:
            out.append(item)
    return node if out is None else out


def _inside(element: Element, action: Action, kinds: Set[str] | None) -> Element:
    if "citationId" in element:
        before, after = element["citationPrefix"], element["citationSuffix"]
        prefix, suffix = rewrite(before, action, kinds), rewrite(after, action, kinds)
        same = prefix is before and suffix is after
        return element if same else {**element, "citationPrefix": prefix, "citationSuffix": suffix}
    if type(element.get("c", "")) is str:
        return element
    content = rewrite(element["c"], action, kinds)
    return element if content is element["c"] else {**element, "c": content}


_BREAKS = {"Space", "SoftBreak", "LineBreak"}
_BLOCKS_END = {"Para", "Plain", "Header", "CodeBlock", "HorizontalRule"}


def plain_text(node: Node, *, notes: bool = False, held: bool = False) -> str:
    """The words of a tree as one line of text; footnotes only if asked for. `held`: spaces at which no line may end stay such."""
    out: list[str] = []
    _text(node, out, notes)
    text = "".join(out)
    return " ".join(word for word in text.replace("\n", " ").split(" ") if word) if held else " ".join(text.split())


def _text(node: Node, out: list[str], notes: bool) -> None:
    if isinstance(node, list):
        for item in node:
            _text(item, out, notes)
        return
    if not isinstance(node, dict):
        return
    kind = node.get("t")
    if kind == "Str":
        out.append(node["c"])
    elif kind in _BREAKS:
        out.append(" ")
    elif kind in ("Code", "CodeBlock", "Math", "RawInline", "RawBlock"):
        if not kind.startswith("Raw"):
            out.append(node["c"][1])
    elif kind == "Quoted":
        left, right = ("‘", "’") if node["c"][0]["t"] == "SingleQuote" else ("“", "”")
        out.append(left)
        _text(node["c"][1], out, notes)
        out.append(right)
    elif kind == "Note" and not notes:
        return
    elif kind == "Cite":
        _text(node["c"][1], out, notes)
    else:
        _text(node.get("c"), out, notes)
    if kind in _BLOCKS_END:
        out.append(" ")


def rewrite_lists(node: Node, action: Callable[[list[Element]], list[Element]]) -> Node:
    """A tree in which `action` was given every list of elements (inlines or blocks), innermost first, and its answer put there."""
    if type(node) is list:
        return _lists_rewritten(node, action)
    if type(node) is dict and type(node.get("c", "")) is not str:
        return {**node, "c": rewrite_lists(node["c"], action)}
    return node


def _lists_rewritten(node: list[Any], action: Callable[[list[Element]], list[Element]]) -> list[Any]:
    out: list[Any] | None = None
    elements = bool(node)
    for i, item in enumerate(node):
        made = item
        if type(item) is dict:
            content = item.get("c")
            if type(content) is list:
                inside = _lists_rewritten(content, action)
                made = item if inside is content else {**item, "c": inside}
            elif type(content) is dict:
                made = rewrite_lists(item, action)
            elements = elements and "t" in item
        else:
            elements = False
            if type(item) is list:
                made = _lists_rewritten(item, action)
        if made is not item and out is None:
            out = node[:i]
        if out is not None:
            out.append(made)
    inner = node if out is None else out
    return action(inner) if elements else inner
