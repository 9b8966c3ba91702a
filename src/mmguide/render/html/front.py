"""Stage render: what the settings say about a guideline (cover, people, contents, feedback) as pieces of HTML."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from lxml import etree

from mmguide.labels import label, long_date
from mmguide.model.settings import Settings
from mmguide.render.html.body import Body
from mmguide.render.html.tree import Tree, append, classes, make, text_of

_DATES = ("search", "approved", "published", "updated", "review_by")


def shown_date(settings: Settings) -> date | None:
    """The date that stands for the text: when it was last updated, else published, approved, searched."""
    dates = settings.dates
    return dates.updated or dates.published or dates.approved or dates.search


def status(settings: Settings) -> str:
    return label(f"status-{settings.status}", settings.language)


def version_line(settings: Settings) -> str:
    """Version, status and date on one line, as headers and footers show it."""
    when = shown_date(settings)
    parts = [f"{label('version', settings.language)} {settings.version}", status(settings)]
    if when is not None:
        parts.append(long_date(when, settings.language))
    return " · ".join(parts)


def facts(settings: Settings) -> Tree:
    """Version, status and dates as a list of terms."""
    language = settings.language
    rows = [(label("version", language), settings.version), (label("status", language), status(settings))]
    for name in _DATES:
        if (when := getattr(settings.dates, name)) is not None:
            rows.append((label(f"date-{name}", language), long_date(when, language)))
    out = make("dl", class_="facts")
    for name, value in rows:
        out.append(make("div", make("dt", name), make("dd", value)))
    return out


def people(settings: Settings) -> Tree | None:
    """The contributors' names, by role in the order in which the roles first appear."""
    if not settings.contributors:
        return None
    roles = list(dict.fromkeys(c.role for c in settings.contributors))
    ordered = sorted(settings.contributors, key=lambda c: roles.index(c.role))
    out = make("dl", class_="people")
    for role, group in groupby(ordered, key=lambda c: c.role):
        entry = make("div", make("dt", role))
        for person in group:
            entry.append(make("dd", person.name))
        out.append(entry)
    return out


def contributors(settings: Settings) -> Tree | None:
    """The contributors with affiliation and interests, as a table."""
    if not settings.contributors:
        return None
    language = settings.language
    columns = ["name", "role"]
    columns += [name for name in ("affiliation", "interests") if any(getattr(c, name) for c in settings.contributors)]
    head = make("tr", *(make("th", label(name, language), scope="col") for name in columns))
    rows = make("tbody")
    for person in settings.contributors:
        cells = [make("th", person.name, *_orcid(person.orcid), scope="row")]
        cells += [make("td", getattr(person, name)) for name in columns[1:]]
        rows.append(make("tr", *cells))
    return make(
        "table",
        make("caption", label("contributors", language), id="contributors"),
        make("thead", head),
        rows,
        class_="contributors",
    )


def _orcid(identifier: str) -> Iterator[Tree]:
    if identifier:
        bare = identifier.rsplit("/", 1)[-1]
        yield make("br")
        yield make("a", bare, href=f"https://orcid.org/{bare}", class_="orcid")


def about(settings: Settings, heading: str) -> Tree:
    """The page about the guideline itself: people with their interests, funding, contact, feedback."""
    language = settings.language
    out = make("section", make(heading, label("about", language)), class_="about", id="about-this-guideline")
    append(out, contributors(settings))
    for name in ("funding", "contact"):
        if text := getattr(settings, name):
            out.append(make("h3", label(name, language)))
            out.append(make("p", text))
    append(out, feedback(settings))
    return out


def has_about(settings: Settings) -> bool:
    return bool(settings.contributors or settings.funding or settings.contact or settings.feedback)


def feedback(settings: Settings) -> Tree | None:
    """The question to the reader, with the address as text and as QR code."""
    given = settings.feedback
    if given is None:
        return None
    words = make("div", make("p", given.question, class_="question"), class_="words")
    if given.address:
        words.append(make("p", _link(given.address, given.address)))
    if given.email:
        words.append(make("p", make("a", given.email, href=f"mailto:{given.email}")))
    out = make("aside", class_="feedback", aria_label=label("feedback", settings.language))
    if given.address or given.email:
        out.append(qr_code(given.address or f"mailto:{given.email}", label("qr-code", settings.language)))
    out.append(words)
    return out


def _link(address: str, text: str) -> Tree:
    """A link where the address is one of the web; otherwise only its text."""
    return make("a", text, href=address) if address.startswith(("https://", "http://")) else make("span", text)


def qr_code(content: str, name: str) -> Tree:
    """The QR code as SVG, drawn in the colour of the text around it."""
    import segno

    out = io.BytesIO()
    segno.make(content, micro=False, error="m").save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, svgclass="qr"
    )
    code = etree.fromstring(out.getvalue())
    code.set("role", "img")
    code.set("aria-label", f"{name}: {content}")
    return code


def entries(text: Body, depth: int) -> tuple[Tree, ...]:
    """A chapter's entries in the contents, as nested lists of links, down to headings of level `depth`."""
    out = make("ol")
    for part in text.parts:
        if part.tag == "section":
            _entry(out, part, 1, depth)
    return tuple(out)


def _entry(list_: Tree, section: Tree, level: int, depth: int) -> None:
    heading = next((child for child in section if child.tag in ("h1", "h2", "h3", "h4", "h5", "h6")), None)
    if heading is None or not section.get("id") or "unlisted" in classes(heading):
        return
    if "deletion" in classes(heading):
        for child in section.iter("section"):
            if child is not section and _nearest(child) is section:
                _entry(list_, child, level, depth)
        return
    link = make("a", href=f"#{section.get('id')}")
    words = heading.get("data-running") or text_of(heading)
    number = next((child for child in heading if "number" in classes(child)), None)
    if number is not None:
        link.append(make("span", f"{text_of(number)} ", class_="number"))
    link.append(make("span", words, class_="words"))
    item = make("li", link)
    if level < depth:
        below = make("ol")
        for child in section.iter("section"):
            if child is not section and _nearest(child) is section:
                _entry(below, child, level + 1, depth)
        if len(below):
            item.append(below)
    list_.append(item)


def _nearest(section: Tree) -> Tree:
    """The section that this one stands in."""
    return next(section.iterancestors("section"), None)
