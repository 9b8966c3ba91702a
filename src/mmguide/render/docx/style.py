"""Render, Word: one paragraph or character style: its properties as short names, written as XML in the schema's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mmguide.render.docx.look import Look, half_points, hex6
from mmguide.render.docx.ooxml import attribute, children_xml


class Style(Struct, frozen=True):
    """A paragraph or character style. `p` and `r` are its paragraph and run properties by short names."""

    id: str
    name: str
    based: str = ""
    next: str = ""
    p: Mapping[str, Any] = {}
    r: Mapping[str, Any] = {}
    kind: str = "paragraph"
    link: str = ""
    own: bool = False
    quick: bool = True
    default: bool = False
    priority: int = 99

    def xml(self, look: Look) -> str:
        flags = (' w:default="1"' if self.default else "") + (' w:customStyle="1"' if self.own else "")
        parts = [f'<w:style w:type="{self.kind}"{flags} w:styleId="{self.id}"><w:name w:val={attribute(self.name)}/>']
        parts += [f'<w:basedOn w:val="{self.based}"/>'] if self.based else []
        parts += [f'<w:next w:val="{self.next}"/>'] if self.next else []
        parts += [f'<w:link w:val="{self.link}"/>'] if self.link else []
        parts += [f'<w:uiPriority w:val="{self.priority}"/>']
        parts += ["<w:qFormat/>"] if self.quick else ["<w:semiHidden/><w:unhideWhenUsed/>"]
        parts += [children_xml("pPr", [_paragraph(k, v, look) for k, v in self.p.items()])]
        parts += [run_properties(self.r, look)]
        return "".join(parts) + "</w:style>"


def run_properties(given: Mapping[str, Any], look: Look) -> str:
    return children_xml("rPr", [part for k, v in given.items() for part in _run(k, v, look)])


def _switch(name: str, on: bool) -> str:
    return f"<w:{name}/>" if on else f'<w:{name} w:val="0"/>'


def _paragraph(name: str, value: Any, look: Look) -> tuple[str, str]:
    if isinstance(value, bool):
        return name, _switch(name, value)
    if name == "spacing":
        before, after, line = value
        if isinstance(line, float):
            rule = f' w:line="{round(240 * line)}" w:lineRule="auto"'
        else:
            rule = f' w:line="{abs(line)}" w:lineRule="{"exact" if line < 0 else "atLeast"}"' if line else ""
        return name, f'<w:spacing w:before="{before}" w:after="{after}"{rule}/>'
    if name == "ind":
        left, right, first = value
        start = f'w:hanging="{-first}"' if first < 0 else f'w:firstLine="{first}"'
        return name, f'<w:ind w:left="{left}" w:right="{right}" {start}/>'
    if name == "tabs":
        stops = "".join(
            f'<w:tab w:val="{kind}" {f"w:leader={attribute(leader)} " if leader else ""}w:pos="{at}"/>'
            for kind, at, leader in value
        )
        return name, f"<w:tabs>{stops}</w:tabs>"
    if name == "pBdr":
        return name, f"<w:pBdr>{''.join(border(*side, look=look) for side in value)}</w:pBdr>"
    if name == "shd":
        return name, f'<w:shd w:val="clear" w:color="auto" w:fill="{look.colour(value)}"/>'
    if name == "numPr":
        return name, f'<w:numPr><w:ilvl w:val="{value[1]}"/><w:numId w:val="{value[0]}"/></w:numPr>'
    return name, f'<w:{name} w:val="{value}"/>'


def border(side: str, kind: str, eighths: int, space: int, colour: str, *, look: Look) -> str:
    shade = hex6(colour) if colour.startswith("#") else look.colour(colour)
    return f'<w:{side} w:val="{kind}" w:sz="{eighths}" w:space="{space}" w:color="{shade}"/>'


def _run(name: str, value: Any, look: Look) -> list[tuple[str, str]]:
    if name == "font":
        family = attribute(look.fonts[value].name)
        # Signs have no letters; everywhere else those from the right have a font of their own.
        script = attribute(look.script) if look.script and value != "symbol" else family
        return [("rFonts", f"<w:rFonts w:ascii={family} w:hAnsi={family} w:cs={script}/>")]
    if name == "theme":
        uses = (("asciiTheme", "HAnsi"), ("hAnsiTheme", "HAnsi"), ("eastAsiaTheme", "EastAsia"), ("cstheme", "Bidi"))
        return [("rFonts", f"<w:rFonts {' '.join(f'w:{use}={attribute(value + kind)}' for use, kind in uses)}/>")]
    if name in ("b", "i"):
        return [(name, _switch(name, value)), (f"{name}Cs", _switch(f"{name}Cs", value))]
    if name == "size":
        return [("sz", f'<w:sz w:val="{half_points(value)}"/>'), ("szCs", f'<w:szCs w:val="{half_points(value)}"/>')]
    if name == "color":
        shade = hex6(value) if value.startswith("#") else look.colour(value)
        return [(name, f'<w:color w:val="{shade}"/>')]
    if isinstance(value, bool):
        return [(name, _switch(name, value))]
    return [(name, f'<w:{name} w:val="{value}"/>')]


def paragraph(id: str, name: str, based: str = "Normal", next: str = "", **more: Any) -> Style:
    """A paragraph style of ours."""
    return Style(id, name, based, next, own=True, **more)


def character(id: str, name: str, own: bool = True, **r: Any) -> Style:
    """A character style."""
    return Style(id, name, "DefaultParagraphFont", kind="character", own=own, r=r)
