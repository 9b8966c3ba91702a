"""bibliography: an export joined to the references that a project has: known works are recognised, keys in use stay what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, count
from string import ascii_lowercase
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mmguide.bibliography import works
from mmguide.model.reference import Bibliography, Reference


class Merge(Struct, frozen=True):
    """What is new, as items under free keys; what is known and what was renamed: (key in the export, key in the project)."""

    added: tuple[Mapping[str, Any], ...]
    known: tuple[tuple[str, str], ...]
    renamed: tuple[tuple[str, str], ...]


def merge(project: Bibliography, export: Sequence[Reference]) -> Merge:
    """Which references of `export` the project lacks. Nothing of the project is changed."""
    marked = [replace(reference, key=f"\0{number}") for number, reference in enumerate(export)]
    partner: dict[str, str] = {}
    for group in works.groups((*project.references, *marked)):
        first = group[0].reference.key
        partner.update({work.reference.key: first for work in group[1:]})
    taken = {reference.key.casefold() for reference in project.references}
    added: list[Mapping[str, Any]] = []
    known: list[tuple[str, str]] = []
    renamed: list[tuple[str, str]] = []
    new_keys: dict[str, str] = {}
    for reference, mark in zip(export, (m.key for m in marked), strict=True):
        own = project.get(reference.key)
        if mark not in partner and own is not None and works.Work(own).title == works.Work(reference).title:
            partner[mark] = own.key
        if mark in partner:
            known.append((reference.key, new_keys.get(partner[mark], partner[mark])))
            continue
        key = free(reference.key, taken)
        taken.add(key.casefold())
        new_keys[mark] = key
        if key != reference.key:
            renamed.append((reference.key, key))
        added.append({**reference.csl, "id": key})
    return Merge(tuple(added), tuple(known), tuple(renamed))


def free(key: str, taken: set[str]) -> str:
    """The key, or the key with a letter or number behind it when it is taken (`taken` is folded)."""
    candidates = chain((key,), (key + letter for letter in ascii_lowercase), (f"{key}-{n}" for n in count(2)))
    return next(candidate for candidate in candidates if candidate.casefold() not in taken)
