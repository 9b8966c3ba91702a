"""Render, Word: the styles of what stands around the text: cover, contents, header and footer."""

from __future__ import annotations

from typing import Any

from mmguide.render.docx.look import Look
from mmguide.render.docx.style import Style, paragraph

MAJOR = {"theme": "major"}
_NUMBER, _NUMBER_BELOW, _PAGE = 567, 710, 567


def edge_styles(look: Look) -> tuple[Style, ...]:
    """Header and footer, on upright and on turned pages."""
    high = round(look.theme.sizes.small * 26)
    small = {**MAJOR, "size": look.theme.sizes.note, "color": "muted"}
    out: list[Style] = []
    for id, name, side in (("Header", "header", "bottom"), ("Footer", "footer", "top")):
        p: dict[str, Any] = {
            "tabs": [("right", look.measure, "")],
            "spacing": (0, 0, high),
            "pBdr": [(side, "single", 4, 4, "rule")],
            "suppressLineNumbers": True,
        }
        wide = {"tabs": [("clear", look.measure, ""), ("right", look.wide_measure, "")]}
        out.append(Style(id, name, "Normal", quick=False, p=p, r=small))
        out.append(paragraph(f"{id}Wide", f"{id} Wide", id, quick=False, p=wide))
    notice = {"pBdr": [("top", "nil", 0, 0, "rule")]}
    out.append(paragraph("FooterNotice", "Footer Notice", "Footer", p=notice, r={"b": True, "color": "notice"}, quick=False))
    out.append(paragraph("CoverHeader", "Cover Header", p={"suppressLineNumbers": True}, quick=False))
    return tuple(out)


def contents_styles(look: Look) -> tuple[Style, ...]:
    """Contents, and the lists of tables and figures."""
    s, line, gap, right = look.theme.sizes, look.line, look.gap, look.measure
    heading = {"keepNext": True, "spacing": (line * 2, line, round(s.h1 * 24)), "suppressLineNumbers": True}
    look_of_heading = {**MAJOR, "b": True, "color": "heading", "size": s.h1}
    figures = {
        "ind": (0, _PAGE, 0),
        "spacing": (0, gap // 3, line),
        "tabs": [("right", right, "dot")],
        "suppressLineNumbers": True,
    }
    out = [
        Style("TOCHeading", "TOC Heading", "Normal", "BodyText", p=heading, r=look_of_heading, priority=39),
        Style("TableofFigures", "table of figures", "Normal", p=figures, r=MAJOR),
    ]
    for level in range(1, 5):
        top = level == 1
        indent = _NUMBER + _NUMBER_BELOW * (level - 1)
        p = {
            "tabs": [("left", indent, ""), ("right", right, "" if top else "dot")],
            "ind": (indent, _PAGE, -_NUMBER if top else -_NUMBER_BELOW),
            "spacing": (gap if top else 0, gap // 4, line),
            "suppressLineNumbers": True,
            "keepNext": top,
        }
        r = {**MAJOR, "b": top, "color": "heading" if top else "ink"}
        out.append(Style(f"TOC{level}", f"toc {level}", "Normal", p=p, r=r, priority=39))
    return tuple(out)


def cover_styles(look: Look) -> tuple[Style, ...]:
    """The title page and the page of those responsible."""
    s, line, gap = look.theme.sizes, look.line, look.gap
    plain = {"suppressLineNumbers": True}
    sides = [
        ("top", "single", 4, 6, "notice_tint"),
        ("left", "single", 36, 8, "notice"),
        ("bottom", "single", 4, 6, "notice_tint"),
    ]
    notice = {**plain, "spacing": (line * 2, line, line), "shd": "notice_tint", "ind": (170, 170, 0), "pBdr": sides}
    title = {**plain, "keepNext": True, "spacing": (line * 4, line, round(s.title * 23)), "suppressAutoHyphens": True}
    under = {**plain, "spacing": (0, line * 2, round(s.h2 * 25))}
    detail = {**plain, "spacing": (0, gap // 2, line), "tabs": [("left", 2835, "")], "ind": (2835, 0, -2835)}
    heading = {**plain, "keepNext": True, "spacing": (line * 3 // 2, gap, 0)}
    strong = {**MAJOR, "b": True}
    return (
        paragraph(
            "CoverStatus", "Cover Status", p={**plain, "spacing": (0, line * 4, 0)}, r={**strong, "size": 11, "color": "accent"}
        ),
        Style("Title", "Title", "Normal", "Subtitle", p=title, r={**strong, "size": s.title, "color": "heading"}, priority=10),
        Style(
            "Subtitle", "Subtitle", "Normal", "BodyText", p=under, r={**MAJOR, "size": s.h2 + 1.5, "color": "muted"}, priority=11
        ),
        paragraph("CoverDetail", "Cover Detail", p=detail, r=MAJOR),
        paragraph("CoverNotice", "Cover Notice", p=notice, r={**strong, "color": "notice"}),
        paragraph("CoverText", "Cover Text", p={**plain, "spacing": (0, gap, line)}, r=MAJOR),
        paragraph("FrontHeading", "Front Heading", next="CoverText", p=heading, r={**strong, "size": s.h2, "color": "heading"}),
    )
