"""The guideline as data: JSON by its schema, FHIR R5 by the types of fhir.resources."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from msgspec.structs import replace

from mmguide import formats
from mmguide.build import check_project
from mmguide.cite import cite
from mmguide.formats.data import guideline_json
from mmguide.formats.document import schema
from mmguide.formats.fhir import fhir_bundle
from mmguide.model.manuscript import CitedManuscript
from mmguide.model.reference import Bibliography

SCHEMA = Path(formats.__file__).parent / "guideline-data.schema.json"
SETTINGS = """title: A guideline
version: 1.2.0
status: published
dates: {published: 2026-01-02, review_by: 2036-01-02}
contributors:
  - {name: One panel, role: Author, affiliation: A house, interests: none}
sections: [a.md]
bibliography: [references.json]
data: [t.csv]
reporting:
  right: {"5": sec:q}
"""
TEXT = """# Question {#sec:q}

::: {.recommendation #rec:a strength="strong" certainty="low" direction="for" reason="certain harm" population="adults"}
We recommend the drug for adults [@one], see @sec:q.
:::

#### Values

Ratio [x.hr]{.value} [@one].

#### Plot

::: {.forest #fig:f value="hr"}
A plot, @fig:f.
:::

::: {.statement #rec:b}
Talk.
:::
"""
REFERENCES = [
    {
        "id": "one",
        "type": "article-journal",
        "title": "One",
        "DOI": "10.1000/1",
        "author": [{"family": "Doe", "given": "J"}],
        "container-title": "Journal",
        "volume": 3,
        "page": "1-2",
        "issued": {"date-parts": [[2012, 5]]},
    }
]


@pytest.fixture(scope="module")
def cited(tmp_path_factory: pytest.TempPathFactory) -> CitedManuscript:
    folder = tmp_path_factory.mktemp("guideline")
    (folder / "guideline.yaml").write_text(SETTINGS)
    (folder / "a.md").write_text(TEXT)
    (folder / "references.json").write_text(json.dumps(REFERENCES))
    (folder / "t.csv").write_text("id,name,hr,hr_low,hr_high,hr_status\nx,Trial X,0.5,0.4,0.6,from memory\n")
    checked = check_project(folder)
    assert checked.manuscript is not None
    assert checked.look is not None
    return cite(checked.manuscript, checked.look.style.xml)


def test_the_schema_in_the_package_is_that_of_the_types(request: pytest.FixtureRequest) -> None:
    now = json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--accept"):
        SCHEMA.write_text(now, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == now


def test_the_whole_guideline_as_data(cited: CitedManuscript) -> None:
    data = json.loads(guideline_json(cited))
    jsonschema.validate(data, schema())
    first, second = data["recommendations"]
    assert (first["id"], first["number"], first["strength"]["level"], first["certainty"]["symbol"]) == (
        "rec:a",
        "1.1",
        "strong",
        "⊕⊕◯◯",
    )
    assert first["text"] == "We recommend the drug for adults, see Section 1."
    assert first["parts"] == {"values": "Ratio 0.5 (unconfirmed)."}
    assert (first["references"], first["reason"], first["population"]) == (["one"], "certain harm", "adults")
    assert (second["strength"], second["direction"]) == (None, "")
    assert data["evidence"][0]["rows"]["x"]["hr"] == {"text": "0.5", "number": 0.5, "status": "from memory"}
    assert [r["id"] for r in data["references"]] == ["one"]
    assert data["figures_and_tables"][0]["alternative"].startswith("Forest plot: ")
    assert data["reporting"]["right"]["5"] == {"state": "present", "where": ["sec:q"], "reason": ""}
    assert data["reporting"]["right"]["17"]["state"] == "missing"
    assert guideline_json(cited) == guideline_json(cited)


def test_a_field_too_many_does_not_pass_the_schema(cited: CitedManuscript) -> None:
    data = json.loads(guideline_json(cited))
    data["recommendations"][0]["score"] = 7
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_fhir_r5_resources(cited: CitedManuscript) -> None:
    from fhir.resources.bundle import Bundle

    made = fhir_bundle(cited)
    bundle = Bundle.model_validate_json(made)
    kinds = [entry.resource.get_resource_type() for entry in bundle.entry]
    assert kinds == ["Citation", "Citation", "PlanDefinition", "ArtifactAssessment", "PlanDefinition", "ArtifactAssessment"]
    plan, assessment = bundle.entry[2].resource, bundle.entry[3].resource
    assert plan.action[0].description == "We recommend the drug for adults, see Section 1."
    assert plan.status == "active"
    assert plan.action[0].documentation[0].resourceReference.reference == "Citation/ref-one"
    ratings = [c.summary for c in assessment.content if c.informationType == "rating"]
    assert ratings == ["Strong recommendation for", "Certainty of the evidence: low"]
    assert assessment.artifactReference.reference == f"PlanDefinition/{plan.id}"
    urls = [entry.fullUrl for entry in bundle.entry]
    assert len(set(urls)) == len(urls)
    named = {f"{e.resource.get_resource_type()}/{e.resource.id}" for e in bundle.entry}
    asked = {line.split('"')[3] for line in made.decode().split("\n") if '"reference":' in line}
    assert asked <= named


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("issued", "told"),
    [
        ("2001", "2001"),
        ("2001-05-31", "2001-05-31"),
        ({"raw": "2001-05"}, "2001-05"),
        ({"date-parts": [["2001", "5"]]}, "2001-05"),
        ({"date-parts": [[2001, 22]]}, "2001"),
        ({"literal": "in press"}, None),
        ({"date-parts": [[-44]]}, None),
    ],
    ids=str,
)
def test_a_reference_of_any_date_is_told(issued: object, told: str | None, cited: CitedManuscript) -> None:
    from fhir.resources.bundle import Bundle

    one = cited.manuscript.bibliography.references[0]
    dated = replace(one, csl={**one.csl, "issued": issued, "author": ["The panel"]})
    made = fhir_bundle(replace(cited, manuscript=replace(cited.manuscript, bibliography=Bibliography((dated,)))))
    work = Bundle.model_validate_json(made).entry[1].resource.citedArtifact
    assert work.contributorship.summary[0].value == "The panel"
    assert json.loads(made)["entry"][1]["resource"]["citedArtifact"]["publicationForm"][0].get("articleDate") == told


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_no_fhir_is_refused() -> None:
    from fhir.resources.bundle import Bundle
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        Bundle.model_validate(
            {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "PlanDefinition"}}]}
        )
