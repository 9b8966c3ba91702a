"""Render, Word: the cited tree rewritten so that pandoc's Word writer gives every paragraph and run a named style and live fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mmguide.ast import Attr, Blocks, Element, Inlines, attr_of, div, para, plain_text, span
from mmguide.diff.marks import CHANGES, WHOLE, change_of
from mmguide.form import FORM_FIELD
from mmguide.labels import runs_from_left
from mmguide.render.docx import boxes, captions, changes, pictures, sheetboxes, tables
from mmguide.render.docx.contents import outline
from mmguide.render.docx.controls import control
from mmguide.render.docx.drawings import drawing, stored
from mmguide.render.docx.fields import FIELD_END, bookmarked, field_begin, mark, raw_block, raw_inline
from mmguide.render.docx.ooxml import TAB
from mmguide.render.docx.setting import Counter, Setting, anchored, plain_attr, styled, worded
from mmguide.render.docx.zotero import BIBLIOGRAPHY_FIELD, citation_field, in_field

_WORDS = frozenset({"Str", "Space", "SoftBreak", "LineBreak", "Math"})


def typed_numbers(tree: Blocks) -> frozenset[str]:
    """The headings that Word would number otherwise than the tree does: their numbers have to be typed."""
    counter, found = Counter(), set()
    for element in outline(tree):
        attr, before = attr_of(element), list(counter.headings)
        if (number := attr.get("number")) and counter.heading(element["c"][0]) != number:
            counter.headings = before
            found.add(attr.id)
    return frozenset(found)


def blocks(given: Blocks, at: Setting) -> Blocks:
    """Blocks rewritten."""
    out: Blocks = []
    for block in given:
        made = _BLOCKS.get(block["t"], _same)(block, at)
        out += made
    return out


def inlines(given: Inlines, at: Setting) -> Inlines:
    """Inlines rewritten."""
    out: Inlines = []
    for element in given:
        kind = element["t"]
        if kind in _WORDS:
            out.append(element)
        else:
            out += _INLINES.get(kind, _inner)(element, at)
    return out


def _same(block: Element, at: Setting) -> Blocks:
    return [] if block["t"] == "RawBlock" else [block]


def _para(block: Element, at: Setting) -> Blocks:
    content = bookmarked(inlines(block["c"], at), at.places.get(id(block), ""))
    # pandoc gives no style to paragraphs of a list, so that the finishing has to.
    lead = [raw_inline(mark("style", id=at.style.replace(" ", "")))] if at.style and not at.in_table else []
    lead += [raw_inline(mark("turned"))] if at.from_left else []
    return [{**block, "c": [*lead, *content]}]


def _header(block: Element, at: Setting) -> Blocks:
    level, attr, text = block["c"][0], attr_of(block), block["c"][2]
    number, content = attr.get("number"), inlines(text, at)
    place = at.places.get(id(block), "")
    name = at.names.get(attr.id)
    if at.in_box or at.in_table:
        return [styled("Box Heading", [para(bookmarked(content, place, name))], attr)]
    lead: Inlines = []
    if not number:
        lead = [raw_inline(mark("unnumbered"))]
    elif attr.id in at.typed:
        typed = worded("Heading Number", [{"t": "Str", "c": number}])
        lead = [raw_inline(mark("unnumbered", typed="1")), *bookmarked([typed], at.names.number(attr.id)), raw_inline(TAB)]
    elif change_of(attr) != "deletion":
        at.counter.heading(level)
    if "unlisted" in attr.classes:
        lead.append(raw_inline(mark("unlisted")))
    if attr.id == "abbreviations":
        lead.append(raw_inline(mark("joined")))
    made = {"t": "Header", "c": [level, plain_attr(attr).raw(), [*lead, *bookmarked(content, name, place)]]}
    return changes.paragraphs([made], change, move=attr.get("move")) if (change := change_of(attr)) else [made]


def _div(block: Element, at: Setting) -> Blocks:
    attr, content = attr_of(block), block["c"][1]
    kinds = set(attr.classes)
    at = at.inside(from_left=_from_left(attr, content, at))
    for name, action in _DIVS.items():
        if name in kinds:
            return anchored(action(block, at), at.names.get(attr.id))
    made = blocks(content, at)
    name = at.names.get(attr.id)
    if "csl-entry" in kinds:
        return [styled("Bibliography", anchored(made, name))]
    if attr.id == "refs" and at.zotero:
        made = in_field(made, BIBLIOGRAPHY_FIELD)
    kept = plain_attr(attr)
    return [div(anchored(made, name), kept)] if kept.attributes else anchored(made, name)


def _from_left(attr: Attr, content: Blocks, at: Setting) -> bool:
    """Whether a part of a document from the right runs from the left: as it says, or as most of a reference's words do."""
    if not at.look.right_to_left:
        return False
    if "csl-entry" in attr.classes:
        return runs_from_left(plain_text(content))
    return attr.get("dir") == "ltr" if attr.get("dir") else at.from_left


