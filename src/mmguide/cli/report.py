"""How diagnostics are shown: text with the source line and a caret, and in numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

import click

from mmguide.diagnostics import Diagnostic, Severity
from mmguide.errors import MmguideError
from mmguide.shortcut import Lines

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
WIDEST = 160


def as_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Lines]) -> str:
    """Each diagnostic with its place, source line, a caret under the place, and what to do."""
    return "\n".join(_one(d, sources) for d in diagnostics)


def _one(diagnostic: Diagnostic, sources: Mapping[str, Lines]) -> str:
    span, severity = diagnostic.span, diagnostic.severity
    word = click.style(severity.value, fg=_COLOURS[severity], bold=True)
    place = click.style(f"{span.path}:{span.line}:{span.column}: ", bold=True) if span else ""
    rule = click.style(f"{diagnostic.code} {diagnostic.rule.name}", dim=True)
    lines = [f"{place}{word}: {diagnostic.message}  [{rule}]"]
    source = sources.get(span.path) if span else None
    if span and source and (shown := source.line(span.line)):
        lines += _excerpt(span.line, shown, span.column - 1, span.end_column - 1 if span.end_line == span.line else len(shown))
    if diagnostic.hint:
        lines.append(f"    hint: {diagnostic.hint}")
    return "\n".join(lines) + "\n"


def _excerpt(number: int, line: str, start: int, end: int) -> list[str]:
    """The line, cut around the place when it is long, with carets below; wide characters take two columns."""
    cut = max(0, start - WIDEST // 2) if len(line) > WIDEST else 0
    part = _visible(line[cut : cut + WIDEST])
    lead, more = ("…" if cut else ""), ("…" if len(line) > cut + WIDEST else "")
    before = _width(_visible(line[cut:start])) + len(lead)
    marks = max(1, _width(_visible(line[start : max(start + 1, min(end, cut + WIDEST))])))
    gutter = f"{number:>5} | "
    return [f"{gutter}{lead}{part}{more}", " " * (len(gutter) + before) + click.style("^" * marks, bold=True)]


def _visible(text: str) -> str:
    """Tabs as one space; characters that would change the terminal's state or the direction of the text as `·`."""
    return "".join(" " if c == "\t" else "·" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`, or `no problems`."""
    counts = dict.fromkeys(Severity, 0)
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    parts = [f"{n} {severity.value}{'s' if n > 1 else ''}" for severity, n in counts.items() if n]
    return ", ".join(parts) or "no problems"


def stopped(error: MmguideError) -> str:
    """What stopped a run, and what to do."""
    return click.style("error: ", fg="red", bold=True) + error.message + (f"\n    hint: {error.hint}" if error.hint else "")
