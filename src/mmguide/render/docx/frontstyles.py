"""Render, Word: the styles of what stands around the text: cover, contents, header and footer."""

from __future__ import annotations

from typing import Any

from mmguide.render.docx.look import Look
from mmguide.render.docx.style import Style, character, paragraph

MAJOR = {"theme": "major"}


def edge_styles(look: Look) -> tuple[Style, ...]:
    """Header and footer, on upright and on turned pages."""
    high = round(look.theme.sizes.small * 26)
    small = {**MAJOR, "size": look.theme.sizes.note, "color": "muted"}
    out: list[Style] = []
    for id, name in (("Header", "header"), ("Footer", "footer")):
        middle = [("center", look.measure // 2, "")] if id == "Footer" else []
        wide_middle = [("clear", look.measure // 2, ""), ("center", look.wide_measure // 2, "")] if id == "Footer" else []
        p: dict[str, Any] = {
            "tabs": [*middle, ("right", look.measure, "")],
            "spacing": (0, 0, high),
            "suppressLineNumbers": True,
        }
        wide = {"tabs": [*wide_middle, ("clear", look.measure, ""), ("right", look.wide_measure, "")]}
        out.append(Style(id, name, "Normal", quick=False, p=p, r=small))
        out.append(paragraph(f"{id}Wide", f"{id} Wide", id, quick=False, p=wide))
    return (
        *out,
        paragraph("CoverHeader", "Cover Header", p={"suppressLineNumbers": True, "spacing": (0, 0, -20)}, quick=False),
        *_sheet(look),
        character("HeaderTitle", "Header Title", b=True, color="heading"),
        character("FooterNotice", "Footer Notice", b=True, color="notice"),
    )


def _sheet(look: Look) -> tuple[Style, ...]:
    """What only handouts have: what they are of, the boxes at their end, and the notice at their foot, in letters as large as the text."""
    text, line = look.theme.sizes.text, look.line
    plain = {"ind": (0, 0, 0), "keepLines": True}
    air = {"spacing": (0, 0, -120), "keepNext": True, "suppressLineNumbers": True}
    words = {**plain, "spacing": (0, 40, line), "keepNext": True}
    foot = {"tabs": [("clear", look.measure // 2, "")], "spacing": (100, 0, round(text * 25))}
    return (
        paragraph("HandoutHead", "Handout Head", p={**plain, "spacing": (0, line // 2, line)}, r={**MAJOR, "color": "muted"}),
        paragraph("HandoutWarning", "Handout Warning", "BodyText", p={"keepLines": True}, r={"b": True}),
        paragraph("ContactText", "Contact Text", p=words),
        # The far side: where lines begin at the right, that is Word's `right` too.
        paragraph("ContactLogo", "Contact Logo", p={**plain, "jc": "right", "keepNext": True}),
        paragraph("AddressText", "Address Text", p={**plain, "spacing": (0, 40, line), "suppressAutoHyphens": True}),
        paragraph("AddressCode", "Address Code", p=plain),
        paragraph("BoxBegin", "Box Begin", p=air, r={"size": 2}, quick=False),
        paragraph("FooterSheet", "Footer Sheet", "Footer", quick=False, p=foot, r={"size": text, "color": "ink"}),
    )


def contents_styles(look: Look) -> tuple[Style, ...]:
    """Contents, and the lists of tables and figures: numbers in the column left of the text, as for headings."""
    line, gap, right, hang = look.line, look.gap, look.measure, look.hang
    stops = {"tabs": [("left", hang, ""), ("right", right, "dot")], "ind": (hang, 0, -hang), "suppressLineNumbers": True}
    figures = {"ind": (hang, 0, 0), "spacing": (0, 0, line), "tabs": [("right", right, "dot")], "suppressLineNumbers": True}
    heading = {**_opening(look), "outlineLvl": 9}
    out = [
        Style("TOCHeading", "TOC Heading", "Normal", "BodyText", p=heading, r=_opening_letters(look), priority=39),
        Style("TableofFigures", "table of figures", "Normal", p=figures, r=MAJOR),
        character("ContentsNumber", "Contents Number", b=False, color="accent"),
        character("ContentsPage", "Contents Page", b=False, color="muted"),
    ]
    for level in range(1, 5):
        top = level == 1
        p = {**stops, "spacing": (gap if top else 0, 0, line), "keepNext": top}
        r = {**MAJOR, "b": top, "color": "heading" if top else "ink"}
        out.append(Style(f"TOC{level}", f"toc {level}", "Normal", p=p, r=r, priority=39))
    return tuple(out)


def _opening(look: Look) -> dict[str, Any]:
    """A page's opening heading: the rule above, the words in the text's column."""
    rule = [("top", "single", 16, 9, "heading")]
    high = round(look.theme.sizes.h1 * 24)
    p = {"keepNext": True, "pageBreakBefore": True, "pBdr": rule, "spacing": (0, look.line, high), "suppressLineNumbers": True}
    return {**p, "ind": (look.hang, 0, -look.hang), "tabs": [("left", look.hang, "")]}


def _opening_letters(look: Look) -> dict[str, Any]:
    return {**MAJOR, "b": True, "color": "heading", "size": look.theme.sizes.h1}


def cover_styles(look: Look) -> tuple[Style, ...]:
    """The title page and the page of those responsible."""
    s, line, hang = look.theme.sizes, look.line, look.hang
    plain = {"suppressLineNumbers": True, "ind": (hang, 0, 0)}
    stop = hang + 2550
    title = {**plain, "keepNext": True, "spacing": (0, line, round(s.title * 23)), "suppressAutoHyphens": True, "shd": "heading"}
    under = {**plain, "spacing": (0, 0, round(s.h2 * 25)), "shd": "heading"}
    summary = {**plain, "spacing": (line * 2, line, round(s.text * 34))}
    rule = ("single", 3, 4, "rule")
    detail = {**plain, "spacing": (0, 60, line), "tabs": [("left", stop, "")], "ind": (stop, 0, hang - stop)}
    # Paragraphs with the same borders are framed as one, which has rules inside only where these are asked for.
    detail["pBdr"] = [("bottom", *rule), ("between", *rule)]
    first = {"spacing": (line * 2, 60, line), "pBdr": [("top", "single", 6, 4, "heading"), ("bottom", *rule)]}
    frame = [(side, "single", 8, 6, "notice") for side in ("top", "left", "bottom", "right")]
    notice = {**plain, "spacing": (line * 3, line, line), "shd": "notice_tint", "ind": (hang + 140, 140, 0), "pBdr": frame}
    strong = {**MAJOR, "b": True}
    return (
        Style("Title", "Title", "Normal", "Subtitle", p=title, r={**strong, "size": s.title, "color": "paper"}, priority=10),
        Style(
            "Subtitle", "Subtitle", "Normal", "BodyText", p=under, r={**MAJOR, "size": s.h2 + 1.5, "color": "paper"}, priority=11
        ),
        paragraph("CoverLogo", "Cover Logo", p={**plain, "keepNext": True, "spacing": (0, line, 0), "shd": "heading"}),
        paragraph("CoverSummary", "Cover Summary", p=summary, r={"size": s.text + 2}),
        paragraph("CoverDetail", "Cover Detail", p=detail, r={**MAJOR, "size": 9.5}),
        paragraph("CoverDetailFirst", "Cover Detail First", "CoverDetail", p=first),
        paragraph("CoverNotice", "Cover Notice", p=notice, r={**strong, "size": 11, "color": "notice"}),
        character("CoverLabel", "Cover Label", color="muted"),
        character("CoverValue", "Cover Value", b=True),
        *_about(look),
    )


def _about(look: Look) -> tuple[Style, ...]:
    s, line, gap, hang = look.theme.sizes, look.line, look.gap, look.hang
    bold = {**MAJOR, "b": True, "color": "heading"}
    below = {"keepNext": True, "ind": (hang, 0, 0), "spacing": (line * 3 // 2, gap // 2, 0), "suppressLineNumbers": True}
    sides = [(side, "single", 4, 6, "tint") for side in ("top", "left", "bottom", "right")]
    box = {"ind": (hang + 140, 140, 0), "shd": "tint", "pBdr": sides, "keepNext": True, "suppressLineNumbers": True}
    return (
        paragraph(
            "FrontHeading",
            "Front Heading",
            next="BodyText",
            p={**_opening(look), "ind": (hang, 0, -hang)},
            r=_opening_letters(look),
        ),
        paragraph("FrontHeading2", "Front Heading 2", next="BodyText", p=below, r={**bold, "size": s.h3}),
        paragraph("FrontText", "Front Text", "BodyText", p={"suppressLineNumbers": True}),
        paragraph("Feedback", "Feedback", p={**box, "spacing": (0, gap // 2, line)}, r=MAJOR),
        # A line that is set closer than its letters ask for, as those of words are, would cut the top of a picture.
        paragraph("FeedbackCode", "Feedback Code", p={**box, "spacing": (gap // 2, gap // 2, 0)}),
        paragraph(
            "FeedbackQuestion", "Feedback Question", "Feedback", p={"spacing": (line * 2, gap // 2, 0)}, r={**bold, "size": s.h2}
        ),
    )
