"""The rules of group MMG3xx References."""

from __future__ import annotations
