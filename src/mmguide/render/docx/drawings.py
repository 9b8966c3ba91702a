"""Render, Word: finishing of drawings: the SVG itself beside its pixel picture, for every Word that can draw it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmguide.render.docx.ooxml import ASVG, NS, A, R
from mmguide.render.docx.package import Package
from mmguide.render.docx.pictures import digest

_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


def beside_pixels(package: Package, drawings: Mapping[str, bytes]) -> None:
    """Embed each drawing whose pixel picture (known by its digest) pandoc has put in."""
    for part in ("word/document.xml", "word/footnotes.xml"):
        targets = {r.get("Id"): r.get("Target") for r in package.relationships(part)}
        for blip in package.xml[part].iter(f"{{{A}}}blip"):
            target = targets.get(blip.get(f"{{{R}}}embed"), "")
            svg = drawings.get(digest(package.blobs.get(f"word/{target}", b"")))
            if svg is not None:
                _embed(package, part, blip, svg)


def _embed(package: Package, part: str, blip: Any, svg: bytes) -> None:
    from lxml import etree

    name = f"media/drawing-{digest(svg)[:16]}.svg"
    package.add(f"word/{name}", svg, "image/svg+xml")
    number = package.relate(part, "image", name)
    holder = blip.find("a:extLst", NS)
    if holder is None:
        holder = etree.SubElement(blip, f"{{{A}}}extLst")
    extension = etree.SubElement(holder, f"{{{A}}}ext", uri=_EXTENSION)
    made = etree.SubElement(extension, f"{{{ASVG}}}svgBlip", nsmap={"asvg": ASVG})
    made.set(f"{{{R}}}embed", number)
