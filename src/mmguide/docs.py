"""Outside the line: writes the pages of the manual that are made from the code: `python -m mmguide.docs FOLDER` (`make docs`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path


def pages() -> Mapping[str, str]:
    """The generated pages by file name: every diagnostic, and the JSON Schemas of guideline.yaml and of clinics for editors."""
    from mmguide.cli.explain import as_manual
    from mmguide.model.clinic import ClinicSettings
    from mmguide.model.part import Part
    from mmguide.model.schemas import schema_of_settings
    from mmguide.model.settings import Settings

    def schema(model: type[Part]) -> str:
        return json.dumps(schema_of_settings(model), indent=1, ensure_ascii=False) + "\n"

    return {
        "diagnostics.md": as_manual() + "\n",
        "guideline.schema.json": schema(Settings),
        "clinic.schema.json": schema(ClinicSettings),
    }


if __name__ == "__main__":
    for name, text in pages().items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")
