"""The types of diagnostics: Span, Severity, Rule, Diagnostic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum


class Severity(str, Enum):
    """How much a diagnostic weighs: an error stops the outputs, a warning does not, a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, order=True)
class Span:
    """A place in a source file: `path` relative to the project folder with `/`, lines and columns from 1.

    Columns count Unicode code points, a tab as one; the end is exclusive, as in SARIF.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __post_init__(self) -> None:
        if not self.end_line:
            object.__setattr__(self, "end_line", self.line)
        if not self.end_column:
            object.__setattr__(self, "end_column", self.column)


@dataclass(frozen=True)
class Rule:
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
        shown = {name: str(value) for name, value in fields.items()}
        return Diagnostic(
            rule=self,
            message=self.message.format(**shown),
            hint=self.hint.format(**shown) if hint is None else hint,
            span=span,
            severity=self.severity,
            related=related,
            subject=shown.get("key", ""),
        )


@dataclass(frozen=True)
class Diagnostic:
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
        return replace(self, severity=severity)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """True if any of them stops the outputs."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, line, column and code, exact repeats dropped: the same faults always print the same."""
    nowhere = Span("", 0, 0)
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.span or nowhere, d.code, d.message)))
