"""The pages of `mmguide explain`, and the manual's page of all diagnostics, both made from the rules."""

from __future__ import annotations

from textwrap import fill

from mmguide.diagnostics.core import Rule
from mmguide.diagnostics.rules import GROUPS, RULES


def level(rule: Rule) -> str:
    """How a rule is reported by itself."""
    return f"{rule.severity.value}, off until guideline.yaml switches it on" if rule.off else rule.severity.value


def as_page(rule: Rule) -> str:
    """One rule for a terminal."""
    head = f"{rule.code} {rule.name} ({level(rule)})"
    return "\n".join(
        [head, "=" * len(head), "", fill(rule.explanation, 88), "", f"message: {rule.message}", f"hint:    {rule.hint}"]
    )


def overview() -> str:
    """All rules, a line each."""
    return "\n".join(f"{rule.code}  {'off' if rule.off else rule.severity.value:<8} {rule.name}" for rule in RULES)


def as_manual() -> str:
    """All rules as Markdown."""
    lines = ["# Diagnostics", "", "Made by `mmguide explain --all`. `mmguide explain CODE` shows one of them."]
    for title, module in GROUPS:
        rules = [rule for rule in RULES if vars(module).get(_constant(rule, module)) is rule]
        if rules:
            lines += ["", f"## {title}"]
        for rule in rules:
            lines += ["", f"### {rule.code} {rule.name}", "", f"*{level(rule)}* `{rule.message}`", "", rule.explanation]
            lines += ["", f"What to do: {rule.hint}" + ("" if rule.hint.endswith((".", "?")) else ".")]
    return "\n".join(lines)


def _constant(rule: Rule, module: object) -> str:
    return next((name for name, value in vars(module).items() if value is rule), "")
