"""Stage render, data: recommendations and citations as FHIR R5 resources, in the manner of EBM-on-FHIR.

A Bundle with a Citation of the guideline and one of each cited reference, and for each recommendation a PlanDefinition (what to do)
with an ArtifactAssessment (how strong, how certain, what the panel weighed).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mmguide.formats.data import guideline_data
from mmguide.formats.document import Advice, GuidelineData
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.reference import date_parts

Resource = dict[str, Any]
# FHIR knows four states of a publication.
_STATUS = {"draft": "draft", "review": "draft", "published": "active", "superseded": "retired", "withdrawn": "retired"}
_IDENTIFIERS = {"DOI": "https://doi.org", "PMID": "https://pubmed.ncbi.nlm.nih.gov", "PMCID": "https://www.ncbi.nlm.nih.gov/pmc"}


def fhir_bundle(cited: CitedManuscript) -> bytes:
    """The Bundle as JSON; the same guideline gives the same bytes."""
    data = guideline_data(cited)
    entries = [{"fullUrl": _full_url(data, r), "resource": r} for r in _resources(data)]
    bundle: Resource = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return (json.dumps(bundle, indent=1, ensure_ascii=False) + "\n").encode()


def _resources(data: GuidelineData) -> Iterator[Resource]:
    yield _guideline(data)
    for reference in data.references:
        yield _reference(reference)
    for advice in data.recommendations:
        yield _plan(advice, data)
        yield _assessment(advice, data)


def _id(text: str) -> str:
    """An identifier as FHIR allows it: letters, digits, hyphen and full stop, at most 64."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-")[:64] or "x"


def _full_url(data: GuidelineData, resource: Resource) -> str:
    name = f"mmguide:{data.id}:{data.version}:{resource['resourceType']}/{resource['id']}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def _filled(**fields: Any) -> Resource:
    """Only what has a value: FHIR knows no empty elements."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}


def _concept(text: str, code: str = "") -> Resource:
    coding = [_filled(code=code, display=text)] if code else []
    return _filled(coding=coding, text=text)


def _guideline(data: GuidelineData) -> Resource:
    dates = {name: day.isoformat() for name, day in data.dates.items()}
    return _filled(
        resourceType="Citation",
        id=_id(f"guideline-{data.id}"),
        language=data.language,
        version=data.version,
        title=data.title,
        status=_STATUS[data.status],
        date=dates.get("updated") or dates.get("published"),
        publisher=data.contact,
        description=data.summary,
        approvalDate=dates.get("approved"),
        contact=[],
        author=[_filled(name=p.name) for p in data.contributors],
        note=[{"text": data.notice}] if data.notice else [],
        citedArtifact=_filled(
            title=[{"text": f"{data.title}: {data.subtitle}" if data.subtitle else data.title}],
            relatesTo=[
                {"type": "cites", "resourceReference": {"reference": f"Citation/{_id('ref-' + str(r['id']))}"}}
                for r in data.references
            ],
        ),
    )


def _reference(csl: Mapping[str, Any]) -> Resource:
    identifiers = [{"system": system, "value": str(csl[name])} for name, system in _IDENTIFIERS.items() if csl.get(name)]
    names = [_name(author) for author in csl.get("author") or []]
    issued = date_parts(csl.get("issued"))
    published = _filled(
        publishedIn=_filled(
            title=csl.get("container-title"), publisher={"display": csl["publisher"]} if csl.get("publisher") else None
        ),
        volume=_text(csl.get("volume")),
        issue=_text(csl.get("issue")),
        articleDate="-".join(f"{p:02d}" if i else f"{p:04d}" for i, p in enumerate(issued)) if issued and issued[0] > 0 else None,
        pageString=_text(csl.get("page")),
    )
    return _filled(
        resourceType="Citation",
        id=_id(f"ref-{csl['id']}"),
        status="active",
        title=_text(csl.get("title")),
        citedArtifact=_filled(
            identifier=identifiers,
            title=[{"text": str(csl["title"])}] if csl.get("title") else [],
            publicationForm=[published] if published else [],
            webLocation=[{"url": str(csl["URL"])}] if csl.get("URL") else [],
            contributorship=_filled(summary=[{"value": ", ".join(names)}] if names else []),
        ),
    )


def _name(author: Mapping[str, Any] | str) -> str:
    if isinstance(author, str):
        return author
    return " ".join(filter(None, (author.get("literal"), author.get("given"), author.get("family"))))


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def _plan(advice: Advice, data: GuidelineData) -> Resource:
    cites = [
        {"type": "citation", "resourceReference": {"reference": f"Citation/{_id('ref-' + key)}"}}
        for key in advice.references
        if any(r["id"] == key for r in data.references)
    ]
    action = _filled(
        linkId=_id(advice.id),
        prefix=advice.number,
        title=advice.action or advice.text[:120],
        description=advice.text,
        code=_concept(advice.direction) if advice.direction else None,
        documentation=cites,
    )
    return _filled(
        resourceType="PlanDefinition",
        id=_id(advice.id),
        language=data.language,
        identifier=[{"value": advice.id}],
        version=data.version,
        title=f"{data.title}: {'Recommendation' if advice.graded else 'Statement'} {advice.number}",
        status=_STATUS[data.status],
        description=advice.text,
        subjectCodeableConcept=_concept(advice.population) if advice.population else None,
        relatedArtifact=[{"type": "part-of", "resourceReference": {"reference": f"Citation/{_id('guideline-' + data.id)}"}}],
        action=[action],
    )


def _assessment(advice: Advice, data: GuidelineData) -> Resource:
    """How the recommendation was judged: ratings, and the parts of the panel's reasoning as comments."""
    content = []
    for name, grade in (("strength", advice.strength), ("certainty", advice.certainty)):
        if grade:
            kind = _concept(f"{name} of the recommendation" if name == "strength" else "certainty of the evidence", name)
            content.append(
                {
                    "informationType": "rating",
                    "type": kind,
                    "summary": grade.label,
                    "classifier": [_concept(grade.label, _id(grade.level))],
                }
            )
    if advice.reason:
        content.append({"informationType": "comment", "type": _concept("reason"), "summary": advice.reason})
    if advice.basis:
        content.append({"informationType": "comment", "type": _concept("basis"), "summary": advice.basis})
    content += [
        {"informationType": "comment", "type": _concept(name), "summary": text} for name, text in advice.parts.items() if text
    ]
    return _filled(
        resourceType="ArtifactAssessment",
        id=_id(f"assessment-{advice.id}"),
        title=f"How {advice.number} was judged",
        artifactReference={"reference": f"PlanDefinition/{_id(advice.id)}"},
        content=content,
    )
