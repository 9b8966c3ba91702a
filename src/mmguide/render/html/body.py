"""Stage render: a chapter as HTML sections, with what pandoc's own writer leaves out for readers and screen readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree
from msgspec import Struct

from mmguide.labels import label, right_to_left, runs_from_left
from mmguide.model.picture import Picture
from mmguide.render.html.changes import as_new, changes
from mmguide.render.html.chapters import Chapter, place
from mmguide.render.html.tree import Tree, add_class, append, classes, make, parse, prepend, remove, with_class, wrap

# Words in Hebrew or Arabic letters, one behind the other.
_FROM_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:[ \u00a0][\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*")
_LAST_NUMBER = re.compile(r"[0-9]+$")
# Drawings at least this wide, in CSS pixels, cannot be read when they are shrunk to a phone.
_WIDE_DRAWING = 440
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Body(Struct, frozen=True):
    """A chapter's text: its sections in order (one, but for unusual headings), and the list of its notes, if any."""

    parts: tuple[Tree, ...]
    notes: Tree | None
    language: str

    @property
    def roots(self) -> tuple[Tree, ...]:
        return self.parts if self.notes is None else (*self.parts, self.notes)


def body(chapter: Chapter, address: Callable[[Picture], str]) -> Body:
    """A chapter as HTML, made anew each time; `address` gives the URL under which a renderer finds a picture."""
    language, before = chapter.language, chapter.before
    root = parse(chapter.written)
    _count_notes(root, before.notes)
    _headings(root)
    _recommendations(root)
    _values(root, language)
    _attributes(root)
    _tables(root, before.tables)
    _figures(root)
    _pictures(root, {picture.path: picture for picture in chapter.pictures}, address)
    _tasks(root)
    _panel_notes(root, language)
    changes(root, language)
    if right_to_left(language):
        _references_from_left(root)
    notes = next(with_class(root, "footnotes"), None)
    if notes is not None:
        remove(notes)
    return Body(_in_sections(root) if before.opening else tuple(root), notes, language)


def _count_notes(root: Tree, before: int) -> None:
    """pandoc counted the notes of this chapter alone."""
    if not before:
        return
    for call in with_class(root, "footnote-ref"):
        sign = call.find("sup")
        sign.text = str(int(sign.text) + before)
        for name in ("id", "href"):
            _raise(call, name, before)
    for back in with_class(root, "footnote-back"):
        _raise(back, "href", before)
    for section in with_class(root, "footnotes"):
        for note in section.findall("ol/li"):
            _raise(note, "id", before)


def _raise(element: Tree, name: str, by: int) -> None:
    """The number at the end of an attribute raised."""
    element.set(name, _LAST_NUMBER.sub(lambda found: str(int(found[0]) + by), element.get(name)))


def _in_sections(root: Tree) -> tuple[Tree, ...]:
    """The level-1 sections; what stands before the first heading becomes one too, without a heading."""
    opening = make("section", class_="level1 opening")
    for part in list(root):
        if part.tag == "section":
            break
        opening.append(part)
    return (opening, *root) if len(opening) else tuple(root)


def _headings(root: Tree) -> None:
    """Numbers into spans of their own, so that they can hang beside the heading."""
    for heading in root.iter(*_HEADINGS):
        number = heading.attrib.pop("data-number", "")
        section = heading.getparent()
        if section is not None and section.tag == "section":
            section.attrib.pop("data-number", None)
        heading.set("data-running", as_new(heading))
        if number and "unnumbered" not in classes(heading):
            prepend(heading, make("span", f"{number} ", class_="number"))


def _recommendations(root: Tree) -> None:
    for box in (*with_class(root, "recommendation"), *with_class(root, "statement")):
        strength = box.get("data-strength") or ("statement" if "statement" in classes(box) else "other")
        add_class(box, "box")
        if not any(name.startswith("strength-") for name in classes(box)):
            add_class(box, f"strength-{_token(strength)}")
        if direction := box.get("data-direction"):
            add_class(box, f"direction-{_token(direction)}")
        head = next(with_class(box, "recommendation-label"), None)
        box.set("role", "group")
        body = make("div", class_="recommendation-body")
        body.extend([child for child in box if child is not head])
        box.append(body)
        if head is not None and box.get("id"):
            head.text = (head.text or "").strip()
            head.set("id", f"{box.get('id')}-label")
            box.set("aria-labelledby", f"{box.get('id')}-label")


def _token(word: str) -> str:
    """A word as part of a class name."""
    return re.sub(r"[^a-z0-9]+", "-", word.strip().lower()).strip("-") or "other"


def _values(root: Tree, language: str) -> None:
    """What a mark on a value means is told where the value stands."""
    for value in with_class(root, "unconfirmed"):
        value.set("title", label("unconfirmed", language))


def _attributes(root: Tree) -> None:
    """Attributes of ours that pandoc takes for attributes of HTML."""
    for element in root.iter("a", "div", "span", "section"):
        for name in ("kind", "for", "number"):
            if (value := element.attrib.pop(name, None)) is not None:
                element.set(f"data-{name}", value)


def _references_from_left(root: Tree) -> None:
    """References whose words run from the left do so in a text that runs from the right: their numbers and signs stay in order."""
    for entry in with_class(root, "csl-right-inline"):
        if runs_from_left("".join(entry.itertext())):
            entry.set("dir", "ltr")
            _set_apart(entry)


