"""Render, Word: pictures as DrawingML (ISO/IEC 29500-1, 20), which names what it shows by its place in the package."""

from __future__ import annotations

from collections.abc import Mapping

from mmguide.ast import Element
from mmguide.render.docx.fields import raw_inline
from mmguide.render.docx.ooxml import ADEC, ASVG, attribute
from mmguide.render.docx.pictures import digest

EMU_PER_INCH = 914400
TYPES: Mapping[str, str] = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml"}
_EXTENSIONS: Mapping[str, str] = {media_type: extension for extension, media_type in TYPES.items()}
_SVG = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_ORNAMENT = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def stored(content: bytes, media_type: str, media: dict[str, bytes]) -> str:
    """The name of this picture in the package; its content joins `media` under it."""
    name = f"media/{digest(content)[:16]}.{_EXTENSIONS[media_type]}"
    media[name] = content
    return name


def drawing(name: str, words: str, wide: float, high: float, svg: str = "") -> Element:
    """The picture stored as `name`, so many inches wide and high; without words it is ornament, and says so to screen readers.

    `svg` names the drawing itself, for every Word that can draw it. Numbers, and the ids of what is named, are given in the joining.
    """
    # Unless told, LibreOffice keeps the words of a line three millimetres away.
    alone = 'distT="0" distB="0" distL="0" distR="0"'
    size = f'cx="{round(wide * EMU_PER_INCH)}" cy="{round(high * EMU_PER_INCH)}"'
    ornament = _extension(_ORNAMENT, f'<adec:decorative xmlns:adec="{ADEC}" val="1"/>')
    told = f" descr={attribute(words)}/>" if words else f">{ornament}</wp:docPr>"
    drawn = _extension(_SVG, f'<asvg:svgBlip xmlns:asvg="{ASVG}" r:embed="{svg}"/>') if svg else ""
    return raw_inline(
        f'<w:r><w:drawing><wp:inline {alone}><wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="0" name=""{told}'
        f'<a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name=""/>'
        '<pic:cNvPicPr><a:picLocks noChangeAspect="1" noChangeArrowheads="1"/></pic:cNvPicPr></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{name}">{drawn}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr bwMode="auto"><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:noFill/><a:ln w="9525"><a:noFill/><a:headEnd/><a:tailEnd/></a:ln></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def _extension(uri: str, content: str) -> str:
    return f'<a:extLst><a:ext uri="{uri}">{content}</a:ext></a:extLst>'
