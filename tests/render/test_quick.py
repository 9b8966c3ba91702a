"""What is done otherwise than WeasyPrint does it gives the pages that WeasyPrint gives, and is looked at again with each new version."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import tinyhtml5
from msgspec import to_builtins

from mmguide.model.manuscript import CitedManuscript
from mmguide.render.html.paper import print_css, print_html, print_pieces
from mmguide.render.pdf.document import typeset
from mmguide.render.pdf.quick.parsing import tree
from mmguide.theme import Theme

Shape = tuple[Any, ...]

# What the replacements were written for: the beginning of the SHA-256 of each function's source.
WRITTEN_FOR = {
    "cssselect2.compiler.CompiledSelector.__init__": "0ffdd24204c5cdc1",
    "pydyf._to_bytes": "1cefd02c285d3aee",
    "weasyprint.HTML.__init__": "5f19f40b81837f87",
    "weasyprint.HTML._ph_stylesheets": "f9dab3b96420c3f5",
    "weasyprint.css.AnonymousStyle.__missing__": "d392527077647306",
    "weasyprint.css.ComputedStyle.__missing__": "b318d8efc8ac79d7",
    "weasyprint.css.StyleFor.__call__": "96b91915ae7c344a",
    "weasyprint.css.StyleFor.__init__": "b1e725a7552502aa",
    "weasyprint.css.StyleFor.set_computed_styles": "b5b15856b8beff3f",
    "weasyprint.css.find_style_attributes": "c5b4eb4d3c008b07",
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e71b1",
    "weasyprint.formatting_structure.boxes.Box.border_height": "a4ec4bd0cb844ee6",
    "weasyprint.formatting_structure.boxes.Box.border_width": "3ee3e21e46d586ca",
    "weasyprint.formatting_structure.boxes.Box.is_in_normal_flow": "5f49d6ab23da7e51",
    "weasyprint.formatting_structure.boxes.Box.margin_height": "2c8587a461512480",
    "weasyprint.formatting_structure.boxes.Box.margin_width": "d60bf065482b80d5",
    "weasyprint.layout.absolute.AbsolutePlaceholder.__getattr__": "701586c59ff14873",
    "weasyprint.layout.background.layout_box_backgrounds": "617a870678c82755",
    "weasyprint.layout.leader.handle_leader": "e4bf5941eb946d0b",
    "weasyprint.layout.percent.adjust_box_sizing": "88f3351db0280d16",
    "weasyprint.layout.percent.resolve_one_percentage": "4cfaa9ad134e4f7b",
    "weasyprint.layout.percent.resolve_percentages": "71673078096fcf87",
    "weasyprint.layout.percent.resolve_radii_percentages": "4980b3798c671710",
    "weasyprint.layout.preferred.adjust": "20ef5faa8188ca2c",
    "weasyprint.layout.preferred.margin_width": "f1c631288fc1aedf",
    "weasyprint.layout.preferred.min_max": "17066583f5c14957",
    "weasyprint.pdf.fonts.Font.__init__": "1f281166b10302a4",
    "weasyprint.pdf.fonts.Font.clean": "794f0211f18453f1",
    "weasyprint.pdf.stream.Stream.add_font": "e4226e1117477217",
    "weasyprint.text.fonts.font_features": "e35741064c068852",
    "weasyprint.text.fonts.get_font_description": "85734b8947b9bf64",
    "weasyprint.text.fonts.get_pango_font_key": "74cbeff1fac3860c",
    "weasyprint.text.line_break.Layout.set_text": "fe23ca9937dbf520",
    "weasyprint.text.line_break.Layout.setup": "fb227a55094f41d4",
    "weasyprint.text.line_break.can_break_text": "4f3fb5ef1c239df9",
    "weasyprint.text.line_break.create_layout": "6587192cc0ab3ffa",
    "weasyprint.text.line_break.first_line_metrics": "55ec5d0b58b29a8b",
    "weasyprint.text.line_break.split_first_line": "39ad1016863ca34d",
    "weasyprint.text.line_break.strut": "b57885b70dd08efe",
}

# In a process of its own, since what is replaced stays replaced.
_SET = """
import hashlib, inspect, json, sys
from pathlib import Path
from msgspec import convert
from mmguide.render.pdf import library, quick
from mmguide.render.pdf.document import typeset
from mmguide.theme import Theme
if sys.argv[3] == "sources":
    sources = {name: inspect.getsource(each) for name, each in quick.replaced().items()}
    print(json.dumps({name: hashlib.sha256(source.encode()).hexdigest()[:16] for name, source in sources.items()}))
