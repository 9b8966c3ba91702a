"""Render, Word: every paragraph and character style, from the theme.

Whatever the finishing or pandoc may put on a paragraph or a run stands here, so that a committee changes a look in one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from mmguide.render.docx.fonts import line_height
from mmguide.render.docx.frontstyles import contents_styles, cover_styles, edge_styles
from mmguide.render.docx.look import Look
from mmguide.render.docx.style import Style, character, paragraph

HEADING_LEVELS = 6
# The lists of word/numbering.xml that headings belong to: with numbers, without, and with numbers typed as text.
HEADING_NUMBERS, NO_NUMBERS, TYPED_NUMBERS = 1, 2, 3
# The indent of each level of a list, and how many levels have styles of their own.
STEP = 340
LIST_LEVELS = 5
MAJOR = {"theme": "major"}


def styles(look: Look) -> tuple[Style, ...]:
    """All paragraph and character styles."""
    texts = (*_base(look), *_headings(look), *_text(look), *_lists(look), *_quotes(look), *_tables(look), *_captions(look))
    front = (*edge_styles(look), *contents_styles(look), *cover_styles(look))
    return _fitted((*texts, *front, *_boxes(look), *_characters(look)), look)


def _fitted(given: tuple[Style, ...], look: Look) -> tuple[Style, ...]:
    """Lines closer than what the font asks for by itself are given as a part of that, which gives way to a picture or a formula.

    "At least" would set them wider than in print, page after page; "exactly" would cut what is higher. Where a machine may have to
    take other fonts, "at least" stays.
    """
    if not look.embedded:
        return given
    known, out = {style.id: style for style in given}, []
    for style in given:
        before, after, line = style.p.get("spacing", (0, 0, 0))
        own = _size(style, known, look) * 20 * line_height(_font(style, known, look)) if line > 0 else 0
        out.append(replace(style, p={**style.p, "spacing": (before, after, line / own)}) if own > line > 0 else style)
    return tuple(out)


def _chain(style: Style, known: Mapping[str, Style]) -> Iterator[Style]:
    """The style and those it is based on."""
    at: Style | None = style
    while at is not None:
        yield at
        at = known.get(at.based)


def _size(style: Style, known: Mapping[str, Style], look: Look) -> float:
    return next((s.r["size"] for s in _chain(style, known) if "size" in s.r), look.theme.sizes.text)


def _font(style: Style, known: Mapping[str, Style], look: Look) -> str:
    for at in _chain(style, known):
        if "font" in at.r:
            return look.fonts[at.r["font"]].name
        if at.r.get("theme") == "major":
            return look.fonts["heading"].name
    return look.fonts["text"].name


def _base(look: Look) -> tuple[Style, ...]:
    note = look.theme.sizes.note
    notes = {"spacing": (0, 40, round(note * 25)), "ind": (0, 0, 0)}
    return (
        # Not among the defaults of the document: those LibreOffice takes for wishes of each cell, before those of a run's style.
        Style("Normal", "Normal", default=True, priority=0, r={"color": "ink"}),
        Style("DefaultParagraphFont", "Default Paragraph Font", kind="character", default=True, quick=False, priority=1),
        Style("FootnoteText", "footnote text", "Normal", p=notes, r={"size": note}),
        Style("CommentText", "annotation text", "Normal", quick=False, r={"size": 10}),
        Style("CommentSubject", "annotation subject", "CommentText", "CommentText", quick=False, r={"b": True}),
        Style("BalloonText", "Balloon Text", "Normal", quick=False, r={"size": 9}),
    )


def _headings(look: Look) -> tuple[Style, ...]:
    s, hang, line = look.theme.sizes, look.hang, look.line
    # As in print, where the larger of two distances counts: here they add up.
    before, after = {1: 0, 2: 200, 3: 80}, {1: line * 4 // 3, 2: 100, 3: 40}
    if look.handout:
        before[2], after[1], after[2] = 80, look.gap, 60
    size, high = {1: s.h1, 2: s.h2, 3: s.h3}, {1: 24, 2: 25}
    out = []
    for level in range(1, HEADING_LEVELS + 1):
        points = size.get(level, s.h4)
        p: dict[str, Any] = {
            "keepNext": True,
            "keepLines": True,
            "pageBreakBefore": level == 1,
            "numPr": (HEADING_NUMBERS, level - 1),
            "suppressAutoHyphens": True,
            "spacing": (before.get(level, line // 2), after.get(level, 0), round(points * high.get(level, 0)) or line),
            "ind": (hang, 0, -hang),
            "outlineLvl": level - 1,
            **({"pBdr": [("top", "single", 16, 9, "heading")]} if level == 1 else {}),
        }
        r = {**MAJOR, "b": level < 5, "i": level > 4, "color": "heading", "size": points}
        out.append(Style(f"Heading{level}", f"heading {level}", "Normal", "BodyText", p=p, r=r, priority=9))
        # Looks the same, but Word's contents do not collect it.
        out.append(paragraph(f"Heading{level}Unlisted", f"Heading {level} Unlisted", f"Heading{level}", "BodyText"))
    return tuple(out)


def _text(look: Look) -> tuple[Style, ...]:
    gap, line = look.gap, look.line
    rule = {"pBdr": [("bottom", "single", 4, 1, "rule")], "spacing": (0, line, 0)}
    thin = {"spacing": (0, 0, -20), "suppressLineNumbers": True}
    return (
        Style("BodyText", "Body Text", "Normal", p={"spacing": (0, gap, line), "ind": (look.hang, 0, 0)}, priority=2),
        # In a paragraph from right to left, Word counts its left indent from the right.
        paragraph("BodyTextTurned", "Body Text Turned", "BodyText", p={"bidi": not look.right_to_left, "ind": (0, look.hang, 0)}),
        paragraph("FirstParagraph", "First Paragraph", "BodyText", "BodyText"),
        paragraph("Compact", "Compact", "BodyText", p={"spacing": (0, gap // 3, line)}),
        paragraph("HorizontalLine", "Horizontal Line", "BodyText", p=rule),
        paragraph("TableEnd", "Table End", p={**thin, "spacing": (0, 0, -line // 2 - 40)}, r={"size": 4}, quick=False),
        paragraph("BoxEnd", "Box End", p={**thin, "spacing": (0, 0, -60)}, r={"size": 2}, quick=False),
        paragraph("SectionEnd", "Section End", p=thin, r={"size": 1}, quick=False),
    )


def _lists(look: Look) -> tuple[Style, ...]:
    gap, line, hang = look.gap, look.line, look.hang
    out = [Style("ListParagraph", "List Paragraph", "BodyText", p={"spacing": (0, gap // 2, line)}, priority=34)]
    bases = (("", "", "BodyText", hang), ("Box", "Box ", "RecommendationText", look.box_hang), ("Cell", "Cell ", "TableText", 0))
    for level in range(1, LIST_LEVELS + 1):
        id, name = (f"ListContinue{level}", f"List Continue {level}") if level > 1 else ("ListContinue", "List Continue")
        for prefix, words, based, left in bases:
            p = {"ind": (left + STEP * level, 0, 0)}
            out.append(Style(prefix + id, words + name, based, p=p, own=bool(prefix), quick=False))
    return tuple(out)


def _quotes(look: Look) -> tuple[Style, ...]:
    gap, line, hang = look.gap, look.line, look.hang
    quote = {"ind": (hang + 360, 360, 0), "pBdr": [("left", "single", 12, 10, "rule")]}
    code = {"ind": (hang, 0, 0), "shd": "tint", "wordWrap": True, "spacing": (60, gap, line)}
    term = {"keepNext": True, "spacing": (0, 0, line)}
    small = look.theme.sizes.small - 0.25
    entry = {"ind": (510, 0, -510), "spacing": (0, gap // 2, round(small * 26)), "keepLines": True}
    # They stay together, below the references where they still fit.
    abbreviation = {
        "keepNext": True,
        "keepLines": True,
        "ind": (hang + 1588, 0, -1588),
        "spacing": (0, 40, round(look.theme.sizes.small * 27)),
    }
    return (
        Style("BlockText", "Block Text", "BodyText", p=quote, r={"color": "muted"}),
        Style("FootnoteBlockText", "Footnote Block Text", "FootnoteText", p=quote, r={"color": "muted"}),
        paragraph("SourceCode", "Source Code", "BodyText", p=code, r={"font": "mono", "size": look.theme.sizes.small}),
        paragraph("DefinitionTerm", "Definition Term", "BodyText", "Definition", p=term, r={**MAJOR, "b": True}),
        paragraph("Abbreviation", "Abbreviation", "BodyText", p=abbreviation, r={"size": look.theme.sizes.small}),
        paragraph("Definition", "Definition", "BodyText", p={"ind": (hang + 360, 0, 0)}),
        Style("Bibliography", "Bibliography", "Normal", p=entry, r={"size": small}, priority=37),
        paragraph("BibliographyTurned", "Bibliography Turned", "Bibliography", p={"bidi": not look.right_to_left}),
    )


def _tables(look: Look) -> tuple[Style, ...]:
    s = look.theme.sizes
    text = {"spacing": (30, 30, round(s.table_line * 20)), "ind": (0, 0, 0)}
    close = {"spacing": (0, 0, round(s.note * 25.6))}
    return (
        paragraph("TableText", "Table Text", p=text, r={"size": s.table, "font": "table"}),
        paragraph("TableHeading", "Table Heading", "TableText", p={"keepNext": True}, r={"b": True, "color": "heading"}),
        paragraph("TableTextSmall", "Table Text Small", "TableText", p=close, r={"size": s.note}),
        paragraph("TableRowHeadingSmall", "Table Row Heading Small", "TableTextSmall", r={"b": True}),
        paragraph("TableRowHeading", "Table Row Heading", "TableText", r={"b": True}),
    )


def _captions(look: Look) -> tuple[Style, ...]:
    s, gap = look.theme.sizes, look.gap
    size, below = s.small + 0.75, look.line
    high = round(size * 26)
    base = {"spacing": (gap * 5 // 6, below, high), "keepLines": True, "contextualSpacing": True, "ind": (0, 0, 0)}
    above = {"keepNext": True, "spacing": (80, 100, high)}
    steps = {"spacing": (0, 20, 220), "ind": (0, 0, 0)}
    figure = {"keepNext": True, "spacing": (80, 0, 0), "ind": (0, 0, 0)}
    note = {"spacing": (gap // 2, below, round(s.note * 25))}
    return (
        paragraph("TableNote", "Table Note", "Caption", p=note, r={"size": s.note, "color": "muted"}),
        Style("Caption", "caption", "Normal", "BodyText", p=base, r={**MAJOR, "size": size}, priority=35),
        paragraph("TableCaption", "Table Caption", "Caption", p=above),
        paragraph("ImageCaption", "Image Caption", "Caption"),
        paragraph("PathwaySteps", "Pathway Steps", p=steps, r={**MAJOR, "size": s.small}),
        paragraph("Figure", "Figure", "Normal", "ImageCaption", p=figure),
    )


def _boxes(look: Look) -> tuple[Style, ...]:
    hang, gap = look.box_hang, look.gap
    text = {"ind": (hang, 0, 0), "keepLines": True, "suppressLineNumbers": False}
    label = {"ind": (hang, 0, 200 - hang), "tabs": [("left", hang, "")], "keepNext": True}
    side = {"ind": (look.hang + 170, 170, 0), "keepLines": True}
    dashes = [(edge, "dashed", 6, 4, "notice") for edge in ("top", "left", "bottom", "right")]
    bold = {**MAJOR, "b": True}
    large, small, part = {"spacing": (0, gap // 2, 280)}, {"spacing": (0, 0, 245)}, {"spacing": (0, 80, 255)}
    labels: list[Style] = []
    for base, name, after, size in (
        ("RecommendationLabel", "Recommendation Label", gap // 2, 9),
        ("SummaryLabel", "Summary Label", 0, 8),
    ):
        # Exact, since the sign in the line is larger than its words.
        p = {**label, "spacing": (0, after, -size * 27)}
        labels.append(paragraph(base, name, "Normal", "RecommendationText", p=p, r={**bold, "size": size}))
        labels += [
            paragraph(f"{base}{n.title()}", f"{name} {n.title()}", base, "RecommendationText", r={"color": s.colour})
            for n, s in look.strengths.items()
        ]
    return (
        *labels,
        paragraph("RecommendationText", "Recommendation Text", "BodyText", p={**text, **large}, r={"size": 10.5}),
        paragraph("RecommendationLead", "Recommendation Lead", "RecommendationText", r={"b": True}),
        paragraph("RecommendationSummary", "Recommendation Summary", "BodyText", p={**text, **small}, r={"size": 9.5}),
        paragraph("RecommendationPart", "Recommendation Part", "BodyText", p=part, r={"size": 9.5}),
        paragraph("PanelNote", "Panel Note", "BodyText", p={**side, "pBdr": dashes}, r={"size": look.theme.sizes.small}),
        paragraph("BoxHeading", "Box Heading", "BodyText", p={**text, "keepNext": True}, r={**bold, "color": "heading"}),
    )


def _characters(look: Look) -> tuple[Style, ...]:
    return (
        character("Strong", "Strong", own=False, b=True),
        character("Emphasis", "Emphasis", own=False, i=True),
        character("StrongEmphasis", "Strong Emphasis", b=True, i=True),
        character("Superscript", "Superscript", vertAlign="superscript"),
        character("Subscript", "Subscript", vertAlign="subscript"),
        character("SmallCapitals", "Small Capitals", smallCaps=True),
        character("Deleted", "Deleted", strike=True),
        character("Underlined", "Underlined", u="single"),
        character("Hyperlink", "Hyperlink", own=False, color="link", u="single"),
        character("FollowedHyperlink", "FollowedHyperlink", own=False, color="muted", u="single"),
        character("Citation", "Citation", color="link"),
        character("CrossReference", "Cross Reference", color="link"),
        character("VerbatimChar", "Verbatim Char", font="mono", size=look.theme.sizes.small),
        character("FootnoteReference", "footnote reference", own=False, vertAlign="superscript"),
        character("CommentReference", "annotation reference", own=False, size=8),
        character("LineNumber", "line number", own=False, theme="major", size=7, color="muted"),
        character("CaptionLabel", "Caption Label", b=True, color="accent"),
        character("AbbreviationTerm", "Abbreviation Term", theme="major", b=True),
        character("HeadingNumber", "Heading Number", color="accent"),
        character("Unconfirmed", "Unconfirmed", theme="major", color="notice", size=look.theme.sizes.note),
        character("UnconfirmedValue", "Unconfirmed Value", u="dotted"),
        character("PartLead", "Part Lead", theme="major", b=True, color="heading", size=9),
        character("RecommendationSymbol", "Recommendation Symbol", font="symbol", size=11),
        character("RecommendationDetail", "Recommendation Detail", b=False, color="ink"),
    )
