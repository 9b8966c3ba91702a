"""Stage theme: what in a project's own style sheet would keep the layout busy without end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import outputs as rules
from mmguide.model.source import Source

_MOST_REPEATS = 500
_MOST_EXPANDED = 10_000
_MOST_NESTED = 200
_DEEPEST = 12
_LEAST_STEP = 0.5
_LEAST_PAGE = 40.0
_PIXELS = {
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "q": 96 / 101.6,
    "em": 12.0,
    "rem": 12.0,
}


def dangers(source: Source) -> tuple[Diagnostic, ...]:
    """What must not reach the layout. Values are looked at as CSS reads them, whatever their spelling."""
    import tinycss2

    tree = tinycss2.parse_stylesheet(source.text, skip_comments=True, skip_whitespace=True)
    check = _Check(source)
    check.rules(tree, 1, 0)
    check.variables()
    return tuple(dict.fromkeys(check.found))


class _Check:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self.custom: dict[str, tuple[Any, list[str], int]] = {}

    def rules(self, nodes: Iterable[Any], nested: int, depth: int) -> None:
        """All rules at one level. `nested` is how many selectors the rules above multiply to."""
        import tinycss2

        for node in nodes:
            if node.type == "declaration":
                self._declaration(node)
            elif node.type in ("qualified-rule", "at-rule"):
                count = nested * (1 + sum(token == "," for token in node.prelude)) if node.type == "qualified-rule" else nested
                if count > _MOST_NESTED or depth > _DEEPEST:
                    self._danger(node, "selectors are nested so that they multiply")
                    continue
                if node.content is not None:
                    below = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
                    self.rules(below, count, depth + 1)

    def _declaration(self, node: Any) -> None:
        tokens = list(_tokens(node.value))
        uses = [name for token in tokens if token.type == "function" and token.lower_name == "var" for name in _names(token)]
        if node.name.startswith("--"):
            self.custom[node.name] = (node, uses, len(tokens))
        for token in tokens:
            if token.type != "function":
                continue
            if token.lower_name == "repeat" and any(t.type == "number" and t.value > _MOST_REPEATS for t in token.arguments):
                self._danger(token, f"repeat() of more than {_MOST_REPEATS}")
            if token.lower_name.startswith("repeating-") and _tiny_step(token):
                self._danger(token, "a repeating gradient with tiny steps")
        if node.lower_name == "size" and any(pixels < _LEAST_PAGE for pixels in _lengths(tokens)):
            self._danger(node, "a page smaller than a stamp")
        if node.lower_name in ("columns", "column-count") and any(t.type == "number" and t.value > _MOST_REPEATS for t in tokens):
            self._danger(node, f"more than {_MOST_REPEATS} columns")

    def variables(self) -> None:
        """The length of each custom property after all others were put into it."""
        sizes: dict[str, int] = {}
        for name in self.custom:
            if self._expanded(name, sizes, 0) > _MOST_EXPANDED:
                self._danger(self.custom[name][0], f"the value of {name} multiplies itself along a chain of var()")
                return

    def _expanded(self, name: str, sizes: dict[str, int], depth: int) -> int:
        if name not in self.custom:
            return 1
        if depth > _MOST_NESTED:
            return _MOST_EXPANDED + 1
        if name not in sizes:
            sizes[name] = 0  # a circle adds nothing: CSS makes it invalid
            _, uses, own = self.custom[name]
            sizes[name] = min(_MOST_EXPANDED + 1, own + sum(self._expanded(use, sizes, depth + 1) for use in uses))
        return sizes[name]

    def _danger(self, node: Any, problem: str) -> None:
        self.found.append(rules.CSS_WITHOUT_END.at(self._span(node), problem=problem))

    def _span(self, node: Any) -> Span:
        return Span(self.source.path, node.source_line, node.source_column)


def _tokens(values: Iterable[Any]) -> Iterator[Any]:
    """All tokens, those within functions and brackets too."""
    waiting = list(values)[::-1]
    while waiting:
        token = waiting.pop()
        yield token
        waiting += (getattr(token, "arguments", None) or getattr(token, "content", None) or [])[::-1]


def _names(token: Any) -> Iterator[str]:
    return (each.value for each in token.arguments if each.type == "ident" and each.value.startswith("--"))


def _lengths(tokens: Iterable[Any]) -> Iterator[float]:
    return (t.value * _PIXELS[t.lower_unit] for t in tokens if t.type == "dimension" and t.lower_unit in _PIXELS)


def _tiny_step(gradient: Any) -> bool:
    tokens = list(_tokens(gradient.arguments))
    lengths = [pixels for pixels in _lengths(tokens) if pixels > 0]
    percentages = [t.value for t in tokens if t.type == "percentage" and t.value > 0]
    return any(pixels < _LEAST_STEP for pixels in lengths) or any(value < _LEAST_STEP for value in percentages)
