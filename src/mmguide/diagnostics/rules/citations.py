"""The rules of group MMG2xx Citations."""

from __future__ import annotations
