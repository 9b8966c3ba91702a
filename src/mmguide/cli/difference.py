"""`mmguide diff`: a Difference as terminal text, Markdown, HTML or JSON."""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from msgspec import to_builtins

from mmguide.diff.model import Difference, RecommendationChange, TextChange, Words
from mmguide.diff.words import shortened
from mmguide.options import PAPERS

Mark = Callable[[Words], str]


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--project", type=click.Path(path_type=Path), default=Path("source"), show_default=True, help="Folder of the guideline."
)
@click.option("--format", "shape", type=click.Choice(["text", "markdown", "html", "json"]), default="text", show_default=True)
@click.option("--to", "formats", default="", help="Write redlines instead: docx, pdf, html, separated by commas.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("build"), show_default=True, help="Folder of redlines."
)
@click.option("--author", default="mmguide", show_default=True, help="Whose changes the Word redline shows.")
@click.option("--paper", type=click.Choice(PAPERS), help="Paper of the PDF redline; default: the guideline's.")
def diff(
    old: str, new: str | None, project: Path, shape: str, formats: str, output: Path, author: str, paper: str | None
) -> None:
    """What changed between OLD and NEW: folders, release zips or git revisions; NEW defaults to the guideline as it stands.

    With --to, a redline of the whole guideline: Word with tracked changes, PDF and web page with bars beside what changed.
    """
    if formats:
        _redline(old, new or str(project), project, formats, output, author, paper or "")
        return
    from mmguide.build import compare_versions

    difference = compare_versions(old, new or str(project), project)
    click.echo(SHAPES[shape](difference))


def _redline(old: str, new: str, project: Path, formats: str, output: Path, author: str, paper: str) -> None:
    from mmguide.cli.report import as_text, summary
    from mmguide.redlines import FORMATS, RedlineOptions, write_redlines

    wanted = tuple(name.strip() for name in formats.split(",") if name.strip())
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise click.UsageError(f"there is no redline as '{unknown[0]}': choose from {', '.join(FORMATS)}")
    built = write_redlines(old, new, project, RedlineOptions(wanted, author, paper, output))
    diagnostics = built.checked.diagnostics
    if diagnostics:
        click.echo(as_text(diagnostics, built.checked.sources), err=True)
    if not built.written:
        click.echo(f"{summary(diagnostics)}: nothing was written", err=True)
    for path in built.written:
        click.echo(f"{path}  {path.stat().st_size / 1000:.0f} kB")
    sys.exit(0 if built.written else 1)


def as_json(difference: Difference) -> str:
    """Every field of the Difference, and the level of change it amounts to."""
    return json.dumps(to_builtins(difference) | {"level": difference.level}, ensure_ascii=False, indent=2)


def as_terminal(difference: Difference) -> str:
    return "\n".join(_lines(difference, _coloured, ""))


def as_markdown(difference: Difference) -> str:
    return "\n".join(_lines(difference, _critic, "#"))


def as_html(difference: Difference) -> str:
    """A whole page; additions and deletions are marked by element, sign and style, not by colour alone."""
    title = f"Changes from {html.escape(difference.old_version)} to {html.escape(difference.new_version)}"
    body = []
    for line in _lines(difference, _tagged, "#", html.escape):
        level = len(line) - len(line.lstrip("#"))
        body.append(f"<h{level}>{line[level + 1 :]}</h{level}>" if level else f"<p>{line.removeprefix('- ')}</p>" if line else "")
    style = "body{font:1rem/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}ins{text-decoration:underline}del{opacity:.75}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head><body>'
        + ("\n".join(part for part in body if part) + "</body></html>")
    )


SHAPES: dict[str, Callable[[Difference], str]] = {
    "text": as_terminal,
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
}


def _lines(d: Difference, mark: Mark, hashes: str, plain: Callable[[str], str] = str) -> Iterator[str]:
    """The difference line by line; headings carry `hashes` where the format has them, `plain` protects texts of the sources."""

    def head(level: int, text: str) -> str:
        return f"{hashes * level} {text}".strip()

    yield head(1, f"Changes from {plain(d.old_version)} to {plain(d.new_version)}")
    yield ""
    yield "Nothing differs." if d.empty else f"This is a {d.level} change."
    changed = [r for r in d.recommendations if r.kind != "unchanged"]
    if changed:
        yield from ("", head(2, "Recommendations"), "")
        for r in changed:
            yield f"- {_recommendation(r, plain)}"
            yield f"  {''.join(mark(w) for w in shortened(r.words))}"
    if d.text:
        yield from ("", head(2, "Text"), "")
        for change in d.text:
            yield f"- [{plain(change.section)}] {_moved(change, plain)}{''.join(mark(w) for w in shortened(change.words))}"
    if d.references:
        yield from ("", head(2, "References"), "")
        for reference in d.references:
            fields = f" ({', '.join(reference.fields)})" if reference.fields else ""
            yield f"- {reference.kind}: {plain(reference.key)}{plain(fields)}"
    if d.cells:
        yield from ("", head(2, "Data"), "")
        for c in d.cells:
            yield f"- {plain(f'{c.table}: {c.row}.{c.column}: {c.old or chr(0x2205)} → {c.new or chr(0x2205)}')}"


def _moved(change: TextChange, plain: Callable[[str], str]) -> str:
    if change.moved_from is None:
        return ""
    return "moved: " if change.moved_from == change.section else f"moved from [{plain(change.moved_from)}]: "


def _recommendation(r: RecommendationChange, plain: Callable[[str], str]) -> str:
    number = r.new_number or r.old_number
    told = f"{r.kind}: {number} ({r.id})" if number else f"{r.kind}: {r.id}"
    if r.grade_changed:
        names = ("direction", "certainty", "strength")
        changes = zip(names, r.old_grade, r.new_grade, strict=True)
        told += "; " + ", ".join(f"{name} {was or 'none'} → {now or 'none'}" for name, was, now in changes if was != now)
    if r.evidence_added:
        told += f"; evidence added: {', '.join(r.evidence_added)}"
    if r.evidence_removed:
        told += f"; evidence removed: {', '.join(r.evidence_removed)}"
    return plain(told)


def _coloured(w: Words) -> str:
    if w.operation == "same":
        return w.text
    sign, colour = ("+", "green") if w.operation == "added" else ("-", "red")
    return click.style(f"[{sign}{w.text}{sign}]", fg=colour)


def _critic(w: Words) -> str:
    """CriticMarkup, which many editors show."""
    return w.text if w.operation == "same" else f"{{++{w.text}++}}" if w.operation == "added" else f"{{--{w.text}--}}"


def _tagged(w: Words) -> str:
    text = html.escape(w.text)
    return text if w.operation == "same" else f"<ins>+{text}+</ins>" if w.operation == "added" else f"<del>−{text}−</del>"
