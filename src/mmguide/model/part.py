"""Base of everything that is read from a YAML file of settings: unknown keys are errors, values do not change."""

from __future__ import annotations

import sys
from types import ModuleType

from pydantic import BaseModel, ConfigDict


def _without_plugins() -> None:
    """Before its first validator pydantic asks all installed packages for plugins, which takes as long as loading it.

    None of them may have a say in what a guideline is.
    """
    nobody = ModuleType("pydantic.plugin._loader")
    vars(nobody)["get_plugins"] = tuple
    sys.modules.setdefault(nobody.__name__, nobody)


class Part(BaseModel):
    """A part of settings. Defaults that are parts themselves are made by `model_construct`, so that only the whole needs a validator."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


_without_plugins()
