"""Settings of a clinic that hands out the guideline's sheets: `clinics/NAME.yaml` as a typed, frozen value.

`docs/clinic.schema.json` is generated from `ClinicSettings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, model_validator

from mmguide.diagnostics import Span
from mmguide.labels import primary
from mmguide.model.part import Part
from mmguide.model.settings import LanguageTag, Place, Text, nearest

# On the command line this means every clinic.
ALL_CLINICS = "all"
CLINICS_FOLDER = "clinics"
LEAST_DIGITS = 3


def _telephone(value: str) -> str:
    if value and sum(character.isdigit() for character in value) < LEAST_DIGITS:
        raise ValueError("a telephone number has digits")
    return value


def _web(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise ValueError("an address on the web begins with https://")
    return value


def _hours(value: Any) -> Any:
    if isinstance(value, str) or (isinstance(value, dict) and all(isinstance(text, str) for text in value.values())):
        return value
    raise ValueError("hours are one text, or one for each language: `hours: {en: weekdays, es: días laborables}`")


Telephone = Annotated[Text, AfterValidator(_telephone)]


class ClinicSettings(Part):
    """Who is called, when and where. `emergency` is the number at night and at weekends, `hours` when `telephone` is answered: one text, or
    one for each language of the sheets.

    `address` may be one text or a list of lines; `logo` is a picture of the project; a clinic gets the handouts in its `languages`,
    all of them where it names none.
    """

    name: Text
    telephone: Telephone
    hours: Annotated[str | Mapping[LanguageTag, Text], BeforeValidator(_hours)] = ""
    emergency: Annotated[str, AfterValidator(_telephone)] = ""
    address: tuple[Text, ...] = ()
    email: str = ""
    web: Annotated[str, AfterValidator(_web)] = ""
    logo: str = ""
    languages: tuple[LanguageTag, ...] = ()

    def hours_in(self, language: str) -> str:
        """When the telephone is answered, for a sheet in this language: as given for it, else as given first."""
        if isinstance(self.hours, str):
            return self.hours
        near = (text for tag, text in self.hours.items() if primary(tag) == primary(language))
        return self.hours.get(language) or next(near, next(iter(self.hours.values()), ""))

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, value: Any) -> Any:
        """A single line or language may be written without the brackets of a list."""
        if not isinstance(value, dict):
            return value
        return {k: [v] if k in ("address", "languages") and isinstance(v, str) else v for k, v in value.items() if v is not None}


@dataclass(frozen=True)
class Clinic:
    """A clinic by its `id`, which is the name of its `file`; `places` gives the span of each setting."""

    id: str
    settings: ClinicSettings
    file: str
    places: Mapping[Place, Span] = field(default_factory=dict, hash=False, repr=False)

    def place(self, *path: str | int) -> Span:
        """Where a setting stands, or the nearest above it."""
        return nearest(self.places, path, self.file)

    def speaks(self, language: str) -> bool:
        """Whether it hands out sheets in this language, by its primary subtag."""
        languages = self.settings.languages
        return not languages or primary(language) in {primary(one) for one in languages}
