"""Stage render, PDF: one laid out document becomes one file that fulfils a pair of standards."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from typing import Any

from mmguide.render.pdf.metadata import Metadata, complete
from mmguide.render.pdf.tags import Profile, capture, tag


def write_tagged(document: Any, profile: Profile, metadata: Metadata, piece: str = "") -> bytes:
    """The bytes of the PDF of a document that WeasyPrint has laid out (`weasyprint.HTML(...).render(...)`).

    `piece` names a part of a document: its structure elements bear identifiers that stand once in the whole.
    """
    _set_output_intent(document)
    with capture() as captured:

        def finish(_document: Any, pdf: Any) -> None:
            import pydyf

            pdf.catalog["Lang"] = pydyf.String(metadata.language)
            tag(captured[0], profile, piece)
            complete(document, pdf, metadata, profile)

        written: bytes = document.write_pdf(
            finisher=finish,
            pdf_tags=True,
            pdf_version=profile.pdf_version,
            pdf_identifier=True,
        )
    return written


def _set_output_intent(document: Any) -> None:
    """Colours are written as RGB; the profile in the output intent says which RGB."""
    from weasyprint.css import ColorProfile

    content = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    ranges = (["r"], ["g"], ["b"])
    document.color_profiles["srgb"] = ColorProfile(BytesIO(content), "sRGB2014.icc", "relative-colorimetric", ranges)
    document.output_intent = "srgb"
