"""Stage theme: a project's own style sheets, checked before any renderer sees them. They change what is seen and can load nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import outputs as rules
from mmguide.model.source import Source

# Rules within rules beyond this depth are no style sheet that anybody wrote.
DEEPEST = 12
# Functions whose texts are addresses.
_LOADING = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade"})


class Address(NamedTuple):
    """An address as a style sheet writes it, with its place."""

    written: str
    span: Span

    def path(self, sheet: str) -> str:
        """The file it means, relative to the project, when the sheet itself stands at the path `sheet`."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(sheet), unquote(self.written.split("#")[0].split("?")[0])))

    @property
    def inside(self) -> bool:
        """True where nothing has to be read: a place in the page, or a picture written out in the address."""
        return self.written.startswith(("#", "data:image/"))

    @property
    def foreign(self) -> bool:
        """True where it is no file of the project by its form alone."""
        return ":" in self.written.split("/", 1)[0] or self.written.startswith(("/", "\\"))


def check_sheet(source: Source) -> tuple[Diagnostic, ...]:
    """What is wrong with a style sheet: faults of grammar, and orders to load other sheets."""
    return tuple(_faults(_rules(source.text), source, 0))


def addresses(source: Source) -> tuple[Address, ...]:
    """Everything that the sheet asks to be loaded."""
    return tuple(Address(token.value, _span(source, token)) for token in _loading(_rules(source.text)))


def with_addresses(source: Source, address: Callable[[str], str]) -> str:
    """The sheet's text with every file that it names replaced by what `address` says of its path in the project."""
    import tinycss2

    tree = _rules(source.text)
    for token in _loading(tree):
        asked = Address(token.value, Span(source.path))
        if not asked.inside:
            token.value = address(asked.path(source.path))
            token.representation = f'"{token.value}"' if token.type == "string" else f'url("{token.value}")'
    return str(tinycss2.serialize(tree))


def _rules(text: str) -> list[Any]:
    import tinycss2

    return list(tinycss2.parse_stylesheet(text, skip_comments=True))


def _span(source: Source, token: Any) -> Span:
    return Span(source.path, token.source_line, token.source_column)


def _faults(nodes: list[Any], source: Source, depth: int) -> Iterator[Diagnostic]:
    import tinycss2

    for node in nodes:
        if node.type == "error":
            yield rules.CSS_SYNTAX.at(_span(source, node), problem=_plain(node.message))
        elif node.type == "at-rule" and node.lower_at_keyword in ("import", "charset", "namespace"):
            yield rules.CSS_IMPORT.at(_span(source, node), rule=f"@{node.lower_at_keyword}")
        elif node.type in ("at-rule", "qualified-rule") and node.content is not None:
            if depth >= DEEPEST:
                yield rules.CSS_SYNTAX.at(_span(source, node), problem="rules are nested too deeply")
                return
            inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            yield from _faults(inside, source, depth + 1)


def _plain(message: str) -> str:
    """tinycss2's words for a fault, or plainer ones."""
    return "a colon or a pair of braces is missing" if "Stop token" in message else message.rstrip(".")


def _loading(nodes: list[Any]) -> Iterator[Any]:
    """The tokens that hold an address, in order; without recursion, since blocks can be nested without bound."""
    waiting = [(node, False) for node in reversed(nodes)]
    while waiting:
        node, loads = waiting.pop()
        if node.type == "at-rule" and node.lower_at_keyword == "import":
            continue
        if node.type == "url" or (loads and node.type == "string"):
            yield node
            continue
        loads = loads or (node.type == "function" and node.lower_name in _LOADING)
        for name in ("content", "arguments", "prelude"):
            inside = getattr(node, name, None)
            if isinstance(inside, list):
                waiting.extend((child, loads) for child in reversed(inside))
