"""Stage render, PDF: the versions of what sets the pages, since the same text is broken into lines otherwise by another one."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

_PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll", "libpango-1.0-0", "pango-1.0-0")
_HARFBUZZ = ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll", "libharfbuzz-0", "harfbuzz")
_FREETYPE = ("libfreetype.so.6", "libfreetype.6.dylib", "libfreetype-6.dll", "libfreetype-6", "freetype")
# They have no version of their own to ask for, or one that goes with the others; opened, so that the shortcut sees their files.
_COMPANIONS = (
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
)


@cache
def versions() -> Mapping[str, str]:
    """The versions by name. Raises OSError where Pango is not installed."""
    for names in _COMPANIONS:
        _open(names)
    return {"WeasyPrint": version("weasyprint"), "Pango": _pango(), "HarfBuzz": _harfbuzz(), "FreeType": _freetype()}


def engine() -> str:
    """All versions on one line, as the file records them."""
    return ", ".join(f"{name} {number}" for name, number in versions().items())


def _open(names: tuple[str, ...]) -> ctypes.CDLL | None:
    """The library under the first of its names that the system knows. Asked for directly, since WeasyPrint takes long to load."""
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _pango() -> str:
    library = _open(_PANGO)
    if library is None:
        raise OSError("Pango is not installed")
    number = int(library.pango_version())
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _harfbuzz() -> str:
    library = _open(_HARFBUZZ)
    if library is None:
        return "unknown"
    library.hb_version_string.restype = ctypes.c_char_p
    return str(library.hb_version_string().decode())


def _freetype() -> str:
    library = _open(_FREETYPE)
    if library is None:
        return "unknown"
    handle = ctypes.c_void_p()
    parts = [ctypes.c_int() for _ in range(3)]
    if library.FT_Init_FreeType(ctypes.byref(handle)) != 0:
        return "unknown"
    library.FT_Library_Version(handle, *map(ctypes.byref, parts))
    library.FT_Done_FreeType(handle)
    return ".".join(str(part.value) for part in parts)
