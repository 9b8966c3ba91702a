"""Stage render, PDF: the versions of what sets the pages, since the same text is broken into lines otherwise by another one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

_HARFBUZZ = ("libharfbuzz-0", "harfbuzz", "libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll")
_FREETYPE = ("freetype", "libfreetype-6", "libfreetype.so.6", "libfreetype.6.dylib", "libfreetype-6.dll")


@cache
def versions() -> Mapping[str, str]:
    """The versions by name. Raises OSError where Pango is not installed."""
    from weasyprint.text.ffi import pango

    number = int(pango.pango_version())
    return {
        "WeasyPrint": version("weasyprint"),
        "Pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}",
        "HarfBuzz": _harfbuzz(),
        "FreeType": _freetype(),
    }


def engine() -> str:
    """All versions on one line, as the file records them."""
    return ", ".join(f"{name} {number}" for name, number in versions().items())


def _interface() -> Any:
    """A foreign function interface of WeasyPrint's kind, with declarations of its own."""
    from weasyprint.text.ffi import ffi

    return type(ffi)()


def _open(ffi: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        try:
            return ffi.dlopen(name)
        except OSError:
            continue
    return None


def _harfbuzz() -> str:
    ffi = _interface()
    ffi.cdef("const char *hb_version_string(void);")
    library = _open(ffi, _HARFBUZZ)
    return "unknown" if library is None else ffi.string(library.hb_version_string()).decode()


def _freetype() -> str:
    ffi = _interface()
    ffi.cdef("int FT_Init_FreeType(void **); void FT_Library_Version(void *, int *, int *, int *); int FT_Done_FreeType(void *);")
    library = _open(ffi, _FREETYPE)
    if library is None:
        return "unknown"
    handle, parts = ffi.new("void **"), [ffi.new("int *") for _ in range(3)]
    if library.FT_Init_FreeType(handle) != 0:
        return "unknown"
    library.FT_Library_Version(handle[0], *parts)
    library.FT_Done_FreeType(handle[0])
    return ".".join(str(part[0]) for part in parts)
