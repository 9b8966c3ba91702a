"""Stage render, data: the whole guideline as one JSON file: recommendations, evidence, references, contributors, version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import convert
from msgspec.structs import asdict

from mmguide.assemble import crossrefs
from mmguide.assemble.recommendations import certainty_text, strength_text, without_citations
from mmguide.assemble.reporting import answers, guideline_of
from mmguide.ast import Blocks, Element, attr_of, iterate, plain_text
from mmguide.formats.document import (
    FORMAT,
    Advice,
    DataTable,
    Field,
    GradedAs,
    GuidelineData,
    Heading,
    Numbered,
    Person,
    Reported,
    Value,
)
from mmguide.grading import Level, Scheme, scheme_of
from mmguide.model.data import VERIFIED, Cell, Table
from mmguide.model.manuscript import CitedManuscript, Manuscript, Recommendation
from mmguide.reporting import NAMES, standard


def guideline_json(cited: CitedManuscript) -> bytes:
    """The JSON file; the same guideline gives the same bytes."""
    return guideline_data(cited).json_bytes()


def guideline_data(cited: CitedManuscript) -> GuidelineData:
    """The guideline as data."""
    manuscript, settings = cited.manuscript, cited.project.settings
    scheme = scheme_of(settings.grading, settings.language)
    references = (manuscript.bibliography.get(key) for key in cited.cited)
    return GuidelineData(
        format=FORMAT,
        id=settings.id,
        title=settings.title,
        subtitle=settings.subtitle,
        version=settings.version,
        status=settings.status,
        language=settings.language,
        notice=settings.notice,
        summary=settings.summary,
        dates={name: day for name, day in asdict(settings.dates).items() if day is not None},
        contributors=tuple(Person(**asdict(c)) for c in settings.contributors),
        funding=settings.funding,
        contact=settings.contact,
        grading=scheme.name,
        sections=tuple(_sections(cited.blocks)),
        recommendations=tuple(_advice(r, scheme, manuscript) for r in manuscript.recommendations),
        figures_and_tables=tuple(_numbered(manuscript)),
        evidence=tuple(_table(t) for t in manuscript.data.tables.values()),
        references=tuple({**r.csl, "id": r.key} for r in references if r is not None),
        abbreviations=dict(settings.abbreviations),
        reporting=_reporting(manuscript),
    )


def _sections(blocks: Blocks) -> Iterator[Heading]:
    """Each heading with the words below it, also of headings inside divs such as turned pages."""
    current: tuple[str, str, int, str] | None = None
    words: list[str] = []
    for block in _flat(blocks):
        if block["t"] != "Header":
            words.append(plain_text(block))
            continue
        if current:
            yield _heading(current, words)
        attr = attr_of(block)
        current, words = (attr.id, attr.get("number"), block["c"][0], plain_text(block["c"][2])), []
    if current:
        yield _heading(current, words)


def _flat(blocks: Blocks) -> Iterator[Element]:
    for block in blocks:
        if block["t"] == "Div" and any(e["t"] == "Header" for e in iterate(block["c"][1])):
            yield from _flat(block["c"][1])
        else:
            yield block


def _heading(found: tuple[str, str, int, str], words: list[str]) -> Heading:
    identifier, number, level, title = found
    return Heading(id=identifier, number=number, level=level, title=title, text="\n".join(w for w in words if w))


def _advice(recommendation: Recommendation, scheme: Scheme, manuscript: Manuscript) -> Advice:
    r, language = recommendation, manuscript.project.settings.language
    known = crossrefs.index(manuscript.targets)

    def words(blocks: Blocks) -> str:
        return plain_text(without_citations(crossrefs.resolve(blocks, known, language)))

    strength = _graded(scheme.strength(r.strength), strength_text(r, scheme, language)) if r.graded else None
    certainty = _graded(scheme.certainty(r.certainty), certainty_text(r, scheme, language)) if r.graded else None
    return Advice(
        id=r.id,
        number=r.number,
        graded=r.graded,
        text=words(r.blocks),
        section=r.section,
        strength=strength,
        certainty=certainty,
        direction=r.direction if r.graded else "",
        population=r.population,
        action=r.action,
        reason=r.reason,
        basis=r.basis,
        dated=r.dated,
        references=r.keys,
        evidence=r.evidence,
        parts={name: words(blocks) for name, blocks in r.parts},
    )


def _graded(level: Level | None, label: str) -> GradedAs | None:
    return GradedAs(level=level.name, label=label, symbol=level.symbol) if level else None


def _numbered(manuscript: Manuscript) -> Iterator[Numbered]:
    images = {
        attr_of(e).id: plain_text(next((i["c"][1] for i in iterate(e["c"][2]) if i["t"] == "Image"), []))
        for e in iterate(manuscript.blocks)
        if e["t"] == "Figure"
    }
    for target in manuscript.targets:
        if target.kind in ("fig", "tbl"):
            fields = {"id": target.id, "kind": target.kind, "number": target.number, "title": target.title}
            yield convert({**fields, "alternative": images.get(target.id, "")}, Numbered)


def _table(table: Table) -> DataTable:
    columns = tuple(Field(name=c.name, label=c.label, unit=c.unit, kind=c.kind) for c in table.columns)
    rows = {
        row: {column.name: _value(cell) for column, cell in zip(table.columns, cells, strict=True) if cell.text}
        for row, cells in table.rows
    }
    return DataTable(path=table.path, title=table.title, columns=columns, rows=rows)


def _value(cell: Cell) -> Value:
    number = cell.number
    return Value(
        text=cell.text,
        number=None if number is None else float(number),
        status="from memory" if cell.unconfirmed else "verified" if cell.status == VERIFIED else "",
    )


def _reporting(manuscript: Manuscript) -> Mapping[str, Mapping[str, Reported]]:
    """The answers to those standards that the guideline answers or requires."""
    settings = manuscript.project.settings
    guideline = guideline_of(manuscript)
    wanted = [name for name in NAMES if settings.reporting.answers(name) or name in settings.reporting.require]
    return {
        name: {
            found.item.id: convert({"state": found.state, "where": found.where, "reason": found.reason}, Reported)
            for found in answers(standard(name), guideline)
        }
        for name in wanted
    }
