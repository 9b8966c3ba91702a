"""Stage handout, boxes: whom to call at which clinic, where the current version is, and how a reader answers, as blocks of the tree."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Mapping
from urllib.parse import unquote

from msgspec.structs import replace

from mmguide.ast import SPACE, Attr, Blocks, Element, Inlines, attr_of, div, link, para, string, strong, words
from mmguide.labels import apart, label
from mmguide.model.clinic import Clinic, ClinicSettings
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.picture import Picture
from mmguide.model.settings import Feedback, Settings

FEEDBACK_QR = "generated/feedback-address.svg"
CURRENT_QR = "generated/current-address.svg"
# Classes of the boxes in the tree.
CONTACT, FOOT = "handout-contact", "handout-foot"
# In `address` of guideline.yaml this stands for the handout's name.
HANDOUT = "{handout}"
# A line for the pen.
_RULE = "_" * 26
_QR_PIXELS = 110
_JOINED = "\u00a0"
_QR_SIZE = "0.9in"
_LOGO_HEIGHT = "0.6in"


def with_clinic(cited: CitedManuscript, clinic: Clinic) -> CitedManuscript:
    """The handout for this clinic: its numbers where the clinic's box is, or above the foot of a sheet that has none."""
    box = contact_box(clinic, cited.project.settings.language, cited.manuscript.pictures)
    places = [number for kind in (CONTACT, FOOT) for number, block in enumerate(cited.blocks) if kind in attr_of(block).classes]
    at = places[0] if places else len(cited.blocks)
    behind = at + 1 if places and CONTACT in attr_of(cited.blocks[at]).classes else at
    return replace(cited, blocks=[*cited.blocks[:at], box, *cited.blocks[behind:]])


def contact_box(clinic: Clinic | None, language: str, pictures: Mapping[str, Picture]) -> Element:
    """Whom to call: the clinic's numbers, or lines on which a clinic writes its numbers by pen."""
    given = clinic.settings if clinic else None
    day = [*_number("handout-day", given.telephone if given else "", language), *_hours(given, language)]
    night = _number("handout-night", given.emergency if given else "", language)
    lines: list[Inlines] = [[strong(words(label("handout-call", language)))]]
    if given:
        lines = [[strong(words(f"{label('handout-call', language)}: {apart(given.name, language)}"))]]
    lines += [day, night, *(_where(given, language) if given else [])]
    logo = _logo(given, pictures)
    return div([*([para([logo])] if logo else []), *(para(line) for line in lines)], Attr(classes=(CONTACT,)))


def _number(name: str, number: str, language: str) -> Inlines:
    """A telephone number behind its label, on one line and to be dialled; a line for the pen where it is not given."""
    lead = [*words(f"{label(name, language)}:"), SPACE]
    if not number:
        return [*lead, string(_RULE)]
    dialled = "".join(character for character in number if character.isdigit() or character == "+")
    return [*lead, strong([link([string(apart(number.replace(" ", _JOINED), language))], f"tel:{dialled}")])]


def _hours(given: ClinicSettings | None, language: str) -> Inlines:
    hours = given.hours_in(language) if given else ""
    return [SPACE, *words(f"({apart(hours, language)})")] if hours else []


def _where(given: ClinicSettings, language: str) -> list[Inlines]:
    """Address, mail and web of a clinic on one line, as far as it gives them."""
    if not (given.address or given.email or given.web):
        return []
    reached: list[Inlines] = [words(apart(", ".join(given.address), language))] if given.address else []
    reached += [[link(words(given.email), f"mailto:{given.email}")]] if given.email else []
    reached += [[link(words(given.web), given.web)]] if given.web else []
    return [[e for number, one in enumerate(reached) for e in ([SPACE, *words("·"), SPACE, *one] if number else one)]]


def _logo(given: ClinicSettings | None, pictures: Mapping[str, Picture]) -> Element | None:
    """The clinic's logo. Its name stands beside it in words."""
    path = posixpath.normpath(unquote(given.logo)) if given and given.logo else ""
    return _image(path, given.name, "logo", ("height", _LOGO_HEIGHT)) if given and path in pictures else None


def foot(settings: Settings, name: str) -> tuple[Blocks, Mapping[str, Picture]]:
    """The current version's address and the question to the reader, each in words and as QR code; the codes' pictures."""
    boxes: Blocks = []
    pictures: dict[str, Picture] = {}
    for title, links, path, kind in (_current(settings, name), _answer(settings)):
        if not links:
            continue
        target = links[0][1]
        pictures[path] = _qr(path, target)
        code = _image(path, f"{label('qr-code', settings.language)}: {links[0][0]}", "qr", ("width", _QR_SIZE))
        lines: list[Inlines] = [[strong(words(title))], *([link(words(text), to)] for text, to in links)]
        boxes.append(div([para([code]), *(para(line) for line in lines)], Attr(classes=("handout-address", kind))))
    return ([div(boxes, Attr(classes=(FOOT,)))] if boxes else []), pictures


Address = tuple[str, list[tuple[str, str]], str, str]


def _current(settings: Settings, name: str) -> Address:
    address = settings.address.replace(HANDOUT, name)
    links = [(address, address)] if address else []
    return label("handout-current", settings.language), links, CURRENT_QR, "handout-current"


def _answer(settings: Settings) -> Address:
    given = settings.feedback or Feedback()
    links = [(given.address, given.address)] if given.address else []
    links += [(given.email, f"mailto:{given.email}")] if given.email else []
    return given.question, links, FEEDBACK_QR, "handout-feedback"


def _image(path: str, description: str, kind: str, size: tuple[str, str]) -> Element:
    sizes = (size, ("height", size[1])) if kind == "qr" else (size,)
    return {"t": "Image", "c": [Attr("", (kind,), sizes).raw(), words(description), [path, ""]]}


def _qr(path: str, address: str) -> Picture:
    """The QR code of an address with the quiet zone of four modules that readers need (ISO/IEC 18004)."""
    import segno

    out = io.BytesIO()
    segno.make(address, micro=False, error="m").save(out, kind="svg", border=4, scale=4, light="#ffffff")
    return Picture(path, out.getvalue(), "image/svg+xml", _QR_PIXELS, _QR_PIXELS)
