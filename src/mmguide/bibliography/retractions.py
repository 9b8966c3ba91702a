"""bibliography: what became of a work after it appeared: retracted, of concern, corrected. From the entry itself and from a local table.

The table is made from the CSV of Retraction Watch that Crossref publishes, kept to what is needed to find a work and name the notice.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from mmguide.bibliography import identifiers
from mmguide.bibliography.works import work_of
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import references as rules
from mmguide.errors import UsageError
from mmguide.model.reference import Bibliography, Notice, Reference, date_parts
from mmguide.model.source import Source

HEADER = ("doi", "pmid", "kind", "date", "notice")
_NATURES: Mapping[str, str] = {
    "retraction": "retraction",
    "expression of concern": "expression-of-concern",
    "correction": "correction",
    "reinstatement": "reinstatement",
}
_UPDATES: Mapping[str, str] = {
    "retraction": "retraction",
    "withdrawal": "retraction",
    "removal": "retraction",
    "partial_retraction": "retraction",
    "expression_of_concern": "expression-of-concern",
    "correction": "correction",
    "corrigendum": "correction",
    "erratum": "correction",
}
# What every title has that one of the patterns finds.
_SUSPECT = ("retract", "withdraw", "removed", "concern")
# Retraction and withdrawal are words of medicine too: only what is set off as a heading counts.
_TITLES: tuple[tuple[str, str], ...] = (
    (r"\W*(?:retraction|withdrawal)(?:\s+(?:of|to|for))?\s*(?:[:.“”\"‘—–\[]|$)", "retraction-notice"),
    (r"\W*(?:retraction|withdrawal)\s+(?:note|notice|statement)\b", "retraction-notice"),
    (r"\W*notice of (?:retraction|withdrawal)\b", "retraction-notice"),
    (r"\W*(?:retracted|withdrawn|removed)(?:\s+(?:article|paper|chapter|manuscript))?\s*[:.\]—–]", "retraction"),
    (r"(?s:.*)[\[(](?:retracted|withdrawn)(?:\s+(?:article|paper|chapter))?[\])]\W*$", "retraction"),
    (r"\W*(?:editorial )?expression of concern\b", "concern-notice"),
)


class Row(NamedTuple):
    """One line of the table."""

    doi: str
    pmid: str
    kind: str
    date: str
    notice: str


def with_table(bibliography: Bibliography, table: Source) -> tuple[Bibliography, tuple[Diagnostic, ...]]:
    """The bibliography with the notices that the project's table has about its references."""
    if table.line(1) != ",".join(HEADER):
        span = Span(table.path, 1, 1, 1, len(table.line(1)) + 1)
        return bibliography, (rules.UNUSABLE_RETRACTIONS.at(span),)
    dois: dict[str, list[str]] = {}
    pmids: dict[str, list[str]] = {}
    for reference in bibliography.references:
        work = work_of(reference)
        for value, known in ((work.doi, dois), (work.pmid, pmids)):
            if value:
                known.setdefault(value, []).append(reference.key)
    found: dict[str, dict[Notice, None]] = {}
    for row in csv.reader(_lines_about(table.text, dois, pmids)):
        if len(row) != len(HEADER):
            continue
        doi, pmid, kind, date, notice = row
        where = f"https://doi.org/{notice}" if notice else ""
        for key in (*dois.get(doi, ()), *pmids.get(pmid, ())):
            found.setdefault(key, {})[Notice(kind, where, date)] = None
        if kind == "retraction" and notice != doi:
            for key in dois.get(notice, ()):
                found.setdefault(key, {})[Notice("retraction-notice", where, date)] = None
    return Bibliography(bibliography.references, {key: tuple(notices) for key, notices in found.items()}), ()


def _lines_about(text: str, dois: Mapping[str, object], pmids: Mapping[str, object]) -> Iterator[str]:
    """The lines of the table that can name one of these works: of sixty thousand hardly any, so only they are taken apart."""
    for line in text.split("\n"):
        doi, _, rest = line.partition(",")
        if doi in dois or doi[:1] == '"' or rest.partition(",")[0] in pmids or line.rpartition(",")[2] in dois:
            yield line


