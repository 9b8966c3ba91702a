"""The rules of group MMG5xx Recommendations."""

from __future__ import annotations
