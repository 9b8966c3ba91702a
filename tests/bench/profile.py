"""Where the processor time of a build goes: all its stages one after the other in one process, from nothing and after an edit.

A build makes pages in several processes and the Word file beside them; the sum of its processor time is this one, its time is not.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench.builds import Edit, texts
from bench.corpus import Text
from bench.measure import environment

# Parts of setting pages are told apart by the functions of WeasyPrint and of ours that do them.
_TOLD = """
import functools, json, resource, sys, time
from pathlib import Path
parts = {}
def cpu():
    pandoc = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + pandoc.ru_utime + pandoc.ru_stime
running = []
class part:
    def __init__(self, name): self.name = name
    def __enter__(self): running.append([self.name, cpu(), 0.0])
    def __exit__(self, *_):
        name, begin, within = running.pop()
        took = cpu() - begin
        parts[name] = parts.get(name, 0) + took - within
        if running: running[-1][2] += took
def within(owner, function, name):
    original = getattr(owner, function)
    @functools.wraps(original)
    def timed(*given, **named):
        with part(name): return original(*given, **named)
    setattr(owner, function, timed)
with part("starting and loading mmguide"):
    from mmguide import build, cite, pandoc
    from mmguide.cache import Cache
    from mmguide.assemble import assemble
    from mmguide.check import check
    from mmguide.options import Options
    from mmguide.render import docx, html
    from mmguide.render.pdf import document as pdf, pieces, press, shop, writing
with part("loading WeasyPrint, one page set"):
    shop.make_ready()
import weasyprint, weasyprint.pdf
within(weasyprint.HTML, "render", "pages: styles and layout")
within(weasyprint.pdf, "generate_pdf", "pages: drawing")
within(writing, "tag", "pages: tags")
class Here:
    def do(self, ink, tasks, weights, hands):
        with part("pages: all else"): work = shop._worker(ink)
        for number, task in enumerate(tasks):
            with part("pages: all else"): result = work(task)
            yield number, result
folder, cache = Path(sys.argv[1]), Cache(Path(sys.argv[2]))
with part("reading and assembling, with pandoc"):
    read = build.assemble_project(folder, build.Stopwatch(None), cache=cache)
with part("checking"): done = build.checked(read)
with part("citations, with pandoc"): cited = cite.cite(done.manuscript, done.look.style.xml, cache)
with part("HTML for print and web, with pandoc"):
    page = html.html_page(cited, done.look.theme, None, cache)
    begun = pdf.begin(cited, done.look.theme, "", None, cache=cache, shop=Here())
with part("joining, and what the pages show"): numbers, _ = begun.printed(), begun.finish()
with part("Word file, with pandoc"): docx.completed(docx.begun(cited, done.look.theme, docx.DocxOptions(), cache), numbers)
print(json.dumps(parts))
"""


def _parts(text: Text, cache: Path) -> dict[str, float]:
    command = [sys.executable, "-c", _TOLD, str(text.folder), str(cache)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, check=True, env=environment()).stdout)
    return found


def section(names: tuple[str, ...], shared: Path, temporary: Path, tell: Callable[[str], None]) -> str:
    """The section of docs/performance.md on where the time goes; of S and M, where no other texts are named."""
    lines = ["## Where the processor time of a build goes", ""]
    columns: dict[str, dict[str, float]] = {}
    for text in texts(names or ("S", "M"), shared, temporary):
        cache = temporary / f"{text.name}-cache"
        _parts(text, cache)  # modules are compiled
        shutil.rmtree(cache)
        columns[f"{text.name}, from nothing"] = _parts(text, cache)
        Edit(text)()
        columns[f"{text.name}, one paragraph edited"] = _parts(text, cache)
        tell(f"{text.name}: profiled")
    lines += [f"| CPU, s | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name in next(iter(columns.values())):
        lines.append(f"| {name} | {' | '.join(f'{parts.get(name, 0):.2f}' for parts in columns.values())} |")
    lines.append(f"| all | {' | '.join(f'{sum(parts.values()):.2f}' for parts in columns.values())} |")
    return "\n".join([*lines, ""])
