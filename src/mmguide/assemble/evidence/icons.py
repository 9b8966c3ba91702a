"""Stage assemble, evidence: `::: {.icon-array value="…" label="…"}` becomes a hundred figures, of which as many are filled as are meant."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from mmguide.assemble.values import unconfirmed_mark
from mmguide.ast import Attr, Element, div, para, span, strong, words
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import data as data_rules
from mmguide.diagnostics.rules import evidence as rules
from mmguide.labels import label
from mmguide.model.data import Data
from mmguide.model.picture import Picture
from mmguide.theme import Theme

CLASS = "icon-array"
OF = 100
_COLUMNS = 25
_STEP = 16
_HEAD, _SHOULDERS = 3.0, 5.0


class IconArray(NamedTuple):
    """The block that stands in the text, with the picture that it shows."""

    block: Element
    picture: Picture


def icon_array(attr: Attr, data: Data, theme: Theme, language: str, place: Span) -> IconArray | Diagnostic:
    """The picture with its words, or what is wrong with the value that it names."""
    name = attr.get("value")
    fact = data.fact(name)
    if fact is None:
        return data_rules.UNKNOWN_VALUE.at(place, name=name)
    number = fact.cell.number
    if number is None or fact.column.kind != "percent" or not 0 <= number <= OF:
        return rules.NOT_OUT_OF_100.at(place, name=name, text=fact.cell.text, related=(fact.cell.span,))
    count = int(number.quantize(Decimal(1), ROUND_HALF_UP))
    said = label("of-100", language).format(count=count)
    described = f"{said} {attr.get('label')}".strip()
    path = f"generated/people-{count}.svg"
    size = (float(_COLUMNS * _STEP), float(OF // _COLUMNS * _STEP))
    source = (("data-cell", fact.name),)
    image: Element = {"t": "Image", "c": [Attr(attributes=source).raw(), words(described), [path, ""]]}
    value = span(
        [*words(said), *(unconfirmed_mark(language) if fact.cell.unconfirmed else [])],
        Attr(classes=("value", *(("unconfirmed",) if fact.cell.unconfirmed else ())), attributes=source),
    )
    lines = [para([strong([value]), {"t": "Space"}, *words(attr.get("label"))]), para([image])]
    picture = Picture(path, people(count, theme), "image/svg+xml", *size)
    return IconArray(div(lines, Attr(attr.id, (CLASS,))), picture)


def people(count: int, theme: Theme) -> bytes:
    """A hundred figures in rows of 25, the first `count` filled and the others in outline, so that grey print keeps the meaning."""
    width, height = _COLUMNS * _STEP, OF // _COLUMNS * _STEP
    ink, rule = theme.colours.heading, theme.colours.muted
    shapes = []
    for number in range(OF):
        x, y = number % _COLUMNS * _STEP + _STEP / 2, number // _COLUMNS * _STEP
        look = f'fill="{ink}" stroke="{ink}"' if number < count else f'fill="none" stroke="{rule}"'
        body = f"M{x - _SHOULDERS:g} {y + 14:g}V{y + 11:g}a{_SHOULDERS:g} 3 0 0 1 {2 * _SHOULDERS:g} 0V{y + 14:g}Z"
        shapes.append(f'<g {look}><circle cx="{x:g}" cy="{y + 4:g}" r="{_HEAD - 0.2:g}"/><path d="{body}"/></g>')
    drawn = "".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'stroke-width="0.8">{drawn}</svg>'
    ).encode()
