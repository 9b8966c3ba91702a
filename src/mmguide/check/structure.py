"""Stage check: identifiers, cross-references, links, includes and section headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from difflib import get_close_matches

from mmguide.assemble import crossrefs, includes
from mmguide.ast import Element
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import structure as rules
from mmguide.model.manuscript import Manuscript
from mmguide.model.source import Scan

_KINDS = {"fig": "figure", "tbl": "table", "sec": "section", "rec": "recommendation"}
_SCHEME = re.compile(r"^\s*([a-z][a-z0-9+.-]*)\s*:", re.I)
SAFE_SCHEMES = frozenset(["http", "https", "mailto", "tel"])
_HARMLESS_METADATA = frozenset(["title", "audience"])
_PROGRAMS = frozenset(["filters", "template", "defaults", "lua-filter"])
_FILES = frozenset(["bibliography", "csl", "citation-style", "reference-doc", "css"])


def check_cross_references(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Cross-references without a target, with the nearest identifier offered."""
    known = crossrefs.index(manuscript.targets)
    for scan in manuscript.scans:
        for reference in scan.cross_references:
            target = crossrefs.canonical(reference.target)
            kind = target.split(":", 1)[0]
            if kind not in _KINDS or target in known:
                continue
            near = get_close_matches(target, known, 1, 0.75)
            hint = f"did you mean `@{near[0]}`?" if near else None
            written, what = reference.written, _KINDS[kind]
            yield rules.UNRESOLVED_REFERENCE.at(reference.span, hint=hint, written=written, kind=what, target=target)


def check_identifiers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Explicit identifiers that stand more than once."""
    first: dict[str, Span] = {}
    for scan in manuscript.scans:
        for anchor in scan.anchors:
            if anchor.id in first:
                other = first[anchor.id]
                yield rules.DUPLICATE_IDENTIFIER.at(
                    anchor.span, id=anchor.id, other=f"{other.path}:{other.line}", related=(other,)
                )
            else:
                first[anchor.id] = anchor.span


def check_links(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Links with a scheme that runs or reads something, to files of the project, or to no identifier of the document."""
    yield from wrong_links(manuscript.scans, manuscript.elements, identifiers(manuscript))


def identifiers(manuscript: Manuscript) -> frozenset[str]:
    """All that a link inside the document can lead to."""
    return frozenset((*(name for name, _ in manuscript.named), *(target.id for target in manuscript.targets)))


def wrong_links(scans: Sequence[Scan], elements: Iterable[Element], known: Set[str]) -> Iterator[Diagnostic]:
    """What is wrong with the links of these scans, and of the elements of the same texts; `known` are the identifiers there are."""
    seen: set[str] = set()
    for scan in scans:
        for link in scan.links:
            if not link.picture:
                seen.add(link.target)
                yield from _link(link.target, link.span, known)
    for element in elements:
        target = element["c"][2][0] if element["t"] == "Link" else "#"
        if not target.startswith("#") and target not in seen:
            # What the scan did not see as a link must still not pass: pandoc is the second witness.
            yield from (d for d in _link(target, Span(scans[0].source.path), known) if d.rule is rules.UNSAFE_LINK)


def _link(target: str, span: Span, known: Set[str]) -> Iterator[Diagnostic]:
    scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", target))
    if scheme:
        if scheme[1].lower() not in SAFE_SCHEMES:
            yield rules.UNSAFE_LINK.at(span, target=target[:80])
    elif target.startswith("#"):
        if target != "#" and target[1:] not in known:
            yield rules.UNRESOLVED_LINK.at(span, target=target[1:])
    elif target.startswith(("//", "\\\\")):
        yield rules.UNSAFE_LINK.at(span, target=target[:80])
    elif target:
        yield rules.LOCAL_LINK.at(span, target=target[:80])


def check_includes(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Includes that name no file, and circles of includes."""
    files = {s.path: s for s in manuscript.sections + manuscript.included}
    for scan in manuscript.scans:
        for container in scan.containers:
            if "include" in container.classes and not dict(container.attributes).get("file"):
                yield rules.INCLUDE_WITHOUT_FILE.at(container.span)
    for file, called in includes.loops(files):
        at = next((c.span for c in files[file].scan.containers if dict(c.attributes).get("file") == called), Span(file))
        yield rules.INCLUDE_LOOP.at(at, file=called, through=file)


def check_section_headers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Settings in a section's YAML header: without effect, and refused where they reach out of the project."""
    for scan in manuscript.scans:
        ignored = [(name, span) for name, span in scan.metadata if name not in _HARMLESS_METADATA]
        for name, span in ignored:
            if _reaches_out(name, _metadata_text(scan, span)):
                yield rules.SECTION_SETTING_REACHES_OUT.at(span, name=name)
        if ignored:
            names = ", ".join(name for name, _ in ignored[:6]) + (" …" if len(ignored) > 6 else "")
            yield rules.SECTION_SETTING.at(ignored[0][1], names=names)


def _metadata_text(scan: Scan, span: Span) -> str:
    """The lines of a setting in a header, up to the next setting."""
    following = min((s.line for _, s in scan.metadata if s.line > span.line), default=span.line + 1)
    return "\n".join(scan.source.line(n) for n in range(span.line, min(following, span.line + 20)))


def _reaches_out(name: str, text: str) -> bool:
    if name in _PROGRAMS:
        return True
    value = text.split(":", 1)[-1]
    return name in _FILES and bool(re.search(r"://|^\s*[-\s]*[\"']?(/|~|\\\\)|\.\./", value, re.M))
