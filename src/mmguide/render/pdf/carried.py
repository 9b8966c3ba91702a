"""Stage render, PDF: the files a PDF carries: the text it was made from, as far as it was printed, and the data behind its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Scan, Source
from mmguide.render.pdf.metadata import AssociatedFile

# What its authors wrote for themselves never leaves the house with the file.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_FOR_THE_PANEL = "panel-note"


def carried(manuscript: Manuscript, sources: Iterable[Source]) -> tuple[AssociatedFile, ...]:
    """The sections without notes to the panel and comments, and the tables of data; `sources` are all texts of the project."""
    sections = [
        AssociatedFile(
            scan.source.path, printed_text(scan).encode(), "text/markdown", "Source", "Text that this document was made from"
        )
        for scan in manuscript.scans
    ]
    tables = [
        AssociatedFile(source.path, source.text.encode(), "text/csv", "Data", "Data behind the numbers of this document")
        for source in sources
        if source.path in manuscript.data.tables
    ]
    unique = {file.name: file for file in (*sections, *tables)}
    return tuple(unique[name] for name in sorted(unique))


def printed_text(scan: Scan) -> str:
    """The text of a section without what is only for its authors."""
    hidden = {
        line
        for container in scan.containers
        if _FOR_THE_PANEL in container.classes
        for line in range(container.span.line, container.end_line + 1)
    }
    lines = (text for line, text in enumerate(scan.body.split("\n"), start=1) if line not in hidden)
    return _COMMENT.sub("", "\n".join(lines))
