"""Hostile and broken texts, by the number of the case in the list of threats. A whole project is checked each time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from mmguide.build import Options, build_project, check_project
from mmguide.diagnostics import Diagnostic, Severity

SECONDS = 10


def project(folder: Path, text: str | bytes, *keys: str) -> Path:
    (folder / "a.md").write_bytes(text.encode() if isinstance(text, str) else text)
    entries = [{"id": key, "type": "report", "title": "T", "author": [{"literal": "B"}]} for key in keys]
    (folder / "r.json").write_text(json.dumps([{**e, "issued": {"date-parts": [[2001]]}} for e in entries]), encoding="utf-8")
    (folder / "guideline.yaml").write_text("title: T\nsections: [a.md]\nbibliography: [r.json]\n")
    return folder


def found(folder: Path) -> tuple[Diagnostic, ...]:
    """What the check finds, in the time that the threats allow."""
    start = time.perf_counter()
    diagnostics = check_project(folder).diagnostics
    assert time.perf_counter() - start < SECONDS
    return diagnostics


def at(diagnostics: tuple[Diagnostic, ...], severity: Severity = Severity.ERROR) -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in diagnostics if d.span and d.severity is severity]


@pytest.mark.parametrize("value", ["http://example.org/x.csl", "/etc/passwd", "../../x.csl"])
def test_13_and_14_a_section_cannot_reach_out_by_its_own_settings(tmp_path: Path, value: str) -> None:
    for name in ("csl", "bibliography"):
        text = f"---\ntitle: x\n{name}: {value}\n---\n\n# Q\n\nText.\n"
        assert at(found(project(tmp_path, text))) == [("MMG411", 3, 1)]


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u2060", "\U000e0041"])
def test_28_signs_that_nobody_sees(tmp_path: Path, sign: str) -> None:
    assert at(found(project(tmp_path, f"# Q\n\nGive 5{sign}0 mg.\n"))) == [("MMG442", 3, 7)]
    assert ("MMG442", 3, 5) in at(found(project(tmp_path, f"# Q\n\n[@go{sign}od] and [@good]\n", "good")))


def test_28_scripts_that_need_their_joiners_and_marks_are_read(tmp_path: Path) -> None:
    text = "# Q\n\n\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u05e9\u200f\u05dc 👩\u200d⚕\ufe0f\n"
    assert found(project(tmp_path, text)) == ()


def test_29_look_alike_letters_in_keys(tmp_path: Path) -> None:
    assert at(found(project(tmp_path, "# Q\n\n[@g\u043e\u043ed]\n", "good"))) == [("MMG202", 3, 2)]
    assert at(found(project(tmp_path, "# Q\n\n[@good]\n", "good", "g\u043e\u043ed")), Severity.WARNING)[0][0] == "MMG211"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 5000 + "a" + "]" * 5000, "MMG443"),
        ("[a](b" * 20000, "MMG443"),
        (
            "".join(":" * (1003 - n) + " x\n" for n in range(1000)) + "a\n" + "".join(":" * (n + 4) + "\n" for n in range(1000)),
            "MMG443",
        ),
        ("::: x\n\n" * 1000 + "a\n\n" + ":::\n\n" * 1000, "MMG443"),
        (">" * 5000 + "a", "MMG443"),
        ("".join("  " * n + "- a\n" for n in range(1000)), "MMG443"),
        ("![a" * 5000, "MMG444"),
        ("^[a" * 5000, "MMG444"),
        ("Between [0, 1) " * 30, "MMG444"),
        ("<span>" * 5000, "MMG443"),
        ("[@a [" * 5000, "MMG444"),
    ],
    ids=["34", "35", "36", "36 in a row", "quotes", "lists", "pictures", "notes", "intervals", "spans", "citations"],
)
def test_34_to_36_nesting_is_told_before_pandoc_reads_it(tmp_path: Path, text: str, code: str) -> None:
    codes = {c for c, _, _ in at(found(project(tmp_path, "# Q\n\n" + text + "\n")))}
    assert code in codes


def test_46_twenty_thousand_citations_in_one_section(tmp_path: Path) -> None:
    text = "# Q\n\n" + "".join(f"Text [@k{n % 300}; @k{(n + 1) % 300}].{' ' if n % 20 else chr(10) * 2}" for n in range(10000))
    # Checking so long a text may take more than ten seconds on a slow machine; it must only not grow out of hand.
    assert check_project(project(tmp_path, text, *(f"k{n}" for n in range(300)))).diagnostics == ()


def test_47_a_section_of_50_megabytes(tmp_path: Path) -> None:
    assert [d.code for d in found(project(tmp_path, b"# Q\n\n" + b"A word and another.\n" * 2_500_000))] == ["MMG113"]


def test_54_one_byte_that_is_not_utf8(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf# Caf\xc3\xa9\r\n\r\n\tcaf\xe9 and more\n"
    assert at(found(project(tmp_path, raw))) == [("MMG440", 3, 5)]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x0b", "\u2029", "\u2028", "\x9f", "\ufffe"])
def test_55_control_characters(tmp_path: Path, sign: str) -> None:
    assert at(found(project(tmp_path, f"# Q\n\nText {sign} here\n"))) == [("MMG441", 3, 6)]


def test_56_a_byte_order_mark_and_carriage_returns_change_no_output(tmp_path: Path) -> None:
    text = "# Q\n\nText [@good],\nmore `code`.\n\n> A quote\n> of two lines\n\n| a | b |\n|---|---|\n| c | d |\n\n: Caption. {#tbl:a}\n"
    plain, other = tmp_path / "plain", tmp_path / "other"
    made = []
    for folder, raw in ((plain, text.encode()), (other, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())):
        folder.mkdir()
        built = build_project(project(folder, raw, "good"), Options(formats=("html", "docx"), output=folder / "build"))
        made.append({path.name: path.read_bytes() for path in built.written})
    assert made[0] == made[1]
    assert len(made[0]) == 2
