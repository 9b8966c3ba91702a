"""All rules, by group; the manual and `mmguide explain` are made from this tuple."""

from __future__ import annotations

from types import ModuleType

from mmguide.diagnostics.core import Rule
from mmguide.diagnostics.rules import (
    citations,
    clinics,
    data,
    evidence,
    figures,
    language,
    outputs,
    project,
    reading,
    recommendations,
    references,
    releases,
    reporting,
    structure,
    translations,
)

GROUPS: tuple[tuple[str, ModuleType], ...] = (
    ("MMG1xx Project", project),
    ("MMG2xx Citations", citations),
    ("MMG3xx References", references),
    ("MMG4xx Structure and cross-references", structure),
    ("MMG5xx Recommendations", recommendations),
    ("MMG6xx Figures and tables", figures),
    ("MMG62x Numbers from data", data),
    ("MMG64x Plots, evidence tables and pathways", evidence),
    ("MMG7xx Language and handouts", language),
    ("MMG70x Plain language", reading),
    ("MMG73x Translations", translations),
    ("MMG755 Clinics", clinics),
    ("MMG8xx Reporting standards", reporting),
    ("MMG82x Releases", releases),
    ("MMG9xx Outputs", outputs),
)


def _rules(module: ModuleType) -> tuple[Rule, ...]:
    return tuple(sorted((r for r in vars(module).values() if isinstance(r, Rule)), key=lambda r: r.code))


RULES: tuple[Rule, ...] = tuple(rule for _, module in GROUPS for rule in _rules(module))


def find_rule(code_or_name: str) -> Rule | None:
    """The rule with this code (`MMG201`, any case) or name (`undefined-citation`)."""
    wanted = code_or_name.strip().lower()
    return next((r for r in RULES if wanted in (r.code.lower(), r.name)), None)
