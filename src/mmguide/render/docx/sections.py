"""Render, Word: finishing of sections: the cover without header and footer, upright and turned pages with theirs, DRAFT across them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmguide.labels import label
from mmguide.model.settings import Settings
from mmguide.render.docx.fields import field
from mmguide.render.docx.look import Look
from mmguide.render.docx.ooxml import DECLARED, HEAD, MARK, TAB, attribute, fragment, local, properties, put, run, w
from mmguide.render.docx.options import DocxOptions
from mmguide.render.docx.package import Package

_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EDGE = 709


class Sections:
    """Makes the parts for headers and footers, then the section properties that refer to them."""

    def __init__(self, package: Package, settings: Settings, look: Look, options: DocxOptions, chapter: str, pages: int) -> None:
        self._settings, self._look, self._options = settings, look, options
        self._chapter, self._pages = chapter, pages
        self._package = package
        self._references: Mapping[str, str] = {
            "cover": self._part("header", "header1", self._watermark_only()) if options.marks_draft(settings.status) else "",
            "upright": self._part("header", "header2", self._header("Header"))
            + self._part("footer", "footer2", self._footer("Footer")),
            "landscape": self._part("header", "header3", self._header("HeaderWide"))
            + self._part("footer", "footer3", self._footer("FooterWide")),
        }

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

    def _close(self, body: Any, wish: Any, ends: str) -> str:
        if ends == "landscape" and all(local(e) != "p" and local(e) != "tbl" for e in wish.itersiblings()):
            return "last-landscape"
        before = wish.getprevious()
        while before is not None and local(before) in ("bookmarkStart", "bookmarkEnd"):
            before = before.getprevious()
        if before is None or local(before) != "p" or before.find(f"{w('pPr')}/{w('sectPr')}") is not None:
            before = body.makeelement(w("p"))
            put(properties(before, "pPr"), "pStyle", val="SectionEnd")
            body.insert(body.index(wish), before)
        properties(before, "pPr").append(self._properties(ends))
        return ends

    def _properties(self, kind: str, *, last: bool = False) -> Any:
        look = self._look
        wide, high = look.sheet
        top, right, bottom, left = look.margins
        turned = kind == "landscape"
        size = f'w:w="{high}" w:h="{wide}" w:orient="landscape"' if turned else f'w:w="{wide}" w:h="{high}"'
        lines = '<w:lnNumType w:countBy="1" w:distance="227" w:restart="newPage"/>'
        numbered = kind != "cover" and self._options.numbers_lines(self._settings.status)
        bidi = "<w:bidi/>" if look.right_to_left else ""
        return fragment(
            f'<w:sectPr>{self._references[kind]}<w:type w:val="nextPage"/><w:pgSz {size}/>'
            f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="{_EDGE}" w:footer="{_EDGE}" '
            f'w:gutter="0"/>{lines if numbered else ""}<w:cols w:space="708"/>{bidi}<w:docGrid w:linePitch="360"/></w:sectPr>'
        )

    def _part(self, kind: str, name: str, content: str) -> str:
        root = {"header": "hdr", "footer": "ftr"}[kind]
        self._package.add(f"word/{name}.xml", f"{HEAD}<w:{root} {DECLARED}>{content}</w:{root}>".encode(), f"{_TYPES}.{kind}+xml")
        number = self._package.relate("word/document.xml", kind, f"{name}.xml")
        return f'<w:{kind}Reference w:type="default" r:id="{number}"/>'

    def _header(self, style: str) -> str:
        chapter = TAB + field("STYLEREF 1", self._chapter) if self._chapter else ""
        drawn = self._watermark() if self._options.marks_draft(self._settings.status) else ""
        words = run(self._settings.short_title or self._settings.title)
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{drawn}{words}{chapter}</w:p>'

    def _footer(self, style: str) -> str:
        s = self._settings
        language = s.language
        day = s.dates.updated or s.dates.published or s.dates.approved
        facts = [
            f"{label('version', language)} {s.version}",
            label(f"status-{s.status}", language),
            day.isoformat() if day else "",
        ]
        counted = (
            run(label("page", language) + " ")
            + field("PAGE", "2")
            + run(f" {label('of', language)} ")
            + field("NUMPAGES", str(self._pages))
        )
        notice = f'<w:p><w:pPr><w:pStyle w:val="FooterNotice"/></w:pPr>{run(s.notice)}</w:p>' if s.notice else ""
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run(" · ".join(f for f in facts if f))}{TAB}{counted}</w:p>{notice}'
        )

    def _watermark_only(self) -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="CoverHeader"/></w:pPr>{self._watermark()}</w:p>'

    def _watermark(self) -> str:
        words = label("draft-mark", self._settings.language)
        number = self._watermarks = getattr(self, "_watermarks", 0) + 1
        return (
            '<w:r><w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
            'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
            '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
            '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>'
            '<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
            '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
            'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
            f'<v:shape id="Watermark{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" alt="" '
            'style="position:absolute;margin-left:0;margin-top:0;width:380pt;height:127pt;rotation:315;z-index:-251658752;'
            "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
            'mso-position-vertical-relative:margin" o:allowincell="f" '
            f'fillcolor={attribute(self._look.theme.colours.rule)} stroked="f"><v:fill opacity=".35"/>'
            f"<v:textpath style={attribute(self._font())} string={attribute(words)}/></v:shape></w:pict></w:r>"
        )

    def _font(self) -> str:
        return f'font-family:"{self._look.fonts["heading"].name}";font-size:1pt;font-weight:bold'


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