def in_entry(reference: Reference) -> Iterator[Notice]:
    """What an entry itself says: its title, Crossref's `update-to` and `updated-by`, what PubMed's file gave."""
    if (kind := _told_by_title(reference.text("title"))) is not None:
        yield Notice(kind, "its title")
    for update in _updates(reference.csl.get("updated-by")):
        if (what := _UPDATES.get(str(update.get("type", "")).lower())) is not None:
            yield Notice(what, _where(update), _date(update.get("updated")))
    for update in _updates(reference.csl.get("update-to")):
        if _UPDATES.get(str(update.get("type", "")).lower()) == "retraction":
            yield Notice("retraction-notice", _where(update), _date(update.get("updated")))
    custom = reference.csl.get("custom")
    for notice in _updates(custom.get("notices")) if isinstance(custom, Mapping) else ():
        yield Notice(str(notice.get("kind", "")), str(notice.get("where", "")))
    if reference.text("status").lower() in ("retracted", "withdrawn"):
        yield Notice("retraction", "its status")


def _told_by_title(title: str) -> str | None:
    plain = re.sub(r"<[^<>]*>", "", title) if "<" in title else title
    if not any(word in plain.lower() for word in _SUSPECT):
        return None
    return next((kind for pattern, kind in _TITLES if re.match(pattern, plain, re.IGNORECASE)), None)


def _updates(value: Any) -> Sequence[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else ()


def _where(update: Mapping[str, Any]) -> str:
    doi = identifiers.plain_doi(str(update.get("DOI", "")))
    return f"https://doi.org/{doi}" if doi else str(update.get("label", ""))


def _date(value: Any) -> str:
    return "-".join(f"{part:02d}" for part in date_parts(value))


def compact(content: bytes) -> tuple[str, int]:
    """The project's table out of the CSV of Retraction Watch, and how many works it names. Raises UsageError if it is none."""
    # Only identifiers and dates are taken, which are ASCII: a name in another encoding elsewhere in the file does no harm.
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace")))
    needed = {"OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionDOI", "RetractionDate", "RetractionNature"}
    if not needed <= set(rows.fieldnames or ()):
        missing = ", ".join(sorted(needed - set(rows.fieldnames or ())))
        raise UsageError(
            f"this is not the table of Retraction Watch: it lacks {missing}",
            "take the CSV file that Crossref publishes, unchanged",
        )
    kept: dict[tuple[str, str, str], Row] = {}
    reinstated: dict[tuple[str, str], str] = {}
    for record in rows:
        row = _row(record)
        if row is None:
            continue
        if row.kind == "reinstatement":
            reinstated[row.doi, row.pmid] = max(row.date, reinstated.get((row.doi, row.pmid), ""))
        else:
            before = kept.get((row.doi, row.pmid, row.kind))
            kept[row.doi, row.pmid, row.kind] = row if before is None or row.date >= before.date else before
    living = [r for r in kept.values() if not (r.kind == "retraction" and reinstated.get((r.doi, r.pmid), "") >= r.date > "")]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(sorted((r.doi, r.pmid, r.kind, r.date, r.notice) for r in living))
    return out.getvalue(), len({(r.doi, r.pmid) for r in living})


def _row(record: Mapping[str, str | None]) -> Row | None:
    kind = _NATURES.get((record.get("RetractionNature") or "").strip().lower())
    doi = _doi(record.get("OriginalPaperDOI"))
    pmid = (record.get("OriginalPaperPubMedID") or "").strip()
    pmid = pmid if identifiers.pmid(pmid) is None else ""
    if kind is None or not (doi or pmid):
        return None
    return Row(doi, pmid, kind, _iso(record.get("RetractionDate")), _doi(record.get("RetractionDOI")))


def _doi(text: str | None) -> str:
    value = identifiers.plain_doi(text or "").lower()
    return value if identifiers.doi(value) is None else ""


def _iso(text: str | None) -> str:
    """`9/30/2011 0:00` or `2011-09-30` as `2011-09-30`."""
    day = (text or "").strip().split(" ")[0]
    for shape in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(day, shape).date().isoformat()
        except ValueError:
            continue
    return ""
