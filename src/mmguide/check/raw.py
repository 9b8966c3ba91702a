"""Stage check: raw HTML and raw blocks in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmguide.assemble.raw import INLINE_ELEMENTS, TRANSPARENT
from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import structure as rules
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Raw

# Tags that load, run or send something.
_UNSAFE_NAMES = (
    "script style iframe object embed applet frame frameset base form input button select textarea svg math audio video source "
    "track portal template slot noscript canvas param"
)
UNSAFE = frozenset(_UNSAFE_NAMES.split())
# Tags with a structure of their own that Markdown writes otherwise: dropping them changes how the text is arranged.
_ARRANGING = frozenset(["table", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "details", "a"])
_KNOWN = (TRANSPARENT | frozenset(INLINE_ELEMENTS) | {"br", "img"}) - _ARRANGING
_TAG = re.compile(r"<\s*(/?)\s*([A-Za-z][A-Za-z0-9:-]*)([^>]*)", re.S)
_EVENT = re.compile(r"[\s/\"']on[a-z]+\s*=", re.I)
_RUNNING = re.compile(r"(javascript|vbscript|data)\s*:", re.I)
_RELATION = re.compile(r"rel\s*=\s*[\"']?\s*([\w -]+)", re.I)


def check_raw(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """HTML that is unsafe, or has no meaning beyond the web; raw blocks for a single output."""
    for scan in manuscript.scans:
        for raw in scan.raw:
            yield from _raw(raw)


def _raw(raw: Raw) -> Iterator[Diagnostic]:
    if raw.format not in ("html", "html4", "html5"):
        yield rules.RAW_FORMAT.at(raw.span, format=raw.format)
        return
    if raw.text.startswith("<!--"):
        return
    for close, name, rest in _TAG.findall(raw.text):
        tag = name.lower()
        if close:
            continue
        if _unsafe(tag, rest):
            yield rules.UNSAFE_HTML.at(raw.span, tag=f"<{name}>")
        elif tag not in _KNOWN:
            yield rules.DROPPED_HTML.at(raw.span, tag=f"<{name}>")


def _unsafe(tag: str, rest: str) -> bool:
    if tag in UNSAFE or _EVENT.search(rest) or _RUNNING.search(rest):
        return True
    if tag == "meta":
        return "http-equiv" in rest.lower()
    # A style sheet of another page is merely without effect; an attachment would put a file of the machine into the PDF.
    relation = _RELATION.search(rest)
    return relation is not None and "attachment" in relation[1].lower()
