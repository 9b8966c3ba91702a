"""Stage render, PDF: a text is measured once, and its lines follow from that wherever it leaves no doubt where they end.

WeasyPrint has Pango break the rest of the text anew for each line, up to three times. Where the room that is left lies within `_DOUBT` of
what decides, it is asked as ever: glyphs at a line's end may be set a little closer than in the midst of the text.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from math import inf
from typing import Any

from msgspec import Struct

# A share of the font's size.
_DOUBT = 0.2
# Texts kept with their style, however often they come; of longer ones only the last.
_OFTEN = 200
# What asks for more than breaking at the places that a text has in whatever surroundings: ends of paragraphs, tabs, soft hyphens, signs of
# direction, writings without spaces that are broken by dictionaries, flags and other signs of several characters.
_PARTICULAR = re.compile(
    "[\0\t-\r\x1c-\x1e\x85\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00010000-\U0010ffff]"
)
_COLLAPSING = ("normal", "pre-line")
_WRAPPING = ("normal", "pre-wrap", "pre-line")

Line = tuple[Any, int, int | None, float, float, float]


def apply() -> None:
    _quick_breaking()
    _quick_pairs()


class _Breaks(Struct, eq=False):
    """The places where a text can be broken, its beginning first: number of the character, where what stands before ends without its
    spaces, and where the character stands, in pixels; `end` is that of the whole."""

    at: list[int]
    ends: list[float]
    starts: list[float]
    end: float


class _Shaped(Struct, eq=False):
    """A text in one line: Pango's layout of it and the line's size; once asked for, where it can be broken."""

    text: str
    layout: Any
    length: int
    width: float
    height: float
    baseline: float
    broken: _Breaks | None = None

    def line(self, max_width: Any, resume_at: int | None = None) -> Line:
        """It as the first line of what it is the beginning of, as WeasyPrint tells it."""
        from weasyprint.text.line_break import Layout

        layout = Layout.__new__(Layout)
        vars(layout).update(vars(self.layout), max_width=max_width)
        return layout, self.length, resume_at, self.width, self.height, self.baseline


class _Known(Struct, eq=False):
    """Texts shaped in a style, the one that was broken last, and how the style breaks texts; without `doubt` it is left to Pango."""

    owner: Any
    collapsing: bool
    wrapping: bool
    doubt: float
    texts: dict[str, _Shaped] = {}
    last: _Shaped | None = None


def _quick_breaking() -> None:
    from weasyprint.text import line_break

    from mmguide.render.pdf.quick import everywhere

    original = line_break.split_first_line

    def split_first_line(
        text: str,
        style: Any,
        context: Any,
        max_width: Any,
        justification_spacing: Any,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Line:
        known = vars(style).get("_mmguide_texts")
        if known is None or known.owner is not style.font_config:
            known = vars(style)["_mmguide_texts"] = _known(style)
        if known.doubt and text and not justification_spacing:
            found = _first_line(known, text, style, max_width, minimum)
            if found:
                return found
        line: Line = original(text, style, context, max_width, justification_spacing, is_line_start, minimum)
        return line

    everywhere("split_first_line", original, split_first_line)


def _known(style: Any) -> _Known:
    simple = (
        style["direction"] == "ltr"
        and style["hyphens"] != "auto"
        and style["letter_spacing"] == "normal"
        and style["word_spacing"] == 0
        and style["word_break"] != "break-all"
        and style["overflow_wrap"] != "anywhere"
    )
    white_space = style["white_space"]
    doubt = _DOUBT * style["font_size"] if simple else 0
    return _Known(style.font_config, white_space in _COLLAPSING, white_space in _WRAPPING, doubt)


def _first_line(known: _Known, text: str, style: Any, max_width: Any, minimum: bool) -> Line | None:
    """The first line of a text; None where only Pango knows."""
    last = known.last
    if last is None or not last.text.endswith(text) or text in known.texts:
        last = _shaped(known, text, style)
        if last is None:
            return None
        if not known.wrapping or max_width is None or last.width <= max_width:
            return last.line(max_width)
    if not known.collapsing or max_width is None or not 0 <= max_width < inf:
        return None
    known.last = last
    breaks = last.broken = last.broken or _breaks(last.text, last.layout)
    begin = len(last.text) - len(text)
    first = bisect_right(breaks.at, begin) - 1
    if first < 0 or breaks.at[first] != begin:
        return None
    left = breaks.starts[first]
    if minimum and max_width == 0:
        number = first + 1
    elif breaks.end - left <= max_width:
        number = len(breaks.at)
    else:
        number = _last_that_fits(breaks, left, max_width, known.doubt)
        if number <= first:
            return None
    return _up_to(known, text, breaks.at[number] - begin if number < len(breaks.at) else None, style, max_width)


def _last_that_fits(breaks: _Breaks, left: float, max_width: float, doubt: float) -> int:
    """The last break before which there is room for what stands from `left` on; -1 where that is in doubt."""
    number = bisect_right(breaks.ends, left + max_width) - 1
    after = breaks.ends[number + 1] if number + 1 < len(breaks.at) else breaks.end
    return number if breaks.ends[number] - left <= max_width - doubt and after - left >= max_width + doubt else -1


def _up_to(known: _Known, text: str, end: int | None, style: Any, max_width: float) -> Line | None:
    """The text up to this character as a line; without one, all of it, which fits or is a single word."""
    if end is None:
        whole = _shaped(known, text, style)
        fits = whole is not None and (whole.width <= max_width or (max_width == 0 and not text.endswith(" ")))
        return whole.line(max_width) if whole and fits else None
    words = text[:end]
    shaped = _shaped(known, words.rstrip(" "), style)
    return shaped.line(max_width, len(words.encode())) if shaped and shaped.width > 0 else None


def _shaped(known: _Known, text: str, style: Any) -> _Shaped | None:
    found = known.texts.get(text)
    if found is None and text and not _PARTICULAR.search(text):
        found = _set(text, style)
        if len(text) <= _OFTEN:
            known.texts[text] = found
    return found


def _set(text: str, style: Any) -> _Shaped:
    """The text set in one line."""
    from weasyprint.text.ffi import FROM_UNITS, pango
    from weasyprint.text.line_break import Layout, line_size

    layout = Layout(style)
    layout.set_text(text)
    line = pango.pango_layout_get_line_readonly(layout.layout, 0)
    layout.first_line_direction = line.resolved_dir
    width, height = line_size(line, style)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    return _Shaped(text, layout, line.length, width, height, baseline)


@cache
def _form() -> tuple[int, int]:
    """How many numbers Pango keeps for a glyph, and the bit by which it says that a line can begin with a character."""
    from weasyprint.text.ffi import ffi

    bit = int.from_bytes(bytes(ffi.buffer(ffi.new("PangoLogAttr *", {"is_line_break": 1}))), sys.byteorder)
    return ffi.sizeof("PangoGlyphInfo") // ffi.sizeof("int"), bit


def _breaks(text: str, layout: Any) -> _Breaks:
    """Where a text can be broken; nowhere but at its beginning, if not all of it runs from left to right."""
    from weasyprint.text.ffi import FROM_UNITS, ffi, pango

    numbers, bit = _form()
    places: dict[int, int] = {}
    end = 0
    run = pango.pango_layout_get_line_readonly(layout.layout, 0).runs[0]
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        run, count = run.next, glyphs.num_glyphs
        if item.analysis.level % 2:
            return _Breaks([], [], [], inf)
        widths = memoryview(ffi.buffer(glyphs.glyphs, 4 * numbers * count)).cast("i")[1::numbers].tolist()
        clusters = memoryview(ffi.buffer(glyphs.log_clusters, 4 * count)).cast("i").tolist()
        *lefts, end = accumulate(widths, initial=end)
        places.update(zip(map(item.offset.__add__, reversed(clusters)), reversed(lefts), strict=True))
    told = ffi.buffer(pango.pango_layout_get_log_attrs_readonly(layout.layout, ffi.NULL), 4 * len(text))
    at = [0, *(number for number, bits in enumerate(memoryview(told).cast("I").tolist()) if bits & bit and number)]
    stripped = [len(text[:number].rstrip(" ")) for number in at]
    offsets = range(len(text)) if text.isascii() else list(accumulate((len(each.encode()) for each in text), initial=0))
    try:
        ends, starts = ([places[offsets[number]] * FROM_UNITS for number in numbers] for numbers in (stripped, at))
    except KeyError:  # a break within what Pango takes for one sign
        return _Breaks([], [], [], inf)
    return _Breaks(at, ends, starts, end * FROM_UNITS)


def _quick_pairs() -> None:
    """Whether a line can be broken between two characters, asked for each pair once."""
    from weasyprint.text import line_break

    from mmguide.render.pdf.quick import everywhere

    original = line_break.can_break_text
    of_pair = cache(original)

    def can_break_text(text: str, lang: str) -> bool:
        found: bool = of_pair(text, lang) if len(text) == 2 else original(text, lang)
        return found

    everywhere("can_break_text", original, can_break_text)
