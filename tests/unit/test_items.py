"""Whatever the readers accept, citeproc takes: one item that it refused would cost every citation of the guideline."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from mmguide import pandoc, styles
from mmguide.bibliography import items, printing
from mmguide.converting import parse
from mmguide.diagnostics import Span
from mmguide.errors import MmguideError

TEXTS = [
    "x", "", "2012", "-", "é", " ", "1.5", "<i>a", "{a}", "$x^2$", "a\nb", '"', "\\", "@x", "[x](y)", "1-2-3", "19th", "0", "-1", "&",
    "99999999999999999999", '<span class="nocase">', "& Co", "\u200b", "a:b:c", "<b><i>x</b></i>", "note: {:type: book}", "type: book",
]  # fmt: skip
PARTS = [
    "family", "given", "literal", "suffix", "non-dropping-particle", "dropping-particle", "comma-suffix", "parse-names", "isInstitution",
    "static-ordering", "date-parts", "raw", "season", "circa", "year", "month", "",
]  # fmt: skip
TYPES = ["article-journal", "book", "chapter", "webpage", "report", "thesis", "x", "", "legal_case", "bill", "patent", "dataset"]


class Items:
    """CSL items as people and programs get them wrong."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self, depth: int = 0) -> Any:
        choices: list[Callable[[], Any]] = [
            lambda: self.random.choice(TEXTS),
            lambda: self.random.choice([0, 1, -1, 2012, 10**20, 1.5, 1e20, 2012.0, 1e-7]),
            lambda: self.random.choice([True, False, None]),
            lambda: [self.value(depth + 1) for _ in range(self.random.randint(0, 3))],
            lambda: {self.random.choice(PARTS): self.value(depth + 1) for _ in range(self.random.randint(0, 4))},
        ]
        return "x" if depth > 3 else self.random.choice(choices)()

    def text(self) -> Any:
        return self.random.choice(TEXTS) if self.random.random() < 0.9 else self.value()

    def date(self) -> Any:
        numbers = [2012, "2012", -5, 0, 99999, 2012.0, 5, 11, 2012.5, 10**12, "x"]
        weights = [9, 9, 2, 2, 2, 2, 5, 5, 1, 1, 1]
        parts = [self.random.choices(numbers, weights, k=self.random.randint(0, 3)) for _ in range(self.random.randint(0, 2))]
        shapes = [
            {"date-parts": parts},
            {"raw": self.text()},
            {"literal": self.text()},
            {"date-parts": [[2012]], "season": self.text()},
        ]
        return self.random.choice([*shapes, self.value(), self.text()])

    def name(self) -> Any:
        return {part: self.text() for part in self.random.sample(PARTS[:10], self.random.randint(0, 5))}

    def item(self, number: int) -> dict[str, Any]:
        made: dict[str, Any] = {"id": f"k{number}", "type": self.random.choice(TYPES)}
        made |= {name: self.text() for name in self.random.sample(sorted(items.TEXTS - {"type"}), self.random.randint(0, 8))}
        people = lambda: [self.name() for _ in range(self.random.randint(0, 3))] if self.random.random() < 0.9 else self.value()  # noqa: E731
        made |= {name: people() for name in self.random.sample(sorted(items.NAMES), self.random.randint(0, 2))}
        made |= {name: self.date() for name in self.random.sample(sorted(items.DATES), self.random.randint(0, 2))}
        return made | {name: self.value() for name in ("custom", "unknown", "relation") if self.random.random() < 0.2}


@pytest.mark.parametrize("style", ["nlm-citation-sequence-brackets", "apa"])
@pytest.mark.parametrize("seed", [1, 2])
def test_citeproc_takes_what_is_accepted(style: str, seed: int) -> None:
    found = styles.by_name(style, Span("guideline.yaml"))
    assert isinstance(found, styles.Style)
    make = Items(seed)
    read = [items.as_reference(make.item(number), Span("r.json"), "csl-json") for number in range(600)]
    accepted = [printing.item(reference) for reference, _ in read if reference is not None]
    assert len(accepted) > 100
    assert all(reports for reference, reports in read if reference is None)
    refused = refused_by_citeproc(accepted, found.xml)
    assert refused == []


def refused_by_citeproc(accepted: list[dict[str, Any]], xml: str) -> list[dict[str, Any]]:
    """The items that citeproc refuses, found by halves."""
    blocks = parse(" ".join(f"[@{item['id']}]" for item in accepted))
    try:
        pandoc.cite(blocks, accepted, xml, "en")
    except MmguideError:
        half = len(accepted) // 2
        return accepted if not half else refused_by_citeproc(accepted[:half], xml) + refused_by_citeproc(accepted[half:], xml)
    return []
