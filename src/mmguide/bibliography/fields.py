"""bibliography: names, dates, identifiers and keys as reference managers write them, read into CSL. Shared by RIS, NBIB and EndNote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain, count
from typing import Any
from unicodedata import combining, normalize

from mmguide.bibliography.items import words
from mmguide.model.reference import date_parts

Date = dict[str, list[list[int]]]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
# A name without a comma that holds one of these is a body, not a person.
_BODY = words(
    """
    academy administration agency alliance and association authority board bureau cancer center centers centre clinic
    collaboration collaborative collaborators college commission committee company confederation conference congress
    consortium cooperative corporation council data department directorate division federation for forum foundation fund
    gmbh government group groups guideline guidelines health hospital inc initiative institut institute institutes
    institution international investigators ltd league medicines ministry national nations network nhs nice of office on
    organisation organization panel party press program programme project research royal school section service services
    societies society states steering study subcommittee task team the trial trialists unit university working world
    """
)
_PLAIN_KEY = re.compile(r"[^\W\d_][\w:.#$%&+?<>~/-]{0,80}")
_SMALL_WORDS = words("a an the of on in for and to from with by at der die das le la les un une el los de des du")


def person(text: str) -> tuple[dict[str, str] | None, bool]:
    """A name as CSL has it, and whether the order of its parts had to be guessed. None for nothing."""
    text = " ".join(text.split()).strip(" ;")
    if not text.strip(",. "):
        return None, False
    if "," in text:
        family, given, *rest = [part.strip() for part in text.split(",", 2)]
        name = {"family": family, "given": given, "suffix": rest[0] if rest else ""}
        return {part: value for part, value in name.items() if value}, False
    parts = text.split()
    if len(parts) == 1:
        return {"family": text}, False
    if len(parts) > 4 or any(p.lower().strip(".()") in _BODY or any(c.isdigit() for c in p) for p in parts):
        return {"literal": text}, False
    return {"family": parts[-1], "given": " ".join(parts[:-1])}, True


def people(texts: Iterable[str]) -> tuple[list[dict[str, str]], list[str]]:
    """The names of several fields, and those whose order was guessed."""
    names: list[dict[str, str]] = []
    guessed: list[str] = []
    for text in texts:
        name, unsure = person(text)
        if name is not None:
            names.append(name)
            if unsure:
                guessed.append(" ".join(text.split()))
    return names, guessed


def date(text: str) -> Date | None:
    """`2012`, `2012/05/10/`, `2012 May 10`, `2012 May-Jun`, `2012/october`: as far as it can be read."""
    year = re.match(r"\s*(\d{4})(?!\d)", text)
    if year is None:
        return None
    parts = [int(year[1])]
    rest = text[year.end() :]
    numbers = re.match(r"[\s/.-]*(\d{1,2})(?!\d)(?:[\s/.-]+(\d{1,2})(?!\d))?", rest)
    named = re.match(r"[\s/.-]*([A-Za-z]{3,})\.?(?:[\s/.-]*[A-Za-z]{3,})?\s*(\d{1,2})?(?!\d)", rest)
    if numbers:
        month, day = int(numbers[1]), int(numbers[2] or 0)
    elif named:
        month, day = month_number(named[1]), int(named[2] or 0)
    else:
        month = day = 0
    if 1 <= month <= 12:
        parts += [month, day] if 1 <= day <= 31 else [month]
    return {"date-parts": [parts]}


def month_number(name: str) -> int:
    """1 to 12, or 0 where the word is no month."""
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def season(text: str) -> int | None:
    """1 (spring) to 4 (winter) where a date names a season."""
    found = re.search(r"\b(spring|summer|autumn|fall|winter)\b", text, re.IGNORECASE)
    return _SEASONS[found[1].lower()] if found else None


def doi(text: str) -> str:
    """A DOI without its prefix or resolver; '' when the text is none."""
    found = re.search(r"(?:^|doi:?\s*|doi\.org/|\s)(10\.\d{4,9}/\S+)", text.strip(), re.IGNORECASE)
    return found[1].rstrip(".,;") if found else ""


def pages(first: str, last: str) -> str:
    first, last = first.strip(), last.strip()
    return f"{first}-{last}" if first and last and first != last else first or last


def issns(texts: Iterable[str]) -> str:
    """The ISSNs in these texts, each once, separated by a comma."""
    found = (m.upper() for text in texts for m in re.findall(r"\b\d{4}-?\d{3}[\dXx]\b", text))
    return ", ".join(dict.fromkeys(n if "-" in n else f"{n[:4]}-{n[4:]}" for n in found))


def web_address(texts: Iterable[str]) -> str:
    """The first of these texts that is a web address."""
    for text in texts:
        text = text.strip()
        if re.match(r"https?://[^\s<>]+$", text):
            return text
        if re.match(r"//[^\s/]+\.[^\s/]+", text):
            return f"https:{text}"
    return ""


def without_empty(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value not in ("", None, [], {})}


class Keys:
    """Makes keys for the entries of one file that have none: author and year, the second time with the title's first word."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def given(self, text: str) -> str:
        """The key that the file gives, if a text can cite it; '' otherwise."""
        key = text.strip()
        if _PLAIN_KEY.fullmatch(key):
            self.taken.add(key)
            return key
        return ""

    def made(self, item: Mapping[str, Any]) -> str:
        """A key for this item, the same each time as long as the entries before it stay."""
        names = item.get("author") or item.get("editor") or [{}]
        name = names[0].get("family") or names[0].get("literal", "").split(" ")[0] or "anonymous"
        year = next(map(str, date_parts(item.get("issued"))), "")
        base = f"{_letters(name) or 'anonymous'}{year}"
        word = next((w for w in re.findall(r"[^\W\d_]+", str(item.get("title", ""))) if w.lower() not in _SMALL_WORDS), "")
        longer = base + _letters(word)
        candidates = chain((base, longer), (f"{longer}-{n}" for n in count(2)))
        key = next(k for k in candidates if k not in self.taken)
        self.taken.add(key)
        return key


def _letters(text: str) -> str:
    """The letters of a word in lower case, without accents."""
    plain = (c for c in normalize("NFD", text) if not combining(c))
    return "".join(c for c in plain if c.isalnum()).lower()
