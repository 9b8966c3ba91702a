"""bibliography: identifiers of works, persons and trials: their forms and check digits. Each function gives a reason, or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+|10/[A-Za-z0-9]+")
_DOI_PREFIX = re.compile(r"\s*(?:https?://)?(?:dx\.)?(?:doi\.org/|doi:\s*)", re.IGNORECASE)
_ORCID_PREFIX = re.compile(r"\s*(?:https?://)?orcid\.org/", re.IGNORECASE)


def plain_doi(text: str) -> str:
    """A DOI without `https://doi.org/` or `doi:` before it."""
    return _DOI_PREFIX.sub("", text, count=1).strip()


def doi(text: str) -> str | None:
    value = plain_doi(text)
    if any(c.isspace() for c in value):
        return "it holds a space"
    if not _DOI.fullmatch(value):
        return "a DOI is 10., a number, a slash and a name, such as 10.1056/NEJMoa1114083"
    return None


def pmid(text: str) -> str | None:
    return None if re.fullmatch(r"[1-9]\d{0,7}", text.strip()) else "a PMID is a number of at most eight digits"


def pmcid(text: str) -> str | None:
    return None if re.fullmatch(r"PMC[1-9]\d{3,7}(?:\.\d+)?", text.strip()) else "a PMCID is PMC and a number, such as PMC3744390"


def isbn(text: str) -> str | None:
    """Also for several ISBNs with remarks, as exports have them: `978-… (print) 978-… (online)`."""
    for value in re.findall(r"[\dXx][\dXx -]{7,}[\dXx]|[\dXx-]+", re.sub(r"\([^)]*\)", ",", text)) or [text]:
        digits = re.sub(r"[ -]", "", value).upper()
        if re.fullmatch(r"\d{9}[\dX]", digits):
            if sum((10 - i) * (10 if c == "X" else int(c)) for i, c in enumerate(digits)) % 11:
                return "its check digit is wrong"
        elif re.fullmatch(r"97[89]\d{10}", digits):
            if sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(digits)) % 10:
                return "its check digit is wrong"
        else:
            return "an ISBN has 10 digits, or 13 that begin with 978 or 979"
    return None


def issn(text: str) -> str | None:
    """Also for several ISSNs with remarks: `ISSN 0006-4971 (Print), 1528-0020 (Electronic)`."""
    for value in re.split(r"[\s,;]+", re.sub(r"\([^)]*\)|e?ISSN:?", " ", text).strip()):
        if not re.fullmatch(r"\d{4}-?\d{3}[\dXx]", value):
            return "an ISSN is four digits, a hyphen, three digits and a check digit"
        digits = value.replace("-", "").upper()
        if sum((8 - i) * (10 if c == "X" else int(c)) for i, c in enumerate(digits)) % 11:
            return "its check digit is wrong"
    return None


def orcid(text: str) -> str | None:
    value = _ORCID_PREFIX.sub("", text).strip().rstrip("/").upper()
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", value):
        return "an ORCID is four groups of four digits, such as 0000-0002-1825-0097"
    total = 0
    for digit in value.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return None if value[-1] == ("X" if check == 10 else str(check)) else "its check digit is wrong"


def nct(text: str) -> str | None:
    return None if re.fullmatch(r"NCT\d{8}", text.strip()) else "a ClinicalTrials.gov number is NCT and eight digits"


CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "DOI": doi,
    "PMID": pmid,
    "PMCID": pmcid,
    "ISBN": isbn,
    "ISSN": issn,
}
