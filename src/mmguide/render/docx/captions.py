"""Render, Word: figures, captions with counting fields, and cross-references as fields."""

from __future__ import annotations

from collections.abc import Mapping

from mmguide.ast import Attr, Blocks, Element, Inlines, attr_of, iterate, para, plain_text
from mmguide.diff.marks import words_of
from mmguide.labels import label as word_for
from mmguide.render.docx.fields import (
    bookmark_end,
    bookmark_start,
    bookmarked,
    field,
    raw_inline,
)
from mmguide.render.docx.ooxml import run
from mmguide.render.docx.setting import Setting, anchored, styled
from mmguide.walks import named_in

# The names of Word's counters; lists of figures and tables ask for them by these.
SEQUENCES: Mapping[str, str] = {"fig": "Figure", "tbl": "Table", "rec": "Recommendation"}
_LONG_CAPTION = 160
# The left-to-right mark: nothing is seen of it.
_FROM_LEFT = "\u200e"


def figure(block: Element, at: Setting) -> Blocks:
    """The picture, kept with the caption below it."""
    attr, caption, body = attr_of(block), block["c"][1][1], block["c"][2]
    pictures = [{**b, "t": "Para"} if b["t"] == "Plain" else b for b in body]
    inner = at.inside(style="")
    made = [styled("Figure", inner.blocks(pictures))]
    if caption:
        made += [styled("Image Caption", captioned(caption, "fig", attr, inner))]
    return anchored(made, at.names.get(attr.id))


def captioned(caption: Blocks, kind: str, attr: Attr, at: Setting) -> Blocks:
    """A caption's blocks, its label with a counting field. What follows the first sentence of a long one is a paragraph of its own."""
    made: Blocks = []
    for block in caption:
        if block["t"] not in ("Plain", "Para"):
            made += at.blocks([block])
            continue
        title, rest = title_and_rest(block["c"])
        if title and "caption-label" in attr_of(title[0]).classes:
            content = [*label(title[0]["c"][1], kind, attr.get("number"), attr.id, at), *at.inlines(title[1:])]
        else:
            content = at.inlines(title)
        made.append(para(bookmarked(content, at.places.get(id(block), ""))))
        made += [para(at.inlines(rest))] if rest else []
    return made


def title_and_rest(words: Inlines) -> tuple[Inlines, Inlines]:
    """A caption divided behind its first sentence, where it is long: Word lists the first paragraph of a caption, whole."""
    if len(plain_text(words_of(words, "insertion"))) <= _LONG_CAPTION:
        return words, []
    for i, (word, space, following) in enumerate(zip(words, words[1:], words[2:], strict=False)):
        ends = word["t"] == "Str" and len(word["c"]) > 4 and word["c"].endswith((".", "?", "!", ".)", ".”"))
        if i > 1 and ends and space["t"] in ("Space", "SoftBreak") and plain_text(following)[:1].isupper():
            return words[: i + 1], words[i + 2 :]
    return words, []


def label(words: Inlines, kind: str, number: str, identifier: str, at: Setting, style: str = "CaptionLabel") -> Inlines:
    """The label with its number as a field and the bookmarks that cross-references need; the words as they are if it has no number."""
    for i, element in enumerate(words):
        if number and element["t"] == "Str" and _has_number(element["c"], number):
            before, _, after = element["c"].rpartition(number)
            name, xml = identifier in at.names, _number_field(kind, number, style, at)
            if name:
                xml = bookmark_start(at.names.number(identifier)) + xml + bookmark_end(at.names.number(identifier))
            first = i - 2 if not before and i > 1 and words[i - 1]["t"] == "Space" and words[i - 2]["t"] == "Str" else i
            lead = "".join(" " if w["t"] == "Space" else w["c"] for w in words[first:i]) + before
            xml = (run(lead, style) if lead else "") + xml
            if name:
                xml = bookmark_start(at.names.label(identifier)) + xml + bookmark_end(at.names.label(identifier))
            rest = ([{"t": "Str", "c": after}] if after else []) + words[i + 1 :]
            return [*at.inlines(words[:first]), raw_inline(xml), *at.inlines(rest)]
    return at.inlines(words)


