"""Render, Word: finishing of sections: the cover without header and footer, others with theirs, marked while not in force."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from mmguide.labels import label, long_date
from mmguide.model.settings import Settings
from mmguide.render.docx.fields import field
from mmguide.render.docx.look import Look
from mmguide.render.docx.ooxml import DECLARED, HEAD, MARK, TAB, attribute, fragment, local, properties, put, run, w
from mmguide.render.docx.options import DocxOptions
from mmguide.render.docx.package import Package

_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# From the edge of the page to the header and the footer; those of handouts stand in smaller margins.
_EDGE, _SHEET_EDGE = 709, 340
# How much a sign takes of a line, as a part of its size.
_SIGN = 0.5
# The bookmark at the end; the underscore keeps it out of Word's list.
_LAST_PAGE = "_LastPage"


class Sections:
    """Makes the parts for headers and footers, then the section properties that refer to them."""

    def __init__(
        self,
        package: Package,
        settings: Settings,
        look: Look,
        options: DocxOptions,
        chapter: str,
        pages: str,
        *,
        sheet: bool = False,
    ) -> None:
        self._sheet = sheet
        self._settings, self._look, self._options = settings, look, options
        self._chapter, self._pages = chapter, pages
        self._package = package
        self._made = 0
        self._in_front = self._counts_apart = False

    def finish(self, body: Any) -> None:
        """Turn the `section` wishes of the body into section breaks, the last into the end of the document."""
        for old in body.findall(w("sectPr")):
            body.remove(old)
        kind = "upright"
        for wish in list(body.iter(f"{{{MARK}}}section")):
            ends = wish.get("ends")
            if wish.getparent() is body and _something_before(wish):
                kind = self._close(body, wish, ends)
            wish.getparent().remove(wish)
        body.append(self._properties("upright" if kind != "last-landscape" else "landscape", last=True))
        if self._counts_apart:
            _mark_end(body)

    def _close(self, body: Any, wish: Any, ends: str) -> str:
        if ends == "landscape" and all(local(e) != "p" and local(e) != "tbl" for e in wish.itersiblings()):
            return "last-landscape"
        before = wish.getprevious()
        while before is not None and local(before) in ("bookmarkStart", "bookmarkEnd"):
            before = before.getprevious()
        # Not on the last line of a list in front: LibreOffice would read header and footer as a part of that list.
        if before is None or local(before) != "p" or ends == "front" or before.find(f"{w('pPr')}/{w('sectPr')}") is not None:
            before = body.makeelement(w("p"))
            put(properties(before, "pPr"), "pStyle", val="SectionEnd")
            body.insert(body.index(wish), before)
        properties(before, "pPr").append(self._properties(ends))
        return ends

    def _properties(self, kind: str, *, last: bool = False) -> Any:
        look = self._look
        wide, high = look.sheet
        top, right, bottom, left = look.margins
        top = look.cover_top if kind == "cover" else top
        turned = kind == "landscape"
        size = f'w:w="{high}" w:h="{wide}" w:orient="landscape"' if turned else f'w:w="{wide}" w:h="{high}"'
        lines = '<w:lnNumType w:countBy="1" w:distance="227" w:restart="newPage"/>'
        numbered = kind not in ("cover", "front") and self._options.numbers_lines(self._settings.status)
        first = "<w:titlePg/>" if kind == "cover" else ""
        bidi = "<w:bidi/>" if look.right_to_left else ""
        edge = _SHEET_EDGE if self._sheet else _EDGE
        numbers = f"{lines if numbered else ''}{self._numbers(kind)}"
        return fragment(
            f'<w:sectPr>{self._references(kind)}<w:type w:val="nextPage"/><w:pgSz {size}/>'
            f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="{edge}" w:footer="{edge}" '
            f'w:gutter="0"/>{numbers}<w:cols w:space="708"/>{first}{bidi}<w:docGrid w:linePitch="360"/></w:sectPr>'
        )

    def _numbers(self, kind: str) -> str:
        """i, ii … on the pages before the text, and 1 on its first."""
        if kind in ("cover", "front"):
            self._in_front = self._counts_apart = True
            start = ' w:start="1"' if kind == "cover" else ""
            return f'<w:pgNumType w:fmt="lowerRoman"{start}/>'
        start = ' w:start="1"' if self._in_front else ""
        self._in_front = False
        return f'<w:pgNumType w:fmt="decimal"{start}/>'

    def _references(self, kind: str) -> str:
        """Header and footer of one section, in parts of its own: LibreOffice reads a part that two sections share only once."""
        self._made += 1
        if kind == "cover":
            return self._part("header", self._cover(), "first")
        wide = "Wide" if kind == "landscape" else ""
        chapter = "" if kind == "front" else self._chapter
        footer = self._footer(f"Footer{wide}", kind)
        return self._part("header", self._header(f"Header{wide}", chapter)) + self._part("footer", footer)

    def _part(self, kind: str, content: str, pages: str = "default") -> str:
        root, name = {"header": "hdr", "footer": "ftr"}[kind], f"{kind}{self._made}.xml"
        self._package.add(f"word/{name}", f"{HEAD}<w:{root} {DECLARED}>{content}</w:{root}>".encode(), f"{_TYPES}.{kind}+xml")
        return f'<w:{kind}Reference w:type="{pages}" r:id="{self._package.relate("word/document.xml", kind, name)}"/>'

    def _header(self, style: str, chapter: str) -> str:
        running = TAB + field("STYLEREF 1", chapter) if chapter else ""
        words = run(self._settings.short_title or self._settings.title, "HeaderTitle")
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{self._watermark()}{words}{running}</w:p>'

    def _footer(self, style: str, kind: str) -> str:
        s, look = self._settings, self._look
        language = s.language
        day = s.dates.updated or s.dates.published or s.dates.approved or s.dates.search
        facts = [f"{label('version', language)} {s.version}", label(f"status-{s.status}", language)]
        facts += [long_date(day, language)] if day else []
        counted = run(label("page", language) + " ") + field("PAGE", "ii" if kind == "front" else "2")
        if kind != "front":
            last = f"PAGEREF {_LAST_PAGE}" if self._counts_apart else "NUMPAGES"
            counted += run(f" {label('of', language)} ") + field(last, self._pages)
        start = f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        notice = run(s.notice, "FooterNotice") if s.notice else ""
        if self._sheet:
            # The notice of a handout says all that itself.
            return f'<w:p><w:pPr><w:pStyle w:val="FooterSheet"/></w:pPr>{run(s.notice)}{TAB}{counted}</w:p>'
        told = " · ".join(facts)
        # A notice in the middle that would touch what stands beside it gets a line of its own.
        if (max(len(told), 12) + len(s.notice) / 2) * look.theme.sizes.note * 20 * _SIGN > look.measure / 2:
            return f"{start}{run(told)}{TAB}{TAB}{counted}</w:p>{start}{notice}</w:p>"
        return f"{start}{run(told)}{TAB}{notice}{TAB}{counted}</w:p>"

    def _cover(self) -> str:
        """What stands behind the title page: the band; nothing that is read."""
        wide, high = self._look.sheet[0] / 20, self._look.band / 20
        band = (
            f'<w:r><w:rPr><w:noProof/></w:rPr><w:pict><v:rect id="CoverBand" o:spid="_x0000_s2048" alt="" stroked="f" o:allowincell="f" '
            f'fillcolor={attribute(self._look.theme.colours.heading)} style="position:absolute;margin-left:0;margin-top:0;'
            f"width:{wide:g}pt;height:{high:g}pt;z-index:-251660288;mso-position-horizontal-relative:page;"
            'mso-position-vertical-relative:page"/></w:pict></w:r>'
        )
        return f'<w:p><w:pPr><w:pStyle w:val="CoverHeader"/></w:pPr>{band}{self._watermark()}</w:p>'

    def _watermark(self) -> str:
        if not self._options.marks_pages(self._settings.status):
            return ""
        status, language = self._settings.status, self._settings.language
        words = label("draft-mark", language) if status == "draft" else label(f"status-{status}", language).upper()
        return (
            '<w:r><w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
            'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
            '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
            '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>'
            '<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
            '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
            'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
            f'<v:shape id="Watermark{self._made}" o:spid="_x0000_s{2048 + self._made}" type="#_x0000_t136" alt="" '
            'style="position:absolute;margin-left:0;margin-top:0;width:380pt;height:127pt;rotation:315;z-index:-251658752;'
            "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
            'mso-position-vertical-relative:margin" o:allowincell="f" '
            f'fillcolor={attribute(self._look.theme.colours.notice)} stroked="f"><v:fill opacity=".07"/>'
            f"<v:textpath style={attribute(self._font())} string={attribute(words)}/></v:shape></w:pict></w:r>"
        )

    def _font(self) -> str:
        return f'font-family:"{self._look.fonts["heading"].name}";font-size:1pt;font-weight:bold'


def _mark_end(body: Any) -> None:
    """A bookmark on the last page, whose number is how many pages the text has: around the last sign, since LibreOffice loses one that
    has nothing in it behind another."""
    start = body.makeelement(w("bookmarkStart"), {w("id"): _LAST_PAGE, w("name"): _LAST_PAGE})
    end = body.makeelement(w("bookmarkEnd"), {w("id"): _LAST_PAGE})
    last = _last_sign(body)
    if last is None:
        body[-1].addprevious(start)
        body[-1].addprevious(end)
    else:
        last.addprevious(start)
        last.addnext(end)


def _last_sign(body: Any) -> Any:
    """The run with the last sign of the text alone; nothing where the text does not end with a paragraph of words."""
    paragraph = next(
        (e for e in body.iterchildren(reversed=True) if local(e) not in ("sectPr", "bookmarkStart", "bookmarkEnd")), None
    )
    runs = [] if paragraph is None or local(paragraph) != "p" else list(paragraph.iter(w("r")))
    if not runs or [local(e) for e in runs[-1] if local(e) != "rPr"] != ["t"] or not runs[-1].find(w("t")).text:
        return None
    run, words = runs[-1], runs[-1].find(w("t")).text
    if len(words) > 1:
        before = deepcopy(run)
        before.find(w("t")).text, run.find(w("t")).text = words[:-1], words[-1]
        run.addprevious(before)
    return run


def _something_before(wish: Any) -> bool:
    """Whether anything is printed between the last section break and this one."""
    for element in wish.itersiblings(preceding=True):
        if local(element) == "tbl" or local(element) == "sdt":
            return True
        if local(element) == "p":
            return element.find(f"{w('pPr')}/{w('sectPr')}") is None
        if local(element) == "section":
            return False
    return False
