"""The rules of group MMG8xx Reporting standards."""

from __future__ import annotations
