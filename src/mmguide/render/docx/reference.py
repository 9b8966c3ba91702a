"""Render, Word: the reference document that pandoc takes styles, fonts, theme and heading numbers from, made from the theme."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

from msgspec import json

from mmguide.cache import Cache, key_of
from mmguide.render.docx.look import Font, Look, hex6
from mmguide.render.docx.ooxml import HEAD, A, W, attribute, parse
from mmguide.render.docx.package import Package
from mmguide.render.docx.style import run_properties
from mmguide.render.docx.styles import HEADING_LEVELS, HEADING_NUMBERS, NO_NUMBERS, TYPED_NUMBERS, styles
from mmguide.render.docx.tablestyles import table_styles
from mmguide.theme import Theme

_NUMBER = {"b": False, "i": False, "color": "accent"}
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_THEME = "application/vnd.openxmlformats-officedocument.theme+xml"
_PANOSE = {"roman": "02040503050406030204", "swiss": "020B0604020202020204", "modern": "02070309020205020404"}
_CHARSET = 'w:usb0="E00002FF" w:usb1="420024FF" w:usb2="00000000" w:usb3="00000000" w:csb0="0000019F" w:csb1="00000000"'


def base(look: Look) -> Package:
    """The package that a text is put into: styles, numbers of headings, fonts and theme."""
    package = Package()
    package.add(
        "word/document.xml", f'{HEAD}<w:document xmlns:w="{W}"><w:body/></w:document>'.encode(), f"{_TYPES}.document.main+xml"
    )
    package.relate("", "officeDocument", "word/document.xml")
    for name, kind, content in (
        ("styles", "styles", styles_xml(look)),
        ("numbering", "numbering", numbering_xml(look)),
        ("fontTable", "fontTable", fonts_xml(look)),
        ("theme/theme1", "theme", theme_xml(look)),
    ):
        described = _THEME if kind == "theme" else f"{_TYPES}.{kind}+xml"
        package.add(f"word/{name}.xml", content.encode(), described)
        package.relate("word/document.xml", kind, f"{name}.xml")
    return package


def reference(look: Look, cache: Cache) -> bytes:
    """The reference document for this look, from the cache or made once a process."""
    facts = (look.theme.as_json(), look.paper, look.language, look.embedded)
    key = key_of("word reference", *map(str, facts))
    if entry := cache.get(key):
        return entry.content
    content = _made(*facts)
    cache.put(key, None, content)
    return content


@lru_cache(maxsize=16)
def _made(theme: str, paper: str, language: str, embedded: bool) -> bytes:
    """Word's own empty document, as python-docx has it, in this look."""
    import docx
    from docx.opc.constants import RELATIONSHIP_TYPE as RT

    look = Look(json.decode(theme, type=Theme), paper, language, embedded)
    document = docx.Document()
    part = document.part
    _replace(document.styles.element, styles_xml(look))
    _replace(part.numbering_part.element, numbering_xml(look))
    part.part_related_by(RT.THEME)._blob = theme_xml(look).encode()
    part.part_related_by(RT.FONT_TABLE)._blob = fonts_xml(look).encode()
    for relation in [r for r, rel in document.part.package.rels.items() if "thumbnail" in rel.reltype]:
        del document.part.package.rels[relation]
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _replace(element: Any, xml: str) -> None:
    """Give an XML part of python-docx other content; the part keeps its root's name."""
    new = parse(xml.encode())
    element.attrib.clear()
    for child in list(element):
        element.remove(child)
    for child in list(new):
        element.append(child)


def styles_xml(look: Look) -> str:
    """word/styles.xml."""
    sizes, language = look.theme.sizes, look.language
    turned = "<w:bidi/>" if look.right_to_left else ""
    base = run_properties({"theme": "minor", "size": sizes.text}, look)[len("<w:rPr>") : -len("</w:rPr>")]
    bidi = language if look.right_to_left else "ar-SA"
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{base}<w:lang w:val={attribute(language)} w:eastAsia="en-US" '
        f"w:bidi={attribute(bidi)}/></w:rPr></w:rPrDefault>"
        f'<w:pPrDefault><w:pPr><w:widowControl/>{turned}<w:spacing w:before="0" w:after="0" w:line="{look.line}" w:lineRule="atLeast"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    latent = (
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="0" w:defUnhideWhenUsed="0" w:defQFormat="0" '
        'w:count="376"/>'
    )
    lists = (
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:uiPriority w:val="99"/>'
        "<w:semiHidden/><w:unhideWhenUsed/></w:style>"
    )
    own = "".join(style.xml(look) for style in styles(look))
    return f'{HEAD}<w:styles xmlns:w="{W}">{defaults}{latent}{own}{table_styles(look)}{lists}</w:styles>'


