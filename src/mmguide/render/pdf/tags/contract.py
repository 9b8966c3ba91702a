"""Stage render, PDF: what the tagger relies on in WeasyPrint, checked before it is used."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from mmguide.errors import EnvironmentLacks

WEASYPRINT = "70.0"
PYDYF = "0.13.0"


class Captured(Struct, frozen=True):
    """What WeasyPrint hands to its own tagger: the unfinished file, the laid out document, one stream of drawing operators a page."""

    pdf: Any
    document: Any
    page_streams: tuple[Any, ...]


def _parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def broken_promises() -> tuple[str, ...]:
    """Each thing the tagger relies on that the installed WeasyPrint no longer keeps, as a clause of a sentence."""
    import pydyf
    import weasyprint
    import weasyprint.pdf
    from weasyprint.formatting_structure import boxes
    from weasyprint.pdf.stream import Stream

    add_tags = getattr(weasyprint.pdf, "add_tags", None)
    checks = (
        (weasyprint.__version__ == WEASYPRINT, f"its version is {weasyprint.__version__}, not {WEASYPRINT}"),
        (pydyf.__version__ == PYDYF, f"the version of pydyf is {pydyf.__version__}, not {PYDYF}"),
        (
            add_tags is not None and _parameters(add_tags) == ["pdf", "document", "pdf_version", "page_streams"],
            "weasyprint.pdf.add_tags is gone or takes other arguments",
        ),
        (
            _parameters(weasyprint.pdf.generate_pdf) == ["document", "target", "zoom", "options"],
            "weasyprint.pdf.generate_pdf takes other arguments",
        ),
        (
            hasattr(Stream, "marked") and _parameters(Stream.marked) == ["self", "box", "tag"],
            "weasyprint.pdf.stream.Stream.marked is gone or takes other arguments",
        ),
        (hasattr(Stream, "artifact"), "weasyprint.pdf.stream.Stream.artifact is gone"),
        (
            all(
                hasattr(boxes, name) for name in ("TextBox", "ReplacedBox", "MarginBox", "PageBox", "LineBox", "TableRowGroupBox")
            ),
            "a class of weasyprint.formatting_structure.boxes is gone",
        ),
        (
            all(hasattr(boxes.Box, name) for name in ("is_leader", "link_annotation", "link", "anonymous_from")),
            "an attribute of weasyprint.formatting_structure.boxes.Box is gone",
        ),
    )
    return tuple(clause for kept, clause in checks if not kept)


def require_weasyprint() -> None:
    """Stop with a sentence that says what changed, instead of writing a file whose structure is wrong."""
    broken = broken_promises()
    if broken:
        raise EnvironmentLacks(
            "The PDF's structure for screen readers cannot be made with this WeasyPrint: " + "; ".join(broken) + ".",
            hint=f"Install the version mmguide is made for: weasyprint=={WEASYPRINT}.",
        )


@contextmanager
def capture() -> Iterator[list[Captured]]:
    """Take the place of WeasyPrint's own tagger while one file is written; the list gets what it would have been given."""
    import weasyprint.pdf as owner

    require_weasyprint()
    found: list[Captured] = []

    def keep(pdf: Any, document: Any, _pdf_version: Any, page_streams: Any) -> None:
        found.append(Captured(pdf, document, tuple(page_streams)))

    original = owner.add_tags
    owner.add_tags = keep
    try:
        yield found
    finally:
        owner.add_tags = original
