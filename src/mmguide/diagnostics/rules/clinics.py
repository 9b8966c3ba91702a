"""The rules of group MMG755: clinics and what is printed for them."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

CLINIC_NAME = Rule(
    "MMG755",
    "clinic-name",
    Severity.ERROR,
    "the clinic '{name}' cannot be called so: {problem}",
    "rename the file: letters, digits, dots and dashes, another name for each clinic",
    "A clinic is called by the name of its file, `clinics/NAME.yaml`: on the command line, as `mmguide handout --clinic NAME`, and as the "
    "name of the folder that its sheets are written to. So the name must be one word, stand once, and not be `all`.",
)
NO_CURRENT_ADDRESS = Rule(
    "MMG756",
    "no-current-address",
    Severity.WARNING,
    "the sheets of clinics do not say where the current version is",
    "add `address: https://…` to guideline.yaml: it is printed on each sheet, in words and as a QR code",
    "A sheet stays in a drawer for years after the guideline has changed. Whoever holds it must be able to see whether it is still "
    "current, so each sheet of a clinic bears the address at which the current version is found.",
)
CLINIC_LANGUAGE = Rule(
    "MMG757",
    "clinic-without-handout",
    Severity.WARNING,
    "no handout for patients is in {language}, which {name} hands out",
    "take the language out of the clinic's list, or translate a handout into it",
    "A clinic lists the languages in which it hands out sheets. A language in which there is none is misspelt, or its patients would be "
    "sent away without a sheet.",
)
