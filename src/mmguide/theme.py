"""Stage theme: `styles/theme.yaml`, the house's and the project's over it, becomes the typed, frozen Theme that all renderers read."""

# No `from __future__ import annotations`: msgspec would compile each annotation at every start.

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, json, to_builtins
from msgspec.structs import asdict

from mmguide import house
from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import outputs as rules
from mmguide.model.part import Part
from mmguide.model.reading import Fault, read
from mmguide.model.settings import Place, nearest
from mmguide.model.source import Source
from mmguide.yaml import YamlProblem, load

LEAST_CONTRAST = 4.5

Colour = Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z", description='a colour such as "#0c3b4c" (with the quotes)')]
FontName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*\Z", max_length=60, description="the name of a font")]
Points = Annotated[float, Meta(ge=1, le=120, description="a size in points, a number from 1 to 120")]
Millimetres = Annotated[float, Meta(ge=0, le=80, description="a distance in millimetres, a number from 0 to 80")]


class Colours(Part, frozen=True, kw_only=True):
    """Colours as #rrggbb."""

    paper: Colour
    ink: Colour
    muted: Colour
    heading: Colour
    accent: Colour
    link: Colour
    rule: Colour
    tint: Colour
    notice: Colour
    notice_tint: Colour


class Fonts(Part, frozen=True, kw_only=True):
    """Families of packaged fonts."""

    text: FontName
    heading: FontName
    table: FontName
    mono: FontName


class Sizes(Part, frozen=True, kw_only=True):
    """Type sizes and line distances in points."""

    text: Points
    line: Points
    small: Points
    table: Points
    table_line: Points
    note: Points
    title: Points
    h1: Points
    h2: Points
    h3: Points
    h4: Points
    web_text: Points


class Spacing(Part, frozen=True, kw_only=True):
    """Distances in millimetres."""

    margin_top: Millimetres
    margin_bottom: Millimetres
    margin_inside: Millimetres
    margin_outside: Millimetres
    hang: Millimetres
    gap: Millimetres
    box: Millimetres


class Strength(Part, frozen=True, kw_only=True):
    """How a recommendation of one strength looks: bar, colours and the symbol before its label."""

    colour: Colour
    tint: Colour
    border: Literal["solid", "double", "dashed", "dotted"]
    width: Annotated[float, Meta(ge=0.5, le=20)]
    symbol: Annotated[str, Meta(min_length=1, max_length=4, description="a sign of at most four characters")]


class Theme(Part, frozen=True, kw_only=True):
    """All of theme.yaml."""

    colours: Colours
    fonts: Fonts
    sizes: Sizes
    spacing: Spacing
    strengths: Mapping[str, Strength]
    also: Mapping[str, str] = {}
    logo: str = ""

    def strength(self, name: str) -> Strength:
        """The look of a strength, by its own name or another one for it; that of `other` where the theme knows neither."""
        known = name.strip().lower()
        return self.strengths.get(self.also.get(known, known)) or self.strengths["other"]

    def variables(self) -> Mapping[str, str]:
        """All values as CSS custom properties: `colours.notice_tint` is `--notice-tint`, `sizes.h1` is `--size-h1`, and so on."""
        found: dict[str, str] = {"--band": self.colours.heading}
        found.update({f"--{_css(k)}": str(v) for k, v in asdict(self.colours).items()})
        found.update({f"--font-{_css(k)}": f'"{v}"' for k, v in asdict(self.fonts).items()})
        found.update({f"--size-{_css(k)}": f"{v:g}pt" for k, v in asdict(self.sizes).items()})
        found.update({f"--{_css(k)}": f"{v:g}mm" for k, v in asdict(self.spacing).items()})
        return found

    def as_json(self) -> str:
        """All values in one line, in a fixed order: what a drawing or a page is kept under."""
        return json.encode(self).decode()


def _css(name: str) -> str:
    return name.replace("_", "-")


def read_theme(house: Source, *own: Source, cache: Cache = NOTHING) -> tuple[Theme, tuple[Diagnostic, ...]]:
    """The house's theme with the values of `own` over it, and what is wrong with those; a faulty value leaves the house's in force."""
    theme, faults = read(Theme, load(house.path, house.text, cache).value)
    if theme is None:
        raise ValueError(f"the house's theme cannot be used: {faults}")
    diagnostics: list[Diagnostic] = []
    for source in own:
        theme, more = _over(theme, source, cache)
        diagnostics += more
    return theme, tuple(diagnostics)


def house_theme() -> Theme:
    """The theme that mmguide ships."""
    return read_theme(house.style("theme.yaml"))[0]


