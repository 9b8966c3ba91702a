"""Stage render: where pages find what they show."""

from __future__ import annotations

# Everything a page may load has an address under this base; nothing is ever asked of a network.
BASE = "https://project.invalid/"
