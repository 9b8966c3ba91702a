"""Stage render: the web page, one self-contained file."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape

from msgspec import Struct
from msgspec.structs import astuple

from mmguide import house
from mmguide.cache import NOTHING, Cache
from mmguide.css import with_addresses
from mmguide.labels import label, right_to_left
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.picture import Picture
from mmguide.model.settings import Settings
from mmguide.model.source import Source
from mmguide.render.html import front
from mmguide.render.html.body import body, link_back, scroll_wide
from mmguide.render.html.changes import against
from mmguide.render.html.chapters import KEPT, Chapter, Places, chapters, places_of_citations
from mmguide.render.html.form import as_inputs
from mmguide.render.html.tree import Tree, append, filled, gap, make, write
from mmguide.theme import Theme, stylesheet

# Without this line the contents are open everywhere, which is what a reader without scripts gets.
_SCRIPT = 'if(matchMedia("(max-width:64rem)").matches)document.querySelector("nav.contents details").open=false'


def html_page(cited: CitedManuscript, theme: Theme, own: Source | None = None, cache: Cache = NOTHING) -> bytes:
    """The guideline as one HTML file with its pictures and styles inside; `own` is the project's own style sheet.

    What is dear to make of a chapter is kept in `cache`.
    """
    settings = cited.project.settings
    head = make(
        "head",
        make("meta", charset="utf-8"),
        make("meta", name="viewport", content="width=device-width, initial-scale=1"),
        make("title", settings.title),
        make("meta", name="generator", content="mmguide"),
        make("meta", name="color-scheme", content="light dark"),
    )
    if settings.summary:
        head.append(make("meta", name="description", content=settings.summary))
    head.append(make("style", _styles(cited, theme, own)))
    turned = ' dir="rtl"' if right_to_left(settings.language) else ""
    text = _text(chapters(cited, cache), settings.contents_depth, cache)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(settings.language)}"{turned}>'
        f"{write(head)}{filled(write(_page(settings, text, theme, cited)), text)}</html>\n"
    ).encode()


def _text(all_of_them: Sequence[Chapter], depth: int, cache: Cache) -> dict[str, str]:
    """What chapters put into the page: their text, notes and entries in the contents."""
    places = places_of_citations(all_of_them)
    made = [
        _chapter(each, tuple((key, places[key]) for key in each.counted.entries if key in places), depth, cache)
        for each in all_of_them
    ]
    return {name: "".join(getattr(one, name) for one in made) for name in ("sections", "notes", "entries")}


class _Made(Struct, frozen=True):
    """A chapter's parts of the page."""

    sections: str
    notes: str
    entries: str


@lru_cache(KEPT)
def _chapter(chapter: Chapter, places: Places, depth: int, cache: Cache) -> _Made:
    key = chapter.key("web chapter", repr(places), str(depth))
    if entry := cache.get(key):
        return _Made(*entry.facts)
    made = _made(chapter, places, depth)
    cache.put(key, astuple(made))
    return made


def _made(chapter: Chapter, places: Places, depth: int) -> _Made:
    text = body(chapter, data_address)
    link_back(text, chapter.before.citations, dict(places))
    as_inputs(text)
    entries = front.entries(text, depth)
    for root in text.roots:
        scroll_wide(root, chapter.language)
    notes = () if text.notes is None else text.notes.findall("ol/li")
    return _Made(*("\n".join(("", *map(write, each))) for each in (text.parts, notes, entries)))


def _styles(cited: CitedManuscript, theme: Theme, own: Source | None) -> str:
    """The house's style sheet and the project's own, whose pictures are written into it."""
    css = stylesheet(theme, house.style("web.css").text)
    if own is not None:
        pictures = cited.manuscript.pictures
        css += "\n" + with_addresses(own, lambda path: data_address(pictures[path]) if path in pictures else "")
    # In CSS the backslash changes nothing; in HTML it keeps the element from ending here.
    return css.replace("</", "<\\/")


def data_address(picture: Picture) -> str:
    """The picture itself as a `data:` URL."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode('ascii')}"


def _page(settings: Settings, text: Mapping[str, str], theme: Theme, cited: CitedManuscript) -> Tree:
    """The page around the text."""
    language = settings.language
    main = make("main", gap("sections"), id="text", tabindex="-1")
    if front.has_about(settings) and not cited.manuscript.edition:
        before = cited.before and front.about(cited.before.settings, "h1")
        about = against(before, front.about(settings, "h1"), language)
        scroll_wide(about, language)
        main.append(about)
    if text["notes"]:
        heading = make("h1", label("footnotes", language))
        main.append(make("section", heading, make("ol", gap("notes")), class_="footnotes", id="footnotes", role="doc-endnotes"))
    navigation = make("nav", class_="contents", aria_label=label("contents", language))
    entries = make("ol", gap("entries"))
    navigation.append(make("details", make("summary", label("contents", language)), entries, open=""))
    out = make("body", class_=f"status-{settings.status}")
    out.append(make("a", label("skip-to-content", language), href="#text", class_="skip"))
    append(out, make("p", settings.notice, class_="notice", role="note") if settings.notice else None)
    before = cited.before and _masthead(cited.before.settings, theme, cited)
    out.append(against(before, _masthead(settings, theme, cited), language))
    out.append(make("div", navigation, main, class_="frame"))
    out.append(make("footer", make("p", front.version_line(settings)), class_="colophon"))
    out.append(make("script", _SCRIPT))
    return out


def _masthead(settings: Settings, theme: Theme, cited: CitedManuscript) -> Tree:
    out = make("header", class_="masthead")
    if (logo := cited.manuscript.pictures.get(theme.logo)) is not None:
        out.append(make("img", src=data_address(logo), alt="", class_="logo"))
    out.append(make("p", settings.title, class_="title", role="heading", aria_level="1"))
    if settings.subtitle:
        out.append(make("p", settings.subtitle, class_="subtitle"))
    if settings.summary:
        out.append(make("p", settings.summary, class_="summary"))
    if settings.status != "published":
        out.append(make("p", front.status(settings), class_="status"))
    out.append(front.facts(settings))
    append(out, front.people(settings) if not cited.manuscript.sheet else None)
    return out
