"""The shortcut around all stages: a project that gives the same answers as before to everything a run asked has the same outcome.

What a run asked of the project's folder (every file it read, every pattern, every file it looked for in vain) is kept, with a digest of
each answer, and so is the outcome under the digest of all of these. The next run asks the same questions first. Since a run is the same
for the same answers, command line, day, environment, mmguide, packages and libraries, equal answers are proof enough; anything else
goes through the stages. Nothing of the stages is loaded to find that out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from mmguide.cache import NOTHING, Cache, key_of
from mmguide.diagnostics import Diagnostic, Severity, Span
from mmguide.files import ProjectFiles, Question, locked, write_all
from mmguide.options import CACHE, Options

if TYPE_CHECKING:
    from mmguide.build import Built, Checked, Progress
    from mmguide.handouts import HandoutOptions

# Variables that reach what is written: the day, and what fonts and letters the libraries choose.
_VARIABLES = ("SOURCE_DATE_EPOCH", "TZ", "LANG", "LANGUAGE")
_FAMILIES = ("LC_", "FONTCONFIG_", "PANGO_", "HB_", "FREETYPE_", "MPL", "PYTHON", "PYPANDOC_")

_TRACES = 4


class Lines(Protocol):
    """A text of which lines can be shown."""

    def line(self, number: int) -> str: ...


class Excerpt(Struct, frozen=True):
    """The lines of a text that diagnostics show, by number."""

    lines: Mapping[int, str]

    def line(self, number: int) -> str:
        return self.lines.get(number, "")


class Outcome(Struct, frozen=True):
    """What came of a run: `usable` is False where guideline.yaml could not be used; `written` are the files that stand there now."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Lines]
    usable: bool = True
    written: tuple[Path, ...] = ()


class _Kept(Struct, frozen=True):
    """An outcome as it was kept; `outputs` are the digests of its files by name."""

    outcome: Outcome
    outputs: Mapping[str, str] = {}


def build(folder: Path, options: Options = Options(), progress: Progress | None = None) -> Outcome:
    """Build the project, or find that its outputs are known: see `build.build_project`, whose outcome and errors it has."""
    if not options.cache:
        return _of_build(_through_the_stages(folder, options, progress))
    start = monotonic()
    run = _run_of_build(folder, options)
    if outcome := _known(run, options):
        if progress:
            progress("unchanged", monotonic() - start)
        return outcome
    built = _through_the_stages(folder, options, progress)
    run.keep(_of_build(built), built.checked.asked, _contents_kept(run.cache, built.outputs))
    return _of_build(built)


def known(folder: Path, options: Options) -> Outcome | None:
    """The outcome of a build of which all is known, its outputs standing where they belong; None where it must go through the stages."""
    return _known(_run_of_build(folder, options), options) if options.cache else None


def _run_of_build(folder: Path, options: Options) -> _Run:
    return _Run(Cache(options.output / CACHE), folder, "build", _told(options))


def _known(run: _Run, options: Options) -> Outcome | None:
    kept = run.kept()
    written = _standing(kept, options, run.cache) if kept else None
    return replace(kept.outcome, written=written) if kept and written is not None else None


def handouts(folder: Path, options: HandoutOptions, tell: Callable[[int, int], None] | None = None) -> Outcome:
    """Write the handouts, or find that they stand there as they would be written: see `handouts.build_handouts`."""
    told = to_builtins(options, enc_hook=str)
    del told["output"]
    run = _Run(Cache(options.output / CACHE if options.cache else None), folder, "handout", told)
    kept = run.kept()
    if kept and all(_digest_of(options.output / name) == digest for name, digest in kept.outputs.items()):
        return replace(kept.outcome, written=tuple(options.output / name for name in kept.outputs))
    from mmguide.handouts import build_handouts

    built = build_handouts(folder, options, tell)
    run.keep(
        _of_build(built), built.checked.asked, {str(path.relative_to(options.output)): _digest_of(path) for path in built.written}
    )
    return _of_build(built)


def check(folder: Path, reporting: Sequence[str] = (), cache: Path | None = None) -> Outcome:
    """Check the project, or find that what is wrong with it is known; `cache` is the folder of the cache, None for none."""
    if cache is None:
        return _of_check(_checked(folder, reporting, NOTHING))
    run = _Run(Cache(cache), folder, "check", list(reporting))
    if kept := run.kept():
        return kept.outcome
    checked = _checked(folder, reporting, run.cache)
    run.keep(_of_check(checked), checked.asked, {})
    return _of_check(checked)


def _checked(folder: Path, reporting: Sequence[str], cache: Cache) -> Checked:
    from mmguide.build import check_project

    return check_project(folder, reporting=reporting, drawn=False, cache=cache)


def _through_the_stages(folder: Path, options: Options, progress: Progress | None) -> Built:
    shop = None
    if options.has_pages:
        from mmguide.render.pdf.shop import open_shop

        # What sets pages is loaded in another process while the stages are loaded here.
        shop = open_shop(Cache(options.output / CACHE) if options.cache else NOTHING)
    from mmguide.build import build_project

    try:
        return build_project(folder, options, progress, shop)
    finally:
        if shop is not None:
            shop.close()


def _of_check(checked: Checked) -> Outcome:
    return Outcome(checked.diagnostics, checked.sources, checked.manuscript is not None)


def _of_build(built: Built) -> Outcome:
    return Outcome(built.checked.diagnostics, built.checked.sources, built.checked.manuscript is not None, built.written)


def _told(options: Options) -> Any:
    """The options that outputs depend on."""
    told = to_builtins(options, enc_hook=str)
    del told["output"], told["cache"]
    return told


