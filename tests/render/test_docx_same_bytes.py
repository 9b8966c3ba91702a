"""The same sources give the same Word file, to the byte, whatever the clock, the language, the folder or the order of sets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

WRITE = """
import hashlib, sys
from pathlib import Path
from mmguide.ast import attr_of, iterate
from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.render.docx import DocxOptions, docx

checked = check_project(Path(sys.argv[1]))
given = cite(checked.manuscript, checked.look.style.xml)
pages = {attr_of(e).id: "7" for e in iterate(given.blocks) if attr_of(e).id}
for kind in ("links", "zotero"):
    print(hashlib.sha256(docx(given, checked.look.theme, pages, DocxOptions(kind))).hexdigest())
"""
# Several differences at once show as well as each alone: whole builds in eight surroundings are in tests/test_reproducible.py.
VARIED: tuple[dict[str, str], ...] = (
    {},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "86400", "USER": "somebody"},
    {
        "PYTHONHASHSEED": "2",
        "TZ": "America/Los_Angeles",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "SOURCE_DATE_EPOCH": "1780000000",
        "HOSTNAME": "elsewhere",
        "PYTHONUTF8": "1",
        "PYTHONOPTIMIZE": "1",
    },
)


def test_builds_in_other_surroundings_give_one_file(repository: Path, tmp_path: Path) -> None:
    found = set()
    for number, changes in enumerate(VARIED):
        folder = tmp_path / f"copy {number}" / ("x" * number)
        shutil.copytree(repository / "tests/projects/torture", folder)
        environment = {**os.environ, "PYTHONPATH": str(repository / "src"), "HOME": str(folder), **changes}

        command = [sys.executable, "-c", WRITE, str(folder)]
        done = subprocess.run(
            command, env=environment, cwd=folder.parent, capture_output=True, check=True, text=True, timeout=120
        )
        found.add(done.stdout)
    assert len(found) == 1
    assert len(next(iter(found)).split()) == 2
