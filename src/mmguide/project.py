"""Stage project: guideline.yaml and the files of clinics become typed, frozen values, or diagnostics that say what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

from msgspec import Struct

from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import clinics as clinic_rules
from mmguide.diagnostics.rules import project as rules
from mmguide.model.clinic import Clinic, ClinicSettings
from mmguide.model.reading import Fault, read
from mmguide.model.settings import Place, Project, Settings, nearest
from mmguide.model.source import Source
from mmguide.yaml import YamlProblem, load

_CLINIC_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")

Model = TypeVar("Model", bound=Struct)
Places = Mapping[Place, Span]


def read_project(root: Path, file: str, text: str, cache: Cache = NOTHING) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """The Project of the folder `root` whose settings file `file` has this text; None when it cannot be used."""
    settings, places, found = _read(Settings, file, text, cache)
    return (Project(root, settings, file, places) if settings else None), found


def read_clinics(
    sources: Iterable[Source], reserved: str, cache: Cache = NOTHING
) -> tuple[Mapping[str, Clinic], tuple[Diagnostic, ...]]:
    """The clinics by name, which is that of their file, and what is wrong with the files; `reserved` stands for all of them."""
    clinics: dict[str, Clinic] = {}
    diagnostics: list[Diagnostic] = []
    for source in sources:
        name = PurePosixPath(source.path).stem
        settings, places, found = _read(ClinicSettings, source.path, source.text, cache)
        diagnostics += found
        if name == reserved:
            diagnostics.append(
                clinic_rules.CLINIC_NAME.at(Span(source.path), name=name, problem="on the command line it means all of them")
            )
        elif not _CLINIC_NAME.fullmatch(name):
            diagnostics.append(
                clinic_rules.CLINIC_NAME.at(Span(source.path), name=name, problem="it cannot be written on the command line")
            )
        elif name in clinics:
            diagnostics.append(clinic_rules.CLINIC_NAME.at(Span(source.path), name=name, problem="another file has it too"))
        elif settings is not None:
            clinics[name] = Clinic(name, settings, source.path, places)
    return clinics, tuple(diagnostics)


def _read(model: type[Model], file: str, text: str, cache: Cache) -> tuple[Model | None, Places, tuple[Diagnostic, ...]]:
    """The values of a settings file and the place of each, None when it cannot be used."""
    try:
        document = load(file, text, cache)
    except YamlProblem as problem:
        rule = rules.SETTINGS_ALIAS if problem.kind == "alias" else rules.SETTINGS_SYNTAX
        return None, {}, (rule.at(problem.span, file=file, problem=problem.problem, what=problem.problem),)
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        problem_of_shape = "it must be a list of `setting: value` lines"
        return None, {}, (rules.SETTINGS_SYNTAX.at(Span(file), file=file, problem=problem_of_shape),)
    settings, faults = read(model, value)
    return settings, document.places, tuple(_diagnostic(file, document.places, fault) for fault in faults)


def _diagnostic(file: str, places: Places, fault: Fault) -> Diagnostic:
    span = nearest(places, fault.place, file)
    if fault.kind == "unknown":
        return rules.UNKNOWN_SETTING.at(span, name=fault.name, hint=fault.hint)
    if fault.kind == "missing":
        inside = f"add a line such as `{fault.place[-1]}: …` there" if len(fault.place) > 1 else None
        return rules.MISSING_SETTING.at(span, name=fault.name, file=file, hint=inside)
    # What a short form leaves out is not named either: `grading: x` is a fault of grading, not of grading.scheme.
    written = next((fault.place[:end] for end in range(len(fault.place), 0, -1) if fault.place[:end] in places), fault.place)
    return rules.INVALID_SETTING.at(span, name=".".join(map(str, written)), problem=fault.problem, hint=fault.hint)
