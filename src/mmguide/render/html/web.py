"""Stage render: the web page, one self-contained file."""

from __future__ import annotations

import base64

from mmguide import house
from mmguide.css import with_addresses
from mmguide.labels import label, right_to_left
from mmguide.model.manuscript import CitedManuscript, Picture
from mmguide.model.settings import Settings
from mmguide.model.source import Source
from mmguide.render.html import front
from mmguide.render.html.body import Body, body, link_back, scroll_wide
from mmguide.render.html.form import as_inputs
from mmguide.render.html.tree import Tree, append, make, write
from mmguide.theme import Theme, stylesheet

# Without this line the contents are open everywhere, which is what a reader without scripts gets.
_SCRIPT = 'if(matchMedia("(max-width:64rem)").matches)document.querySelector("nav.contents details").open=false'


def html_page(cited: CitedManuscript, theme: Theme, own: Source | None = None) -> bytes:
    """The guideline as one HTML file with its pictures and styles inside; `own` is the project's own style sheet."""
    settings = cited.project.settings
    parts = body(cited, data_address)
    link_back(parts)
    as_inputs(parts)
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
    page = make("html", head, _page(settings, parts, theme, cited), lang=settings.language)
    if right_to_left(settings.language):
        page.set("dir", "rtl")
    return ("<!DOCTYPE html>\n" + write(page) + "\n").encode()


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


def _page(settings: Settings, parts: Body, theme: Theme, cited: CitedManuscript) -> Tree:
    language = settings.language
    text = make("main", *parts.parts, id="text", tabindex="-1")
    if front.has_about(settings) and not cited.manuscript.edition:
        text.append(front.about(settings, "h1"))
    if parts.notes is not None:
        parts.notes.insert(0, make("h1", label("footnotes", language)))
        text.append(parts.notes)
    scroll_wide(text, language)
    navigation = make("nav", class_="contents", aria_label=label("contents", language))
    navigation.append(
        make("details", make("summary", label("contents", language)), front.contents(parts, settings.contents_depth), open="")
    )
    out = make("body", class_=f"status-{settings.status}")
    out.append(make("a", label("skip-to-content", language), href="#text", class_="skip"))
    append(out, make("p", settings.notice, class_="notice", role="note") if settings.notice else None)
    out.append(_masthead(settings, theme, cited))
    out.append(make("div", navigation, text, class_="frame"))
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
