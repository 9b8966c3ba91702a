"""Stage render: the packaged fonts, the only ones that pages are ever set in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from mmguide import signs
from mmguide.errors import EnvironmentLacks

# The family of each role (text, heading, table, mono), as a theme's `fonts` names them.
Families = Mapping[str, str]

# What the theme's fonts lack is taken from our font of signs, then from fonts made for a script, as far as they are installed.
SCRIPTS = ("Noto Sans Arabic", "Frank Ruhl Libre", "Noto Sans", "Noto Sans CJK JP")
# Fonts of Chinese, Japanese and Korean come with an extra: each weight is a package of its own, which says where its file is.
_CJK, _CJK_PACKAGES = "Noto Sans CJK JP", {"400": "noto_cjk_sans_jp_regular", "700": "noto_cjk_sans_jp_bold"}
# Optical size of running text, where a font has that axis: without it each size would be drawn for another and set for the default.
_OPTICAL_SIZE = '"opsz" 10'


class Face(Struct, frozen=True):
    """A font file: its family, style, weight ('' for all weights of a variable font) and whether it has an axis of optical sizes."""

    family: str
    file: Path
    style: str
    weight: str = ""
    optical: bool = False


@cache
def family(name: str) -> tuple[Face, ...]:
    """The files of a packaged family. Raises EnvironmentLacks where it is not installed."""
    if name == signs.FAMILY:
        return tuple(Face(name, signs.file(weight), "normal", str(weight)) for weight in signs.WEIGHTS)
    if name == _CJK:
        return _cjk()
    import fontpkg

    try:
        found = fontpkg.family(name)
    except fontpkg.FamilyNotInstalled as error:
        package = "fontpkg-" + name.lower().replace(" ", "-")
        raise EnvironmentLacks(f"the font '{name}' is not installed", f"install the Python package {package}") from error
    optical = any(axis.tag == "opsz" for axis in found.axes)
    return tuple(
        Face(name, Path(file.path), file.style, "" if file.variable else str(file.weight), optical) for file in found.files
    )


def _cjk() -> tuple[Face, ...]:
    faces = []
    for weight, package in _CJK_PACKAGES.items():
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise EnvironmentLacks(f"the font '{_CJK}' is not installed", "install mmguide[cjk]")
        faces += [Face(_CJK, file, "normal", weight) for file in sorted(Path(spec.origin).parent.glob("*.otf"))]
    return tuple(faces)


@cache
def fallbacks() -> tuple[str, ...]:
    """The families that pages take what the theme's fonts lack from, in this order."""
    found = [signs.FAMILY]
    for name in SCRIPTS:
        with suppress(EnvironmentLacks):
            found += [name] if family(name) else []
    return tuple(found)


def faces(families: Families) -> tuple[Face, ...]:
    """All font files that pages in these families may use."""
    names = dict.fromkeys((*families.values(), *fallbacks()))
    return tuple(face for name in names for face in family(name))


def optical_sizes(families: Families) -> str:
    """A rule for `--optical-text` and its like: the font-variation-settings that go with the family of each role."""
    settings = "".join(
        f"--optical-{role}:{_OPTICAL_SIZE if any(f.optical for f in family(name)) else 'normal'};"
        for role, name in families.items()
    )
    return f":root{{{settings}}}\n"


def with_scripts(css: str) -> str:
    """The style sheet with all fonts to fall back to, wherever it names that of the signs."""
    return css.replace(f'"{signs.FAMILY}"', ", ".join(f'"{name}"' for name in fallbacks()))


@cache
def characters(name: str) -> frozenset[int]:
    """The characters that a family has in its upright face."""
    import uharfbuzz

    face = next(f for f in family(name) if f.style == "normal")
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(face.file))).unicodes)


def missing(text: Iterable[str], families: Families) -> Iterator[str]:
    """Each character of the text, once, that none of the families, nor what stands in for them, can print."""
    known = frozenset().union(*(characters(n) for n in (*families.values(), *fallbacks())))
    for character in dict.fromkeys(text):
        if ord(character) not in known and unicodedata.category(character) not in _UNSEEN and not _selects(character):
            yield character


# Spaces, control and formatting characters: nothing is drawn for them.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def _selects(character: str) -> bool:
    """Variation selectors choose between the forms of the character before them."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def cut(file: Path, characters: frozenset[int]) -> bytes:
    """A font file with these characters alone, in the upright, light form that a variable one begins with, without hinting."""
    import uharfbuzz

    face = uharfbuzz.Face(uharfbuzz.Blob(file.read_bytes()))
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(characters)
    wanted.layout_feature_tag_set.clear()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    for axis in face.axis_infos:
        at = 400.0 if axis.tag == "wght" else axis.default_value
        wanted.pin_axis_location(face, axis.tag, min(max(at, axis.min_value), axis.max_value))
    return bytes(uharfbuzz.subset(face, wanted).blob.data)
