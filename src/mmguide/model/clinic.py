"""Settings of a clinic that hands out the guideline's sheets: `clinics/NAME.yaml` as a typed, frozen value.

`docs/clinic.schema.json` is generated from `ClinicSettings`.
"""

# No `from __future__ import annotations`: msgspec would compile each annotation at every start.

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from mmguide.diagnostics import Span
from mmguide.labels import primary
from mmguide.model.part import Part
from mmguide.model.settings import LanguageTag, Place, Text, nearest

# On the command line this means every clinic.
ALL_CLINICS = "all"
CLINICS_FOLDER = "clinics"
USUAL_CLINICS = (f"{CLINICS_FOLDER}/*.yaml",)

# A number has three digits at least; none is needed where no number is.
_NUMBER = r"\d\D*\d\D*\d"
Telephone = Annotated[str, Meta(pattern=_NUMBER, description="a telephone number, which has digits")]
TelephoneIfAny = Annotated[str, Meta(pattern=rf"^\Z|{_NUMBER}", description="a telephone number, which has digits")]
WebIfAny = Annotated[str, Meta(pattern=r"^(\Z|https?://)", description="an address on the web, which begins with https://")]
Hours = Annotated[
    str | Mapping[LanguageTag, Text],
    Meta(description="one text, or one for each language: `hours: {en: weekdays, es: días laborables}`"),
]


class ClinicSettings(Part, frozen=True, kw_only=True):
    """Who is called, when and where. `emergency` is the number at night and at weekends, `hours` when `telephone` is answered: one text, or
    one for each language of the sheets.

    `address` may be one text or a list of lines; `logo` is a picture of the project; a clinic gets the handouts in its `languages`,
    all of them where it names none.
    """

    name: Text
    telephone: Telephone
    hours: Hours = ""
    emergency: TelephoneIfAny = ""
    address: tuple[Text, ...] = ()
    email: str = ""
    web: WebIfAny = ""
    logo: str = ""
    languages: tuple[LanguageTag, ...] = ()

    def hours_in(self, language: str) -> str:
        """When the telephone is answered, for a sheet in this language: as given for it, else as given first."""
        if isinstance(self.hours, str):
            return self.hours
        near = (text for tag, text in self.hours.items() if primary(tag) == primary(language))
        return self.hours.get(language) or next(near, next(iter(self.hours.values()), ""))


class Clinic(Struct, frozen=True):
    """A clinic by its `id`, which is the name of its `file`; `places` gives the span of each setting."""

    id: str
    settings: ClinicSettings
    file: str
    places: Mapping[Place, Span] = {}

    def place(self, *path: str | int) -> Span:
        """Where a setting stands, or the nearest above it."""
        return nearest(self.places, path, self.file)

    def speaks(self, language: str) -> bool:
        """Whether it hands out sheets in this language, by its primary subtag."""
        languages = self.settings.languages
        return not languages or primary(language) in {primary(one) for one in languages}
