"""Diagnostics: what is wrong with a guideline, where, and what to do about it.

The lowest module of the house. A Rule is declared once, beside its message, hint and explanation, in `diagnostics/rules/`;
stages yield Diagnostics with `RULE.at(span, field=value)`. Nothing here reads files or prints.
"""

from __future__ import annotations

from mmguide.diagnostics.core import Diagnostic, Rule, Severity, Span, has_errors, in_order

__all__ = ["Diagnostic", "Rule", "Severity", "Span", "has_errors", "in_order"]
