"""Stage render, PDF: what the file says about itself: standards, title, language, dates, page labels, files it carries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from msgspec import Struct

from mmguide.labels import right_to_left
from mmguide.render.pdf.tags.profiles import Profile


class AssociatedFile(Struct, frozen=True):
    """A file carried inside the PDF: the sources it was made from, the data behind its figures."""

    name: str
    content: bytes
    media_type: str
    relationship: str
    description: str


class PageLabels(Struct, frozen=True):
    """From page `start` (counted from 0) on, pages are labelled in `style`: `r` for i, ii, `D` for 1, 2, beginning with `first`."""

    start: int
    style: str
    first: int = 1


class Metadata(Struct, frozen=True):
    """What a file says about itself. `created` comes from SOURCE_DATE_EPOCH or the guideline's date, never from the clock."""

    title: str
    language: str
    created: datetime
    authors: tuple[str, ...] = ()
    description: str = ""
    keywords: tuple[str, ...] = ()
    tool: str = "mmguide"
    engine: str = ""
    labels: tuple[PageLabels, ...] = ()
    files: tuple[AssociatedFile, ...] = ()


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
{properties}
</rdf:Description>{extension}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""

# PDF/A-2 and -3 know no property of PDF/UA: the file itself has to describe it.
_EXTENSION = """
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the PDF/UA standard the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def xmp(metadata: Metadata, profile: Profile, carries_files: bool) -> bytes:
    """The XMP packet that declares both standards."""
    date = _iso(metadata.created)
    lines = [
        f"<pdfaid:part>{profile.archive_part}</pdfaid:part>",
        *_archive_level(profile, carries_files),
        f"<pdfuaid:part>{profile.accessible_part}</pdfuaid:part>",
        *(["<pdfuaid:rev>2024</pdfuaid:rev>"] if profile.modern else []),
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_text(metadata.title)}</rdf:li></rdf:Alt></dc:title>',
        *_sequence("creator", "Seq", (", ".join(metadata.authors),) if metadata.authors else ()),
        *_sequence("language", "Bag", (metadata.language,)),
        f"<pdf:Producer>{_text(metadata.engine)}</pdf:Producer>",
        f"<xmp:CreatorTool>{_text(metadata.tool)}</xmp:CreatorTool>",
        f"<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>",
    ]
    if metadata.description:
        words = _text(metadata.description)
        lines.append(f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{words}</rdf:li></rdf:Alt></dc:description>')
    if metadata.keywords:
        lines.append(f"<pdf:Keywords>{_text(', '.join(metadata.keywords))}</pdf:Keywords>")
    return _PACKET.format(properties="\n".join(lines), extension="" if profile.modern else _EXTENSION).encode()


def _archive_level(profile: Profile, carries_files: bool) -> list[str]:
    if not profile.modern:
        return ["<pdfaid:conformance>A</pdfaid:conformance>"]
    # PDF/A-4f asks for at least one file inside; without one the file is plain PDF/A-4.
    return ["<pdfaid:rev>2020</pdfaid:rev>", *(["<pdfaid:conformance>F</pdfaid:conformance>"] if carries_files else [])]


def _sequence(name: str, kind: str, values: Sequence[str]) -> list[str]:
    items = "".join(f"<rdf:li>{_text(value)}</rdf:li>" for value in values)
    return [f"<dc:{name}><rdf:{kind}>{items}</rdf:{kind}></dc:{name}>"] if values else []


def _text(value: str) -> str:
    return escape("".join(char for char in value if char >= " " or char in "\t\n"))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _pdf_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")


def complete(document: Any, pdf: Any, metadata: Metadata, profile: Profile) -> None:
    """Write everything the file says about itself into the unfinished `pdf`."""
    import pydyf

    catalog = pdf.catalog
    packet = pydyf.Stream(
        [xmp(metadata, profile, bool(metadata.files))], {"Type": "/Metadata", "Subtype": "/XML"}, compress=False
    )
    pdf.add_object(packet)
    catalog["Metadata"] = packet.reference
    catalog["Lang"] = pydyf.String(metadata.language)
    # Two pages side by side are shown in the order in which they are read.
    direction = {"Direction": "/R2L"} if right_to_left(metadata.language) else {}
    catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true", **direction})
    catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    catalog["PageMode"] = "/UseOutlines" if "Outlines" in catalog else "/UseNone"
    _information(pdf, metadata, profile)
    for intent in catalog.get("OutputIntents", ()):
        intent["S"] = "/GTS_PDFA1"
    if metadata.labels:
        catalog["PageLabels"] = _page_labels(metadata.labels)
    if metadata.files:
        carry(pdf, metadata.files, pydyf.String(_pdf_date(metadata.created)))
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and each.extra.get("Interpolate") == "true":
            each.extra["Interpolate"] = "false"  # an archive must not depend on how a viewer smooths pictures


def _information(pdf: Any, metadata: Metadata, profile: Profile) -> None:
    """The information dictionary says what XMP says; PDF 2.0 has none."""
    import pydyf

    pdf.info.clear()
    if profile.modern:
        return
    date = _pdf_date(metadata.created)
    pairs = (
        ("Title", metadata.title),
        ("Author", ", ".join(metadata.authors)),
        ("Subject", metadata.description),
        ("Keywords", ", ".join(metadata.keywords)),
        ("Creator", metadata.tool),
        ("Producer", metadata.engine),
        ("CreationDate", date),
        ("ModDate", date),
    )
    pdf.info.update({name: pydyf.String(value) for name, value in pairs if value})


def _page_labels(labels: Sequence[PageLabels]) -> Any:
    import pydyf

    nums = pydyf.Array()
    for each in labels:
        nums.extend([each.start, pydyf.Dictionary({"S": f"/{each.style}", "St": each.first})])
    return pydyf.Dictionary({"Nums": nums})


def carry(pdf: Any, files: Sequence[AssociatedFile], date: Any) -> None:
    """Embed the files in the unfinished `pdf` and declare how each relates to the document; `date` is when they were changed."""
    import pydyf

    references: list[tuple[str, bytes]] = []
    for each in sorted(files, key=lambda file: file.name):
        checksum = hashlib.md5(each.content, usedforsecurity=False).hexdigest()
        parameters = pydyf.Dictionary({"Size": len(each.content), "CheckSum": f"<{checksum}>", "ModDate": date})
        kind = each.media_type.replace("/", "#2f")
        stream = pydyf.Stream(
            [each.content], {"Type": "/EmbeddedFile", "Subtype": f"/{kind}", "Params": parameters}, compress=True
        )
        pdf.add_object(stream)
        specification = pydyf.Dictionary(
            {
                "Type": "/Filespec",
                "F": pydyf.String(each.name),
                "UF": pydyf.String(each.name),
                "Desc": pydyf.String(each.description),
                "AFRelationship": f"/{each.relationship}",
                "EF": pydyf.Dictionary({"F": stream.reference, "UF": stream.reference}),
            }
        )
        pdf.add_object(specification)
        references.append((each.name, specification.reference))
    names = pydyf.Array([part for name, reference in references for part in (pydyf.String(name), reference)])
    pdf.catalog.setdefault("Names", pydyf.Dictionary())["EmbeddedFiles"] = pydyf.Dictionary({"Names": names})
    pdf.catalog["AF"] = pydyf.Array([reference for _, reference in references])
