"""Stage render, PDF: WeasyPrint loaded without what costs much and is not needed for pages.

Its declarations of Pango's functions are read by a parser of C in Python, and its libraries are looked for under names that start a
compiler to find out: `pango.json` holds what cffi makes of the declarations, as its modules out of line do. fontTools is loaded when a
font asks for it that HarfBuzz does not cut, and the style sheet for looks written into the HTML is read for a document that follows them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from mmguide.render.pdf.tags.contract import WEASYPRINT

TABLE = Path(__file__).with_name("pango.json")
_LATER = ("fontTools", "fontTools.ttLib", "fontTools.varLib.instancer")
_HINTS = "html5_ph.css"


class OtherDeclarations(OSError):
    """WeasyPrint declares something else than the table holds."""


@contextmanager
def spared() -> Iterator[None]:
    """While WeasyPrint is loaded here, what it does not need is left out. Raises OSError where it can only be loaded as a whole."""
    if sys.platform != "linux" or "weasyprint" in sys.modules or version("weasyprint") != WEASYPRINT:
        yield
        return
    import importlib.resources as resources

    import cffi

    from mmguide.render.pdf.quick import selectors

    selectors.apply()
    original, files = cffi.FFI, resources.files
    stand_ins = {name: _StandIn(name) for name in _LATER if name not in sys.modules}
    sys.modules.update(stand_ins)
    cffi.FFI, resources.files = _declared, _without_hints(files)  # type: ignore[assignment]
    try:
        yield
        _read_hints_later()
    except OSError:
        _forget()
        raise
    finally:
        cffi.FFI, resources.files = original, files
        for name in stand_ins:
            del sys.modules[name]


def _forget() -> None:
    """Forget a WeasyPrint that was loaded by half, so that it can be loaded anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        del sys.modules[name]


def _declared() -> Any:
    """What stands for `cffi.FFI()`: it knows the declarations of the table, and takes no others."""
    from _cffi_backend import FFI

    table = json.loads(TABLE.read_text(encoding="utf-8"))

    class Declared(FFI):  # type: ignore[misc]
        def cdef(self, text: str) -> None:
            if digest(text) != table["declarations"]:
                raise OtherDeclarations("WeasyPrint declares other functions than were compiled")

    return Declared("pango", **{name: _as_cffi_writes(value) for name, value in table["types"].items()})


def digest(declarations: str) -> str:
    """What tells the declarations from any others."""
    return sha256(declarations.encode()).hexdigest()


def _as_cffi_writes(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("latin-1")
    return tuple(map(_as_cffi_writes, value)) if isinstance(value, list) else value


def _without_hints(files: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What finds the files of a package, but those of WeasyPrint's style sheets without the text of the one that is read later."""
    return lambda package: _Files(files(package)) if getattr(package, "__name__", "") == "weasyprint.css" else files(package)


class _Files:
    def __init__(self, folder: Any) -> None:
        self._folder = folder

    def __truediv__(self, name: str) -> Any:
        return _Nothing() if name == _HINTS else self._folder / name


class _Nothing:
    """A file without text."""

    def read_text(self, encoding: str) -> str:
        return ""


def _read_hints_later() -> None:
    from importlib.resources import files

    import weasyprint

    def hints(html: Any) -> list[Any]:
        return [weasyprint.CSS(string=(files("weasyprint.css") / _HINTS).read_text("utf-8"))]

    weasyprint.HTML._ph_stylesheets = hints


class _StandIn(ModuleType):
    """A module from which names are imported, but of which nothing is used yet."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Later(self.__name__, name)


class _Later:
    """Something in a module that is loaded when it is used for the first time; then all such things are put where these stand."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._used()(*given, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._used(), name)

    def _used(self) -> Any:
        for path, module in tuple(sys.modules.items()):
            if path.startswith("weasyprint."):
                found = {name: value._real() for name, value in vars(module).items() if isinstance(value, _Later)}
                vars(module).update(found)
        return self._real()

    def _real(self) -> Any:
        module = import_module(self._module)
        return getattr(module, self._name) if hasattr(module, self._name) else import_module(f"{self._module}.{self._name}")
