"""Stage render, PDF: one laid out document becomes one file that fulfils a pair of standards."""

from __future__ import annotations

import zlib
from importlib.resources import files
from io import BytesIO
from typing import Any

from mmguide.render.pdf.gathering import gathered, gathered_as_forms
from mmguide.render.pdf.metadata import Metadata, complete
from mmguide.render.pdf.tags import Profile, capture, tag

_LEVEL = 6
# A carriage return before the line feed that ends a stream would count as part of the line's end.
_DOUBTFUL_END = b"\r\nendstream"
_ATTEMPTS = 20
# U+2060, which nobody sees and which breaks no word.
_NOTHING_MORE = b"<2060>"


def write_tagged(document: Any, profile: Profile, metadata: Metadata, piece: str = "") -> bytes:
    """The bytes of the PDF of a document that WeasyPrint has laid out (`weasyprint.HTML(...).render(...)`).

    `piece` names a part of a document: its structure elements bear identifiers that stand once in the whole, and the bytes are those
    of a gathering.
    """
    _set_output_intent(document)
    with capture() as captured:
        import pydyf
        from weasyprint import DEFAULT_OPTIONS
        from weasyprint.pdf import generate_pdf

        options = {**DEFAULT_OPTIONS, "pdf_tags": True, "pdf_version": profile.pdf_version}
        pdf = generate_pdf(document, None, 1, **options)
    pdf.catalog["Lang"] = pydyf.String(metadata.language)
    tag(captured[0], profile, piece)
    complete(document, pdf, metadata, profile)
    map_every_glyph(pdf)
    compress(pdf)
    return gathered(pdf).packed() if piece else _serialised(pdf, profile)


def write_margins(document: Any) -> bytes:
    """The pages of a laid out document as drawings without structure, to be laid over other pages."""
    from weasyprint import DEFAULT_OPTIONS
    from weasyprint.pdf import generate_pdf

    pdf = generate_pdf(document, None, 1, **DEFAULT_OPTIONS)
    map_every_glyph(pdf)
    compress(pdf)
    return gathered_as_forms(pdf).packed()


def _set_output_intent(document: Any) -> None:
    """Colours are written as RGB; the profile in the output intent says which RGB."""
    from weasyprint.css import ColorProfile

    content = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    ranges = (["r"], ["g"], ["b"])
    document.color_profiles["srgb"] = ColorProfile(BytesIO(content), "sRGB2014.icc", "relative-colorimetric", ranges)
    document.output_intent = "srgb"


def map_every_glyph(pdf: Any) -> None:
    """A glyph drawn beside another one for the same letter (the dots of Arabic) stands for nothing more, but not for no character."""
    import pydyf

    for font in pdf.objects:
        if isinstance(font, pydyf.Dictionary) and "ToUnicode" in font:
            stream = pdf.objects[int(bytes(font["ToUnicode"]).split()[0])].stream
            stream[:] = [line.replace(b"<>", _NOTHING_MORE) if isinstance(line, bytes) else line for line in stream]


def compress(pdf: Any) -> None:
    """Compress each stream once; left to itself, pydyf does so for the file's identifier and again for the file."""
    import pydyf

    for each in pdf.objects:
        if not isinstance(each, pydyf.Stream):
            continue
        content = _content(each)
        packed = zlib.compress(content, _LEVEL) if each.compress else content
        if packed.endswith(b"\r") and "Filter" not in each.extra and each.extra.get("Type") != "/EmbeddedFile":
            packed = zlib.compress(content + b"\n", _LEVEL) if each.compress else content + b"\n"
        elif packed.endswith(b"\r"):
            packed += b"\0"  # behind the end of the packed data, where no reader looks
        if each.compress:
            each.extra = {**each.extra, "Filter": "/FlateDecode"}
        each.compress, each.stream = False, [packed]


def _content(stream: Any) -> bytes:
    """What a stream holds, not compressed by pydyf."""
    asked, stream.compress = stream.compress, False
    content: bytes = stream.data.split(b"stream\n", 1)[1].removesuffix(b"\nendstream")
    stream.compress = asked
    return content


def _serialised(pdf: Any, profile: Profile) -> bytes:
    """The file's bytes. An empty object more changes the packed objects, should their last byte be a carriage return."""
    import pydyf

    for _ in range(_ATTEMPTS):
        size = len(pdf.objects)
        output = BytesIO()
        pdf.write(output, profile.pdf_version, True, True)
        written = output.getvalue()
        if _DOUBTFUL_END not in written:
            break
        del pdf.objects[size:]
        pdf.current_position = 0
        pdf.add_object(pydyf.Dictionary())
    return written
