"""What a PDF carries inside: the printed text and the data, never what is only for the authors."""

from __future__ import annotations

from pathlib import Path

from msgspec import convert

from mmguide.model.data import Data, Table
from mmguide.model.manuscript import Manuscript, Section
from mmguide.model.settings import Project, Settings
from mmguide.model.source import Source
from mmguide.render.pdf.carried import carried
from mmguide.scan import scan

TEXT = "# Scope\n\nPrinted. <!-- not yet\nsure --> Also printed.\n\n::: panel-note\nBetween us.\n:::\n\nThe end.\n"


def test_notes_and_comments_stay_at_home() -> None:
    settings = convert({"title": "T", "sections": ("text.md",)}, Settings)
    section = Section(scan(Source("text.md", TEXT)), ())
    table = Table("data/trials.csv", (), ())
    manuscript = Manuscript(Project(Path("/nowhere"), settings), (section,), (), data=Data({"data/trials.csv": table}))
    sources = (Source("data/trials.csv", "id\na\n"), Source("guideline.yaml", "title: T\n"), Source("text.md", TEXT))
    files = carried(manuscript, sources)
    assert [(file.name, file.relationship) for file in files] == [("data/trials.csv", "Data"), ("text.md", "Source")]
    assert files[0].content == b"id\na\n"
    assert files[1].content.decode() == "# Scope\n\nPrinted.  Also printed.\n\n\nThe end.\n"
