"""The rules of docs/architecture.md held against the code. Each guard is itself tested with a planted fault."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mmguide

SOURCE = Path(__file__).parent.parent / "src"

# From the bottom up; a unit (module or package right below mmguide) imports only from rows above its own.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "diagnostics", "signs", "memory", "processors"),
    ("ast", "labels", "options"),
    ("walks",),
    ("model",),
    ("files", "house", "cache", "workers", "limits"),
    ("pandoc", "yaml", "characters"),
    ("converting",),
    (
        "approvals",
        "translations",
        "css",
        "css_limits",
        "theme",
        "styles",
        "pictures",
        "project",
        "scan",
        "bibliography",
        "data",
        "history",
        "grading",
        "reporting",
    ),
    ("assemble", "cite", "contact", "form", "grey", "places", "texts", "ahead"),
    ("companion", "beside"),
    ("check", "handout", "summary", "diff"),
    ("render", "formats", "release", "review", "fixes", "material", "versions"),
    ("build", "starter", "doctor", "refs"),
    ("stamped",),
    ("sheets",),
    ("handouts", "redlines", "reviews", "watch"),
    ("shortcut",),
    ("releases", "farm"),
    ("editions", "archives"),
    ("cli",),
    ("__main__", "docs"),
)
# The only places that may import these; a library of nobody's is there for tests alone.
OWNERS: dict[str, tuple[str, ...]] = {
    "pydantic": (),
    "pypandoc": ("mmguide.pandoc",),
    "weasyprint": ("mmguide.render.pdf", "mmguide.doctor"),
    "pydyf": ("mmguide.render.pdf",),
    "cffi": ("mmguide.render.pdf.quick",),
    "_cffi_backend": ("mmguide.render.pdf.quick",),
    "docx": ("mmguide.render.docx",),
    "click": ("mmguide.cli",),
    "rich": ("mmguide.cli",),
    "ruamel": ("mmguide.yaml",),
    "yaml": ("mmguide.yaml",),
    "bibtexparser": ("mmguide.bibliography",),
    "dask": ("mmguide.farm",),
    "distributed": ("mmguide.farm",),
    "cyclonedx": ("mmguide.release.sbom",),
    "packageurl": ("mmguide.release.sbom",),
    "pyhanko": ("mmguide.release.signing", "mmguide.releases"),
    "pyhanko_certvalidator": ("mmguide.release.signing",),
    "watchfiles": ("mmguide.watch",),
    "readability": ("mmguide.check.grade",),
}
# Not to be imported by anybody, and what stands in its place.
INSTEAD = {"dataclasses": "msgspec.Struct, since a dataclass is compiled from source text each time a process starts"}
MODULE_LINES = 400
FUNCTION_LINES = 50


@dataclass(frozen=True)
class Module:
    """A module of mmguide with its text and syntax tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def unit(self) -> str:
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    def imports(self) -> Iterator[tuple[str, int]]:
        """Everything imported, also inside functions, with its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield "." * node.level + (node.module or ""), node.lineno
                if node.module == "mmguide":
                    names = (alias.name for alias in node.names if not alias.name.startswith("__"))
                    yield from ((f"mmguide.{name}", node.lineno) for name in names)


def module(name: str, text: str) -> Module:
    return Module(name, text, ast.parse(text))


def modules() -> tuple[Module, ...]:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found.append(module(".".join(parts[:-1] if parts[-1] == "__init__" else parts), path.read_text(encoding="utf-8")))
    return tuple(found)


def upward_imports(looked_at: Sequence[Module]) -> list[str]:
    """Imports that do not point strictly down, and units that have no layer."""
    rank = {unit: at for at, layer in enumerate(LAYERS) for unit in layer}
    faults = []
    for m in looked_at:
        if m.unit and m.unit not in rank:
            faults.append(f"{m.name}: give {m.unit!r} a place in LAYERS and in docs/architecture.md")
            continue
        for name, line in m.imports():
            target = name.split(".")[1] if name.startswith("mmguide.") else None
            if name.startswith("."):
                faults.append(f"{m.name}:{line}: write the import of {name} in full")
            elif target and target != m.unit and rank.get(target, 99) >= rank.get(m.unit, -1):
                faults.append(f"{m.name}:{line}: {m.unit or 'mmguide'} must not import {target}")
    return faults


def strange_owners(looked_at: Sequence[Module]) -> list[str]:
    """Foreign libraries imported by somebody other than their owner."""
    faults = []
    for m in looked_at:
        for name, line in m.imports():
            owners = OWNERS.get(name.split(".")[0])
            if owners is not None and not any(m.name == owner or m.name.startswith(owner + ".") for owner in owners):
                faults.append(f"{m.name}:{line}: {name} belongs to {', '.join(owners) or 'nobody'}")
    return faults


def written_otherwise(looked_at: Sequence[Module]) -> list[str]:
    """Imports of what this house does in another way."""
    return [f"{m.name}:{line}: {name}: use {INSTEAD[name]}" for m in looked_at for name, line in m.imports() if name in INSTEAD]


def too_long(looked_at: Sequence[Module]) -> list[str]:
    """Modules and functions that hold two things."""
    faults = []
    for m in looked_at:
        lines = len(m.text.splitlines())
        if lines > MODULE_LINES:
            faults.append(f"{m.name}: {lines} lines, more than {MODULE_LINES}")
        for node in ast.walk(m.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
                if length > FUNCTION_LINES:
                    faults.append(f"{m.name}:{node.lineno}: {node.name} has {length} lines, more than {FUNCTION_LINES}")
    return faults


def undocumented(looked_at: Sequence[Module]) -> list[str]:
    """Modules whose docstring does not say in its first line what they are."""
    faults = []
    for m in looked_at:
        first = (ast.get_docstring(m.tree) or "").split("\n", 1)[0]
        if len(first.split()) < 3 and m.name != "mmguide":
            faults.append(f"{m.name}: the docstring's first line says which stage this is")
    return faults


# Written in pieces, so that this file does not match itself.
ADDRESSES = re.compile(
    "|".join(
        (
            r"pypi\." + r"(?:org|python\.org)",
            "python" + r"hosted\.org",
            "registry" + r"\.(?:npmjs|yarnpkg)\.",
            r"(?<![\w./~-])/(?:" + "work|root|home/[a-z]+|Users/[A-Za-z]+|opt/[a-z]+)/",
        )
    )
)


def addresses(files: Sequence[tuple[str, str]]) -> list[str]:
    """Addresses of package registries and paths of somebody's machine."""
    return [
        f"{name}:{at}: {found.group()}"
        for name, text in files
        for at, line in enumerate(text.splitlines(), 1)
        for found in ADDRESSES.finditer(line)
    ]


