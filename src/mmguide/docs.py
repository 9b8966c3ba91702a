"""Outside the line: writes the pages of the manual that are made from the code: `python -m mmguide.docs FOLDER` (`make docs`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path


def pages() -> Mapping[str, str]:
    """The generated pages by file name: every diagnostic, and the JSON Schema of guideline.yaml for editors."""
    from mmguide.cli.explain import as_manual
    from mmguide.model.settings import Settings

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Settings.model_json_schema()}
    return {
        "diagnostics.md": as_manual() + "\n",
        "guideline.schema.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n",
    }


if __name__ == "__main__":
    for name, text in pages().items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")
