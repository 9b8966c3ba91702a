"""The rules of group MMG7xx Language and handouts."""

from __future__ import annotations
