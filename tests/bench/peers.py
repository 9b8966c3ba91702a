"""The peers: each compiled as its users compile it, from the same words. What the registries do not have here is left out, and said."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import HERE, REPOSITORY, Text
from bench.measure import Command
from mmguide import pandoc

# Versions are pinned, so that two measurements compare the same peers.
PACKAGES = ("typst==0.15.0", "manubot==0.6.1")
TOOLS = REPOSITORY / "build" / ".bench"


@dataclass(frozen=True)
class Peer:
    """A peer: its name, what it makes, and its commands for a text into a folder."""

    name: str
    commands: Sequence[Command]


def prepare() -> list[str]:
    """Install the peers that pip brings into an environment of their own; what cannot be had, in words."""
    missing: list[str] = []
    python = TOOLS / "bin" / "python"
    done = TOOLS / ("-".join(PACKAGES) + ".done")
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(TOOLS)], check=True)
        for package in PACKAGES:
            installed = subprocess.run(
                [str(python), "-m", "pip", "install", "--quiet", package], capture_output=True, check=False
            )
            if installed.returncode:
                missing.append(f"{package} could not be installed")
        if not missing:
            done.touch()
    if shutil.which("asciidoctor-pdf") is None:
        missing.append("Asciidoctor PDF is not installed (Debian's package ruby-asciidoctor-pdf)")
    return missing


def _common(text: Text) -> list[str]:
    return [
        pandoc.executable(),
        *text.sections,
        "--citeproc",
        f"--bibliography={text.references}",
        f"--csl={text.csl}",
        "--metadata=title:T",
        "--number-sections",
        "--toc",
    ]


def weasyprint(text: Text, output: Path) -> Peer:
    """pandoc with WeasyPrint: the PDF, untagged."""
    engine = shutil.which("weasyprint", path=str(Path(sys.executable).parent))
    return Peer(
        "pandoc + WeasyPrint",
        [[*_common(text), f"--css={HERE / 'print.css'}", f"--pdf-engine={engine}", "-o", f"{output}/peer.pdf"]],
    )


def word(text: Text, output: Path) -> Peer:
    """pandoc's Word file."""
    return Peer("pandoc docx", [[*_common(text), "-o", f"{output}/peer.docx"]])


def both(text: Text, output: Path) -> Peer:
    """The PDF by WeasyPrint, then the Word file: the usual chain."""
    return Peer("pandoc + WeasyPrint, then pandoc docx", [*weasyprint(text, output).commands, *word(text, output).commands])


def typst(text: Text, output: Path) -> Peer | None:
    """pandoc to Typst, compiled by Typst as a Python package."""
    python = TOOLS / "bin" / "python"
    if not python.exists() or subprocess.run([str(python), "-c", "import typst"], capture_output=True, check=False).returncode:
        return None
    # Typst reads pictures below its own file only.
    source = text.folder / "peer.typ"
    script = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2])"
    return Peer(
        "pandoc → Typst",
        [[*_common(text), "-s", "-o", str(source)], [str(python), "-c", script, str(source), f"{output}/typst.pdf"]],
    )


def manubot(text: Text, output: Path) -> Peer | None:
    """Manubot's own step, then pandoc with WeasyPrint and pandoc's Word writer on what it gives."""
    program = TOOLS / "bin" / "manubot"
    if not program.exists():
        return None
    content, made = text.folder / "manubot-content", text.folder / "manubot-output"
    if not content.exists():
        content.mkdir()
        for name in text.sections:
            shutil.copyfile(text.folder / name, content / Path(name).name)
        shutil.copyfile(text.folder / text.references, content / "manual-references.json")
        (content / "metadata.yaml").write_text("title: T\nkeywords: []\nlang: en-GB\nauthors: []\n")
    process = [str(program), "process", f"--content-directory={content}", f"--output-directory={made}", "--skip-citations"]
    given = Text(text.name, text.folder, (str(made / "manuscript.md"),), text.references, text.csl)
    return Peer("Manubot + pandoc", [process, *both(given, output).commands])


def asciidoctor(text: Text, output: Path) -> Peer | None:
    """Asciidoctor PDF on what pandoc makes of the text, its citations set by pandoc (not measured)."""
    if shutil.which("asciidoctor-pdf") is None:
        return None
    source = text.folder / "peer.adoc"
    if not source.exists():
        subprocess.run([*_common(text), "-s", "-t", "asciidoc", "-o", str(source)], cwd=text.folder, check=True)
    return Peer("Asciidoctor PDF", [["asciidoctor-pdf", "-q", "-o", f"{output}/asciidoctor.pdf", str(source)]])
