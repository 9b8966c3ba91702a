"""Render, Word: the table styles, and the boxes of recommendations, from the theme."""

from __future__ import annotations

from mmguide.render.docx.look import Look, half_points, hex6
from mmguide.render.docx.ooxml import attribute
from mmguide.render.docx.style import border
from mmguide.theme import Strength

_WORD_BORDERS = {"solid": "single", "double": "double", "dashed": "dashed", "dotted": "dotted"}


def table_styles(look: Look) -> str:
    """XML of all table styles."""
    return "".join(
        (
            _normal(),
            _guideline(look),
            _grid(look),
            _cover(),
            _framed(look, "ContactBox", "Contact Box", 16, "heading", _margins(100, 170)),
            _framed(look, "AddressBox", "Address Box", 8, "rule", _margins(90, 85)),
            *(_box(look, n, s, small) for n, s in look.strengths.items() for small in (False, True)),
        )
    )


def _margins(top: int, side: int) -> str:
    return (
        f'<w:tblCellMar><w:top w:w="{top}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>'
        f'<w:bottom w:w="{top}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
    )


def _style(id: str, name: str, based: str, inside: str, *, own: bool = True, priority: int = 99) -> str:
    flag = ' w:customStyle="1"' if own else ""
    return (
        f'<w:style w:type="table"{flag} w:styleId="{id}"><w:name w:val={attribute(name)}/><w:basedOn w:val="{based}"/>'
        f'<w:uiPriority w:val="{priority}"/><w:qFormat/>{inside}</w:style>'
    )


def _normal() -> str:
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
        '<w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>' + _margins(0, 108) + "</w:tblPr></w:style>"
    )


def _guideline(look: Look) -> str:
    """Head with a rule below, thin lines between rows, a first column and bands for those who switch them on.

    That of a handout has lines around each cell, and room to write in it.
    """
    top, line = (border(side, "single", 8, 0, "heading", look=look) for side in ("top", "bottom"))
    borders, room = line + border("insideH", "single", 4, 0, "rule", look=look), _margins(28, 85)
    if look.handout:
        borders, room = _all_around("muted", look), _margins(60, 85)
        top, line = (border(side, "single", 4, 0, "muted", look=look) for side in ("top", "bottom"))
    head = (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:tcBorders>'
        f"{top}{line}</w:tcBorders>"
        f'<w:shd w:val="clear" w:color="auto" w:fill="{look.colour("tint")}"/><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )
    first = '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr>'
    last = (
        '<w:tblStylePr w:type="lastRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:tcBorders>'
        f"{border('top', 'single', 8, 0, 'heading', look=look)}</w:tcBorders></w:tcPr></w:tblStylePr>"
    )
    band = (
        '<w:tblStylePr w:type="band2Horz"><w:tcPr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{look.colour("tint")}"/></w:tcPr></w:tblStylePr>'
    )
    size = half_points(look.theme.sizes.table)
    return _style(
        "Table",
        "Table",
        "TableNormal",
        f'<w:rPr><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        f'<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>{borders}</w:tblBorders>{room}</w:tblPr>'
        f"{head}{last}{first}{band}",
    )


def _all_around(colour: str, look: Look) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(border(side, "single", 4, 0, colour, look=look) for side in sides)


def _grid(look: Look) -> str:
    inside = f"<w:tblPr><w:tblBorders>{_all_around('rule', look)}</w:tblBorders></w:tblPr>"
    return _style("TableGrid", "Table Grid", "TableNormal", inside, own=False, priority=39)


def _cover() -> str:
    return _style("CoverBand", "Cover Band", "TableNormal", f"<w:tblPr>{_margins(0, 0)}</w:tblPr>")


def _framed(look: Look, id: str, name: str, eighths: int, colour: str, margins: str) -> str:
    """The boxes of handouts, in a frame."""
    borders = "".join(border(side, "single", eighths, 0, colour, look=look) for side in ("top", "left", "bottom", "right"))
    return _style(id, name, "TableNormal", f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders>{margins}</w:tblPr>")


def box_style(name: str, *, small: bool = False) -> str:
    """The id of the table style for recommendations of this strength, in the text or in their list."""
    return f"Recommendation{'Summary' if small else ''}{name.title()}"


def _box(look: Look, name: str, strength: Strength, small: bool) -> str:
    kind = _WORD_BORDERS[strength.border]
    # Word draws a border at most six points wide, a double one as three parts.
    eighths = min(48, round(strength.width * 8 / (3 if kind == "double" else 1)))
    bar = border("left", kind, max(eighths, 4), 0, strength.colour, look=look)
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{hex6(strength.tint)}"/>'
    return _style(
        box_style(name, small=small),
        f"Recommendation {'Summary ' if small else ''}{name.title()}",
        "TableNormal",
        f"<w:tblPr><w:tblBorders>{bar}</w:tblBorders>{_margins(70 if small else 150, look.inset)}</w:tblPr><w:tcPr>{fill}</w:tcPr>",
    )
