"""Stage render: what WeasyPrint does not know in a project's own style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmguide.css import with_addresses
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import outputs as rules
from mmguide.model.source import Source
from mmguide.render.pdf import library

_PLACE = re.compile(r"^(?P<problem>.*?) at (?P<line>\d+):(?P<column>\d+)(?P<rest>.*)$", re.S)


def unknown(sheet: Source) -> Iterator[Diagnostic]:
    """A warning for each declaration that will have no effect in print, at its place."""
    from mmguide.render.pdf.fetcher import ProjectFetcher
    from mmguide.render.pdf.press import complaints

    weasyprint = library.weasyprint()
    text = with_addresses(sheet, lambda path: "data:image/png,")
    with complaints() as found:
        weasyprint.CSS(string=text, url_fetcher=ProjectFetcher({}, "none:"), font_config=library.configuration())
    for complaint in found:
        if at := _PLACE.match(complaint):
            span = Span(sheet.path, int(at["line"]), int(at["column"]))
            yield rules.CSS_UNKNOWN.at(span, problem=f"{at['problem'].strip()}{at['rest']}".rstrip("."))
