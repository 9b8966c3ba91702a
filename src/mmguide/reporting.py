"""Reporting standards as data: what RIGHT, AGREE II, RIGHT-PVG and CheckUp ask a guideline to say. Never a score."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

NAMES = ("right", "agree", "right-pvg", "checkup")


class Item(NamedTuple):
    """One item: its number, the topic it belongs to, what it asks; `found` names what answers it without being told."""

    id: str
    topic: str
    asks: str
    found: tuple[str, ...] = ()


class Standard(Struct, frozen=True, dict=True):
    """A reporting standard with its items in order."""

    id: str
    name: str
    title: str
    source: str
    items: tuple[Item, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}


@cache
def standard(name: str) -> Standard:
    """One of the standards that mmguide brings."""
    value = json.loads((Path(__file__).parent / "standards" / f"{name}.json").read_text(encoding="utf-8"))
    items = tuple(Item(i["item"], i["topic"], i["asks"], tuple(i.get("found") or ())) for i in value["items"])
    return Standard(name, value["name"], value["title"], value["source"], items)