def test_every_module_is_looked_at() -> None:
    walked = {info.name for info in pkgutil.walk_packages(mmguide.__path__, "mmguide.")} | {"mmguide"}
    assert {m.name for m in modules()} == walked


def test_imports_point_strictly_down() -> None:
    assert upward_imports(modules()) == []


def test_each_foreign_library_has_one_owner() -> None:
    assert strange_owners(modules()) == []


def test_values_are_made_in_one_way() -> None:
    assert written_otherwise(modules()) == []


def test_modules_and_functions_are_short() -> None:
    assert too_long(modules()) == []


def test_every_module_says_what_it_is() -> None:
    assert undocumented(modules()) == []


def test_no_tracked_file_names_a_registry_or_a_machine(repository: Path, git: str) -> None:
    listed = subprocess.run([git, "ls-files", "-z"], cwd=repository, check=True, capture_output=True, text=True).stdout
    paths = [p for p in listed.split("\0") if p and (repository / p).is_file()]
    assert {"Makefile", "requirements.lock", "tests/test_architecture.py"} <= set(paths)
    files = [(p, (repository / p).read_bytes().decode("utf-8", "replace")) for p in paths]
    assert addresses(files) == []


def test_the_package_is_imported_from_this_repository() -> None:
    assert Path(sys.modules["mmguide"].__file__ or "").parent == SOURCE / "mmguide"


def test_planted_upward_imports_are_seen() -> None:
    planted = (
        module("mmguide.model.x", "from mmguide.render.html import page"),
        module("mmguide.scan.x", "def f():\n    from mmguide import build"),
        module("mmguide.check.x", "import mmguide.handout"),
        module("mmguide.scan.y", "from . import x"),
        module("mmguide.unknown", "import os"),
        module("mmguide.render.x", "from mmguide.model import source\nfrom mmguide.render import html"),
    )
    assert [fault.split(":")[0] for fault in upward_imports(planted)] == [
        "mmguide.model.x",
        "mmguide.scan.x",
        "mmguide.check.x",
        "mmguide.scan.y",
        "mmguide.unknown",
    ]


def test_planted_foreign_imports_are_seen() -> None:
    planted = (
        module("mmguide.cite", "import pypandoc"),
        module("mmguide.render.html", "def f():\n    from docx.shared import Pt"),
        module("mmguide.render.docx.styles", "from docx.shared import Pt"),
        module("mmguide.project", "from pydantic import BaseModel"),
    )
    assert [fault.split(":")[0] for fault in strange_owners(planted)] == [
        "mmguide.cite",
        "mmguide.render.html",
        "mmguide.project",
    ]


def test_planted_dataclasses_are_seen() -> None:
    planted = (
        module("mmguide.a", "def f():\n    from dataclasses import replace"),
        module("mmguide.b", "import dataclasses"),
        module("mmguide.c", "from msgspec import Struct"),
    )
    assert [fault.split(":")[0] for fault in written_otherwise(planted)] == ["mmguide.a", "mmguide.b"]


def test_planted_length_is_seen() -> None:
    planted = (
        module("mmguide.a", "x = 1\n" * (MODULE_LINES + 1)),
        module("mmguide.b", "def f():\n" + "    x = 1\n" * (FUNCTION_LINES + 1)),
        module("mmguide.c", "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
    )
    assert [fault.split(":")[0] for fault in too_long(planted)] == ["mmguide.a", "mmguide.b"]


def test_planted_silence_is_seen() -> None:
    planted = (module("mmguide.a", "x = 1"), module("mmguide.b", '"""Scan: reads Markdown."""'))
    assert [fault.split(":")[0] for fault in undocumented(planted)] == ["mmguide.a"]


def test_planted_addresses_are_seen() -> None:
    planted = (
        ("a.txt", "https://" + "pypi." + "org/simple"),
        ("b.txt", "see " + "/ro" + "ot/x and " + "/ho" + "me/ann/y"),
        ("c.txt", "https://example.org/work/x ../shared /etc/passwd ~/work/x"),
    )
    assert [fault.split(":")[0] for fault in addresses(planted)] == ["a.txt", "b.txt", "b.txt"]
