"""Render, Word: recommendations as styled one-cell tables that stay together on a page."""

from __future__ import annotations

from mmguide.ast import Attr, Blocks, Element, Inlines, attr_of, div, para, plain_text, string
from mmguide.diff.marks import Change, change_of
from mmguide.render.docx import captions, changes
from mmguide.render.docx.fields import mark, raw_block, raw_inline
from mmguide.render.docx.ooxml import TAB, attribute
from mmguide.render.docx.setting import Setting, styled, worded
from mmguide.render.docx.tablestyles import box_style


def recommendation(block: Element, at: Setting) -> Blocks:
    """The box: its label, then what the source says. In the list of recommendations it is smaller."""
    attr, content = attr_of(block), block["c"][1]
    strength, small = _look(attr, at), "recommendation-summary" in attr.classes
    style = "Recommendation Summary" if small else "Recommendation Text"
    inner = at.inside(in_box=True, in_table=False, style=style, measure=at.look.box_measure(at.measure))
    made: Blocks = []
    # The versions whose first paragraph, which says what to do, is still to come.
    leads = {"insertion", "deletion"} if "recommendation" in attr.classes else set()
    for child in content:
        change = change_of(attr_of(child))
        first = child["c"][1][0] if change and child["c"][1] else child
        if child["t"] == "Div" and "recommendation-label" in attr_of(child).classes:
            made.append(_label(child, attr, strength, inner, small=small))
        elif (change or "insertion") in leads and first["t"] in ("Para", "Plain"):
            made += inner.inside(style="Recommendation Lead").blocks([_first_of(child, change)])
            made += inner.blocks(_rest_of(child, change))
            leads -= {change} if change else {"insertion", "deletion"}
        else:
            made += inner.blocks([child])
    title = plain_text([b for b in content if "recommendation-label" in attr_of(b).classes])
    return [
        raw_block(_open(box_style(strength, small=small), title, at)),
        *(made or [para([])]),
        # A cell must end with a paragraph; the finishing takes the mark away, or leaves an empty one where a table came last.
        raw_block(mark("cellend") + "</w:tc></w:tr></w:tbl>" + mark("apart", style="BoxEnd" if small else "TableEnd")),
    ]


def _first_of(child: Element, change: Change | None) -> Element:
    """A paragraph, or the first of those that are a change together."""
    return div(child["c"][1][:1], attr_of(child)) if change else child


def _rest_of(child: Element, change: Change | None) -> Blocks:
    return [div(child["c"][1][1:], attr_of(child))] if change and child["c"][1][1:] else []


def _open(style: str, title: str, at: Setting) -> str:
    width, changed = at.measure, mark("changed", kind=at.change, row="1") if at.change else ""
    named = f"<w:tblCaption w:val={attribute(title)}/>" if title else ""
    turned = "<w:bidiVisual/>" if at.look.right_to_left else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{turned}<w:tblW w:w="{width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0000" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'{named}</w:tblPr><w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:cantSplit/>{changed}</w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
    )


def _look(attr: Attr, at: Setting) -> str:
    """The theme's name for how the box looks, which the tree gives as a class."""
    named = next((c.removeprefix("strength-") for c in attr.classes if c.startswith("strength-")), "")
    return at.look.strength_name(named or ("statement" if "statement" in attr.classes else attr.get("strength") or "other"))


def _label(child: Element, attr: Attr, strength: str, at: Setting, *, small: bool) -> Element:
    symbol: Inlines = [worded("Recommendation Symbol", [string(at.look.strengths[strength].symbol)]), raw_inline(TAB)]
    made: Blocks = []
    for block in child["c"][1]:
        words: Inlines = block["c"] if block["t"] in ("Para", "Plain") else [string(plain_text(block))]
        content = _label_words(words, attr, at)
        made.append(para(content if made else [*symbol, *content]))
    return styled(f"{'Summary' if small else 'Recommendation'} Label {strength.title()}", made)


def _label_words(words: Inlines, attr: Attr, at: Setting) -> Inlines:
    out: Inlines = []
    for word in words:
        kinds = attr_of(word).classes
        if change := change_of(attr_of(word)):
            out += changes.words(_label_words(word["c"][1], attr, at), change)
        elif "recommendation-number" in kinds and attr.get("number"):
            out += captions.label(word["c"][1], "rec", attr.get("number"), attr.id, at, style="Strong")
        elif kinds and "recommendation-number" not in kinds:
            out.append(worded("Recommendation Detail", at.inlines(word["c"][1])))
        else:
            out += at.inlines([word])
    return out
