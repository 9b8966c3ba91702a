"""The rules of group MMG6xx Figures, tables, data."""

from __future__ import annotations
