"""Render, Word: finishing of document properties and settings: what the file says of itself, and nothing of the machine."""

from __future__ import annotations

from msgspec.structs import asdict

from mmguide.model.settings import Settings
from mmguide.render.docx.look import Look
from mmguide.render.docx.ooxml import HEAD, W, attribute, text
from mmguide.render.docx.options import DocxOptions
from mmguide.render.docx.package import Package
from mmguide.render.docx.zotero import preferences

_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
# Zotero splits what it stores, since a property holds at most 255 characters.
_LONGEST_PROPERTY = 255


def finish_properties(package: Package, settings: Settings, look: Look, options: DocxOptions) -> None:
    """Add every property part and the settings."""
    kinds = {"core.xml": core_xml(settings), "app.xml": app_xml(), "custom.xml": custom_xml(settings, options)}
    types = {
        "core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    }
    for name, content in kinds.items():
        package.add(f"docProps/{name}", content.encode(), types[name])
    package.relate(
        "", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"
    )
    package.relate("", "extended-properties", "docProps/app.xml")
    package.relate("", "custom-properties", "docProps/custom.xml")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"
    package.add("word/settings.xml", settings_xml(settings, look).encode(), kind)
    package.relate("word/document.xml", "settings", "settings.xml")


def stamp(settings: Settings) -> str:
    """The day this version is of, as Word writes times; '' where guideline.yaml names none."""
    day = settings.dates.updated or settings.dates.published or settings.dates.approved
    return f"{day.isoformat()}T00:00:00Z" if day else ""


def core_xml(settings: Settings) -> str:
    """docProps/core.xml."""
    authors = "; ".join(dict.fromkeys(c.name for c in settings.contributors))
    parts = [
        ("dc:title", settings.title),
        ("dc:subject", settings.subtitle),
        ("dc:creator", authors),
        ("dc:description", settings.summary),
        ("dc:language", settings.language),
        ("cp:version", settings.version),
        ("cp:contentStatus", settings.status),
        ("cp:lastModifiedBy", authors.split("; ")[0]),
    ]
    inside = "".join(f"<{name}>{text(value)}</{name}>" for name, value in parts if value)
    if made := stamp(settings):
        inside += "".join(f'<dcterms:{n} xsi:type="dcterms:W3CDTF">{made}</dcterms:{n}>' for n in ("created", "modified"))
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inside}</cp:coreProperties>'
    )


def app_xml() -> str:
    """docProps/app.xml."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'{HEAD}<Properties xmlns="{space}"><Application>mmguide</Application></Properties>'


def custom_xml(settings: Settings, options: DocxOptions) -> str:
    """docProps/custom.xml: what a library or a clinic files a guideline by."""
    values = {"Guideline": settings.id, "Version": settings.version, "Status": settings.status}
    values.update({f"Date {name.replace('_', ' ')}": day.isoformat() for name, day in asdict(settings.dates).items() if day})
    if options.citations == "zotero":
        stored = preferences(settings.csl, settings.language)
        pieces = [stored[i : i + _LONGEST_PROPERTY] for i in range(0, len(stored), _LONGEST_PROPERTY)]
        values.update({f"ZOTERO_PREF_{i}": piece for i, piece in enumerate(pieces, 1)})
    inside = "".join(
        f'<property fmtid="{_FMTID}" pid="{i}" name={attribute(name)}><vt:lpwstr>{text(value)}</vt:lpwstr></property>'
        for i, (name, value) in enumerate(values.items(), 2)
    )
    return f'{HEAD}<Properties xmlns="{_CUSTOM}" xmlns:vt="{_VT}">{inside}</Properties>'


def settings_xml(settings: Settings, look: Look) -> str:
    """word/settings.xml: Word's present layout, notes, languages; nothing that asks to update on opening."""
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
        )
    )
    colours = (
        'w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" '
        'w:accent4="accent4" w:accent5="accent5" w:accent6="accent6" w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"'
    )
    embedded = "<w:embedTrueTypeFonts/><w:saveSubsetFonts/>" if look.embedded else ""
    bidi = f" w:bidi={attribute(settings.language)}" if look.right_to_left else ""
    return (
        f'{HEAD}<w:settings xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:zoom w:percent="100"/>'
        f'{embedded}<w:defaultTabStop w:val="709"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        f'<w:compat><w:doNotUseHTMLParagraphAutoSpacing/>{compat}</w:compat><m:mathPr><m:mathFont m:val="Cambria Math"/></m:mathPr>'
        f"<w:themeFontLang w:val={attribute(settings.language)}{bidi}/><w:clrSchemeMapping {colours}/>"
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )
