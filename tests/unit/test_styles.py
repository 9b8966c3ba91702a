"""Citation styles by name and from files: renamed and dependent ones resolve without network, the rest is a diagnostic."""

from __future__ import annotations

import pytest

from mmguide import styles
from mmguide.diagnostics import Diagnostic, Span

AT = Span("guideline.yaml", 7, 6)
DEPENDENT = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><title>Ours</title>
<link href="{parent}" rel="independent-parent"/></info></style>"""


def test_a_style_by_name() -> None:
    style = styles.by_name("nlm-citation-sequence-brackets", AT)
    assert isinstance(style, styles.Style)
    assert style.form == "numeric"
    assert "independent-parent" not in style.xml


@pytest.mark.parametrize("name", ["vancouver", "Vancouver", "vancouver.csl", "http://www.zotero.org/styles/vancouver"])
def test_a_renamed_style(name: str) -> None:
    style = styles.by_name(name, AT)
    assert isinstance(style, styles.Style)
    assert style.name == "nlm-citation-sequence"


@pytest.mark.parametrize(("name", "parent"), [("blood", "Blood"), ("jama", "AMA")])
def test_a_dependent_style_gives_its_parent(name: str, parent: str) -> None:
    style = styles.by_name(name, AT)
    assert isinstance(style, styles.Style)
    assert style.name == name
    assert 'rel="independent-parent"' not in style.xml
    assert "<citation" in style.xml


def test_every_dependent_style_resolves() -> None:
    """The collection is whole: a sample across the alphabet of dependent styles finds its parent."""
    names = [n for n in styles.names() if n not in ("",)]
    sample = names[:: max(len(names) // 60, 1)]
    assert len(sample) > 50
    broken = [n for n in sample if isinstance(styles.by_name(n, AT), Diagnostic)]
    assert broken == []


def test_an_unknown_name_is_reported_with_the_nearest() -> None:
    found = styles.by_name("the-lancett", AT)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.span) == ("MMG390", AT)
    assert "the-lancet" in found.hint


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "..", "dependent/blood/../x"])
def test_a_name_never_leaves_the_collection(name: str) -> None:
    assert isinstance(styles.by_name(name, AT), Diagnostic)


def test_a_dependent_style_in_a_file_gives_its_parent() -> None:
    style = styles.from_text("ours.csl", DEPENDENT.format(parent="http://www.zotero.org/styles/vancouver"), AT)
    assert isinstance(style, styles.Style)
    assert "<citation" in style.xml


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (DEPENDENT.format(parent="http://example.org/styles/none-such"), "depends on"),
        ("<style", "well-formed"),
        ("<html/>", "not a CSL style"),
        ('<style xmlns="http://purl.org/net/xbiblio/csl"/>', "how citations look"),
        (
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><style xmlns="http://purl.org/net/xbiblio/csl">&a;</style>',
            "entities",
        ),
        ("x" * 3_000_000, "too large"),
    ],
)
def test_an_unusable_file_is_reported(text: str, reason: str) -> None:
    found = styles.from_text("ours.csl", text, AT)
    assert isinstance(found, Diagnostic)
    assert found.code == "MMG391"
    assert reason in found.message
