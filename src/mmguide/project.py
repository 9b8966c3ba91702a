"""Stage project: the text of guideline.yaml becomes a typed, frozen Project, or diagnostics that say what is wrong with it."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from mmguide.diagnostics import Diagnostic
from mmguide.diagnostics.rules import project as rules
from mmguide.model.settings import Place, Project, Settings
from mmguide.yaml import YamlProblem, load

# A single file or section may be written without the brackets of a list.
_LISTS = ("sections", "bibliography", "data", "outputs")


def read_project(root: Path, file: str, text: str) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """The Project of the folder `root` whose settings file `file` has this text; None when it cannot be used."""
    try:
        document = load(file, text)
    except YamlProblem as problem:
        rule = rules.SETTINGS_ALIAS if problem.kind == "alias" else rules.SETTINGS_SYNTAX
        return None, (rule.at(problem.span, problem=problem.problem, what=problem.problem),)
    bare = Project(root, Settings(title="-", sections=("-",)), file, document.places)
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        return None, (rules.SETTINGS_SYNTAX.at(bare.place(), problem="it must be a list of `setting: value` lines"),)
    try:
        settings = Settings.model_validate(_normalised(value))
    except ValidationError as error:
        return None, tuple(_diagnostic(bare, fault) for fault in error.errors(include_url=False))
    return Project(root, settings, file, document.places), ()


def _normalised(value: dict[str, Any]) -> dict[str, Any]:
    """Empty values dropped, so that their defaults hold; single texts wrapped where a list is meant."""
    kept = {k: v for k, v in value.items() if v is not None}
    for name in _LISTS:
        if isinstance(kept.get(name), str):
            kept[name] = [kept[name]]
    return kept


def _diagnostic(project: Project, fault: Any) -> Diagnostic:
    place: Place = tuple(fault["loc"])
    name, span = ".".join(str(part) for part in place), project.place(*place)
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(str(place[-1]), _names_beside(place), 1, 0.5)
        hint = f"did you mean '{near[0]}'?" if near else None
        return rules.UNKNOWN_SETTING.at(span, name=name, hint=hint)
    if fault["type"] == "missing":
        return rules.MISSING_SETTING.at(project.place(*place[:-1]), name=name)
    return rules.INVALID_SETTING.at(span, name=name, problem=_problem(fault))


def _problem(fault: Any) -> str:
    message: str = fault["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    shown = fault.get("input")
    if isinstance(shown, str) and len(shown) <= 60 and fault["type"] != "missing":
        return f"'{shown}' is not {message}" if fault["msg"].startswith("Input should be") else f"'{shown}': {message}"
    return message


def _names_beside(place: Place) -> list[str]:
    """The settings that may stand where the last part of `place` stands."""
    model: type[BaseModel] | None = Settings
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
