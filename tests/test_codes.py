"""Every rule: its code is well-formed and unique, it is used, explained in the manual, and shown by a literate case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.cases import blocks, steps

from mmguide.diagnostics.core import Rule, Severity
from mmguide.diagnostics.rules import GROUPS, RULES

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "mmguide"


def faults(rules: Sequence[Rule]) -> list[str]:
    """What is wrong with how rules are written."""
    found = []
    for rule in rules:
        if not re.fullmatch(r"MMG[1-9]\d\d", rule.code):
            found.append(f"{rule.code}: a code is MMG and three digits")
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name):
            found.append(f"{rule.code}: a name is words with hyphens, not {rule.name!r}")
        if not rule.message or rule.message[:2].istitle() or rule.message.endswith("."):
            found.append(f"{rule.code}: a message is one line that begins small and has no full stop")
        if not rule.hint or "\n" in rule.message + rule.hint:
            found.append(f"{rule.code}: a hint says in one line what to do")
        if len(re.findall(r"[.?!](?:\s|$)", rule.explanation)) < 2:
            found.append(f"{rule.code}: an explanation has at least two sentences: what, and why it matters")
    for what, values in (("code", [r.code for r in rules]), ("name", [r.name for r in rules])):
        found += [f"{what} {value} stands twice" for value in sorted(set(values)) if values.count(value) > 1]
    return found


def shown_codes() -> set[str]:
    """The codes that the expected outputs of the cases print."""
    found: set[str] = set()
    for case in sorted((TESTS / "cases").rglob("*.md")):
        lines = case.read_text(encoding="utf-8").split("\n")
        for block in blocks(lines):
            if block.language == "console":
                for step in steps("".join(line + "\n" for line in lines[block.start : block.end])):
                    found |= set(re.findall(r"\bMMG\d{3}\b", step.output)) if "explain" not in step.command else set()
    return found


def test_every_rule_is_well_formed_and_unique() -> None:
    assert faults(RULES) == []


def test_a_rule_stands_in_the_group_of_its_code() -> None:
    for title, module in GROUPS:
        inside = {rule.code for rule in vars(module).values() if isinstance(rule, Rule)}
        assert {code[:4] for code in inside} <= {title[:4]}, title


def test_every_rule_is_used() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in sorted(SOURCE.rglob("*.py")) if "rules" not in p.parts)
    names = {name: rule for _, module in GROUPS for name, rule in vars(module).items() if isinstance(rule, Rule)}
    assert [f"{rule.code} {name}" for name, rule in names.items() if not re.search(rf"\b{name}\b", code)] == []


def test_every_rule_is_shown_by_a_case() -> None:
    shown = shown_codes()
    assert [f"{rule.code} {rule.name}" for rule in RULES if rule.code not in shown] == []


def test_no_case_shows_a_code_that_is_no_rule() -> None:
    assert shown_codes() - {rule.code for rule in RULES} == set()


GOOD = Rule("MMG999", "planted", Severity.ERROR, "the thing is wrong", "mend it", "It is wrong. That matters.")


@pytest.mark.parametrize(
    "planted",
    [
        GOOD._replace(code="MMG01"),
        GOOD._replace(name="Planted"),
        GOOD._replace(message="The thing is wrong."),
        GOOD._replace(hint=""),
        GOOD._replace(explanation="It is wrong."),
    ],
)
def test_planted_faults_are_seen(planted: Rule) -> None:
    assert faults((GOOD,)) == []
    assert len(faults((planted,))) == 1
    assert len(faults((GOOD, GOOD))) == 2
