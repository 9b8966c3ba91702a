"""Render, Word: the cover and what stands before the text, from the settings."""

from __future__ import annotations

from mmguide.ast import Blocks, Element, Inlines, para, string, words
from mmguide.labels import label
from mmguide.model.settings import Settings
from mmguide.render.docx.fields import mark, raw_block, raw_inline
from mmguide.render.docx.look import Look
from mmguide.render.docx.ooxml import TAB
from mmguide.render.docx.setting import styled, worded

_TAB = raw_inline(TAB)


def cover(settings: Settings, look: Look) -> Blocks:
    """The title page and the page of those responsible, each ended by a section of its own."""
    language = settings.language
    status = f"{label('version', language)} {settings.version} · {label('status-' + settings.status, language)}"
    out = [_paragraph("Cover Status", status), _paragraph("Title", settings.title)]
    if settings.subtitle:
        out.append(_paragraph("Subtitle", settings.subtitle))
    for name, day in settings.dates:
        if day is not None:
            out.append(_detail(label(f"date-{name}", language), day.isoformat()))
    if settings.notice:
        out.append(_paragraph("Cover Notice", settings.notice))
    if settings.summary:
        out.append(_paragraph("Cover Text", settings.summary))
    out.append(raw_block(mark("section", ends="cover")))
    return out + _responsible(settings)


def _responsible(settings: Settings) -> Blocks:
    language = settings.language
    out: Blocks = []
    if settings.contributors:
        out.append(_paragraph("Front Heading", label("contributors", language)))
        for person in settings.contributors:
            facts = [person.role, person.affiliation]
            text: Inlines = [worded("Strong", words(person.name)), *_behind(", ".join(f for f in facts if f))]
            if person.orcid:
                text += _behind(f"ORCID {person.orcid}")
            if person.interests:
                text += _behind(f"{label('interests', language)}: {person.interests}", ". ")
            out.append(styled("Cover Text", [para(text)]))
    for name in ("funding", "contact"):
        if value := getattr(settings, name):
            out += [_paragraph("Front Heading", label(name, language)), _paragraph("Cover Text", value)]
    if settings.feedback:
        out.append(_paragraph("Front Heading", settings.feedback.question))
        for address in (settings.feedback.address, settings.feedback.email):
            if address:
                out.append(_paragraph("Cover Text", address))
    return out


def _behind(text: str, between: str = ", ") -> Inlines:
    return [string(between.rstrip()), {"t": "Space"}, *words(text)] if text else []


def _paragraph(style: str, text: str) -> Element:
    return styled(style, [para(words(text))])


def _detail(name: str, value: str) -> Element:
    return styled("Cover Detail", [para([worded("Cover Label", words(name)), _TAB, *words(value)])])