else:
    if sys.argv[3] == "plain":
        library._loaded, quick.spare_needless_work = lambda: None, lambda: None
    given = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_bytes(typeset(given["html"], given["css"], {}, convert(given["theme"], Theme)).content)
"""


def _run(folder: Path, how: str, html: str = "", css: str = "", theme: Theme | None = None) -> str:
    given = {"html": html, "css": css, "theme": to_builtins(theme) if theme else {}}
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


def _anchors(file: Path) -> list[tuple[str, str]]:
    """Each name that can be gone to, with its place."""
    with pikepdf.open(file) as pdf:
        found = pikepdf.NameTree(pdf.Root.Names.Dests)
        return [(name, repr(list(place)[1:])) for name, place in found.items()]


def test_the_pages_are_those_of_weasyprint(sample: CitedManuscript, theme: Theme, tmp_path: Path) -> None:
    paper = sample.project.settings.paper
    html, css = print_html(sample, theme, paper), print_css(sample, theme, paper)
    css += "\nbody{hyphens:auto;text-align:justify} p{letter-spacing:.1pt;word-spacing:1pt;text-decoration:underline} .box{width:50%}"
    css += "\nnav.contents a::after{content:target-counter(attr(href), page) !important}"  # dots are looked at apart
    for how in ("plain", "quick"):
        _run(tmp_path, how, html, css, theme)
    plain, quick = _pages(tmp_path / "plain.pdf"), _pages(tmp_path / "quick.pdf")
    assert len(plain) > 5
    assert plain == quick
    assert _anchors(tmp_path / "plain.pdf") == _anchors(tmp_path / "quick.pdf")
    assert len(_anchors(tmp_path / "quick.pdf")) > 5


_BYTES = """
import pydyf
written = pydyf._to_bytes
from mmguide.render.pdf import library
library.weasyprint()
values = [b"a", "/b", 7, -7, 0.1, -12.5, 3.0, 1e-7, -1e-9, 1e20, 0.1 + 0.2, True, None, pydyf.String("\u00e9"), pydyf.Array([1, 2.5])]
assert pydyf._to_bytes is not written
assert all(pydyf._to_bytes(value) == written(value) for value in values)
"""


def test_values_are_written_as_pydyf_writes_them() -> None:
    subprocess.run([sys.executable, "-c", _BYTES], check=True)


def test_a_page_set_again_in_the_same_process_is_the_same(theme: Theme) -> None:
    html = "<!DOCTYPE html><html lang=en><head><title></title></head><body><p>a <b>b</b> <i>c <b>d</b></i> <code>e</code></p></body></html>"
    first = typeset(html, "", {}, theme).content
    assert typeset(html, "", {}, theme).content == first


# Each text that is set is broken at many widths, and each answer that is not left to WeasyPrint is compared with WeasyPrint's.
_BREAK = """
import random, sys
from weasyprint.text import line_break
asked, can_break = line_break.split_first_line, line_break.can_break_text
from mmguide import house
from mmguide.render.pdf.document import typeset
from mmguide.render.pdf.quick import breaking
from mmguide.theme import read_theme
quick, chance, told = breaking._first_line, random.Random(1), {True: 0, False: 0}
def answer(line):
    return line and (line[0].text, *line[1:])
def first_line(known, text, style, given, minimum):
    for width in (given, 0, 5, *(chance.uniform(10, 700) for _ in range(9))):
        for least in (False, True):
            found = answer(quick(known, text, style, width, least))
            told[found is not None] += 1
            if found:
                expected = answer(asked(text, style, None, width, 0, True, least))
                assert found == expected, f"{text!r} {width} {least} {found} {expected}"
    return quick(known, text, style, given, minimum)
