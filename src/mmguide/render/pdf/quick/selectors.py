"""Stage render, PDF: selectors of style sheets compiled when an element is held against them, since most never meet one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_A_TEST = "lambda el: "


def apply() -> None:
    """From now on cssselect2 compiles so."""
    from cssselect2 import compiler

    vars(compiler)["eval"] = _when_asked


def _when_asked(source: str, known: dict[str, Any], local: Mapping[str, Any]) -> Any:
    """What `eval` gives for the source of a test, to be compiled at its first use."""
    if not source.startswith(_A_TEST):
        return eval(source, known, local)
    compiled: Callable[[Any], Any] | None = None

    def test(element: Any) -> Any:
        nonlocal compiled
        if compiled is None:
            compiled = eval(source, known, local)
        return compiled(element)

    return test
