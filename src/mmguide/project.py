"""Stage project: guideline.yaml and the files of clinics become typed, frozen values, or diagnostics that say what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from mmguide.cache import NOTHING, Cache
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import clinics as clinic_rules
from mmguide.diagnostics.rules import project as rules
from mmguide.model.clinic import Clinic, ClinicSettings
from mmguide.model.settings import Place, Project, Settings, nearest
from mmguide.model.source import Source
from mmguide.yaml import YamlProblem, load

# A single file or section may be written without the brackets of a list.
_LISTS = ("sections", "bibliography", "data", "clinics", "outputs")
_CLINIC_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")

Model = TypeVar("Model", bound=BaseModel)
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
    try:
        return model.model_validate(_normalised(value)), document.places, ()
    except ValidationError as error:
        faults = error.errors(include_url=False)
        return None, {}, tuple(_diagnostic(model, file, document.places, fault) for fault in faults)


def _normalised(value: dict[str, Any]) -> dict[str, Any]:
    """Empty values dropped, so that their defaults hold; single texts wrapped where a list is meant."""
    kept = {k: v for k, v in value.items() if v is not None}
    for name in _LISTS:
        if isinstance(kept.get(name), str):
            kept[name] = [kept[name]]
    return kept


def _diagnostic(model: type[BaseModel], file: str, places: Places, fault: Any) -> Diagnostic:
    place: Place = tuple(fault["loc"])
    name, span = ".".join(str(part) for part in place), nearest(places, place, file)
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(str(place[-1]), _names_beside(model, place), 1, 0.5)
        hint = f"did you mean '{near[0]}'?" if near else None
        return rules.UNKNOWN_SETTING.at(span, name=name, hint=hint)
    if fault["type"] == "missing":
        return rules.MISSING_SETTING.at(nearest(places, place[:-1], file), name=name, file=file)
    return rules.INVALID_SETTING.at(span, name=name, problem=_problem(fault))


def _problem(fault: Any) -> str:
    message: str = fault["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    shown = fault.get("input")
    if isinstance(shown, str) and len(shown) <= 60 and fault["type"] != "missing":
        return f"'{shown}' is not {message}" if fault["msg"].startswith("Input should be") else f"'{shown}': {message}"
    return message


def _names_beside(whole: type[BaseModel], place: Place) -> list[str]:
    """The settings that may stand where the last part of `place` stands."""
    model: type[BaseModel] | None = whole
    for part in place[:-1]:
        if isinstance(part, int) or model is None:
            continue
        field = model.model_fields.get(part)
        model = _model_in(field.annotation) if field else None
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner)) is not None), None)
