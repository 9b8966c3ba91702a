"""The rules of group MMG9xx Outputs."""

from __future__ import annotations
