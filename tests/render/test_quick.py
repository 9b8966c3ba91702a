"""What is done otherwise than WeasyPrint does it gives the pages that WeasyPrint gives, and is looked at again with each new version."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pikepdf

from mmguide.model.manuscript import CitedManuscript
from mmguide.render.html.paper import print_css, print_html
from mmguide.theme import Theme

# What the replacements were written for: the beginning of the SHA-256 of each function's source.
WRITTEN_FOR = {
    "weasyprint.css.ComputedStyle.__missing__": "b318d8efc8ac79d7",
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e71b1",
    "weasyprint.layout.percent.adjust_box_sizing": "88f3351db0280d16",
    "weasyprint.layout.percent.resolve_one_percentage": "4cfaa9ad134e4f7b",
    "weasyprint.layout.percent.resolve_percentages": "71673078096fcf87",
    "weasyprint.pdf.fonts.Font.clean": "794f0211f18453f1",
    "weasyprint.text.fonts.font_features": "e35741064c068852",
    "weasyprint.text.fonts.get_font_description": "85734b8947b9bf64",
    "weasyprint.text.line_break.Layout.set_text": "fe23ca9937dbf520",
    "weasyprint.text.line_break.Layout.setup": "fb227a55094f41d4",
    "weasyprint.text.line_break.strut": "b57885b70dd08efe",
}

# In a process of its own, since what is replaced stays replaced.
_SET = """
import hashlib, inspect, json, sys
from pathlib import Path
from mmguide.render.pdf import quick, typeset
from mmguide.theme import Theme
if sys.argv[3] == "sources":
    sources = {name: inspect.getsource(each) for name, each in quick.replaced().items()}
    print(json.dumps({name: hashlib.sha256(source.encode()).hexdigest()[:16] for name, source in sources.items()}))
else:
    if sys.argv[3] == "plain":
        quick.spare_needless_work = lambda: None
    given = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_bytes(typeset(given["html"], given["css"], {}, Theme.model_validate(given["theme"])).content)
"""


def _run(folder: Path, how: str, html: str = "", css: str = "", theme: Theme | None = None) -> str:
    given = {"html": html, "css": css, "theme": theme.model_dump(mode="json") if theme else {}}
    (folder / "given.json").write_text(json.dumps(given))
    command = [sys.executable, "-c", _SET, str(folder / "given.json"), str(folder / f"{how}.pdf"), how]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_what_is_replaced_is_what_the_replacement_was_written_for(tmp_path: Path) -> None:
    found = json.loads(_run(tmp_path, "sources"))
    changed = {name for name in WRITTEN_FOR.keys() | found.keys() if WRITTEN_FOR.get(name) != found.get(name)}
    assert not changed, f"look at these anew, in mmguide/render/pdf/quick: {sorted(changed)}"


def _pages(file: Path) -> list[bytes]:
    """What each page draws, without the shifts of less than a unit, which WeasyPrint writes as 0."""
    drawn = []
    with pikepdf.open(file) as pdf:
        for page in pdf.pages:
            contents = page.obj.Contents
            parts = contents if isinstance(contents, pikepdf.Array) else [contents]
            drawn.append(b"".join(re.sub(rb">0(?=\])", b">", re.sub(rb">0?<", b"", part.read_bytes())) for part in parts))
    return drawn


def test_the_pages_are_those_of_weasyprint(sample: CitedManuscript, theme: Theme, tmp_path: Path) -> None:
    paper = sample.project.settings.paper
    html, css = print_html(sample, theme, paper), print_css(sample, theme, paper)
    css += "\nbody{hyphens:auto;text-align:justify} p{letter-spacing:.1pt;word-spacing:1pt;text-decoration:underline} .box{width:50%}"
    for how in ("plain", "quick"):
        _run(tmp_path, how, html, css, theme)
    plain, quick = _pages(tmp_path / "plain.pdf"), _pages(tmp_path / "quick.pdf")
    assert len(plain) > 5
    assert plain == quick
