"""Diagnostics for other programs: JSON, SARIF 2.1.0 (OASIS), GitHub's workflow commands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from mmguide import __version__
from mmguide.diagnostics import Diagnostic, Severity, Span

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A list of objects: code, name, severity, message, hint, path, line, column, end_line, end_column."""
    return json.dumps([_object(d) for d in diagnostics], ensure_ascii=False, indent=2)


def _object(d: Diagnostic) -> dict[str, object]:
    span = d.span
    place = (span.path, span.line, span.column, span.end_line, span.end_column) if span else (None, None, None, None, None)
    names = ("path", "line", "column", "end_line", "end_column")
    told = {"code": d.code, "name": d.rule.name, "severity": d.severity.value, "message": d.message, "hint": d.hint}
    return told | dict(zip(names, place, strict=True))


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """One SARIF run; columns count Unicode code points, paths are relative to the project folder (`PROJECT`)."""
    rules = sorted({d.rule for d in diagnostics}, key=lambda rule: rule.code)
    driver = {
        "name": "mmguide",
        "version": __version__,
        "rules": [
            {
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": rule.name.replace("-", " ")},
                "fullDescription": {"text": rule.explanation},
                "help": {"text": rule.explanation},
                "defaultConfiguration": {"level": rule.severity.value},
            }
            for rule in rules
        ],
    }
    index = {rule.code: at for at, rule in enumerate(rules)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, index[d.code]) for d in diagnostics],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _result(d: Diagnostic, rule_index: int) -> dict[str, object]:
    text = f"{d.message}. {d.hint}" if d.hint else d.message
    result: dict[str, object] = {"ruleId": d.code, "ruleIndex": rule_index, "level": d.severity.value, "message": {"text": text}}
    if d.span:
        result["locations"] = [_location(d.span)]
    if d.related:
        result["relatedLocations"] = [_location(span) for span in d.related]
    return result


def _location(span: Span) -> dict[str, object]:
    region = {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line, "endColumn": span.end_column}
    return {"physicalLocation": {"artifactLocation": {"uri": quote(span.path), "uriBaseId": "PROJECT"}, "region": region}}


def as_github(diagnostics: Iterable[Diagnostic], folder: str) -> str:
    """GitHub annotations, a line each; paths are put below `folder`, the project's place in the repository."""
    return "\n".join(_command(d, folder) for d in diagnostics)


def _command(d: Diagnostic, folder: str) -> str:
    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}[d.severity]
    places = [f"title={_property(f'{d.code} {d.rule.name}')}"]
    if d.span:
        path = "/".join(part for part in (folder.strip("/"), d.span.path) if part not in ("", "."))
        numbers = f"line={d.span.line},endLine={d.span.end_line},col={d.span.column},endColumn={d.span.end_column}"
        places = [f"file={_property(path)}", numbers, *places]
    message = (f"{d.message}. {d.hint}" if d.hint else d.message).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} {','.join(places)}::{message}"


def _property(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace(":", "%3A").replace(",", "%2C")
