"""bibliography: a reference as citeproc gets it: only what a style can print, DOI without its address, the journal's short name."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from mmguide.bibliography import identifiers
from mmguide.bibliography.items import DATES, NAMES, TEXTS
from mmguide.bibliography.works import fold
from mmguide.model.reference import Reference

# Long, and no style that a guideline would use prints them; `custom` is the editor's own book-keeping.
_UNPRINTED = frozenset({"abstract", "annote", "keyword", "custom", "citation-key"})
_PRINTED = (NAMES | DATES | TEXTS) - _UNPRINTED


def item(reference: Reference) -> dict[str, Any]:
    """The CSL item of a reference for citeproc."""
    csl = {name: value for name, value in reference.csl.items() if name in _PRINTED}
    csl["id"] = reference.key
    if "DOI" in csl:
        csl["DOI"] = identifiers.plain_doi(str(csl["DOI"]))
        # The same link twice: styles print it after the DOI, some without a space between.
        if _only_resolves(str(csl.get("URL", "")), csl["DOI"]):
            del csl["URL"]
    if "container-title-short" not in csl:
        short = csl.get("journalAbbreviation") or abbreviation(str(csl.get("container-title", "")))
        if short:
            csl["container-title-short"] = short
    return csl


def _only_resolves(url: str, doi: str) -> bool:
    prefixed = identifiers.plain_doi(url)
    return prefixed != url.strip() and prefixed.lower() == doi.lower()


def abbreviation(journal: str) -> str:
    """The National Library of Medicine's short name of a journal, '' for one that is not in the table."""
    return _table().get(_folded(journal), "") if journal else ""


@cache
def _table() -> Mapping[str, str]:
    text = files("mmguide.bibliography").joinpath("journals.csv").read_text(encoding="utf-8")
    return {_folded(row["title"]): row["abbreviation"] for row in csv.DictReader(text.splitlines())}


def _folded(journal: str) -> str:
    """A title without its article, remarks in brackets, and the difference between `&` and `and`."""
    plain = journal.split("(", maxsplit=1)[0].replace("&amp;", "&").replace("&", " and ").strip()
    return fold(plain.removeprefix("The ").removeprefix("the "))
