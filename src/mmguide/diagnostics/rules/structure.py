"""The rules of group MMG4xx Structure and cross-references."""

from __future__ import annotations
