"""Stage check, last step: what the guideline decided about findings. Severities set, findings allowed, decisions without effect told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from unicodedata import normalize

from msgspec import Struct

from mmguide.diagnostics import Diagnostic, Rule, Severity, Span
from mmguide.diagnostics.rules import RULES, find_rule
from mmguide.diagnostics.rules import project as rules
from mmguide.model.manuscript import Manuscript
from mmguide.model.settings import Allowed
from mmguide.model.source import Allowance

_CODE = re.compile(r"MMG\d*", re.IGNORECASE)
# What keeps an output from carrying or running something, or a build from ending: no setting of a guideline can accept it.
FIXED = frozenset(
    [
        "unsafe-html",
        "unsafe-link",
        "unsafe-reference-link",
        "raw-format",
        "section-setting-reaches-out",
        "nesting-too-deep",
        "brackets-left-open",
        "control-character",
        "not-utf8",
        "remote-picture",
        "include-loop",
        "crossref-loop",
        "yaml-alias-or-tag",
        "unsafe-svg",
        "picture-outside-project",
        "picture-too-large",
        "theme-syntax",
        "unknown-theme-setting",
        "invalid-theme-setting",
        "css-syntax",
        "css-import",
        "css-address",
        "css-without-end",
        "character-without-font",
    ]
)


def is_fixed(rule: Rule) -> bool:
    """True for rules that no setting changes: those of guideline.yaml itself, and of safety."""
    own = (rules.UNUSED_ALLOWANCE, rules.ALLOWANCE_WITHOUT_REASON)
    return rule.name in FIXED or (rule.code.startswith("MMG1") and rule not in own)


class Decision(Struct):
    """Something the guideline accepts: by a comment in the text or an entry under `allow` in guideline.yaml."""

    span: Span
    rules: tuple[Rule, ...]
    accepts: Callable[[Diagnostic], bool]
    used: bool = False


def decided(manuscript: Manuscript, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings as the guideline wants them reported, then what is wrong with its decisions."""
    faults, decisions = _decisions(manuscript)
    levels, wrong = _levels(manuscript)
    kept: list[Diagnostic] = []
    for diagnostic in (*found, *wrong, *faults):
        accepted = [d for d in decisions if d.accepts(diagnostic)]
        for decision in accepted:
            decision.used = True
        if not accepted or is_fixed(diagnostic.rule):
            kept.append(diagnostic)
    for decision in decisions:
        if not decision.used and any(_speaks(rule, levels) for rule in decision.rules or RULES):
            kept.append(rules.UNUSED_ALLOWANCE.at(decision.span))
    for diagnostic in kept:
        yield from _at_level(diagnostic, levels)


def decided_late(manuscript: Manuscript, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings of the finished outputs as the guideline wants them reported."""
    _, decisions = _decisions(manuscript)
    levels, _ = _levels(manuscript)
    for diagnostic in found:
        if is_fixed(diagnostic.rule) or not any(d.accepts(diagnostic) for d in decisions):
            yield from _at_level(diagnostic, levels)


def _speaks(rule: Rule, levels: dict[str, str]) -> bool:
    """True if the rule could have reported something by now: it is on, and not one of finished outputs."""
    level = levels.get(rule.name, "off" if rule.off else "")
    return level != "off" and not rule.code.startswith("MMG9")


def _at_level(diagnostic: Diagnostic, levels: dict[str, str]) -> Iterator[Diagnostic]:
    level = levels.get(diagnostic.rule.name, "off" if diagnostic.rule.off else "")
    if level == "":
        yield diagnostic
    elif level != "off":
        yield diagnostic.with_severity(Severity(level))


def _levels(manuscript: Manuscript) -> tuple[dict[str, str], list[Diagnostic]]:
    """The level of each rule that `checks` names, and what is wrong with these names."""
    levels: dict[str, str] = {}
    wrong: list[Diagnostic] = []
    for name, level in manuscript.project.settings.checks.items():
        rule, span = find_rule(name), manuscript.project.place("checks", name)
        if rule is None:
            wrong.append(unknown_rule(name, span))
        elif is_fixed(rule):
            wrong.append(rules.FIXED_CHECK.at(span, rule=f"{rule.code} {rule.name}"))
        else:
            levels[rule.name] = level
    return levels, wrong


def unknown_rule(name: str, span: Span) -> Diagnostic:
    """The report of a name that no check has, with the nearest that one has."""
    near = get_close_matches(name.lower(), [rule.name for rule in RULES], 1, 0.6)
    known = find_rule(near[0]) if near and not _CODE.fullmatch(name) else None
    hint = f"did you mean {known.code} ({known.name})?" if known else None
    return rules.UNKNOWN_CHECK.at(span, hint=hint, name=name)


def _decisions(manuscript: Manuscript) -> tuple[list[Diagnostic], list[Decision]]:
    faults: list[Diagnostic] = []
    decisions: list[Decision] = []
    for scan in (*manuscript.scans, *(text.scan for text in manuscript.handouts.values())):
        for allowance in scan.allowances:
            found = _named(allowance.rules, allowance.span, faults)
            if not allowance.rules or not allowance.reason:
                faults.append(rules.ALLOWANCE_WITHOUT_REASON.at(allowance.span))
            elif found:
                decisions.append(Decision(allowance.span, found, _in_text(allowance, found)))
    for number, allowed in enumerate(manuscript.project.settings.allow):
        span = manuscript.project.place("allow", number)
        found = _named((allowed.rule,) if allowed.rule else (), span, faults)
        if found or not allowed.rule:
            decisions.append(Decision(span, found, _in_settings(allowed, found)))
    return faults, decisions


def _named(names: Iterable[str], span: Span, faults: list[Diagnostic]) -> tuple[Rule, ...]:
    found = []
    for name in names:
        rule = find_rule(name)
        if rule is None:
            faults.append(unknown_rule(name, span))
        elif is_fixed(rule):
            faults.append(rules.FIXED_CHECK.at(span, rule=f"{rule.code} {rule.name}"))
        else:
            found.append(rule)
    return tuple(found)


def _in_text(allowance: Allowance, named: tuple[Rule, ...]) -> Callable[[Diagnostic], bool]:
    def accepts(diagnostic: Diagnostic) -> bool:
        span = diagnostic.span
        if span is None or diagnostic.rule not in named or span.path != allowance.span.path:
            return False
        return allowance.first_line <= span.line <= allowance.last_line

    return accepts


def _in_settings(allowed: Allowed, named: tuple[Rule, ...]) -> Callable[[Diagnostic], bool]:
    """An entry without a rule accepts what is wrong with the reference itself, not with citations of it."""
    key = normalize("NFC", allowed.key)

    def accepts(diagnostic: Diagnostic) -> bool:
        matches = diagnostic.rule in named if named else key and diagnostic.code.startswith("MMG3")
        return bool(matches) and (not key or normalize("NFC", diagnostic.subject) == key)

    return accepts