breaking._first_line = first_line
texts = sys.stdin.read().splitlines()
assert all(line_break.can_break_text(a + b, "en") == can_break(a + b, "en") for text in texts for a, b in zip(text, text[1:]))
many = "<p>{0}</p><pre>{0}</pre><table><tr><td>{0}</td><td><b>{0}</b></td><td lang=de><a href='#a'>{0}</a></td></tr></table>"
css = "pre{white-space:pre-wrap} td{font-size:8pt} td+td{overflow-wrap:break-word;font-variant:small-caps} b{white-space:nowrap}"
body = "".join(many.format(text) for text in texts)
theme, _ = read_theme(house.style("theme.yaml"))
typeset(f"<!DOCTYPE html><html lang=en><head><title>T</title></head><body>{body}</body></html>", css, {}, theme)
print(told[True], told[False])
"""

_TO_BREAK = """The panel suggests a (strongly) well-known risk/benefit review - a "quoted" — AV To. WA. 95 % CI 0.12–1.34; see \
https://example.org/a/b?c=d#e and a few more words until the line is full
Die Kommission empfiehlt eine Donaudampfschifffahrtsgesellschaft für „alle“ Übermäßigen; z. B. 5 mg/kg (d. h. täglich) ohne Vorbehalt
L’essai « randomisé » a montré une réduction : 12,5 % des décès évités ; c’est‑à‑dire une amélioration ?
指南小组建议对缓解期患者进行治疗，因为“证据”显示（见表1）。English words here.
המלצה חזקה: 12 mg של English here עד.
يوصي الفريق 12 مرة English here.
คณะกรรมการแนะนำ
soft\u00adhyphen\u00adated words, tabs\tand \u200b zero\u2060joiners, \U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7 flags, \u2028 an end
a b c - - - — – / \\ a-b-c-d 1/2/3 x² H₂O ≥ 5 ± 2 ffi fi éa
"""


def test_lines_end_where_weasyprint_ends_them() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", _BREAK], input=_TO_BREAK, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    quick, left = map(int, shown.split())
    assert quick > 500
    assert left > 100  # and of what is particular, WeasyPrint is asked


def _words(file: Path) -> list[tuple[str, float, float]]:
    """Each word with its place in points from the left and from the top."""
    shown = subprocess.run(["pdftotext", "-bbox", str(file), "-"], check=True, capture_output=True, text=True).stdout
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" [^>]*>(.*?)</word>', shown)
    return [(word, float(left), float(top)) for left, top, word in found]


def test_dots_before_a_page_stand_where_weasyprint_puts_them(theme: Theme, tmp_path: Path) -> None:
    ways = ("", 'style="font-variant:small-caps"', 'style="letter-spacing:1pt"', 'dir="rtl" style="direction:rtl"')
    entries = "".join(f'<p {way}><a href="#a">{name}</a></p>' for way in ways for name in ("A", "Longer name", "A" * 400))
    html = f'<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>{entries}<h1 id="a">A</h1></body></html>'
    css = 'a::after{content:leader(". ") target-counter(attr(href), page)}'
    for how in ("plain", "quick"):
        _run(tmp_path, how, html, css, theme)
    plain, quick = _words(tmp_path / "plain.pdf"), _words(tmp_path / "quick.pdf")
    assert sum(word == "." for word, _, _ in plain) > 300
    assert [word for word, *_ in plain] == [word for word, *_ in quick]
    assert (
        max(abs(a - b) for (_, *one), (_, *other) in zip(plain, quick, strict=True) for a, b in zip(one, other, strict=True))
        < 0.05
    )
    assert (tmp_path / "quick.pdf").stat().st_size < (tmp_path / "plain.pdf").stat().st_size


def _shape(element: Any) -> Shape:
    """An element and all below it; HTML's parser moves the last line's end into the body, and keeps a namespace as an attribute too."""
    attributes = {name: value for name, value in element.attrib.items() if not name.endswith("}xmlns")}
    tail = "" if element.tail == "\n" else element.tail or ""
    return element.tag, attributes, element.text or "", tail, [_shape(child) for child in element]


def test_our_html_is_read_as_a_parser_of_html_reads_it(sample: CitedManuscript, theme: Theme) -> None:
    pieces = print_pieces(sample, theme, sample.project.settings.paper)
    assert len(pieces.chapters) > 2
    for html in map(pieces.piece, (pieces.front, *pieces.chapters)):
        read = tree(html)
        assert read is not None
        assert _shape(read) == _shape(tinyhtml5.parse(html, namespace_html_elements=False))


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td>1</td></tr></table>",
        "<p>a<div>b</div></p>",
        '<a href="#a">a<b><a href="#b">b</a></b></a>',
        "<h1>a<h2>b</h2></h1>",
        "<p>a<br>b</p>",
        "<p>&nbsp;</p>",
        "<pre>\n\nx</pre>",
        "<!-- a --><p>b</p>",
    ],
)
def test_other_html_is_left_to_a_parser_of_html(body: str) -> None:
    html = f"<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>"
    read = tree(html)
    assert read is None or _shape(read) == _shape(tinyhtml5.parse(html, namespace_html_elements=False))


def test_no_entity_is_expanded() -> None:
    assert tree('<!DOCTYPE html [<!ENTITY a "b">]><html><head/><body>&a;</body></html>') is None