def _landscape(block: Element, at: Setting) -> Blocks:
    inner = at.inside(measure=at.look.wide_measure)
    return [
        raw_block(mark("section", ends="upright")),
        *blocks(block["c"][1], inner),
        raw_block(mark("section", ends="landscape")),
    ]


def _panel_note(block: Element, at: Setting) -> Blocks:
    return [styled("Panel Note", blocks(block["c"][1], at.inside(in_box=True)), attr_of(block))]


def _table_note(block: Element, at: Setting) -> Blocks:
    return [styled("Table Note", blocks(block["c"][1], at.inside(style="")))]


def _part(block: Element, at: Setting) -> Blocks:
    """What the panel weighed, led by its name."""
    out: Blocks = []
    # The versions whose first paragraph, with the name, is still to come.
    open_ = set(CHANGES)
    plain = at if at.in_box else at.inside(style="Recommendation Part")
    for child in block["c"][1]:
        change = change_of(attr_of(child))
        lead = _lead(child["c"], at) if not change and child["t"] in ("Para", "Plain") and "insertion" in open_ else []
        if change:
            out += changes.paragraphs(_part(child, at), change) if change in open_ else blocks([child], plain)
        elif lead:
            out.append(styled("Recommendation Part", [para(bookmarked(lead, at.places.get(id(child), "")))]))
        else:
            out += blocks([child], plain)
        open_ -= {change} if change else set(CHANGES)
    return out


def _lead(words: Inlines, at: Setting) -> Inlines:
    """A paragraph that begins with strong words, which are its name; nothing where it begins otherwise, in one version at least."""
    out: Inlines = []
    for i, element in enumerate(words):
        change = change_of(attr_of(element))
        if element["t"] == "Strong":
            return [*out, worded("Part Lead", inlines(element["c"], at)), *inlines(words[i + 1 :], at)]
        if not change:
            return [*out, *inlines(words[i:], at)] if out else []
        inside = _lead(element["c"][1], at) or inlines(element["c"][1], at)
        out += changes.words(inside, change)
    return out


def _steps(block: Element, at: Setting) -> Blocks:
    return blocks(block["c"][1], at.inside(style="Pathway Steps"))


def _abbreviations(block: Element, at: Setting) -> Blocks:
    """Each abbreviation with its long form on one line."""
    out: Blocks = []
    for child in block["c"][1]:
        if child["t"] != "DefinitionList":
            out += blocks([child], at)
            continue
        for term, meanings in child["c"]:
            long = [e for meaning in meanings for e in _on_one_line(meaning, at)]
            out.append(styled("Abbreviation", [para([worded("Abbreviation Term", inlines(term, at)), raw_inline(TAB), *long])]))
    return out


