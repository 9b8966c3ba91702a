"""The types of diagnostics: Span, Severity, Rule, Diagnostic."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the outputs, a warning does not, a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class _Place(NamedTuple):
    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Span(_Place):
    """A place in a source file: `path` relative to the project folder with `/`, lines and columns from 1.

    Columns count Unicode code points, a tab as one; the end is exclusive, as in SARIF.
    """

    __slots__ = ()

    def __new__(cls, path: str, line: int = 1, column: int = 1, end_line: int = 0, end_column: int = 0) -> Span:
        return tuple.__new__(cls, (path, line, column, end_line or line, end_column or column))


class Rule(NamedTuple):
    """One thing that can be wrong. `message` and `hint` are format strings filled by `at`; codes are never reused.

    A rule that is `off` is reported only where guideline.yaml switches it on.
    """

    code: str
    name: str
    severity: Severity
    message: str
    hint: str
    explanation: str
    off: bool = False

    def at(self, span: Span | None, *, hint: str | None = None, related: tuple[Span, ...] = (), **fields: object) -> Diagnostic:
        """The diagnostic of this rule at `span`; `hint` replaces the rule's own when given."""
        shown = {name: writable(str(value)) for name, value in fields.items()}
        return Diagnostic(
            rule=self,
            message=self.message.format(**shown),
            hint=self.hint.format(**shown) if hint is None else hint,
            span=span,
            severity=self.severity,
            related=related,
            subject=shown.get("key", ""),
        )


class Diagnostic(NamedTuple):
    """A rule met at a place. `related` are further places that belong to it (the first definition, the other key).

    `subject` is the reference key it is about, by which guideline.yaml can allow it.
    """

    rule: Rule
    message: str
    hint: str
    span: Span | None
    severity: Severity
    related: tuple[Span, ...] = ()
    subject: str = ""

    @property
    def code(self) -> str:
        return self.rule.code

    def with_severity(self, severity: Severity) -> Diagnostic:
        return self._replace(severity=severity)


def writable(text: str) -> str:
    """The text with half characters, which an escape in YAML or JSON can stand for, as such escapes: no file and no terminal takes them."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """True if any of them stops the outputs."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, line, column and code, exact repeats dropped: the same faults always print the same."""
    nowhere = Span("", 0, 0)
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.span or nowhere, d.code, d.message)))