def numbering_xml(look: Look) -> str:
    """word/numbering.xml: the multilevel list of the heading styles, the same without numbers, and for numbers typed as text."""
    # Where no column stands beside the text, nothing stands in place of a number that a heading has not.
    bare = "tab" if look.hang else "nothing"
    kinds = ((HEADING_NUMBERS, "decimal", "tab"), (NO_NUMBERS, "none", bare), (TYPED_NUMBERS, "none", "nothing"))
    lists = "".join(_headings(look, *kind) for kind in kinds)
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n, _, _ in kinds)
    return f'{HEAD}<w:numbering xmlns:w="{W}">{lists}{numbers}</w:numbering>'


def _headings(look: Look, number: int, form: str, behind: str) -> str:
    levels = []
    for level in range(9):
        # A space in place of a number: Word sets the tab behind a sign only.
        text = ".".join(f"%{i}" for i in range(1, level + 2)) if form == "decimal" else " " if behind == "tab" else ""
        tied = f'<w:pStyle w:val="Heading{level + 1}"/>' if form == "decimal" and level < HEADING_LEVELS else ""
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{tied}<w:suff w:val="{behind}"/>'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{look.hang}" w:hanging="{look.hang}"/></w:pPr>'
            f"{run_properties(_NUMBER, look)}</w:lvl>"
        )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="4D4D473{number}"/><w:multiLevelType w:val="multilevel"/>'
        f'<w:tmpl w:val="4D4D474{number}"/>{"".join(levels)}</w:abstractNum>'
    )


def fonts_xml(look: Look) -> str:
    """word/fontTable.xml: each family with the one that stands in where it is not installed."""
    unique: dict[str, Font] = {font.name: font for font in look.fonts.values()}
    entries = "".join(
        f"<w:font w:name={attribute(font.name)}><w:altName w:val={attribute(font.instead)}/>"
        f'<w:panose1 w:val="{_PANOSE[font.kind]}"/><w:charset w:val="00"/><w:family w:val="{font.kind}"/>'
        f'<w:pitch w:val="{font.pitch}"/><w:sig {_CHARSET}/></w:font>'
        for font in unique.values()
    )
    return f'{HEAD}<w:fonts xmlns:w="{W}">{entries}</w:fonts>'


def theme_xml(look: Look) -> str:
    """word/theme/theme1.xml: the theme's colours and fonts, so that Word's own palettes offer them."""
    c = look.theme.colours
    strengths = [s.colour for s in look.strengths.values()]
    accents = (c.accent, *strengths, c.notice, c.muted, c.rule, c.link, c.heading)[:6]
    scheme = {"dk1": c.ink, "lt1": c.paper, "dk2": c.heading, "lt2": c.tint}
    scheme.update({f"accent{i}": colour for i, colour in enumerate(accents, 1)})
    scheme.update({"hlink": c.link, "folHlink": c.muted})
    colours = "".join(f'<a:{k}><a:srgbClr val="{hex6(v)}"/></a:{k}>' for k, v in scheme.items())
    others = f'<a:ea typeface=""/><a:cs typeface={attribute(look.script)}/>'
    fonts = "".join(
        f"<a:{kind}Font><a:latin typeface={attribute(look.fonts[use].name)}/>{others}</a:{kind}Font>"
        for kind, use in (("major", "heading"), ("minor", "text"))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    ln = f'<a:ln w="6350">{fill}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{HEAD}<a:theme xmlns:a="{A}" name="mmguide"><a:themeElements><a:clrScheme name="mmguide">{colours}</a:clrScheme>'
        f'<a:fontScheme name="mmguide">{fonts}</a:fontScheme><a:fmtScheme name="mmguide"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{ln * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