def _on_one_line(given: Blocks, at: Setting) -> Inlines:
    out: Inlines = []
    for block in given:
        if block["t"] in ("Para", "Plain"):
            out += inlines(block["c"], at)
        elif change := change_of(attr_of(block)):
            out += changes.words(_on_one_line(block["c"][1], at), change)
    return out


def _changed(block: Element, at: Setting) -> Blocks:
    """What only one of two versions has."""
    attr = attr_of(block)
    change = change_of(attr)
    made = blocks(block["c"][1], at.inside(change=change))
    return changes.paragraphs(made, change, move=attr.get("move")) if change else made


def _not_in_word(block: Element, at: Setting) -> Blocks:
    return []


def _label_div(name: str) -> Callable[[Element, Setting], Blocks]:
    def action(block: Element, at: Setting) -> Blocks:
        return [styled(name, blocks(block["c"][1], at))]

    return action


def _list_of(blocks_at: int) -> Callable[[Element, Setting], Blocks]:
    def action(block: Element, at: Setting) -> Blocks:
        content = block["c"]
        items = [blocks(item, at) for item in (content if blocks_at < 0 else content[blocks_at])]
        return [{**block, "c": items if blocks_at < 0 else [content[0], items]}]

    return action


def _definitions(block: Element, at: Setting) -> Blocks:
    return [{**block, "c": [[inlines(term, at), [blocks(d, at) for d in meanings]] for term, meanings in block["c"]]}]


def _quote(block: Element, at: Setting) -> Blocks:
    return [{**block, "c": blocks(block["c"], at)}]


def _line_block(block: Element, at: Setting) -> Blocks:
    return [{**block, "c": [inlines(line, at) for line in block["c"]]}]


def _code_block(block: Element, at: Setting) -> Blocks:
    return anchored([{"t": "CodeBlock", "c": [Attr().raw(), block["c"][1]]}], at.names.get(attr_of(block).id))


def _rule(block: Element, at: Setting) -> Blocks:
    return [styled("Horizontal Line", [para([raw_inline("<w:r/>")])])]


def _inner(element: Element, at: Setting) -> Inlines:
    """Emph, Strong and their like: a list of inlines inside."""
    content = element.get("c")
    if isinstance(content, list):
        return [{**element, "c": inlines(content, at)}]
    return [element]


def _raw(element: Element, at: Setting) -> Inlines:
    return []


def _quoted(element: Element, at: Setting) -> Inlines:
    return [{**element, "c": [element["c"][0], inlines(element["c"][1], at)]}]


def _code(element: Element, at: Setting) -> Inlines:
    return bookmarked([{"t": "Code", "c": [Attr().raw(), element["c"][1]]}], at.names.get(attr_of(element).id))


def _span(element: Element, at: Setting) -> Inlines:
    attr = attr_of(element)
    content = inlines(element["c"][1], at)
    name = at.names.get(attr.id)
    if change := change_of(attr):
        return changes.words(content, change, whole=WHOLE in attr.classes)
    if FORM_FIELD in attr.classes:
        return [control(attr)]
    if "csl-left-margin" in attr.classes:
        return [*_without_space(content), raw_inline(TAB)]
    if "unconfirmed-mark" in attr.classes:
        return [worded("Unconfirmed", content, attr)]
    if "unconfirmed" in attr.classes:
        return bookmarked([e if _is_mark(e) else worded("Unconfirmed Value", [e]) for e in content], name)
    kept = plain_attr(attr)
    made = [span(content, kept)] if kept.attributes or kept.classes else content
    return bookmarked(made, name)


def _is_mark(element: Element) -> bool:
    return attr_of(element).get("custom-style") == "Unconfirmed"


def _without_space(content: Inlines) -> Inlines:
    """Inlines without white space at their end: a tab follows."""
    if content and content[-1]["t"] == "Str":
        return [*content[:-1], {"t": "Str", "c": content[-1]["c"].rstrip()}]
    return _without_space(content[:-1]) if content and content[-1]["t"] in ("Space", "SoftBreak") else content


