"""Stage render, PDF: styles found once for all elements that are styled alike, and for a pseudo-element when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import Any

from msgspec import Struct

# The attributes that WeasyPrint makes declarations of, but for names: no other element inherits an anchor.
_OWN = ("style", "lang")
_OWN_OF_DRAWINGS = (*_OWN, "width", "height")
_DRAWING = "{http://www.w3.org/2000/svg}svg"
_ANCHOR = "-weasy-anchor"
# Characters that a string in a style sheet does not hold as they are.
_WRITTEN_OTHERWISE = frozenset('"\\\n\r\f')


class _Match(Struct, frozen=True):
    """Declarations that reach an element, and what decides which of several holds."""

    origin: str
    order: float
    specificity: tuple[int, int, int]
    declarations: Any

    @property
    def key(self) -> tuple[Any, ...]:
        return self.origin, self.order, self.specificity, id(self.declarations)


class _Known(Struct):
    """What is known while styles are found: the style of each kind of elements, and what reaches pseudo-elements."""

    html: Any
    kinds: dict[Any, Any] = {}
    kind_of: dict[Any, Any] = {}
    pseudo: dict[tuple[Any, str], list[_Match]] = {}


def apply() -> None:
    from weasyprint.css import ComputedStyle, StyleFor

    original, ask = StyleFor.__init__, StyleFor.__call__

    class Named(ComputedStyle):  # type: ignore[misc]
        """The style of an element with an anchor of its own, in all else that of its kind, with which it shares what is kept with it."""

        def __init__(self, kind: Any, anchor: str) -> None:
            self.__dict__ = vars(kind)
            self.__dict__["_mmguide_kind"] = kind
            self["anchor"] = anchor

        def __missing__(self, key: str) -> Any:
            value = self[key] = self._mmguide_kind[key]
            return value

    def init(self: Any, html: Any, sheets: Any, presentational_hints: bool, font_config: Any, target_collector: Any) -> None:
        if presentational_hints:
            original(self, html, sheets, presentational_hints, font_config, target_collector)
            return
        self._cascaded_styles, self._computed_styles, self._sheets, self.font_config = {}, {}, sheets, font_config
        self.initial_page_sizes = {"box": None, "area": None}
        self._mmguide_known = known = _Known(html)
        for element in html.wrapper_element.iter_subtree():
            kind = _kind(self, known, element)
            anchor = None if "anchor" in kind.cascaded else _anchor(element.etree_element)
            style = self._computed_styles[element.etree_element, None] = Named(kind, anchor) if anchor else kind
            if target_collector and style["anchor"]:
                target_collector.collect_anchor(style["anchor"])

    def call(self: Any, element: Any, pseudo_type: str | None = None) -> Any:
        known = vars(self).get("_mmguide_known")
        if pseudo_type and known and (matches := known.pseudo.pop((element, pseudo_type), None)):
            above = self._computed_styles[element, None]
            self._computed_styles[element, pseudo_type] = _computed(self, known, above, _cascade((), matches), pseudo_type)
        return ask(self, element, pseudo_type)

    StyleFor.__init__, StyleFor.__call__ = init, call


def _kind(self: Any, known: _Known, element: Any) -> Any:
    """The style of the elements that the same declarations reach below elements of one kind."""
    tree = element.etree_element
    matches: dict[str | None, list[_Match]] = {}
    for sheet, origin, fixed in self._sheets:
        for specificity, _, pseudo, (declarations, layer) in sheet.matcher.match(element):
            order = inf if layer is None else sheet.layers.index(layer)
            matches.setdefault(pseudo, []).append(_Match(origin, order, fixed or specificity, declarations))
    real = matches.pop(None, [])
    known.pseudo.update({(tree, pseudo): reached for pseudo, reached in matches.items() if pseudo})
    above = known.kind_of[element.parent.etree_element] if element.parent else None
    own = tuple(map(tree.get, _OWN_OF_DRAWINGS if tree.tag == _DRAWING else _OWN))
    key = (id(above), own, _written_otherwise(tree), *(match.key for match in real))
    if key not in known.kinds:
        known.kinds[key] = _computed(self, known, above, _cascade(_said_by(known.html, tree), real))
    kind = known.kind_of[tree] = known.kinds[key]
    return kind


def _anchor(tree: Any) -> str | None:
    """The anchor that an element is by its name."""
    name = tree.get("name") if tree.tag == "a" else None
    return name or tree.get("id") or None


def _written_otherwise(tree: Any) -> str | None:
    """An anchor that is not what its declaration reads as."""
    anchor = _anchor(tree)
    return anchor if anchor and not _WRITTEN_OTHERWISE.isdisjoint(anchor) else None


class _Alone:
    """An element as a tree of its own."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree

    def iter(self) -> Iterator[Any]:
        yield self._tree


def _said_by(html: Any, tree: Any) -> Iterator[_Match]:
    """The declarations in an element's attributes, of its anchor only where that is one that takes reading."""
    from weasyprint.css import find_style_attributes

    keep_anchor = _written_otherwise(tree) is not None
    for specificity, _, declarations, base in find_style_attributes(_Alone(tree), False, html.base_url):
        said = [each for each in declarations if keep_anchor or getattr(each, "name", "") != _ANCHOR]
        yield _Match("author", inf, specificity, _read(base, said))


def _read(base: str, declarations: Any) -> Any:
    from weasyprint.css.validation import preprocess_declarations

    return list(preprocess_declarations(base, declarations))


def _cascade(own: Iterable[_Match], matches: Iterable[_Match]) -> dict[str, Any]:
    """For each property the value that holds, with its weight."""
    from weasyprint.css import declaration_precedence

    style: dict[str, Any] = {}
    for match in (*own, *matches):
        for name, value, important in match.declarations:
            weight = (declaration_precedence(match.origin, important), match.order, match.specificity)
            if name not in style or style[name][1] <= weight:
                style[name] = value, weight
    return style


def _computed(self: Any, known: _Known, above: Any, cascaded: dict[str, Any], pseudo_type: str | None = None) -> Any:
    from weasyprint.css import ComputedStyle, InitialStyle

    root = self._computed_styles[known.html.etree_element, None] if above else InitialStyle(self.font_config)
    return ComputedStyle(above, cascaded, pseudo_type, root, known.html.base_url, self.font_config, self.initial_page_sizes)