def _over(theme: Theme, source: Source, cache: Cache) -> tuple[Theme, list[Diagnostic]]:
    try:
        document = load(source.path, source.text, cache)
    except YamlProblem as problem:
        return theme, [rules.THEME_SYNTAX.at(problem.span, path=source.path, problem=problem.problem)]
    if document.value is None:
        return theme, []
    if not isinstance(document.value, dict):
        return theme, [
            rules.THEME_SYNTAX.at(Span(source.path), path=source.path, problem="it must be a list of `name: value` lines")
        ]
    merged, faults = read(Theme, _merged(to_builtins(theme), document.value))
    if merged is None:
        return theme, [_diagnostic(source, document.places, fault) for fault in faults]
    found = []
    for places, text in unreadable(merged):
        place = next((p for p in places if p in document.places), places[0])
        found.append(rules.THEME_CONTRAST.at(nearest(document.places, place, source.path), problem=text))
    return merged, found


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(below)
    for key, value in above.items():
        under = out.get(key)
        if value is None:
            continue
        out[key] = _merged(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return out


def _diagnostic(source: Source, places: Mapping[Place, Span], fault: Fault) -> Diagnostic:
    span = nearest(places, fault.place, source.path)
    if fault.kind == "unknown":
        return rules.UNKNOWN_THEME_SETTING.at(span, name=fault.name, hint=fault.hint)
    return rules.INVALID_THEME_SETTING.at(span, name=fault.name, problem=fault.problem, hint=fault.hint)


def luminance(colour: str) -> float:
    """Relative luminance of an #rrggbb colour after WCAG 2.2, 0 (black) to 1 (white)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours after WCAG 2.2, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def unreadable(theme: Theme) -> Iterator[tuple[tuple[Place, ...], str]]:
    """Each pair of colours that a reader could not tell apart, and strengths alike in grey: the settings concerned and a sentence."""
    c = theme.colours
    for name in ("ink", "muted", "heading", "accent", "link", "notice"):
        for ground in ("paper", "tint"):
            yield from _poor(("colours", name), name, getattr(c, name), ground, getattr(c, ground))
    for name in ("ink", "notice"):
        yield from _poor(("colours", name), name, getattr(c, name), "notice_tint", c.notice_tint)
    shapes: dict[tuple[str, float], str] = {}
    symbols: dict[str, str] = {}
    for name, look in theme.strengths.items():
        at: Place = ("strengths", name)
        yield from _poor((*at, "colour"), f"{name}.colour", look.colour, "paper", c.paper)
        for text, colour in (("colour", look.colour), ("ink", c.ink), ("link", c.link), ("muted", c.muted), ("notice", c.notice)):
            yield from _poor((*at, "tint"), text, colour, f"{name}.tint", look.tint)
        if (other := shapes.setdefault((look.border, look.width), name)) != name:
            yield ((*at, "border"), ("strengths", other, "border")), f"strengths '{other}' and '{name}' have the same bar"
        if (other := symbols.setdefault(look.symbol, name)) != name:
            yield ((*at, "symbol"), ("strengths", other, "symbol")), f"strengths '{other}' and '{name}' have the same symbol"


def _poor(place: Place, name: str, colour: str, ground_name: str, ground: str) -> Iterator[tuple[tuple[Place, ...], str]]:
    ratio = contrast(colour, ground)
    if ratio < LEAST_CONTRAST:
        yield (place,), f"the contrast of {name} ({colour}) on {ground_name} ({ground}) is {ratio:.1f} to 1"


def stylesheet(theme: Theme, css: str, *, written_out: bool = False) -> str:
    """A style sheet of ours after a `:root` with the theme's values; `written_out` for print, which knows no logical sides."""
    declared = "".join(f"{name}:{value};" for name, value in theme.variables().items())
    rules, side = (with_values(theme, css), "left") if written_out else (css, "inline-start")
    return f":root{{{declared}}}\n{rules}\n{strength_rules(theme, side)}"


def house_css(theme: Theme) -> str:
    """The house's style sheet for print with the theme's values: the beginning of each style sheet for pages that run from the left."""
    return stylesheet(theme, house.style("print.css").text, written_out=True)


def with_values(theme: Theme, css: str) -> str:
    """The theme's values in place of `var(--name)`: in print, page boxes take no custom properties."""
    variables = theme.variables()
    return re.sub(r"var\(\s*(--[a-z0-9-]+)\s*\)", lambda m: variables.get(m[1], m[0]), css)


def strength_rules(theme: Theme, side: str) -> str:
    """The look of each strength as CSS: `--look`, `--look-tint`, the bar on this side and the symbol, by class `strength-NAME`."""
    out = []
    c = theme.colours
    # Boxes keep their light ground when a reader's screen is dark, and so the colours of what stands in them.
    inside = f"color:{c.ink};--ink:{c.ink};--link:{c.link};--muted:{c.muted};--notice:{c.notice};"
    for name, look in theme.strengths.items():
        names = [name, *(other for other, same in theme.also.items() if same == name)]
        boxes = ",".join(f".strength-{n}" for n in names)
        labels = ",".join(f".strength-{n} > .recommendation-label::before" for n in names)
        symbol = look.symbol.replace("\\", "\\\\").replace('"', '\\"')
        out.append(
            f"{boxes}{{--look:{look.colour};--look-tint:{look.tint};--bar:{look.width:g}pt;background-color:{look.tint};{inside}"
            f"border-{side}:{look.width:g}pt {look.border} {look.colour}}}\n"
            f'{labels}{{content:"{symbol}";color:{look.colour}}}'
        )
    return "\n".join(out)
