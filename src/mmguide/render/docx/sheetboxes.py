"""Render, Word: the boxes of handouts as tables that stay together: whom to call, and the addresses with their codes."""

from __future__ import annotations

from collections.abc import Sequence

from mmguide.ast import Blocks, Element, plain_text
from mmguide.labels import runs_from_left
from mmguide.render.docx.fields import mark, raw_block
from mmguide.render.docx.look import SMALL
from mmguide.render.docx.ooxml import attribute
from mmguide.render.docx.setting import Setting, styled

# The columns of a QR code and of a logo, in twips, with the margins of their cells.
_CODE, _LOGO = 1500, 2300
# From this size of letters on, in points, an address has the whole width.
_LARGE = 16


def contact(block: Element, at: Setting) -> Blocks:
    """Whom to call, in a strong frame; a clinic's logo stands at the far side of its words."""
    content, inner, measure = block["c"][1], at.inside(in_box=True, style=""), at.look.measure
    logo = [child for child in content if any(part["t"] == "Image" for part in child["c"])]
    words = [styled("Contact Text", inner.blocks([child for child in content if child not in logo]))]
    if not logo:
        return _table("ContactBox", [[words]], [measure], _title(content), at)
    picture = [styled("Contact Logo", inner.inside(measure=_LOGO - 200).blocks(logo))]
    return _table("ContactBox", [[words, picture]], [measure - _LOGO, _LOGO], _title(content), at)


def addresses(block: Element, at: Setting) -> Blocks:
    """Addresses with their codes, side by side where the sheet is wide enough."""
    given = [child["c"][1] for child in block["c"][1] if child["t"] == "Div"]
    apart = at.look.paper in SMALL or at.look.theme.sizes.text >= _LARGE
    cells = [_cells(content, at) for content in given]
    across = 1 if apart else len(cells)
    rows = [[cell for pair in cells[i : i + across] for cell in pair] for i in range(0, len(cells), across)]
    words = at.look.measure // across - _CODE
    return _table("AddressBox", rows, [_CODE, words] * across, _title(given[0]), at)


def _cells(content: Blocks, at: Setting) -> list[Blocks]:
    """The code of an address, and its words; addresses on the web run from the left."""
    inner = at.inside(in_box=True, style="")
    words: Blocks = []
    for block in content[1:]:
        turned = at.look.right_to_left and runs_from_left(plain_text([block]))
        words += inner.inside(from_left=turned).blocks([block])
    return [[styled("Address Code", inner.blocks(content[:1]))], [styled("Address Text", words)]]


def _title(content: Blocks) -> str:
    return plain_text(next((b for b in content if plain_text([b])), {}).get("c", []))


def _table(style: str, rows: Sequence[Sequence[Blocks]], widths: Sequence[int], title: str, at: Setting) -> Blocks:
    turned = "<w:bidiVisual/>" if at.look.right_to_left else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    look = '<w:tblLook w:val="0000" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    out: Blocks = [
        raw_block(
            f'<w:p><w:pPr><w:pStyle w:val="BoxBegin"/></w:pPr></w:p><w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{turned}'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{look}'
            f"<w:tblCaption w:val={attribute(title)}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        )
    ]
    for row in rows:
        out.append(raw_block("<w:tr><w:trPr><w:cantSplit/></w:trPr>"))
        for cell, width in zip(row, widths, strict=True):
            out += [raw_block(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'), *cell, raw_block("</w:tc>")]
        out.append(raw_block("</w:tr>"))
    return [*out, raw_block("</w:tbl>" + mark("apart", style="BoxEnd"))]
