"""Stage render, PDF: what the finished pages showed, as diagnostics with the place in the sources it comes from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import outputs as rules
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Source
from mmguide.render.pdf.findings import Finding
from mmguide.render.pdf.numbering import printed
from mmguide.render.pdf.press import PdfResult

_RULES = {"overflow": rules.TEXT_OVERFLOWS, "wide": rules.TOO_WIDE, "empty": rules.NEARLY_EMPTY_PAGE}
_SHOWN = 48
# The first words of the names of characters that the extra `cjk` has a font for.
_CJK = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})


def shown_by_pages(result: PdfResult, manuscript: Manuscript, sources: Iterable[Source]) -> tuple[Diagnostic, ...]:
    """All that finished pages showed: characters that no font has, and what does not fit."""
    texts = (source for source in sources if not source.path.startswith("styles/"))
    return (*missing_characters(result.missing, texts), *layout_diagnostics(result.findings, manuscript, result.front))


def character_name(character: str) -> str:
    """A character as a person can look it up: itself, its number and its name."""
    name = unicodedata.name(character, "")
    code = f"U+{ord(character):04X}"
    if unicodedata.category(character) == "Co":
        name = "a private character of one font"
    return f"{code} ({name})" if name else code


def missing_characters(characters: Iterable[str], sources: Iterable[Source]) -> Iterator[Diagnostic]:
    """Each character that no font has, at every place where it stands; without place where it comes from elsewhere."""
    texts = tuple(sources)
    for character in characters:
        places: list[Span | None] = [source.span(at, at + 1) for source in texts for at in _all(source.text, character)]
        for span in places or [None]:
            yield rules.MISSING_CHARACTER.at(span, name=character_name(character), hint=_font_for(character))


def _font_for(character: str) -> str | None:
    """What brings a font for the character, where an extra does."""
    script = unicodedata.name(character, "").replace("FULLWIDTH ", "").replace("HALFWIDTH ", "").partition(" ")[0]
    return "install mmguide[cjk]: it brings a font for Chinese, Japanese and Korean" if script in _CJK else None


def _all(text: str, character: str) -> Iterator[int]:
    at = text.find(character)
    while at >= 0:
        yield at
        at = text.find(character, at + 1)


def layout_diagnostics(findings: Iterable[Finding], manuscript: Manuscript, front: int) -> Iterator[Diagnostic]:
    """Each finding at the words it is about, or at the heading, table or figure these stand below; pages by their printed numbers."""
    for found in findings:
        words = found.words if len(found.words) <= _SHOWN else found.words[:_SHOWN].rstrip() + "…"
        yield _RULES[found.kind].at(
            _place(found, manuscript), page=printed(found.page, front), words=words, amount=f"{found.amount:g}"
        )


def _place(found: Finding, manuscript: Manuscript) -> Span | None:
    """Where the words stand, if they stand in one place only; otherwise where the anchor above them is set."""
    places = [span for scan in manuscript.scans for span in _spans(scan.source, found.words)]
    if len(places) == 1:
        return places[0]
    for scan in manuscript.scans:
        for anchor in scan.anchors:
            if anchor.id == found.anchor:
                return next((span for span in places if _below(span, anchor.span)), anchor.span)
    return places[0] if places else None


def _spans(source: Source, words: str) -> Iterator[Span]:
    longest = max(words.split(), key=len, default="")
    for wanted in dict.fromkeys((words, longest)):
        found = [source.span(at, at + len(wanted)) for at in _all(source.text, wanted)] if len(wanted) > 3 else []
        if found:
            yield from found
            return


def _below(span: Span, anchor: Span) -> bool:
    return span.path == anchor.path and span.line >= anchor.line
