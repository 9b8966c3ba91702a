"""What our structure costs: whole processes that make the same pages with our tagger, and with WeasyPrint's own `pdf_tags=True`, in turn.

    python tests/bench/tagging.py [ROUNDS] [FOLDER ...]

A folder is a guideline; without one it is that of the repository. What is said is the ratio of the medians of CPU seconds, and of wall
time. Both run in one process and one piece, without a cache; WeasyPrint's own file also gets no attached files, labels or metadata.
"""

from __future__ import annotations

import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent.parent


def prepare(folder: Path, target: Path) -> None:
    """Everything that the layout of a guideline starts from."""
    from mmguide.build import check_project
    from mmguide.cite import cite
    from mmguide.render.html.front import shown_date
    from mmguide.render.html.paper import print_css, print_html

    checked = check_project(folder)
    assert checked.manuscript is not None
    assert checked.look is not None
    cited, theme = cite(checked.manuscript, checked.look.style.xml), checked.look.theme
    settings = cited.project.settings
    html, css = print_html(cited, theme, settings.paper), print_css(cited, theme, settings.paper)
    given = (html, css, dict(cited.manuscript.pictures), theme, shown_date(settings))
    target.write_bytes(pickle.dumps(given))


def make(kind: str, source: Path) -> None:
    """One run: the pages as a file, by one tagger or the other."""
    from msgspec.structs import asdict

    from mmguide.render.addresses import BASE
    from mmguide.render.pdf.press import Ink, Press, complaints
    from mmguide.render.pdf.quick import parsing

    html, css, pictures, theme, when = pickle.loads(source.read_bytes())
    press = Press(Ink(css, pictures, asdict(theme.fonts), when))
    if kind == "ours":
        content = press.typeset(html).content
    else:
        with complaints():
            page = parsing.source(html, BASE, press._fetcher)
            document = page.render(stylesheets=press._sheets, font_config=press._configuration, optimize_images=False)
            content = document.write_pdf(pdf_tags=True)
    assert content.startswith(b"%PDF")


def timed(kind: str, source: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a whole process."""
    start = time.monotonic()
    process = subprocess.Popen([sys.executable, __file__, f"--{kind}", str(source)])
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.monotonic() - start, used.ru_utime + used.ru_stime


def compare(folder: Path, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "given"
        prepare(folder, source)
        taken: dict[str, list[tuple[float, float]]] = {"ours": [], "own": []}
        for _ in range(rounds):
            for kind, runs in taken.items():
                runs.append(timed(kind, source))
    wall, cpu = ([statistics.median(run[which] for run in taken[kind]) for kind in ("ours", "own")] for which in (0, 1))
    print(
        f"{folder.name}: CPU {cpu[0]:.2f} s with our tagger, {cpu[1]:.2f} s with WeasyPrint's, ratio {cpu[0] / cpu[1]:.2f}; "
        f"wall {wall[0]:.2f} s and {wall[1]:.2f} s, ratio {wall[0] / wall[1]:.2f} (medians of {rounds})"
    )


def main(arguments: list[str]) -> None:
    if arguments[:1] in (["--ours"], ["--own"]):
        make(arguments[0].removeprefix("--"), Path(arguments[1]))
        return
    rounds = int(arguments[0]) if arguments[:1] and arguments[0].isdigit() else 5
    folders = [Path(each) for each in arguments if not each.isdigit()] or [REPOSITORY / "source"]
    for folder in folders:
        compare(folder, rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
