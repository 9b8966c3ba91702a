"""Render, Word: the theme's values in Word's units, and the page they stand on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from mmguide.labels import primary, right_to_left
from mmguide.render.fonts import fallbacks
from mmguide.theme import Strength, Theme

# Width and height of a sheet in twentieths of a point, as Word writes them.
PAPERS: Mapping[str, tuple[int, int]] = {
    "a4": (11906, 16838),
    "letter": (12240, 15840),
    "a5": (8391, 11906),
    "half-letter": (7920, 12240),
}
SMALL = ("a5", "half-letter")

# What a machine without the theme's fonts shows in their place, with the family's kind.
_SERIF, _SANS, _MONO = "Cambria", "Calibri", "Consolas"
# The fonts of letters that run from the right: Arabic, Hebrew.
SCRIPTS = ("Noto Sans Arabic", "Frank Ruhl Libre")
EMU = 12700


# Between the paragraphs of a handout, as a part of the size of its letters.
_CLOSE = 0.45


def twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def half_points(points: float) -> int:
    return round(points * 2)


class Font(Struct, frozen=True):
    """A family with the one that stands in for it; `kind` is Word's family, `pitch` fixed or variable."""

    name: str
    instead: str
    kind: str
    pitch: str


# The signs before recommendations, which few text fonts draw as large as they should be.
_SYMBOLS = Font("Segoe UI Symbol", "DejaVu Sans", "swiss", "variable")


class Look(Struct, frozen=True):
    """The theme on one paper, in one language; as it is on a `handout`, whose tables are filled in with a pen."""

    theme: Theme
    paper: str
    language: str
    embedded: bool = True
    handout: bool = False

    @property
    def sheet(self) -> tuple[int, int]:
        return PAPERS[self.paper]

    @property
    def right_to_left(self) -> bool:
        return right_to_left(self.language)

    @property
    def script(self) -> str:
        """The family for the letters of a language that runs from the right, as in print; '' for other languages."""
        if not self.right_to_left:
            return ""
        arabic, hebrew = SCRIPTS
        wanted = hebrew if primary(self.language) in ("he", "yi") else arabic
        return wanted if wanted in fallbacks() else ""

    @property
    def hang(self) -> int:
        """The column left of the text."""
        return twips(self.theme.spacing.hang)

    @property
    def margins(self) -> tuple[int, int, int, int]:
        """Top, right, bottom, left."""
        s = self.theme.spacing
        return twips(s.margin_top), twips(s.margin_outside), twips(s.margin_bottom), twips(s.margin_inside)

    @property
    def measure(self) -> int:
        """Width between the margins of an upright page."""
        return self.sheet[0] - self.margins[1] - self.margins[3]

    @property
    def wide_measure(self) -> int:
        """Width between the margins of a page turned on its side."""
        return self.sheet[1] - self.margins[1] - self.margins[3]

    @property
    def band(self) -> int:
        """The height of the cover's band, from the edge of the sheet."""
        return round(self.sheet[1] * (0.34 if self.paper in SMALL else 0.4))

    @property
    def cover_top(self) -> int:
        """Where the title begins on the cover."""
        return twips(20 if self.paper in SMALL else 38)

    @property
    def inset(self) -> int:
        """The margin inside a box."""
        return twips(self.theme.spacing.box)

    @property
    def box_hang(self) -> int:
        """The column left of the text in a box, in which its symbol stands: text in and out of boxes is flush."""
        return max(self.hang - self.inset, 400)

    def box_measure(self, measure: int) -> int:
        """The width of the text in a box that is `measure` wide."""
        return measure - 2 * self.inset - self.box_hang

    @property
    def line(self) -> int:
        """The distance from line to line of running text."""
        return round(self.theme.sizes.line * 20)

    @property
    def gap(self) -> int:
        return twips(self.theme.spacing.gap)

    @property
    def fonts(self) -> Mapping[str, Font]:
        """The families by what they are used for."""
        f = self.theme.fonts
        return {
            "text": _font(f.text),
            "heading": _font(f.heading),
            "table": _font(f.table),
            "mono": _font(f.mono, fixed=True),
            "symbol": _SYMBOLS,
            **({"script": Font(self.script, "Arial", "swiss", "variable")} if self.script else {}),
        }

    def colour(self, name: str) -> str:
        return hex6(str(getattr(self.theme.colours, name)))

    @property
    def strengths(self) -> Mapping[str, Strength]:
        return self.theme.strengths

    def strength_name(self, name: str) -> str:
        """The theme's own name for a recommendation's strength."""
        known = name.strip().lower()
        known = self.theme.also.get(known, known)
        return known if known in self.theme.strengths else "other"


def look(theme: Theme, paper: str, language: str, *, embedded: bool = True, sheet: bool = False) -> Look:
    """The look of a document; on the smallest paper type and margins are smaller too. `embedded`: it brings its fonts along. `sheet`: a
    handout, which is set as close as in print, so that it takes no more pages.
    """
    if sheet:
        close = {"margin_top": 14.0, "margin_bottom": 20.0, "gap": min(theme.spacing.gap, theme.sizes.text * _CLOSE * 25.4 / 72)}
        theme = replace(theme, spacing=replace(theme.spacing, **close))
    if paper not in SMALL:
        return Look(theme, paper, language, embedded, handout=sheet)
    space = {"margin_top": 18.0, "margin_bottom": 17.0, "margin_inside": 14.0, "margin_outside": 14.0, "hang": 13.0, "box": 3.0}
    sizes = {"title": min(theme.sizes.title, 22), "h1": min(theme.sizes.h1, 17), "h2": min(theme.sizes.h2, 12)}
    sizes |= {"table": min(theme.sizes.table, 7.5), "table_line": min(theme.sizes.table_line, 9.5)}
    if sheet:
        # Nothing of a handout is smaller than its text.
        space, sizes = {**space, "margin_top": theme.spacing.margin_top, "hang": theme.spacing.hang}, {}
    smaller = {"sizes": replace(theme.sizes, **sizes), "spacing": replace(theme.spacing, **space)}
    return Look(replace(theme, **smaller), paper, language, embedded, handout=sheet)


def hex6(colour: str) -> str:
    return colour.lstrip("#").upper()


def _font(name: str, *, fixed: bool = False) -> Font:
    if fixed:
        return Font(name, _MONO, "modern", "fixed")
    serif = "serif" in name.lower() and "sans" not in name.lower()
    return Font(name, _SERIF if serif else _SANS, "roman" if serif else "swiss", "variable")
