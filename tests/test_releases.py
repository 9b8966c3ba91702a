"""Releases: whole, the same bytes again anywhere, every changed byte found and named, nothing half-written."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from msgspec import structs
from support.cases import in_process
from support.releases import GUIDELINE, REFERENCES, TEXT, commit, run, write

from mmguide import release as package
from mmguide.editions import prepare
from mmguide.release.archive import pack, unpack
from mmguide.release.manifest import MANIFEST, SUMS, schema
from mmguide.release.verify import verified

NOTE = "- {version: 1.0.0, summary: The first version.}\n"
SCHEMA = Path(package.__file__).parent / "manifest.schema.json"


@pytest.fixture
def project(tmp_path: Path, git: str) -> Path:
    """A small guideline in a git repository, committed."""
    folder = tmp_path / "guideline"
    write(
        folder,
        {"guideline.yaml": GUIDELINE.format(version="1.0.0", day="2026-11-20"), "sections/a.md": TEXT, "changes.yaml": NOTE},
    )
    write(folder, {"references.json": json.dumps(REFERENCES)})
    run(git, folder, "init", "--quiet", "--initial-branch=main")
    prepare(folder, "1.0.0", day=date(2026, 11, 20))
    commit(git, folder)
    return folder


def released(project: Path, version: str, *more: str) -> Path:
    """The folder of a release made from the command line."""
    printed, status = in_process(["release", version, "--project", str(project), "-o", str(project.parent / "releases"), *more])
    assert status == 0, printed
    return project.parent / "releases" / f"small-{version}"


def manifest(folder: Path) -> dict[str, object]:
    made: dict[str, object] = json.loads((folder / MANIFEST).read_bytes())
    return made


def test_the_schema_in_the_package_is_that_of_the_types(request: pytest.FixtureRequest) -> None:
    now = json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--accept"):
        SCHEMA.write_text(now, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == now


def test_a_release_is_whole_and_says_what_made_it(project: Path, git: str) -> None:
    folder = released(project, "1.0.0")
    told = manifest(folder)
    jsonschema.validate(told, schema())
    assert told["commit"] == {"id": run(git, project, "rev-parse", "HEAD"), "clean": True}
    assert (told["previous"], told["step"], told["epoch"]) == ("", "first", 1795132800)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    archive = unpack(files.pop("small-1.0.0.zip"))
    assert archive.files == files
    assert {"small-1.0.0.html", "small-1.0.0.json", "sources/guideline.yaml", "styles/web.css", "CITATION.cff"} <= set(files)
    assert subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=folder, check=False).returncode == 0
    assert [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o222] == []


def test_the_papers_are_what_their_standards_ask_for(project: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    folder = released(project, "1.0.0")
    bill = (folder / "sbom.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    assert {"weasyprint", "pandoc", "Pango", "SourceSerif4[opsz,wght].ttf"} <= {c["name"] for c in json.loads(bill)["components"]}
    statement = json.loads((folder / "provenance.intoto.json").read_bytes())
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert {"small-1.0.0.html", MANIFEST} <= {one["name"] for one in statement["subject"]}
    from mmguide.yaml import load

    cited = load("CITATION.cff", (folder / "CITATION.cff").read_text(encoding="utf-8")).value
    assert (cited["version"], cited["date-released"], cited["authors"]) == ("1.0.0", "2026-11-20", [{"name": "Somebody"}])


def test_changes_that_are_not_committed_stand_in_the_way(project: Path) -> None:
    write(project, {"sections/b.md": "# More\n\nWords.\n"})
    arguments = ["release", "1.0.0", "--project", str(project), "-o", str(project.parent / "releases")]
    printed, status = in_process(arguments)
    assert status == 1
    assert "there are changes that are not committed: sections/b.md" in printed
    assert list((project.parent / "releases").glob("small*")) == []
    folder = released(project, "1.0.0", "--allow", "MMG832", "--reason", "Only tried")
    told = manifest(folder)
    assert told["commit"]["clean"] is False  # type: ignore[index]
    assert told["allowed"][0]["reason"] == "Only tried"  # type: ignore[index]


def test_it_is_made_again_from_its_zip_alone(project: Path) -> None:
    folder = released(project, "1.0.0")
    moved = project.parent / "elsewhere" / "a copy.zip"
    moved.parent.mkdir()
    shutil.copyfile(folder / "small-1.0.0.zip", moved)
    shutil.rmtree(project)
    printed, status = in_process(["release", "verify", "--rebuild", str(moved)])
    assert (status, printed.splitlines()[1]) == (
        0,
        "small-1.0.0: 3 files were made again from its sources, byte for byte the same",
    )


def test_what_differs_is_said(project: Path) -> None:
    """A release whose page was changed, with all its digests made to fit."""
    from mmguide.release.manifest import entry, read_manifest
    from mmguide.release.papers import sums

    folder = released(project, "1.0.0")
    archive = unpack((folder / "small-1.0.0.zip").read_bytes())
    files = dict(archive.files)
    files["small-1.0.0.html"] = files["small-1.0.0.html"].replace(b"Which drug", b"What drug")
    told = read_manifest(files[MANIFEST])
    assert not isinstance(told, str)
    entries = tuple(entry(e.path, e.kind, files[e.path]) for e in told.files)
    files[MANIFEST] = structs.replace(told, files=entries).json_bytes()
    files[SUMS] = sums({name: content for name, content in files.items() if name != SUMS})
    forged = project.parent / "forged.zip"
    forged.write_bytes(pack(archive.top, files, archive.moment))
    assert in_process(["release", "verify", str(forged)])[1] == 0
    printed, status = in_process(["release", "verify", "--rebuild", str(forged)])
    assert status == 1
    assert printed.startswith("error: small-1.0.0.html: it differs in line ")


def test_a_flipped_byte_anywhere_is_found_and_named(project: Path) -> None:
    content = (released(project, "1.0.0") / "small-1.0.0.zip").read_bytes()
    assert verified(unpack(content)).faults == ()
    places = place_of_each_byte(content)
    chosen = random.Random(8)
    whole = range(len(content))
    # Every file once, the archive's own bytes, and anywhere.
    at = [chosen.randrange(start, end) for start, end, _ in places] + chosen.sample(whole, 20)
    at += [len(content) - 1, len(content) - 20, 0]
    for position in at:
        damaged = bytearray(content)
        damaged[position] ^= 1 << chosen.randrange(8)
        faults = verified(unpack(bytes(damaged))).faults
        name = next((name for start, end, name in places if start <= position < end), "")
        assert faults, (position, name)
        assert name in " ".join(faults), (position, name, faults)


def place_of_each_byte(content: bytes) -> list[tuple[int, int, str]]:
    """Where the bytes of each file stand in the zip."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return [
            (
                e.header_offset + 30 + len(e.filename),
                e.header_offset + 30 + len(e.filename) + e.file_size,
                e.filename.partition("/")[2],
            )
            for e in opened.infolist()
        ]


