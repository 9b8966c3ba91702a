"""Stage pictures: the bytes of a picture file are checked and measured; nothing is decoded that its header shows to be too large."""

from __future__ import annotations

import io
import posixpath
import re
import warnings
from typing import Any
from urllib.parse import unquote

from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import figures as rules
from mmguide.model.picture import Picture

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_FORBIDDEN = frozenset({"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "set", "animate"})
_UNITS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
MOST_DRAWN = 200_000
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def picture_paths(section: str, target: str) -> tuple[str, ...]:
    """The paths in the project that a picture's target can mean: from the project's folder, then from the section's own."""
    plain = unquote(target)
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(section), plain))
    return tuple(dict.fromkeys((posixpath.normpath(plain) if plain else plain, beside)))


def same_target(written: str, target: str) -> bool:
    """Whether a picture's target as it is written in the Markdown is this one of pandoc's tree."""
    plain = _ESCAPED.sub(r"\1", written)  # Markdown's backslashes are gone from what pandoc gives
    return target in (written, plain) or unquote(target) in (unquote(written), unquote(plain))


def sources_of(html: str) -> list[str]:
    """The targets of the pictures in raw HTML."""
    from html.parser import HTMLParser

    found: list[str] = []

    class Images(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(v for k, v in attrs if tag == "img" and k == "src" and v)

    Images().feed(html)
    return found


def read_picture(path: str, content: bytes, span: Span | None, megapixels: int) -> Picture | Diagnostic:
    """The Picture in these bytes, or the diagnostic that says why it cannot be used."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"<?xml", b"<svg", b"<!--", b"<!DOCTYPE")):
        return _svg(path, content, span)
    return _bitmap(path, content, span, megapixels)


def _bitmap(path: str, content: bytes, span: Span | None, megapixels: int) -> Picture | Diagnostic:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=tuple(MEDIA_TYPES)) as image:
                width, height, kind = image.width, image.height, str(image.format)
                resolution = image.info.get("dpi", (96.0, 96.0))[0]
    except Image.DecompressionBombError:
        return rules.PICTURE_TOO_LARGE.at(span, path=path, size="over 170", limit=megapixels)
    except (OSError, SyntaxError, ValueError) as error:
        return rules.UNKNOWN_PICTURE.at(span, path=path, problem=str(error).split("<", 1)[0].strip() or "unknown content")
    if width * height > megapixels * 1_000_000:
        return rules.PICTURE_TOO_LARGE.at(span, path=path, size=round(width * height / 1_000_000), limit=megapixels)
    scale = 96 / float(resolution) if float(resolution) > 20 else 1.0
    return Picture(path, content, MEDIA_TYPES[kind], width * scale, height * scale)


def _svg(path: str, content: bytes, span: Span | None) -> Picture | Diagnostic:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(content, forbid_dtd=b"<!ENTITY" in content)
    except DefusedXmlException:
        return rules.UNSAFE_SVG.at(span, path=path, problem="it declares entities")
    except (ParseError, ValueError, LookupError) as error:
        return rules.UNKNOWN_PICTURE.at(span, path=path, problem=f"not well-formed SVG ({error})")
    if not root.tag.endswith("svg"):
        return rules.UNKNOWN_PICTURE.at(span, path=path, problem="XML, but not SVG")
    problem = _svg_problem(root)
    if problem:
        return rules.UNSAFE_SVG.at(span, path=path, problem=problem)
    width, height = _svg_size(root)
    return Picture(path, content, "image/svg+xml", width, height)


def _svg_problem(root: Any) -> str:
    """What makes a drawing unusable, '' if nothing does."""
    for element in root.iter():
        name = str(element.tag).rsplit("}", 1)[-1]
        if name in _FORBIDDEN:
            return f"it contains <{name}>"
        if name == "style" and re.search(r"@import|url\(\s*['\"]?\s*(?![#'\"\s])", element.text or "", re.I):
            return "its style sheet loads something"
        for key, value in element.attrib.items():
            attribute = key.rsplit("}", 1)[-1].lower()
            if attribute.startswith("on"):
                return f"it runs a program ({attribute})"
            if attribute in ("href", "src") and name != "a" and not value.startswith(("#", "data:image/")):
                return f"it loads {value[:60]}"
            if "url(" in value and re.search(r"url\(\s*['\"]?\s*(?![#'\"\s])", value, re.I):
                return "an attribute loads something"
    return "its <use> elements multiply without bound" if _drawn(root) > MOST_DRAWN else ""


def _drawn(root: Any) -> int:
    """How many elements would be drawn with every <use> followed; more than MOST_DRAWN is not counted to the end."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    memo: dict[Any, int] = {}

    def count(element: Any, trail: frozenset[Any]) -> int:
        if element in trail:
            return MOST_DRAWN + 1
        if element not in memo:
            total, inside = 1, trail | {element}
            if str(element.tag).endswith("use"):
                target = next((v for k, v in element.attrib.items() if k.endswith("href")), "").removeprefix("#")
                total += count(by_id[target], inside) if target in by_id else 0
            total += sum(count(child, inside) for child in element)
            memo[element] = min(total, MOST_DRAWN + 1)
        return memo[element]

    return count(root, frozenset())


def _svg_size(root: Any) -> tuple[float | None, float | None]:
    box = [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))]
    width, height = _length(root.get("width")), _length(root.get("height"))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if width and not height:
            height = width * box[3] / box[2]
        elif height and not width:
            width = height * box[2] / box[3]
        elif not width:
            width, height = box[2], box[3]
    return width, height


def _length(text: str | None) -> float | None:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", text or "")
    return float(match[1]) * _UNITS[match[2]] if match and match[2] in _UNITS else None
