"""The web page: what a screen reader finds in it, and what Chromium makes of it on a phone and on a wide screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from support.browser import layout_facts

from mmguide.model.manuscript import CitedManuscript
from mmguide.model.source import Source
from mmguide.render.html import html_page
from mmguide.theme import Theme, contrast


@pytest.fixture(scope="module")
def page(sample: CitedManuscript, theme: Theme) -> str:
    return html_page(sample, theme).decode()


@pytest.fixture(scope="module")
def tree(page: str) -> Any:
    return html.fromstring(page)


def test_head_says_language_title_and_characters(tree: Any) -> None:
    assert tree.get("lang") == "en-GB"
    assert tree.findtext("head/title") == 'A "guideline" & <its> title'
    assert tree.find("head/meta[@charset]").get("charset") == "utf-8"


def test_page_asks_for_nothing_from_outside(page: str) -> None:
    class Addresses(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [
                v or "" for k, v in attrs if k in ("src", "srcset", "data", "poster") or (k == "href" and tag in ("link", "base"))
            ]

    parser = Addresses()
    parser.feed(page)
    assert parser.found
    assert all(address.startswith("data:") for address in parser.found)
    assert not re.search(r"@import|url\(", page[page.index("<style>") : page.index("</style>")])


def test_landmarks_and_skip_link(tree: Any) -> None:
    for tag in ("header", "nav", "main", "footer"):
        assert len(tree.findall(f".//body//{tag}")) == 1, tag
    first = tree.find("body")[0]
    assert (first.tag, first.get("href")) == ("a", "#text")
    assert tree.find(".//main").get("id") == "text"
    assert tree.find(".//nav").get("aria-label") == "Contents"


def test_identifiers_are_unique_and_links_arrive(tree: Any) -> None:
    identifiers = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(identifiers) == len(set(identifiers))
    targets = {a.get("href")[1:] for a in tree.iter("a") if (a.get("href") or "").startswith("#")}
    assert targets
    assert targets <= set(identifiers)


def test_tables_can_be_read_and_scrolled(tree: Any) -> None:
    for table in tree.findall(".//main//table"):
        assert all(th.get("scope") in ("col", "row", "colgroup") for th in table.iter("th"))
        region = table.getparent()
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert region.get("aria-labelledby") or region.get("aria-label")
    labelled = tree.find(".//div[@role='region'][@aria-labelledby]")
    assert "Trials." in tree.get_element_by_id(labelled.get("aria-labelledby")).text_content()


def test_recommendations_are_groups_with_their_label(tree: Any) -> None:
    box = tree.get_element_by_id("rec:first")
    assert box.get("role") == "group"
    assert "Recommendation 1.1" in tree.get_element_by_id(box.get("aria-labelledby")).text_content()
    assert {"strength-strong", "direction-for"} <= set(box.get("class").split())
    assert "strength-statement" in tree.get_element_by_id("rec:third").get("class").split()


def test_references_lead_back_to_where_they_are_cited(tree: Any) -> None:
    back = [a.get("href") for a in tree.get_element_by_id("ref-one").iter("a")]
    assert len(back) == 2
    assert all(tree.get_element_by_id(address[1:]).get("class") == "citation" for address in back)


def test_formula_is_mathml_and_task_boxes_are_signs(page: str) -> None:
    assert "<mfrac>" in page
    assert "☒" in page
    assert "☐" in page
    assert "<input" not in page


def test_notice_and_version_are_shown(tree: Any) -> None:
    assert tree.find(".//p[@role='note']").text == "Worked example, not for clinical use"
    assert "Version 1.2.0 · Draft · 22 November 2026" in tree.find(".//footer").text_content()


def test_feedback_has_a_code_that_says_the_address(tree: Any) -> None:
    code = tree.xpath("//*[local-name()='svg' and contains(@aria-label, 'https://example.org/feedback')]")
    assert len(code) == 1


def test_dark_colours_are_readable(theme: Theme) -> None:
    from mmguide import house

    dark = re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", house.style("web.css").text, re.S)
    assert dark
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark[1]))
    for name in ("ink", "muted", "heading", "accent", "link", "notice"):
        for ground in ("paper", "tint"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    assert contrast(colours["notice"], colours["notice-tint"]) >= 4.5
    for look in theme.strengths.values():
        lightened = "#" + "".join(f"{round(int(look.colour[i : i + 2], 16) * 0.4 + 255 * 0.6):02x}" for i in (1, 3, 5))
        assert contrast(lightened, colours["tint"]) >= 4.5, look


@pytest.fixture
def measured(page: str, tmp_path: Path, chromium: Callable[..., list[str]]) -> Callable[[int], dict[str, Any]]:
    """Layout facts of the page in a window of this width, taken by Chromium."""

    return lambda width: layout_facts(page, width, tmp_path, chromium)


def test_phone(measured: Callable[[int], dict[str, Any]]) -> None:
    facts = measured(390)
    assert facts["width"] == 390
    assert facts["wide"] == []
    assert facts["scroll"] <= 390
    assert not facts["beside"]
    assert facts["list"] is False, "the contents are folded"
    assert facts["size"] >= 16
    assert facts["notice"] == "sticky"


def test_wide_screen(measured: Callable[[int], dict[str, Any]]) -> None:
    facts = measured(1400)
    assert facts["scroll"] <= 1400
    assert facts["beside"]
    assert facts["list"] is True
    assert 30 <= facts["text"] / facts["size"] <= 40, "lines of a length that can be read"
    assert facts["bars"] == ["solid", "double", "dotted"]


def test_own_sheet_and_its_pictures_are_inside(sample: CitedManuscript, theme: Theme) -> None:
    own = Source("styles/web.css", "h1 { background: url(../figures/square.svg) } /* </style><script> */")
    page = html_page(sample, theme, own).decode()
    styles = page[page.index("<style>") : page.index("</style>")]
    assert 'h1 { background: url("data:image/svg+xml;base64,' in styles
    assert page.count("</style>") == 1