@pytest.mark.parametrize("cut", [0, 1, 100, 5000])
def test_a_zip_that_is_cut_off_is_no_release(project: Path, cut: int) -> None:
    content = (released(project, "1.0.0") / "small-1.0.0.zip").read_bytes()
    assert verified(unpack(content[:cut])).faults
    assert verified(unpack(content[:-1])).faults


def test_names_that_lead_outside_are_refused() -> None:
    for name in ("../outside", "/absolute", "a\\b", "C:x"):
        assert unpack(pack("top", {name: b"x"}, 0)).faults, name


SECOND = """\
# Question

Which drug and when [@one]?

::: {.recommendation #rec:dose strength="strong" certainty="moderate" direction="for"}
We recommend 10 mg of the drug for adults [@one].
:::
"""


def test_the_next_release_tells_and_shows_what_changed(project: Path, git: str) -> None:
    released(project, "1.0.0")
    more = "- {version: 1.1.0, summary: There is an answer., recommendations: {rec:dose: The trial is finished.}}\n"
    write(project, {"sections/a.md": SECOND, "changes.yaml": NOTE + more})
    made = prepare(project, day=date(2026, 12, 1), output=project.parent / "releases")
    assert (made.version, made.asked, made.why, made.without_reason) == ("1.1.0", "minor", "rec:dose is new", ())
    commit(git, project)
    folder = released(project, "1.1.0")
    told = manifest(folder)
    assert (told["previous"], told["step"], told["asked_for"]) == ("1.0.0", "minor", "minor")
    text = (folder / "changes" / "small-1.1.0-what-changed.md").read_text(encoding="utf-8")
    for expected in (
        "There is an answer.",
        "### Recommendation 1.1: new",
        "**Why:** The trial is finished.",
        "We recommend 10 mg of the drug",
    ):
        assert expected in text
    assert text.count("We recommend 10 mg") == 1
    marked = (folder / "redlines" / "small-1.0.0-to-1.1.0.html").read_text(encoding="utf-8")
    assert "insertion" in marked
    assert {path.name for path in (folder / "previous").iterdir()} >= {"guideline.yaml", "history.yaml", "sections"}
    assert in_process(["release", "verify", "--rebuild", str(folder)])[1] == 0
    history = (project / "history.yaml").read_text(encoding="utf-8")
    assert f"commit: {manifest(project.parent / 'releases' / 'small-1.0.0')['commit']['id']}" in history  # type: ignore[index]


def test_without_its_release_the_version_before_comes_from_its_commit(project: Path, git: str) -> None:
    shutil.rmtree(released(project, "1.0.0").parent)
    first = run(git, project, "rev-parse", "HEAD")
    history = (project / "history.yaml").read_text(encoding="utf-8")
    note = "- {version: 1.1.0, summary: Another question.}\n"
    write(project, {"sections/a.md": TEXT.replace("Which", "What"), "changes.yaml": NOTE + note})
    write(project, {"history.yaml": history.replace("status: draft", f"status: draft\n  commit: {first}")})
    prepare(project, "1.1.0", day=date(2026, 12, 1))
    commit(git, project)
    folder = released(project, "1.1.0")
    assert manifest(folder)["previous"] == "1.0.0"
    assert "[−Which−]" in (folder / "changes" / "small-1.1.0-what-changed.md").read_text(encoding="utf-8").replace("\\", "")