def _link(element: Element, at: Setting) -> Inlines:
    attr, text, (target, title) = attr_of(element), element["c"][1], element["c"][2]
    if "crossref" in attr.classes and target.startswith("#"):
        reference = captions.cross_reference(attr, "".join(e["c"] if e["t"] == "Str" else " " for e in text), target[1:], at)
        return reference + (captions.page_reference(target[1:], at) if "with-page" in attr.classes else [])
    content = inlines(text, at)
    name = at.names.get(attr.id)
    if target.startswith("#"):
        anchor = at.names.get(target[1:])
        if not anchor:
            return bookmarked(content, name)
        return bookmarked([{"t": "Link", "c": [Attr().raw(), content, ["#" + anchor, ""]]}], name)
    if not target.lower().startswith(("http://", "https://", "mailto:", "tel:", "doi:")):
        return bookmarked(content, name)
    return bookmarked([{"t": "Link", "c": [Attr().raw(), content, [target, title]]}], name)


def _image(element: Element, at: Setting) -> Inlines:
    attr, alt, (target, _) = attr_of(element), element["c"][1], element["c"][2]
    picture = at.cited.manuscript.pictures.get(target)
    if picture is None:
        return inlines(alt, at)
    width, height = pictures.size(
        attr, picture, at.measure / 1440, at.look.sheet[0 if at.measure > at.look.measure else 1] / 1440 * 0.62
    )
    shown = stored(*pictures.pixels(picture, width, at.look.theme, at.cache), at.media)
    drawn = stored(picture.content, picture.media_type, at.media) if picture.media_type == "image/svg+xml" else ""
    # The source's words for the picture, not its file: that is what a reader who cannot see it hears.
    words = attr.get("alt") or plain_text(alt)
    return bookmarked([drawing(shown, words, width, height, drawn)], at.names.get(attr.id))


def _note(element: Element, at: Setting) -> Inlines:
    return [{"t": "Note", "c": blocks(element["c"], at.inside(in_table=False, style=""))}]


def _cite(element: Element, at: Setting) -> Inlines:
    content = inlines(element["c"][1], at)
    if at.zotero and (instruction := citation_field(element, at.cited.manuscript.bibliography)):
        return [raw_inline(field_begin(instruction)), *inlines(element["c"][1], at), raw_inline(FIELD_END)]
    return content


_BLOCKS: Mapping[str, Callable[[Element, Setting], Blocks]] = {
    "Para": _para,
    "Plain": _para,
    "Header": _header,
    "Div": _div,
    "BulletList": _list_of(-1),
    "OrderedList": _list_of(1),
    "DefinitionList": _definitions,
    "BlockQuote": _quote,
    "LineBlock": _line_block,
    "CodeBlock": _code_block,
    "HorizontalRule": _rule,
    "Figure": captions.figure,
    "Table": tables.table,
}

_DIVS: Mapping[str, Callable[[Element, Setting], Blocks]] = {
    "recommendation": boxes.recommendation,
    "statement": boxes.recommendation,
    "recommendation-summary": boxes.recommendation,
    "landscape": _landscape,
    "panel-note": _panel_note,
    "panel-note-label": _label_div("Panel Note Label"),
    "table": tables.captioned,
    "table-note": _table_note,
    "abbreviations": _abbreviations,
    "part": _part,
    "pathway-steps": _steps,
    "handout-head": _label_div("Handout Head"),
    "handout-warning": _label_div("Handout Warning"),
    "handout-contact": sheetboxes.contact,
    "handout-foot": sheetboxes.addresses,
    "redline-note": _not_in_word,
    **dict.fromkeys(CHANGES, _changed),
}

_INLINES: Mapping[str, Callable[[Element, Setting], Inlines]] = {
    "Quoted": _quoted,
    "RawInline": _raw,
    "Code": _code,
    "Span": _span,
    "Link": _link,
    "Image": _image,
    "Note": _note,
    "Cite": _cite,
}
