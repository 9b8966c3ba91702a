"""One cell of the data is changed, and everything that prints it changes: text, table, plot, PDF, Word, web page, JSON, quick reference."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from mmguide.build import Options, build_project

SETTINGS = """title: A guideline
id: one
sections: [a.md]
data: [trials.csv]
"""
TEXT = """# Question

::: {.recommendation #rec:a strength="conditional" certainty="low" direction="for" basis="expert opinion"}
We suggest the drug for adults, given a ratio of [alpha.hr]{.value ci=true}.
:::

In the text the ratio is [alpha.hr]{.value}; @fig:f and @tbl:t have it too.

::: {.forest #fig:f data="trials.csv" value="hr"}
A plot.
:::

::: {.evidence-table #tbl:t data="trials.csv" columns="name hr:ci"}
A table.
:::
"""
TABLE = "id,name,hr,hr_low,hr_high\nalpha,Alpha,{value},0.41,0.83\nbeta,Beta,0.72,0.60,0.86\n"


def build(folder: Path, value: str, edition: str = "") -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    (folder / "guideline.yaml").write_text(SETTINGS)
    (folder / "a.md").write_text(TEXT)
    (folder / "trials.csv").write_text(TABLE.format(value=value))
    built = build_project(folder, Options(("pdf", "docx", "html", "json"), folder / "out", cache=False, edition=edition))
    assert built.written, built.checked.diagnostics
    return {path.suffix[1:]: path.read_bytes() for path in built.written}


def words_of(outputs: dict[str, bytes], folder: Path) -> dict[str, str]:
    (folder / "a.pdf").write_bytes(outputs["pdf"])
    pdf = subprocess.run(["pdftotext", "-layout", folder / "a.pdf", "-"], capture_output=True, check=True, text=True).stdout
    with zipfile.ZipFile(io.BytesIO(outputs["docx"])) as package:
        docx = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
    html = re.sub(r"data:[^\"]+", "", outputs["html"].decode())
    return {"pdf": pdf, "docx": docx, "html": html, "json": outputs["json"].decode()}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes], Path]:
    folder = tmp_path_factory.mktemp("cell")
    return build(folder / "old", "0.57"), build(folder / "new", "0.63"), folder


def test_every_output_prints_the_new_number_and_none_the_old(both) -> None:
    old, new, folder = both
    before, after = words_of(old, folder), words_of(new, folder)
    for kind in ("pdf", "docx", "html", "json"):
        assert "0.57" in before[kind], kind
        assert "0.63" not in before[kind], kind
        assert "0.63" in after[kind], kind
        assert "0.57" not in after[kind], kind


def test_text_box_table_and_alternative_text_all_print_it(both) -> None:
    page = both[1]["html"].decode()
    assert len(re.findall(r'data-cell="alpha\.hr"', page)) == 3, "the box, the text, the table"
    assert re.search(r'alt="Forest plot:[^"]*Alpha 0\.63', page)


def test_the_drawing_changes_with_it(both) -> None:
    old, new, _ = both
    drawings = [re.findall(rb"data:image/svg\+xml[^\"']+", one["html"]) for one in (old, new)]
    assert len(drawings[0]) == len(drawings[1]) >= 1
    assert drawings[0] != drawings[1]


def test_the_quick_reference_changes_with_it(tmp_path: Path) -> None:
    old, new = (words_of(build(tmp_path / v, v, "summary"), tmp_path) for v in ("0.57", "0.63"))
    for kind in ("pdf", "docx", "html"):
        assert "0.57" in old[kind], kind
        assert "0.63" in new[kind], kind
        assert "0.57" not in new[kind], kind
        assert "In the text the ratio" not in new[kind], kind