class _Run:
    """One run of a command on a project: finds what is kept for it, and keeps what comes of it."""

    def __init__(self, cache: Cache, folder: Path, command: str, options: Any) -> None:
        self.cache, self._folder = cache, folder
        self._asked_for = (command, str(folder.resolve()), json.dumps(options, sort_keys=True, default=str))
        self._key = self._key_now()

    def _key_now(self) -> str:
        return key_of("run", *self._asked_for, date.today().isoformat(), *environment())

    def kept(self) -> _Kept | None:
        """What is kept for the project as it stands now."""
        files = ProjectFiles(self._folder)
        for trace in self._traces():
            if list(libraries([path for path, _ in trace["libraries"]])) != trace["libraries"]:
                continue
            asked: list[Question] = [(kind, argument, limit) for kind, argument, limit in trace["questions"]]
            answers = [files.asked.get(question) or files.answer(question) for question in asked]
            entry = self.cache.get(_key_of_outcome(self._key, trace, answers))
            if entry:
                return _kept(entry.facts)
        return None

    def keep(self, outcome: Outcome, asked: Mapping[Question, str], outputs: Mapping[str, str]) -> None:
        """Keep the outcome of the run that asked this; `outputs` are the digests of its files by name."""
        # A run over midnight belongs to neither day; where the system does not tell what was loaded, nothing is known for sure.
        loaded = loaded_libraries()
        if self.cache.folder is None or loaded is None or self._key_now() != self._key:
            return
        trace = {"questions": [list(question) for question in asked], "libraries": list(libraries(loaded))}
        self.cache.put(_key_of_outcome(self._key, trace, list(asked.values())), _facts(outcome, outputs))
        # An edit can change what is asked; undone, it is known again by what was asked before.
        others = [other for other in self._traces() if other != trace]
        self.cache.put(self._key, [trace, *others][:_TRACES])
        self.cache.trim()

    def _traces(self) -> list[Any]:
        """What the last runs asked, the last one first, and the libraries that they had loaded."""
        entry = self.cache.get(self._key)
        return entry.facts if entry else []


def _key_of_outcome(key: str, trace: Any, answers: list[str]) -> str:
    return key_of("outcome", key, json.dumps([trace, answers]))


def environment() -> Iterator[str]:
    """The variables of the environment that can reach an output, with their values."""
    for name, value in sorted(os.environ.items()):
        if name in _VARIABLES or name.startswith(_FAMILIES):
            yield f"{name}={value}"


def loaded_libraries() -> list[str] | None:
    """The shared libraries that this process has loaded, such as Pango; None where the system does not tell."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            paths = {line.rstrip("\n")[73:] for line in maps if ".so" in line}
    except OSError:
        return None
    return sorted(path for path in paths if path.startswith("/"))


def libraries(paths: Iterable[str]) -> Iterator[list[str]]:
    """Each library with size and time of its file."""
    for path in paths:
        try:
            at = os.stat(path)
        except OSError:
            yield [path, "gone"]
        else:
            yield [path, f"{at.st_size} {at.st_mtime_ns}"]


def _standing(kept: _Kept, options: Options, cache: Cache) -> tuple[Path, ...] | None:
    """The outputs, written where they do not stand there already; None where one of them is not kept any more."""
    if not kept.outputs:
        return ()
    with locked(options.output):
        missing = {}
        for name, digest in kept.outputs.items():
            if _digest_of(options.output / name) == digest:
                continue
            entry = cache.get(key_of("output", digest))
            if entry is None:
                return None
            missing[name] = entry.content
        if missing:
            write_all(options.output, missing)
    return tuple(options.output / name for name in kept.outputs)


def _contents_kept(cache: Cache, outputs: Mapping[str, bytes]) -> Mapping[str, str]:
    """The digests of files by name; each content is kept under its own."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in outputs.items()}
    for name, content in outputs.items():
        cache.put(key_of("output", digests[name]), None, content)
    return digests


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _facts(outcome: Outcome, outputs: Mapping[str, str]) -> Any:
    """An outcome as JSON knows it."""
    shown = excerpts(outcome.diagnostics, outcome.sources)
    return {
        "diagnostics": [_as_facts(diagnostic) for diagnostic in outcome.diagnostics],
        "lines": {path: {str(n): text for n, text in excerpt.lines.items()} for path, excerpt in shown.items()},
        "usable": outcome.usable,
        "outputs": dict(outputs),
    }


def excerpts(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Lines]) -> dict[str, Excerpt]:
    """Of the sources only the lines that these diagnostics show."""
    lines: dict[str, dict[int, str]] = {}
    for diagnostic in diagnostics:
        span = diagnostic.span
        if span and span.path in sources:
            lines.setdefault(span.path, {})[span.line] = sources[span.path].line(span.line)
    return {path: Excerpt(texts) for path, texts in lines.items()}


def _kept(facts: Any) -> _Kept:
    sources = {path: Excerpt({int(n): text for n, text in lines.items()}) for path, lines in facts["lines"].items()}
    return _Kept(Outcome(tuple(map(_from_facts, facts["diagnostics"])), sources, facts["usable"]), facts["outputs"])


def _as_facts(d: Diagnostic) -> list[Any]:
    related = [_place(span) for span in d.related]
    return [d.code, d.message, d.hint, _place(d.span) if d.span else None, d.severity.value, related, d.subject]


def _place(span: Span) -> list[Any]:
    return [span.path, span.line, span.column, span.end_line, span.end_column]


def _from_facts(facts: list[Any]) -> Diagnostic:
    from mmguide.diagnostics.rules import find_rule

    code, message, hint, place, severity, related, subject = facts
    rule = find_rule(code)
    assert rule is not None, code
    spans = tuple(Span(*span) for span in related)
    return Diagnostic(rule, message, hint, Span(*place) if place else None, Severity(severity), spans, subject)
