"""The line of stages for sheets of many clinics: boxes laid out first, then each sheet once for each height of box, then box into sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mmguide.contact import contact_box, with_clinic
from mmguide.diagnostics import Diagnostic
from mmguide.material import Look
from mmguide.model.clinic import Clinic
from mmguide.model.manuscript import CitedManuscript
from mmguide.processors import processors
from mmguide.render.pdf.carried import carried
from mmguide.render.pdf.diagnose import missing_characters, shown_by_pages
from mmguide.render.pdf.document import OneSheet, one_sheet, typeset_sheet
from mmguide.render.pdf.press import PdfResult, press_for
from mmguide.render.pdf.slot import Box, alone, boxes_of, measured, stamped, width_of_room, with_room
from mmguide.workers import Crew

# Boxes that one process lays out in a row.
PORTION = 20
_ANY_HEIGHT = 20.0


class Stamps(Struct, frozen=True):
    """What the sheets of many clinics are put together from: boxes by kind of sheet and clinic, sheets with room by number and height."""

    kinds: tuple[int, ...]
    boxes: Mapping[tuple[int, str], Box]
    bases: Mapping[tuple[int, float], PdfResult]
    found: Mapping[int, tuple[Diagnostic, ...]]

    def pdf(self, edition: int, clinic: Clinic) -> tuple[bytes, tuple[Diagnostic, ...]]:
        """The handout of this number for this clinic, and what its layout showed."""
        box = self.boxes[self.kinds[edition], clinic.id]
        content = stamped(self.bases[edition, box.height].content, box.content)
        return content, (*self.found[edition], *missing_characters(box.missing, ()))


def stamps(editions: Sequence[CitedManuscript], looks: Sequence[Look], clinics: Sequence[Clinic]) -> Stamps:
    """All that has to be laid out for these handouts (each with its look) and these clinics, in several processes."""
    whole = [with_clinic(edition, clinics[0]) for edition in editions]
    sheets = [
        one_sheet(cited, look.theme, look.sheets.get("print"), carried(cited.manuscript, ()))
        for cited, look in zip(whole, looks, strict=True)
    ]
    # Sheets with the same ink and language have the same boxes.
    kinds = tuple(next(at for at, other in enumerate(sheets) if _alike(sheet, other)) for sheet in sheets)
    boxes = {
        (kind, clinic.id): box
        for kind in dict.fromkeys(kinds)
        for clinic, box in zip(clinics, _boxes(whole[kind], looks[kind], sheets[kind], clinics), strict=True)
    }
    wanted = list(
        dict.fromkeys(
            (at, boxes[kinds[at], clinic.id].height)
            for at, edition in enumerate(editions)
            for clinic in clinics
            if clinic.speaks(edition.project.settings.language)
        )
    )
    made = dict(Crew(lambda one: _base(sheets[one[0]], one[1]), wanted, [1] * len(wanted), processors()))
    bases = {one: made[number] for number, one in enumerate(wanted)}
    found = {at: shown_by_pages(base, whole[at].manuscript, ()) for (at, _), base in bases.items()}
    return Stamps(kinds, boxes, bases, found)


def _alike(one: OneSheet, other: OneSheet) -> bool:
    return one.ink == other.ink and one.profile == other.profile and _language(one) == _language(other)


def _language(sheet: OneSheet) -> str:
    return sheet.opening.partition("<head>")[0]


def _base(sheet: OneSheet, height: float) -> PdfResult:
    return typeset_sheet(replace(sheet, html=with_room(sheet.html, height)))


def _boxes(cited: CitedManuscript, look: Look, sheet: OneSheet, clinics: Sequence[Clinic]) -> list[Box]:
    """The boxes of all clinics, as wide as the sheet has room."""
    language, pictures = cited.project.settings.language, cited.manuscript.pictures
    together = replace(cited, blocks=[contact_box(clinic, language, pictures) for clinic in clinics])
    htmls = boxes_of(one_sheet(together, look.theme, look.sheets.get("print"), ()).html)
    width = width_of_room(_base(sheet, _ANY_HEIGHT).content)
    press = press_for(sheet.ink)

    def lay_out(portion: Sequence[str]) -> list[Box]:
        pages = (alone(sheet.opening, html, width) for html in portion)
        return [measured(press.typeset(page, profile=sheet.profile)) for page in pages]

    portions = [htmls[start : start + PORTION] for start in range(0, len(htmls), PORTION)]
    made = dict(Crew(lay_out, portions, [1] * len(portions), processors()))
    return [box for number in range(len(portions)) for box in made[number]]
