"""The rules of group MMG1xx Project."""

from __future__ import annotations