def _set_apart(entry: Tree) -> None:
    """Words that run from the right, as months do, stand apart, so that they turn no number beside them around."""
    for element in list(entry.iter(etree.Element)):
        for text, at in ((element.text, 0), *((child.tail, number) for number, child in reversed([*enumerate(element, 1)]))):
            between = _FROM_RIGHT.split(text or "")
            if len(between) == 1:
                continue
            words = [make("span", word, dir="rtl") for word in _FROM_RIGHT.findall(text or "")]
            for word, behind in zip(words, between[1:], strict=True):
                word.tail = behind
            if at:
                element[at - 1].tail = between[0]
            else:
                element.text = between[0]
            element[at:at] = words


def _tables(root: Tree, before: int) -> None:
    for number, table in enumerate(root.iter("table"), before + 1):
        for cell in table.iter("th"):
            in_head = any(above.tag == "thead" for above in cell.iterancestors("thead", "table"))
            spans = int(cell.get("colspan") or 1) > 1
            cell.set("scope", ("colgroup" if spans else "col") if in_head else "row")
        for cell in table.iter("td", "th"):
            _align(cell)
        caption = table.find("caption")
        if caption is not None:
            caption.set("id", caption.get("id") or f"table-caption-{number}")


def _align(cell: Tree) -> None:
    """pandoc's alignment as a class, so that a style sheet decides what it looks like."""
    style = cell.attrib.pop("style", "")
    if found := re.search(r"text-align:\s*(left|right|center)", style):
        add_class(cell, f"align-{found[1]}")


def _figures(root: Tree) -> None:
    for caption in root.iter("figcaption"):
        caption.attrib.pop("aria-hidden", None)


def _pictures(root: Tree, pictures: Mapping[str, Picture], address: Callable[[Picture], str]) -> None:
    for image in root.iter("img", "embed"):
        picture = pictures.get(image.get("src") or "")
        if picture is None:
            image.attrib.pop("src", None)
            continue
        image.tag = "img"
        image.set("src", address(picture))
        image.set("alt", image.get("alt") or "")
        if picture.width and picture.height and not image.get("style") and not image.get("width"):
            image.set("width", f"{picture.width:.0f}")
            image.set("height", f"{picture.height:.0f}")


def _tasks(root: Tree) -> None:
    """Check boxes as characters: they cannot be ticked, and print, Word and web show the same."""
    for box in list(root.iter("input")):
        sign = make("span", "☒" if box.get("checked") is not None else "☐", class_="task-box")
        sign.tail = " " + (box.tail or "").lstrip()
        box.getparent().replace(box, sign)


def _panel_notes(root: Tree, language: str) -> None:
    for note in with_class(root, "panel-note"):
        note.set("role", "note")
        note.set("aria-label", label("panel-note", language))


def scroll_wide(root: Tree, language: str) -> None:
    """Each table and each wide drawing into a region that scrolls by itself and can be reached with the keyboard."""
    for table in list(root.iter("table")):
        caption = table.find("caption")
        region = make("div", class_="scroll", role="region", tabindex="0")
        if caption is not None and caption.get("id"):
            region.set("aria-labelledby", caption.get("id"))
            _inside(caption, make("span", class_="caption-text"))
        else:
            region.set("aria-label", label("scrollable-table", language))
        wrap(table, region)
    for image in [image for figure in root.iter("figure") for image in figure.iter("img")]:
        if float(image.get("width") or 0) >= _WIDE_DRAWING:
            wrap(
                image, make("div", class_="scroll", role="region", tabindex="0", aria_label=label("scrollable-figure", language))
            )


def _inside(element: Tree, wrapper: Tree) -> None:
    """Put everything in the element into `wrapper`, and that into the element."""
    wrapper.text, element.text = element.text, None
    wrapper.extend(list(element))
    element.append(wrapper)


def link_back(text: Body, before: int, places: Mapping[str, tuple[str, ...]]) -> None:
    """Identifiers for citations, of which so many stand `before`, and behind each reference links to its `places`."""
    for root in text.roots:
        for citation in with_class(root, "citation"):
            before += 1
            if not citation.get("id"):
                citation.set("id", place(before))
    word = label("citations-of", text.language)
    for root in text.roots:
        for entry in with_class(root, "csl-entry"):
            cited = places.get((entry.get("id") or "").removeprefix("ref-"), ())
            if not cited:
                continue
            links = make("span", class_="backlinks")
            for number, identifier in enumerate(cited, 1):
                append(links, " ")
                append(
                    links,
                    make("a", "↑" if len(cited) == 1 else f"↑{number}", href=f"#{identifier}", aria_label=f"{word} {number}"),
                )
            append(entry, links)


def notes_in_place(text: Body, before: int) -> None:
    """Each footnote, of which so many stand `before`, to the place of its call, where print floats it to the foot of the page."""
    if text.notes is None:
        return
    notes = {item.get("id"): item for item in text.notes.iter("li")}
    number = before
    for root in text.parts:
        for call in list(with_class(root, "footnote-ref")):
            item = notes.get((call.get("href") or "").removeprefix("#"))
            if item is None:
                continue
            number += 1
            for back in list(with_class(item, "footnote-back")):
                remove(back)
            note = make("span", class_="footnote", id=item.get("id"), data_number=str(number))
            for block in list(item):
                block.tail = None
                if block.tag == "p":
                    block.tag = "span"
                    add_class(block, "paragraph")
                note.append(block)
            note.tail, call.tail = call.tail, None
            call.getparent().replace(call, note)
