"""The rules of group MMG2xx Citations."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

UNDEFINED_CITATION = Rule(
    "MMG201",
    "undefined-citation",
    Severity.ERROR,
    "no reference has the key '{key}'",
    "add the reference to a file under `bibliography:`, or correct the key",
    "A citation names a reference by its key. When no reference file has this key, the reader would find a bare key or a question mark "
    "in the text and nothing in the reference list, so no output is written.",
)
