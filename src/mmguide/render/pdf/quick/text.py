"""Stage render, PDF: texts set up for Pango once for all texts of a style, and written into the page run by run."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

_FEATURES = (
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
)
_FONT = (
    *_FEATURES,
    "font_family",
    "font_style",
    "font_stretch",
    "font_weight",
    "font_size",
    "font_variation_settings",
    "font_language_override",
    "lang",
    "direction",
)
_LINES = ("ascent", "underline_position", "strikethrough_position", "underline_thickness", "strikethrough_thickness")


class _Kit(Struct, frozen=True, eq=False):
    """What texts of a style are set with: Pango's context, font description and language, the places of lines, features of the font."""

    owner: Any
    context: Any
    description: Any
    language: Any
    lines: dict[str, float | None]
    features: Any


def apply() -> None:
    _quick_setup()
    _shaped_once()
    _quick_strut()
    _quick_drawing()


def _quick_setup() -> None:
    """One context for all texts of a style, instead of one a text."""
    from weasyprint.text.ffi import ffi, gobject, pango
    from weasyprint.text.line_break import Layout

    from mmguide.render.pdf.quick import mark

    def setup(self: Any, style: Any) -> None:
        kit = vars(style).get("_mmguide_kit")
        if kit is None or kit.owner is not style.font_config:
            kit = vars(style)["_mmguide_kit"] = _kit(style)
        self.style = style
        self.first_line_direction = 0
        self.language = kit.language
        self.layout = layout = ffi.gc(pango.pango_layout_new(kit.context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout, False)
        pango.pango_layout_set_font_description(layout, kit.description)
        vars(self).update(kit.lines)
        if kit.features is not None:
            # A list of its own: spacing is added to it. Taking a list apart ends its features, so it is never given back.
            features = pango.pango_attr_list_new()
            pango.pango_attr_list_insert(features, kit.features)
            pango.pango_layout_set_attributes(layout, features)

    Layout.setup = mark(setup)


def _shaped_once() -> None:
    """A line is drawn with the glyphs that its length was found with, unless it is spaced out to fill the column."""
    from weasyprint.text.ffi import ffi, pango
    from weasyprint.text.line_break import Layout

    original = Layout.reactivate

    def reactivate(self: Any, style: Any) -> None:
        # A space alone gets a companion without width, by which it is spaced otherwise when it is set anew.
        kept = style is self.style and not self.justification_spacing and "\u200b" not in self.text
        if not kept or pango.pango_layout_get_line_readonly(self.layout, 1) != ffi.NULL:
            original(self, style)

    Layout.reactivate, Layout.deactivate = reactivate, lambda self: None


def _kit(style: Any) -> _Kit:
    """The kit of a style, the same for styles that ask for the same font."""
    owner = style.font_config
    kits = vars(owner).setdefault("_mmguide_kits", {})
    decorated = style["text_decoration_line"] != "none"
    key = (decorated, *(repr(style[name]) for name in _FONT))
    if key not in kits:
        kits[key] = _made_kit(style, decorated)
    kit: _Kit = kits[key]
    return kit


def _made_kit(style: Any, decorated: bool) -> _Kit:
    from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
    from weasyprint.text.fonts import get_font_description

    owner = style.font_config
    context = ffi.gc(pango.pango_font_map_create_context(owner.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    override = style["font_language_override"]
    tongue = style["lang"] if override == "normal" else LST_TO_ISO.get(override.lower(), override)
    if tongue:
        pointer, _kept = unicode_to_char_p(tongue)
        language = pango.pango_language_from_string(pointer)
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    description = get_font_description(style)
    lines = _lines(context, description, language) if decorated else dict.fromkeys(_LINES[:3])
    return _Kit(owner, context, description, language, lines, _features(style))


def _lines(context: Any, description: Any, language: Any) -> dict[str, float | None]:
    from weasyprint.text.ffi import FROM_UNITS, ffi, pango

    metrics = ffi.gc(pango.pango_context_get_metrics(context, description, language), pango.pango_font_metrics_unref)
    return {name: FROM_UNITS * getattr(pango, f"pango_font_metrics_get_{name}")(metrics) for name in _LINES}


def _features(style: Any) -> Any:
    """The attribute of a style's OpenType features, one for each set of features; None where it asks for none."""
    from weasyprint.text.ffi import pango
    from weasyprint.text.fonts import font_features

    asked = font_features(*(style[name] for name in _FEATURES))
    if not asked:
        return None
    written = ",".join(f"{name} {value}" for name, value in asked.items()).encode()
    known = style.font_config.font_features
    if written not in known:
        known[written] = pango.pango_attr_font_features_new(written)
    return known[written]


def _quick_strut() -> None:
    """Height and baseline of a line, kept with the style."""
    from weasyprint.text import line_break

    from mmguide.render.pdf.quick import everywhere

    original = line_break.strut

    def strut(style: Any) -> Any:
        owner, found = vars(style).get("_mmguide_strut", (None, None))
        if owner is not style.font_config:
            found = original(style)
            vars(style)["_mmguide_strut"] = (style.font_config, found)
        return found

    everywhere("strut", original, strut)


class _Run(Struct):
    """Glyphs of one font in a line: Pango's item, the number and width of each glyph, and its shifts to the right and up."""

    item: Any
    clusters: Any
    pango_font: Any
    font: Any
    size: float
    numbers: list[int]


# Pango's number for a glyph that draws nothing; those above stand for characters without a glyph.
_EMPTY = 0x0FFFFFFF
# What ends a paragraph in a text.
_SEPARATORS = frozenset("\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")
# Numbers that Pango keeps for each glyph: the glyph, its width, its shifts, and a bit that is not needed here.
_NUMBERS = 5
_BYTES = _NUMBERS * 4


def _quick_drawing() -> None:
    """The glyphs of a run are read at once, and a shift of less than a unit is not written."""
    from weasyprint.draw import text
    from weasyprint.text.ffi import ffi, pango

    from mmguide.render.pdf.quick import everywhere

    original = text.draw_first_line
    known = pango.pango_version() >= 14802 and ffi.sizeof("PangoGlyphInfo") == _BYTES

    def draw_first_line(stream: Any, box: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any) -> Any:
        cut = text_overflow == "ellipsis" or block_ellipsis != "none"
        if cut:  # the layout is changed, which other boxes of the same text are drawn with
            box.pango_layout.setup(box.style)
            box.pango_layout.set_text(box.pango_layout.text, justify=True)
        if not known or cut or not box.text.strip() or box.style["font_size"] < 1e-6:
            return original(stream, box, text_overflow, block_ellipsis, matrix)
        if not _SEPARATORS.isdisjoint(box.pango_layout.text):  # asked for without need, all would be shaped again
            pango.pango_layout_set_single_paragraph_mode(box.pango_layout.layout, True)
        runs = _runs(stream, box)
        if runs is None:
            return original(stream, box, text_overflow, block_ellipsis, matrix)
        stream.set_text_matrix(*matrix.values)
        _write(stream, runs, box.pango_layout.text)
        return []

    everywhere("draw_first_line", original, draw_first_line)


def _runs(stream: Any, box: Any) -> list[_Run] | None:
    """The runs of a line; None where one needs more than glyphs in a row (pictures, missing glyphs, raised ones)."""
    from weasyprint.text.ffi import ffi, pango

    runs: list[_Run] = []
    at = pango.pango_layout_get_line_readonly(box.pango_layout.layout, 0).runs[0]
    while at != ffi.NULL:
        item, glyphs = at.data.item, at.data.glyphs
        at = at.next
        pango_font = item.analysis.font
        font, size = (
            _font(stream, box, pango_font) if not runs or runs[-1].pango_font != pango_font else (runs[-1].font, runs[-1].size)
        )
        numbers = memoryview(ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * _BYTES)).cast("i").tolist()
        glyph_numbers = numbers[::_NUMBERS]
        missing = max(glyph_numbers, default=0) >= _EMPTY or min(glyph_numbers, default=0) < 0
        if missing or any(numbers[3::_NUMBERS]) or font.png or font.svg or font.colr or font.bitmap:
            return None
        runs.append(_Run(item, glyphs.log_clusters, pango_font, font, size, numbers))
    return runs


def _font(stream: Any, box: Any, pango_font: Any) -> tuple[Any, float]:
    """The font of the file and its size for a font of Pango, which Pango and HarfBuzz are asked about once, not once a document.

    What is known of a font is kept with a layout that holds it, so that no other font can come to stand in its place.
    """
    from weasyprint.pdf.fonts import Font
    from weasyprint.text.ffi import ffi
    from weasyprint.text.fonts import get_pango_font_key

    known = vars(box.style.font_config).setdefault("_mmguide_fonts", {})
    address = int(ffi.cast("intptr_t", pango_font))
    if address not in known:
        key, description, size = get_pango_font_key(pango_font)
        known[address] = key, size, Font(pango_font, description, size), box.pango_layout.layout
    key, size, font, _ = known[address]
    if key not in stream._fonts:
        stream._fonts[key] = new = Font.__new__(Font)
        vars(new).update(vars(font), widths={}, to_unicode={}, missing={}, variations={**font.variations})
    return stream._fonts[key], size


def _write(stream: Any, runs: list[_Run], text: str) -> None:
    """Show the runs, each in its font; what is moved is moved by whole thousandths of the font's size."""
    shown, before = "", None
    for run in runs:
        if run.pango_font != before:
            before = run.pango_font
            if shown:
                stream.show_text(shown)
            shown = ""
            stream.set_font_size(run.font.hash, run.size)
        shown += _shown(stream, run, text)
    stream.show_text(shown)


def _shown(stream: Any, run: _Run, text: str) -> str:
    """A run's glyphs as strings of numbers, with the movements between them."""
    known = vars(run.font).setdefault("_mmguide_shown", {}).setdefault(run.size, {})
    numbers = run.numbers
    glyphs = list(zip(numbers[::_NUMBERS], numbers[1::_NUMBERS], numbers[2::_NUMBERS], strict=True))
    try:
        shown = "<" + "".join(map(known.__getitem__, glyphs))
    except KeyError:
        for place, glyph in enumerate(glyphs):
            if glyph not in known:
                known[glyph] = _part(stream, run, place, *glyph, text)
        shown = "<" + "".join(map(known.__getitem__, glyphs))
    return shown[:-1] if shown.endswith("<") else shown + ">"


def _part(stream: Any, run: _Run, place: int, glyph: int, width: int, shift: int, text: str) -> str:
    """One glyph within a string of numbers; the font learns which text the glyph stands for and how wide it is."""
    from weasyprint.text.ffi import FROM_UNITS, pango

    font = run.font
    if glyph not in font.to_unicode:
        font.to_unicode[glyph] = _text_of(run, place, text)
    if glyph not in font.widths:
        pango.pango_font_get_glyph_extents(run.pango_font, glyph, stream.ink_rect, stream.logical_rect)
        font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / run.size)
    offset = shift / run.size
    move = int(font.widths[glyph] + offset - width * 1000 * FROM_UNITS / run.size)
    return (f">{-offset}<" if offset else "") + f"{glyph:04x}" + (f">{move}<" if move else "")


def _text_of(run: _Run, place: int, text: str) -> str:
    """The part of the text that a glyph of the run stands for: from its cluster to the next one in reading order."""
    item, clusters = run.item, run.clusters
    last = len(run.numbers) // _NUMBERS - 1
    if item.analysis.level % 2:
        end = item.length if place == 0 else clusters[place - 1]
    else:
        end = item.length if place == last else clusters[place + 1]
    return text.encode()[item.offset + clusters[place] : item.offset + end].decode()