def _has_number(text: str, number: str) -> bool:
    before, found, after = text.rpartition(number)
    return bool(found) and not before[-1:].isalnum() and not after[:1].isdigit()


def _number_field(kind: str, number: str, style: str, at: Setting) -> str:
    """The number as Word counts it: a counter, behind the number of the chapter where the tree's number has one; else as text."""
    chapter, _, count = number.rpartition(".")
    if not count.isdigit() or (chapter and chapter != str(at.counter.headings[0])):
        return run(number, style)
    sequence = SEQUENCES[kind]
    if chapter and at.counter.chapters.get(sequence) != chapter:
        at.counter.chapters[sequence] = chapter
        at.counter.sequences[sequence] = 0
    switch = " \\s 1" if chapter else ""
    if at.counter.next(sequence) != int(count):
        at.counter.sequences[sequence] = int(count)
        switch = f" \\r {count}"
    counted = field(f"SEQ {sequence} \\* ARABIC{switch}", count, style)
    if not chapter:
        return counted
    # To LibreOffice a field is an object, not a digit: among letters from the right the number's parts need signs that hold them together.
    bound = _FROM_LEFT if at.look.right_to_left else ""
    ends = run(bound, style) if bound else ""
    return ends + field("STYLEREF 1 \\s", chapter, style) + run(f"{bound}.{bound}", style) + counted + ends


def cross_reference(attr: Attr, text: str, identifier: str, at: Setting) -> Inlines:
    """A field that shows the target's label or number, with the words the tree has for it as its present result."""
    name = at.names.get(identifier)
    if not name:
        return [{"t": "Str", "c": text}]
    kind = attr.get("kind")
    target = next((t for t in at.cited.manuscript.targets if t.id == identifier), None)
    number = target.number if target else ""
    before, found, after = text.rpartition(number) if number else ("", "", "")
    shown = run(after, "CrossReference") if after else ""
    lead = run(before, "CrossReference") if before else ""
    if kind == "sec" and not found:
        return [raw_inline(field(f"REF {name} \\h", text, "CrossReference"))]
    if kind == "sec" and identifier not in at.typed:
        return [raw_inline(lead + field(f"REF {name} \\r \\h", number, "CrossReference") + shown)]
    if kind != "sec" and (not found or identifier not in at.labelled):
        return [{"t": "Link", "c": [Attr().raw(), [{"t": "Str", "c": text}], ["#" + name, ""]]}]
    if kind != "sec" and before and at.labelled[identifier] == before + number:
        return [raw_inline(field(f"REF {at.names.label(identifier)} \\h", before + number, "CrossReference") + shown)]
    # Other words than the label's ("Recommendation" for what is labelled a statement): only the number is the field's.
    return [raw_inline(lead + field(f"REF {at.names.number(identifier)} \\h", number, "CrossReference") + shown)]


def page_reference(identifier: str, at: Setting) -> Inlines:
    """ ", page 12" as a field that Word keeps up to date; nothing where the target has no bookmark or its page is not known yet."""
    name, page = at.names.get(identifier), at.pages.get(identifier)
    if not name or page is None:
        return []
    word = word_for("page", at.cited.project.settings.language).lower()
    return [{"t": "Str", "c": f", {word}\u00a0"}, raw_inline(field(f"PAGEREF {name} \\h", page))]


def labelled(tree: Blocks) -> Mapping[str, str]:
    """The printed label with its number ("Figure 2") of everything whose label a field can point at, by identifier."""
    found = {}
    for _, element in named_in(tree):
        if not (number := (attr := attr_of(element)).get("number")):
            continue
        inside = iterate(element.get("c"))
        first = next((e for e in inside if {"caption-label", "recommendation-number"} & set(attr_of(e).classes)), None)
        words = "".join(e["c"] if e["t"] == "Str" else " " for e in first["c"][1] if e["t"] in ("Str", "Space")) if first else ""
        if _has_number(words, number):
            found[attr.id] = words[: words.rindex(number) + len(number)]
    return found
