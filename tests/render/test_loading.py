"""WeasyPrint is loaded quickly, with the declarations that it has, and does all that it does when it is loaded as a whole."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import cffi
import pytest

from mmguide.render.pdf.quick import loading

# In a process of its own, since what is loaded stays loaded. No name and no library is looked for by starting a compiler or linker.
_LOADED = """
import sys
started = []
sys.addaudithook(lambda event, given: started.append(given) if event in ("subprocess.Popen", "os.posix_spawn", "os.fork") else None)
from mmguide.render.pdf import library, shop
from mmguide.render.pdf.quick import loading
{before}
library.weasyprint()
import weasyprint, weasyprint.pdf.fonts as fonts
from weasyprint.text import ffi
"""


def _after_loading(code: str, before: str = "") -> None:
    subprocess.run([sys.executable, "-c", _LOADED.format(before=before) + code], check=True)


def _declarations() -> str:
    spec = importlib.util.find_spec("weasyprint")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).parent.joinpath("text", "ffi.py").read_text(encoding="utf-8")
    found = re.findall(r"ffi\.cdef\('''(.*?)'''\)", text, re.S)
    assert len(found) == 1
    return str(found[0])


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def test_the_table_is_what_cffi_makes_of_the_declarations(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    builder = cffi.FFI()
    builder.cdef(_declarations())
    builder.set_source("pango", None)
    builder.emit_python_code(str(tmp_path / "pango.py"))
    made = ast.parse((tmp_path / "pango.py").read_text(encoding="utf-8")).body[-1]
    assert isinstance(made, ast.Assign)
    assert isinstance(made.value, ast.Call)
    types = {each.arg: _plain(ast.literal_eval(each.value)) for each in made.value.keywords}
    table = json.dumps({"declarations": loading.digest(_declarations()), "types": types}, indent=1) + "\n"
    if request.config.getoption("--accept"):
        loading.TABLE.write_text(table, encoding="utf-8")
    assert loading.TABLE.read_text(encoding="utf-8") == table, "made anew by --accept"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere WeasyPrint is loaded as a whole")
def test_nothing_is_loaded_or_started_that_pages_do_not_need() -> None:
    _after_loading("""
shop.make_ready()
loaded = [name for name in ("fontTools", "pycparser", "cffi.cparser") if name in sys.modules]
assert not loaded, loaded
assert not started, started
""")


def test_a_shop_that_has_the_look_of_the_house_loads_nothing_that_reads_settings(tmp_path: Path) -> None:
    cache = f"""
from mmguide.cache import Cache
cache = Cache(type(loading.TABLE)({str(tmp_path)!r}))
shop.make_ready(cache)
"""
    _after_loading(f"{cache}assert cache.misses == 1 and 'mmguide.theme' in sys.modules")
    _after_loading(
        f"{cache}assert cache.hits == 1 and 'mmguide.theme' not in sys.modules and 'mmguide.pandoc' not in sys.modules"
    )


def test_no_font_is_copied(tmp_path: Path) -> None:
    _after_loading(
        """
shop.make_ready()
there = [path for path in type(loading.TABLE)(tempfile.tempdir).rglob("*")]
assert there and sum(path.stat().st_size for path in there if path.is_file()) < 10_000, there
""",
        f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}",
    )


def test_what_is_loaded_later_is_there_when_it_is_used() -> None:
    _after_loading("""
from mmguide import signs
font = fonts.TTFont(signs.file(next(iter(signs.WEIGHTS))))
assert issubclass(fonts.TTLibError, Exception)
assert type(font) is fonts.TTFont
assert fonts.ttFont.getTableClass("glyf").__name__ == "table__g_l_y_f"
fonts.subset.Subsetter(fonts.subset.Options()).populate(gids=[1])
assert fonts.instantiateVariableFont.__module__ == "fontTools.varLib.instancer"
""")


def test_looks_written_into_html_are_followed_where_that_is_asked_for() -> None:
    _after_loading("""
html = weasyprint.HTML(string='<table border="3"><tr><td>x</td></tr></table>')
def borders(**options):
    boxes = html.render(**options).pages[0]._page_box.descendants()
    return {box.border_top_width for box in boxes if box.element_tag == "table"}
assert max(borders()) == 0 and max(borders(presentational_hints=True)) == 3, borders(presentational_hints=True)
""")


def test_other_declarations_are_read_as_weasyprint_reads_them(tmp_path: Path) -> None:
    (tmp_path / "pango.json").write_text(json.dumps({**json.loads(loading.TABLE.read_text()), "declarations": "other"}))
    _after_loading(
        "assert type(ffi.ffi).__module__ == 'cffi.api'\nshop.make_ready()",
        f"loading.TABLE = type(loading.TABLE)({str(tmp_path / 'pango.json')!r})",
    )
